import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { contentHash } from '../../course/contentHash.ts';
import { usualLanguage } from '../../course/languageTag.ts';
import type { Task } from '../../course/model.ts';
import { bundledCourseSeed } from '../../course/seeds.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { canonicalJson } from '../../grading/canonicalJson.ts';
import { classItem } from '../../grading/class/classItems.ts';
import { problemLine, type ClassHeader, type Shard } from '../../grading/class/classReport.ts';
import { submissionOf, type Finding, type FoundSubmission } from '../../grading/class/findSubmissions.ts';
import type { FolderTree } from '../../grading/class/folderTree.ts';
import type { ClassSetup } from '../../grading/class/gradeLearner.ts';
import { readSubmission } from '../../grading/class/readSubmission.ts';
import { classMembers } from '../../grading/class/roster.ts';
import { inShard } from '../../grading/class/shards.ts';
import { nodeWorkerPool } from '../../grading/nodeWorker.ts';
import {
  jobsOption,
  textOption,
  UsageError,
  type Command,
  type CommandArguments,
  type ExitCode,
  type Terminal,
} from '../command.ts';
import { gradeClass, poolWorkers } from '../grade/gradeClass.ts';
import { readOptions, reportOptions, setupOf, type Wanted } from '../grade/gradeOptions.ts';
import { gradeProgress } from '../grade/gradeProgress.ts';
import { openRoot, submissionsIn } from '../grade/openRoot.ts';
import { holdingFolder } from '../grade/outFolder.ts';
import { publish, reportsToFolder } from '../grade/publish.ts';
import { isForLearners, type GradedClass } from '../grade/reportFormats.ts';
import { ResultJournal } from '../grade/resultJournal.ts';
import { distFolder, packAt, packOption } from '../packArgument.ts';
import { version } from '../version.ts';

export const grade: Command = {
  name: 'grade',
  usage: '<folder or zip> [--class list.csv] [--report format]… [--out folder] [--only id]… [more options]',
  summary: 'Grade everything that a class handed in.',
  operands: 1,
  options: {
    class: { doc: 'Class list, a CSV file with a column "id". Seeds are then derived from it.' },
    seed: { doc: `Course seed, from which every learner's seed is derived. Default: ${bundledCourseSeed}.` },
    'hidden-seed': { doc: "Draw the cases of tasks from this seed in place of the learners' own." },
    only: {
      multiple: true,
      doc: 'Id of a lesson or an exercise to grade; may be given several times. Default: all.',
    },
    learner: { doc: 'Whose work it is: the folder is then one submission, whatever is in it.' },
    ...reportOptions,
    jobs: { doc: 'How many submissions to run at once. Default: as many as there are processors.' },
    shard: { doc: 'i/n: grade the i-th of n parts of the class. `trapframe merge` puts them together.' },
    pack: packOption,
  },
  async run(args, terminal) {
    const wanted = await readOptions(args, terminal);
    const { pack } = await packAt(textOption(args, 'pack'), terminal.cwd, false);
    const setup = setupOf(pack, args, wanted.list !== undefined);
    const tasks = setup.exercises.flatMap(({ exercise }) =>
      exercise.kind === 'task' ? [exercise.task] : [],
    );
    const opened = await openRoot(wanted.folder, wanted.shownFolder);
    try {
      return await gradeAll(opened.tree, { args, wanted, setup, tasks, terminal });
    } finally {
      await opened.close();
    }
  },
};

interface ClassRun {
  readonly args: CommandArguments;
  readonly wanted: Wanted;
  readonly setup: ClassSetup;
  readonly tasks: readonly Task[];
  readonly terminal: Terminal;
}

async function gradeAll(
  tree: FolderTree,
  { args, wanted, setup, tasks, terminal }: ClassRun,
): Promise<ExitCode> {
  const learner = textOption(args, 'learner');
  const found =
    learner === undefined
      ? await submissionsIn(tree, tasks, wanted.shownFolder)
      : { submissions: [submissionOf(learner, tree)], problems: [] };
  const all = await classMembers(wanted.list?.value.learners, found.submissions, (submission) =>
    nameInside(submission, tasks),
  );
  const header = headerOf(setup, found, wanted.list, wanted.shard);
  for (const problem of header.problems) terminal.err(problemLine(problem));
  if (all.length === 0) throw new UsageError(`There is nothing to grade in ${wanted.shownFolder}.`);
  const members = inShard(all, wanted.shard);
  refuseManyToOutput(wanted, members.length);
  const jobs = jobsOption(args, availableParallelism());
  const shownFolder = wanted.out ?? `${wanted.name}-grades`;
  const folder = resolve(terminal.cwd, shownFolder);
  const reports = { header, learners: all.map(({ learner }) => learner.id) };
  const out = { folder, shown: shownFolder, ...(reportsToFolder(wanted) ? { reports } : {}) };
  return holdingFolder(out, async () => {
    const store = await openJournal(folder, header, (why) =>
      terminal.err(
        `${shownFolder}: the journal cannot be written (${why}), so a run that is stopped begins anew. Free some space, or name another folder: --out <folder>`,
      ),
    );
    const pool = nodeWorkerPool(distFolder, version, jobs);
    try {
      const progress = gradeProgress(terminal, members.length, () => performance.now());
      await gradeClass(setup, members, poolWorkers(pool, version), store, 2 * jobs, progress);
      terminal.status('');
      const ids = members.map(({ learner }) => learner.id);
      const graded: GradedClass = {
        header,
        results: () => store.all(ids),
        assignment: textOption(args, 'assignment') ?? setup.pack.title,
      };
      return await publish(graded, wanted, terminal, folder, shownFolder);
    } finally {
      pool.dispose();
      await store.close();
    }
  });
}

function refuseManyToOutput({ out, reports }: Wanted, learners: number): void {
  const [toOutput] = out === undefined ? reports : [];
  if (toOutput === undefined || !isForLearners(toOutput) || learners === 1) return;
  throw new UsageError(
    `--report ${toOutput} is a file for each learner, and there are ${learners}. Name a folder for them: --out <folder>`,
  );
}

/** The journal beside the reports, of this part of the class. */
function openJournal(
  folder: string,
  header: ClassHeader,
  onTrouble: (why: string) => void,
): Promise<ResultJournal> {
  // Problems, the class list and the part are not what a learner's result depends on: its own fingerprint has the rest.
  const { problems: _, classList: __, shard, ...same } = header;
  const part = shard === undefined ? '' : `-${shard.index}-of-${shard.of}`;
  const of = contentHash(new Map([['', canonicalJson(same)]]));
  return ResultJournal.open(join(folder, `journal${part}.ndjson`), of, onTrouble);
}

function headerOf(
  { pack, exercises, courseSeed, hiddenSeed }: ClassSetup,
  found: Finding,
  list: Wanted['list'],
  shard: Shard | undefined,
): ClassHeader {
  const hashes = new Map(pack.lessons.map((lesson) => [lesson.id, lesson.contentHash]));
  const inList = (list?.value.problems ?? []).map((problem) => {
    const [where = '', ...what] = problem.split(': ');
    return { where: `${list!.shown}, ${where}`, what: what.join(': '), next: '' };
  });
  return {
    format: 1,
    kind: 'trapframe class report',
    pack: {
      id: pack.id,
      title: pack.title,
      ...(pack.language === usualLanguage ? {} : { language: pack.language }),
      contentHash: contentHash(hashes),
    },
    engineVersion: version,
    courseSeed,
    ...(hiddenSeed === undefined ? {} : { hiddenSeed }),
    ...(list === undefined ? {} : { classList: list.hash }),
    ...(shard === undefined ? {} : { shard }),
    lessons: [...new Set(exercises.map(({ lesson }) => lesson))].map(({ id, title }) => ({ id, title })),
    items: exercises.map((each) => classItem(each, scenarios)),
    problems: [...inList, ...found.problems],
  };
}

/** What `trapframe.json` of a submission calls its learner. */
async function nameInside(submission: FoundSubmission, tasks: readonly Task[]): Promise<string | undefined> {
  try {
    const opened = await submission.open();
    try {
      return (await readSubmission(opened.tree, submission.place, tasks)).settings?.learner;
    } finally {
      await opened.close();
    }
  } catch {
    // Grading it says why.
    return undefined;
  }
}
