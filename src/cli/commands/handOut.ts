import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundledCourseSeed, learnerSeed } from '../../course/seeds.ts';
import { serializeWorkSettings, workSettingsFile } from '../../course/workSettings.ts';
import { fileWord } from '../../grading/class/fileWord.ts';
import { codeOf } from '../../grading/class/folderTree.ts';
import { exitCode, seedOption, textOption, UsageError, type Command } from '../command.ts';
import { readClassList } from '../grade/gradeOptions.ts';
import { packAt, packOption } from '../packArgument.ts';

export const handOut: Command = {
  name: 'hand-out',
  usage: '<list.csv> --out <folder> [--seed N] [--pack folder]',
  summary: 'Write a work folder for each learner of a class list, with the seed that `grade --class` gives.',
  operands: 1,
  options: {
    seed: { doc: `Course seed, the same as for \`grade\`. Default: ${bundledCourseSeed}.` },
    out: { doc: 'Where the work folders are written. Nothing that is there is overwritten.' },
    pack: packOption,
  },
  async run(args, terminal) {
    const out = textOption(args, 'out');
    if (out === undefined) throw new UsageError('No folder was named for the work folders: --out <folder>');
    const list = await readClassList(args.operands[0], terminal.cwd);
    if (list === undefined) throw new UsageError('No class list was named: a CSV file with a column id.');
    const { pack } = await packAt(textOption(args, 'pack'), terminal.cwd, false);
    const courseSeed = seedOption(args) ?? bundledCourseSeed;
    let written = 0;
    for (const { id } of list.value.learners) {
      const word = fileWord(id);
      const settings = { format: 1, pack: pack.id, learner: id, seed: learnerSeed(courseSeed, id) } as const;
      try {
        await mkdir(join(resolve(terminal.cwd, out), word), { recursive: true });
        await writeFile(
          join(resolve(terminal.cwd, out), word, workSettingsFile),
          serializeWorkSettings(settings),
          { flag: 'wx' },
        );
        written++;
      } catch (error) {
        terminal.err(`${out}/${word}/${workSettingsFile} was not written (${codeOf(error)}).`);
      }
    }
    for (const problem of list.value.problems) terminal.err(`${list.shown}, ${problem}`);
    terminal.err(
      `Wrote ${written} of ${list.value.learners.length} work folders to ${out}. Give each learner theirs, to be chosen by Trapframe: Choose Work Folder.`,
    );
    return written === list.value.learners.length ? exitCode.holds : exitCode.unusable;
  },
};
