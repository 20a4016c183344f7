import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { readDocument } from '../../engine/kernel/document.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { workOf } from '../../grading/submissions.ts';
import { exitCode, textOption, UsageError, type Command } from '../command.ts';
import { readSubmission } from '../namedFile.ts';
import { exerciseNamed, packAround, packAroundOption } from '../packArgument.ts';
import { sameOptions } from '../sameOptions.ts';

export const exportBundle: Command = {
  name: 'export-bundle',
  usage: '<task> <file> [--out folder] [--pack folder]',
  summary: 'Put a configuration into a folder in which real tools use it: runc run, for an OCI config.json.',
  operands: 2,
  options: {
    out: { doc: 'The new folder. Default: the name of the task, with -bundle behind it.' },
    pack: packAroundOption,
  },
  async run(args, terminal) {
    const { pack } = await packAround(textOption(args, 'pack'), terminal, false);
    const { task } = exerciseNamed(pack, args.operands[0], ['task'], 'task').exercise;
    const work = workOf(task, scenarios);
    const document = work.kind === 'document' ? work.definition : undefined;
    if (document?.bundle === undefined) {
      throw new UsageError(`The file of ${task.id} needs nothing beside it. Use it as it is.`);
    }
    const shown = args.operands[1];
    if (shown === undefined)
      throw new UsageError(
        `Name your ${task.file}: trapframe export-bundle ${task.id} ${task.file}${sameOptions(args, ['pack'])}`,
      );
    const text = await readSubmission(resolve(terminal.cwd, shown), shown);
    const reading = readDocument(document, text);
    if (!reading.ok) {
      for (const { line, column, message, suggestion } of reading.problems) {
        terminal.err(
          [`${shown}:${line}:${column}:`, message, ...(suggestion === undefined ? [] : [suggestion])].join(
            ' ',
          ),
        );
      }
      return exitCode.unusable;
    }
    const folder = resolve(terminal.cwd, textOption(args, 'out') ?? `${task.id}-bundle`);
    const { folders, files, next } = document.bundle;
    await makeNew(folder, terminal.cwd);
    for (const name of folders) await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, document.file), text);
    for (const [name, { text: content, executable = false }] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
      if (executable) await chmod(join(folder, name), 0o755);
    }
    const where = relative(terminal.cwd, folder) || '.';
    terminal.out([`The bundle is in ${where}.`, `  cd ${where}`, ...next].join('\n'));
    return exitCode.holds;
  },
};

/** Nothing of a person's is written over: the folder must be new. */
async function makeNew(folder: string, cwd: string): Promise<void> {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === 'EEXIST' ? 'is there already' : `cannot be made (${error.code ?? error.message})`;
    throw new UsageError(`${relative(cwd, folder)} ${reason}. Name another folder with --out.`);
  });
}
