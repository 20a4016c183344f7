import { basename, resolve } from 'node:path';
import { applications } from '../../engine/gvisor/applications.ts';
import { importStrace } from '../../engine/gvisor/strace.ts';
import { exitCode, textOption, UsageError, type Command } from '../command.ts';
import { readNamedFile } from '../namedFile.ts';

/** Lines that could not be read and are shown; the others are counted. */
const shownLines = 5;

export const trace: Command = {
  name: 'trace',
  usage: 'import <strace-log> [--seconds N]',
  summary:
    "Make an application of a log of strace, for the scenario gvisor.workload's document `application`.",
  operands: 2,
  options: {
    seconds: {
      doc: 'Native time that the log belongs to. Default: from its first time stamp to its last.',
    },
  },
  async run(args, terminal) {
    const [what, file] = args.operands;
    if (what !== 'import') {
      throw new UsageError(
        `"${what ?? ''}" is nothing that trace does. Write: trapframe trace import <strace-log>`,
      );
    }
    if (file === undefined) {
      throw new UsageError('No log was named. Make one with: strace -f -c -o app.log <your program>');
    }
    const text = await readNamedFile(
      resolve(terminal.cwd, file),
      file,
      'Name the log that strace wrote.',
      64_000_000,
    );
    const { calls, unknown, files, created, unread, seconds } = importStrace(text);
    for (const { line, text: row } of unread.slice(0, shownLines)) {
      terminal.err(`${file}:${line}: this is no system call: ${row}`);
    }
    if (unread.length > shownLines)
      terminal.err(`${file}: and ${unread.length - shownLines} more lines that are no call.`);
    if (calls.size === 0) {
      throw new UsageError(
        `${file} has no system call that the model knows. Is it what strace -f -c or strace -f wrote?`,
      );
    }
    if (unknown.size > 0) {
      const named = [...unknown].map(([name, times]) => `${name} (${times})`).join(', ');
      terminal.err(`${file}: left out, because the model does not know what they cost: ${named}.`);
    }
    const given = secondsOption(textOption(args, 'seconds')) ?? seconds;
    if (given === undefined || given <= 0) {
      throw new UsageError(
        `${file} does not say how long the program ran. Add --seconds N, or record with strace -f -ttt.`,
      );
    }
    terminal.out(
      [
        `# From ${basename(file)}. Run it: trapframe simulate gvisor.workload --set-file application=<this file>`,
        `name: ${JSON.stringify(basename(file).replace(/\.\w+$/, ''))}`,
        `seconds: ${Number(given.toPrecision(6))}`,
        `files: ${files.size}`,
        `created: ${created.size}`,
        'calls:',
        ...[...calls].toSorted(([, a], [, b]) => b - a).map(([name, times]) => `  ${name}: ${times}`),
      ].join('\n'),
    );
    const total = [...calls.values()].reduce((sum, times) => sum + times, 0);
    terminal.err(
      `${total} calls of ${calls.size} kinds in ${Number(given.toPrecision(3))} s; ${unread.length === 1 ? '1 line was' : `${unread.length} lines were`} no call. Beside: ${Object.keys(applications).join(', ')}.`,
    );
    return exitCode.holds;
  },
};

function secondsOption(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (given.trim() === '' || !(seconds > 0 && seconds < 1e9)) {
    throw new UsageError(`--seconds is "${given}", but must be a number above 0.`);
  }
  return seconds;
}
