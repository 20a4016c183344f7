import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundledCourseSeed, learnerSeed } from '../../course/seeds.ts';
import {
  parseWorkSettings,
  serializeWorkSettings,
  workSettingsFile,
  type WorkSettings,
} from '../../course/workSettings.ts';
import { fileWord } from '../../grading/class/fileWord.ts';
import { codeOf } from '../../grading/class/folderTree.ts';
import { exitCode, seedOption, textOption, UsageError, type Command } from '../command.ts';
import { readClassList } from '../grade/gradeOptions.ts';
import { makeFolder } from '../makeFolder.ts';
import { packAt, packOption } from '../packArgument.ts';
import { tellFew } from '../tellFew.ts';

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
    const { learners, problems } = list.value;
    let written = 0;
    let same = 0;
    const refused: string[] = [];
    for (const { id } of learners) {
      const word = fileWord(id);
      const settings = { format: 1, pack: pack.id, learner: id, seed: learnerSeed(courseSeed, id) } as const;
      const handed = await handOne(join(resolve(terminal.cwd, out), word), settings);
      if (handed === 'written') written++;
      else if (handed === 'same') same++;
      else refused.push(`${out}/${word}/${workSettingsFile} ${handed.problem}`);
    }
    tellFew(refused, terminal);
    for (const problem of problems) terminal.err(`${list.shown}, ${problem}`);
    terminal.err(
      [
        `Wrote ${written} of ${learners.length} work folders to ${out}.`,
        ...(same === 0
          ? []
          : [
              `${same} of them ${same === 1 ? 'was' : 'were'} there already, with the same seeds, and nothing in them was changed.`,
            ]),
        ...(written === 0
          ? []
          : ['Give each learner theirs, to be chosen by Trapframe: Choose Work Folder.']),
      ].join(' '),
    );
    return refused.length === 0 ? exitCode.holds : exitCode.unusable;
  },
};

/** Somebody who joins a class later is handed out with the same command, so a folder that is there as it should be is no problem. */
async function handOne(
  folder: string,
  settings: WorkSettings,
): Promise<'written' | 'same' | { readonly problem: string }> {
  const file = join(folder, workSettingsFile);
  try {
    await makeFolder(folder);
    await writeFile(file, serializeWorkSettings(settings), { flag: 'wx' });
    return 'written';
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EEXIST') return { problem: unwritten(code) };
    return readFile(file, 'utf8').then(
      (text) => differenceFrom(text, settings),
      (why: unknown) => ({ problem: unwritten(codeOf(why)) }),
    );
  }
}

const unwritten = (code: string): string =>
  `cannot be written (${code}). Name another folder, where you may write: --out <folder>`;

function differenceFrom(text: string, settings: WorkSettings): 'same' | { readonly problem: string } {
  const read = parseWorkSettings(text);
  const next = 'It was left as it is. Name another folder: --out <folder>';
  if (!read.ok) return { problem: `is there already, and Trapframe cannot read it. ${next}` };
  const different = (['pack', 'learner', 'seed'] as const).find(
    (name) => read.value[name] !== settings[name],
  );
  if (different === undefined) return 'same';
  return {
    problem: `is there already, with the ${different} ${read.value[different]} in place of ${settings[different]}. ${next}, or give the --seed and --pack with which it was made.`,
  };
}
