import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { contentHash } from '../../course/contentHash.ts';
import type { Pack } from '../../course/model.ts';
import { bundledCourseSeed } from '../../course/seeds.ts';
import { nearest } from '../../engine/kernel/parameters.ts';
import { exercisesOf } from '../../grading/class/classItems.ts';
import { parseClassList, type ClassList } from '../../grading/class/classList.ts';
import type { ClassReport, Shard } from '../../grading/class/classReport.ts';
import { codeOf } from '../../grading/class/folderTree.ts';
import type { ClassSetup } from '../../grading/class/gradeLearner.ts';
import { parseClassReport } from '../../grading/class/reports/classJson.ts';
import { parseShard } from '../../grading/class/shards.ts';
import {
  seedOption,
  textOption,
  textOptions,
  UsageError,
  type CommandArguments,
  type Terminal,
} from '../command.ts';
import { isFolder } from '../makeFolder.ts';
import { reportNames, type ReportName } from './reportFormats.ts';

/** What `grade` and `merge` have in common: which reports, and where to. */
export const reportOptions = {
  report: {
    multiple: true as const,
    doc: `${reportNames.join(', ')}: to standard output, or several with --out.`,
  },
  out: { doc: 'Folder for reports: class.json, class.html, students/*.md, and what --report names.' },
  against: { doc: 'An earlier class.json, or its folder: says whose points change, by how much, and why.' },
  assignment: { doc: "Title of the column in Canvas's gradebook, with its number: 'Lab 1 (4711)'." },
};

export interface Wanted {
  readonly folder: string;
  readonly shownFolder: string;
  /** Of the folder, for naming others after it. */
  readonly name: string;
  readonly reports: readonly ReportName[];
  readonly out: string | undefined;
  readonly list: { readonly value: ClassList; readonly hash: string; readonly shown: string } | undefined;
  readonly shard: Shard | undefined;
  readonly earlier: ClassReport | undefined;
}

/** @throws UsageError before anything is graded */
export async function readOptions(args: CommandArguments, terminal: Terminal): Promise<Wanted> {
  const [shownFolder] = args.operands;
  if (shownFolder === undefined)
    throw new UsageError('No folder was named. It has one folder or zip archive for each learner.');
  const folder = resolve(terminal.cwd, shownFolder);
  const { reports, out } = reportsWanted(args);
  const shardText = textOption(args, 'shard');
  const shard = shardText === undefined ? undefined : parseShard(shardText);
  if (shardText !== undefined && shard === undefined)
    throw new UsageError(`--shard is "${shardText}", but must be a part of how many: 1/4 to 4/4.`);
  return {
    folder,
    shownFolder,
    name: basename(folder).replace(/\.zip$/i, ''),
    reports,
    out,
    list: await readClassList(textOption(args, 'class'), terminal.cwd),
    shard,
    earlier: await readEarlier(args, terminal.cwd),
  };
}

export function reportsWanted(args: CommandArguments): Pick<Wanted, 'reports' | 'out'> {
  const out = textOption(args, 'out');
  const reports = textOptions(args, 'report').map((given) => {
    const name = reportNames.find((each) => each === given);
    if (name === undefined)
      throw new UsageError(`--report is "${given}", but must be one of: ${reportNames.join(', ')}.`);
    return name;
  });
  if (out === undefined && reports.length > 1)
    throw new UsageError(
      'Only one report goes to standard output. Name a folder for several: --out <folder>',
    );
  return { reports, out };
}

export async function readEarlier(args: CommandArguments, cwd: string): Promise<ClassReport | undefined> {
  const file = textOption(args, 'against');
  return file === undefined ? undefined : readClassReport(file, cwd);
}

/**
 * @param named a `class.json`, or the folder of reports that it is in
 * @throws UsageError for what is no report of a class
 */
export async function readClassReport(named: string, cwd: string): Promise<ClassReport> {
  const inFolder = await isFolder(resolve(cwd, named));
  const file = inFolder ? join(named, 'class.json') : named;
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
    throw new UsageError(
      inFolder && codeOf(error) === 'ENOENT'
        ? `${named} has no class.json. Name a folder that \`trapframe grade --out\` made.`
        : `${file} cannot be read (${codeOf(error)}). Name a class.json.`,
    );
  });
  const read = parseClassReport(text);
  if (!read.ok) throw new UsageError(`${file} ${read.problem}`);
  return read.value;
}

export async function readClassList(file: string | undefined, cwd: string): Promise<Wanted['list']> {
  if (file === undefined) return undefined;
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read (${codeOf(error)}). Name a CSV file with a column id.`);
  });
  const read = parseClassList(text);
  if (!read.ok) throw new UsageError(`${file} ${read.problem}`);
  return { value: read.value, hash: contentHash(new Map([['', text]])), shown: basename(file) };
}

/** @throws UsageError for an id that the pack has not */
export function setupOf(pack: Pack, args: CommandArguments, hasList: boolean): ClassSetup {
  const only = textOptions(args, 'only');
  const known = exercisesOf(pack, []).flatMap(({ lesson, exercise }) => [lesson.id, exercise.id]);
  for (const id of only) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(
      `The pack has no lesson or exercise "${id}". ${near === undefined ? '`trapframe lint` says why something may be missing.' : `Did you mean ${near}?`}`,
    );
  }
  const seed = seedOption(args);
  const hidden = textOption(args, 'hidden-seed');
  const hiddenSeed =
    hidden === undefined ? undefined : seedOption({ operands: [], values: { seed: hidden } });
  return {
    pack,
    exercises: exercisesOf(pack, only),
    courseSeed: seed ?? bundledCourseSeed,
    ...(hiddenSeed === undefined ? {} : { hiddenSeed }),
    seedsFromCourse: hasList || seed !== undefined,
  };
}
