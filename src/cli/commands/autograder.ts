import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { codeOf } from '../../grading/class/folderTree.ts';
import {
  exitCode,
  textOption,
  textOptions,
  UsageError,
  type Command,
  type CommandArguments,
} from '../command.ts';
import { diskFiles } from '../diskFiles.ts';
import { setupOf } from '../grade/gradeOptions.ts';
import { distFolder, packAt, packOption } from '../packArgument.ts';
import { shellWord } from '../shellWord.ts';

/** What the command line runs from, beside the lessons. */
const runtimeFiles = ['cli.mjs', 'gradingWorker.mjs', 'gradingWorker.web.cjs', 'quickjs.wasm'] as const;
const scripts = ['setup.sh', 'run_autograder'] as const;
/** Unix, and a mode that lets everybody run it. */
const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 } as const;

export const autograder: Command = {
  name: 'autograder',
  usage: '<file.zip> [--only id]… [--seed N] [--hidden-seed N] [--pack folder]',
  summary: 'Make the archive that Gradescope takes as an autograder for a lesson or a task.',
  operands: 1,
  options: {
    only: {
      multiple: true,
      doc: 'Id of a lesson or an exercise that is graded; may be given several times.',
    },
    seed: { doc: "Course seed: every learner's seed is then derived from it and the e-mail address." },
    'hidden-seed': { doc: "Draw the cases of tasks from this seed in place of the learners' own." },
    pack: packOption,
  },
  async run(args, terminal) {
    const [file] = args.operands;
    if (file === undefined) throw new UsageError('No file was named. Name one to write: autograder.zip');
    const { pack, root } = await packAt(textOption(args, 'pack'), terminal.cwd, false);
    const { exercises } = setupOf(pack, args, false);
    const files: Zippable = { options: new TextEncoder().encode(`${gradeOptions(args)}\n`) };
    for (const name of scripts)
      files[name] = [await readFile(join(distFolder, '..', 'deploy', 'gradescope', name)), executable];
    for (const name of runtimeFiles) files[`trapframe/dist/${name}`] = await readFile(join(distFolder, name));
    for (const path of await diskFiles(root).list())
      files[`trapframe/lessons/${path}`] = await readFile(join(root, path));
    await writeFile(resolve(terminal.cwd, file), zipSync(files, { mtime: new Date(1980, 0, 1) })).catch(
      (error: unknown) => {
        throw new UsageError(
          `${file} cannot be written (${codeOf(error)}). Name a place where you may write.`,
        );
      },
    );
    terminal.err(
      `Wrote ${file}, which grades ${exercises.length === 1 ? '1 exercise' : `${exercises.length} exercises`}. Upload it under Configure Autograder.`,
    );
    return exitCode.holds;
  },
};

/** What `grade` is asked for in Gradescope, as words of a shell. */
function gradeOptions(args: CommandArguments): string {
  const words = textOptions(args, 'only').flatMap((id) => ['--only', id]);
  for (const name of ['seed', 'hidden-seed']) {
    const value = textOption(args, name);
    if (value !== undefined) words.push(`--${name}`, value);
  }
  return words.map(shellWord).join(' ');
}
