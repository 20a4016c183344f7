import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { readElf, type Program } from '../../engine/cpu/machine/elf.ts';
import { runProgram, sayEnd, type ProgramOptions } from '../../engine/cpu/machine/testProgram.ts';
import {
  exitCode,
  textOption,
  UsageError,
  type Command,
  type CommandArguments,
  type ExitCode,
} from '../command.ts';

const ramBytes = 64 * 1024 * 1024;

export const cpu: Command = {
  name: 'cpu',
  usage: 'run <elf> [--max-instructions N] [--misaligned hardware|trap]',
  summary: 'Run a RISC-V program (RV32IMA, M, S and U mode) on the simulated machine.',
  operands: 2,
  options: {
    'max-instructions': { doc: 'The most instructions to run. Default: 100000000.' },
    misaligned: { doc: 'What a misaligned load or store does: hardware (default) or trap.' },
  },
  async run(args, terminal) {
    const [verb, file] = args.operands;
    if (verb !== 'run') {
      throw new UsageError(
        `${verb === undefined ? 'What to do is missing' : `"${verb}" is nothing that cpu does`}. It runs programs: trapframe cpu run <elf>`,
      );
    }
    if (file === undefined) throw new UsageError('Which program? trapframe cpu run <elf>');
    const program = await programAt(resolve(terminal.cwd, file), file);
    const { end, instructions, output } = runProgram(program, optionsOf(args));
    if (output.length > 0) terminal.out(new TextDecoder().decode(output).replace(/\n$/, ''));
    terminal.out(`${basename(file)}: ${sayEnd(end, instructions)}`);
    return exitOf(end.kind);
  },
};

const exitOf = (kind: string): ExitCode => {
  if (kind === 'unsupported') return exitCode.unusable;
  return kind === 'passed' ? exitCode.holds : exitCode.doesNotHold;
};

async function programAt(path: string, shown: string): Promise<Program> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new UsageError(`${shown} cannot be read: ${why}. Which program did you mean?`);
  }
  const reading = readElf(bytes, ramBytes);
  if (!reading.ok) throw new UsageError(`${shown}: ${reading.error}`);
  return reading.value;
}

function optionsOf(args: CommandArguments): ProgramOptions {
  const given = textOption(args, 'max-instructions') ?? '100000000';
  const maxInstructions = Number(given.replaceAll('_', ''));
  if (!/^[\d_]+$/.test(given) || maxInstructions < 1 || !Number.isSafeInteger(maxInstructions)) {
    throw new UsageError(`--max-instructions is "${given}", but must be a whole number from 1 on.`);
  }
  const misaligned = textOption(args, 'misaligned') ?? 'hardware';
  if (misaligned !== 'hardware' && misaligned !== 'trap') {
    throw new UsageError(`--misaligned is "${misaligned}", but must be one of: hardware, trap.`);
  }
  return { ramBytes, misaligned, maxInstructions };
}
