import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { learnerTsconfig, mayReplaceTsconfig } from '../../course/learnerTsconfig.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { typesOfAll } from '../../grading/sandbox/learnerTypes.ts';
import { exitCode, textOption, UsageError, type Command } from '../command.ts';
import { makeFolder } from '../makeFolder.ts';
import { exerciseNamed, localeNamed, localeOption, packAround, packAroundOption } from '../packArgument.ts';
import { sameOptions } from '../sameOptions.ts';
import { shellWord } from '../shellWord.ts';
import { nearestWorkFolder } from '../workFolder.ts';

export const start: Command = {
  name: 'start',
  usage: '<task> [--locale de] [--pack folder]',
  summary: 'Write the starter of a task, with its types, into the work folder, and show what to do.',
  operands: 1,
  options: { locale: localeOption, pack: packAroundOption },
  async run(args, terminal) {
    const { pack } = await packAround(textOption(args, 'pack'), terminal, false, localeNamed(args));
    const { task } = exerciseNamed(pack, args.operands[0], ['task'], 'task').exercise;
    const folder = (await nearestWorkFolder(terminal.cwd))?.folder ?? terminal.cwd;
    if (task.work.kind === 'policies') await writeSupport(folder);
    const file = join(folder, task.id, task.file);
    const isNew = await writeNew(file, task.starter.text);
    const shown = relative(terminal.cwd, file);
    terminal.out(
      [
        task.title,
        '',
        task.brief.trim(),
        '',
        isNew ? `The starter is in ${shown}.` : `${shown} is there already, and was left as it is.`,
        `Check it with: trapframe check ${task.id} ${shellWord(shown)}${sameOptions(args, ['locale', 'pack'])}`,
      ].join('\n'),
    );
    return exitCode.holds;
  },
};

/** The same files as the extension writes: types for completion, and the compiler's settings. */
async function writeSupport(folder: string): Promise<void> {
  await write(join(folder, '.trapframe', 'trapframe.d.ts'), typesOfAll(scenarios), 'w');
  const config = join(folder, 'tsconfig.json');
  const present = await readFile(config, 'utf8').catch(() => undefined);
  if (mayReplaceTsconfig(present)) await write(config, learnerTsconfig, 'w');
}

/** False when the file is there: what a learner wrote is never overwritten. */
const writeNew = (file: string, text: string): Promise<boolean> => write(file, text, 'wx');

/** False when the file is there and `flag` is `wx`. */
async function write(file: string, text: string, flag: 'w' | 'wx'): Promise<boolean> {
  const refused = ({ code, message }: NodeJS.ErrnoException): UsageError =>
    new UsageError(`${file} cannot be written (${code ?? message}). Go to a folder that you may write to.`);
  await makeFolder(dirname(file)).catch((error: NodeJS.ErrnoException) => {
    throw refused(error);
  });
  try {
    await writeFile(file, text, { flag });
    return true;
  } catch (error) {
    if (flag === 'wx' && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw refused(error as NodeJS.ErrnoException);
  }
}
