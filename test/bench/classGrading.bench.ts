import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskFiles } from '../../src/cli/diskFiles.ts';
import { gradeClass, poolWorkers } from '../../src/cli/grade/gradeClass.ts';
import { ResultJournal } from '../../src/cli/grade/resultJournal.ts';
import type { Pack, Task } from '../../src/course/model.ts';
import { loadPack } from '../../src/course/packLoader.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { exercisesOf } from '../../src/grading/class/classItems.ts';
import type { FolderTree, TreeEntry } from '../../src/grading/class/folderTree.ts';
import type { ClassSetup, ClassWorkers } from '../../src/grading/class/gradeLearner.ts';
import { submissionOf } from '../../src/grading/class/findSubmissions.ts';
import type { ClassMember } from '../../src/grading/class/roster.ts';
import { inShard } from '../../src/grading/class/shards.ts';
import { nodeWorkerPool } from '../../src/grading/nodeWorker.ts';
import type { Bench, BenchRow } from './bench.ts';

/** 500 take half an hour of two idle cores with the whole course; `TRAPFRAME_BENCH_STUDENTS=20` gives the same rates sooner. */
const students = Number(process.env['TRAPFRAME_BENCH_STUDENTS'] ?? 500);
/** Learners that are graded once more at once, and in two parts. */
const inPartsToo = 40;
const jobs = Math.min(2, availableParallelism());

const fileTree = (files: Readonly<Record<string, string>>): FolderTree => {
  const entries = Object.entries(files).map(([name, text]): TreeEntry => {
    const bytes = new TextEncoder().encode(text);
    return { kind: 'file', name, file: { size: bytes.length, read: () => Promise.resolve(bytes) } };
  });
  return { entries: () => Promise.resolve(entries) };
};

/** Of every ten learners four hand in the solution, two the starter, and four a known mistake. */
function handedIn(task: Task, learner: number): string {
  if (learner % 10 < 4 || task.wrong.length === 0) return task.solution.text;
  return learner % 10 < 6 ? task.starter.text : task.wrong[learner % task.wrong.length]!.file.text;
}

const member = (tasks: readonly Task[], learner: number): ClassMember => {
  const id = `s${String(learner).padStart(6, '0')}`;
  const folders = tasks.map((task): TreeEntry => ({
    kind: 'folder',
    name: task.id,
    tree: fileTree({ [task.file]: handedIn(task, learner) }),
  }));
  const tree: FolderTree = { entries: () => Promise.resolve(folders) };
  return { learner: { id, aliases: [] }, listed: true, submission: submissionOf(id, tree), problems: [] };
};

interface Measured {
  readonly seconds: number;
  readonly heapBytes: number;
}

async function measured(
  setup: ClassSetup,
  members: readonly ClassMember[],
  workers: ClassWorkers,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'trapframe-bench-'));
  const journal = await ResultJournal.open(join(folder, 'journal.ndjson'), 'bench', () => undefined);
  const startedMs = performance.now();
  await gradeClass(setup, members, workers, journal, 2 * jobs, { graded: () => undefined });
  const seconds = (performance.now() - startedMs) / 1000;
  globalThis.gc?.();
  const heapBytes = process.memoryUsage().heapUsed;
  await journal.close();
  await rm(folder, { recursive: true });
  return { seconds, heapBytes };
}

function setupOf(pack: Pack): { readonly setup: ClassSetup; readonly tasks: readonly Task[] } {
  const exercises = exercisesOf(pack, []).filter(({ exercise }) => exercise.kind === 'task');
  const tasks = exercises.flatMap(({ exercise }) => (exercise.kind === 'task' ? [exercise.task] : []));
  return { setup: { pack, exercises, courseSeed: 1, seedsFromCourse: true }, tasks };
}

/** Kept heap per learner of a class: grading is left out, so that a class of thousands takes a moment. */
async function heapPerLearner(setup: ClassSetup, tasks: readonly Task[]): Promise<number> {
  const blank = 'x'.repeat(5000);
  const workers: ClassWorkers = {
    report: ({ task }) =>
      Promise.resolve({
        task: task.id,
        verdict: 'failed',
        points: 0,
        maxPoints: 0,
        checks: [],
        output: [blank],
        provenance: { lessonHash: '', engineVersion: '', seed: 0, submissionHash: '' },
      }),
    judge: () => Promise.resolve([]),
  };
  const heap = async (count: number): Promise<number> => {
    const members = Array.from({ length: count }, (_, index) => member(tasks.slice(0, 2), index));
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    return (await measured(setup, members, workers)).heapBytes - before;
  };
  await heap(200);
  const [few, many] = [await heap(200), await heap(2200)];
  return (many - few) / 2000;
}

export const bench: Bench = {
  name: `Grading a class: ${students} learners, every code task, ${jobs} workers; beside a container for each submission`,
  async *run() {
    const { value: pack } = await loadPack(diskFiles(join(process.cwd(), 'lessons')), scenarios);
    const { setup, tasks } = setupOf(pack);
    const members = Array.from({ length: students }, (_, index) => member(tasks, index));
    const pool = nodeWorkerPool(join(process.cwd(), 'dist'), '0.0.0', jobs);
    const workers = poolWorkers(pool, '0.0.0');
    // Workers start and compile with the first learners.
    await measured(setup, members.slice(0, 2), workers);
    const whole = await measured(setup, members, workers);
    const submissions = members.length * tasks.length;
    const perCore = submissions / whole.seconds / jobs;
    const rows: readonly BenchRow[] = [
      { what: 'submissions graded', value: submissions, unit: '', note: `${tasks.length} tasks` },
      { what: 'submissions per second and core', value: perCore, unit: '/s' },
      { what: 'a submission, time of one core', value: 1000 / perCore, unit: 'ms' },
      {
        what: 'starting a container, before anything is graded: crun',
        value: 7.3,
        unit: 'ms',
        note: 'crun 1.8.1, Linux 6.18; measured once, not in this run',
      },
      {
        what: 'starting a container, before anything is graded: runc',
        value: 23.5,
        unit: 'ms',
        note: 'runc 1.1.5, the same machine; without a pull, an image or Node in it',
      },
    ];
    yield* rows;
    // The workers know all that authors wrote by now, so that neither has an advantage.
    const some = members.slice(0, inPartsToo);
    const { seconds } = await measured(setup, some, workers);
    let inParts = 0;
    for (const index of [1, 2])
      inParts += (await measured(setup, inShard(some, { index, of: 2 }), workers)).seconds;
    pool.dispose();
    yield {
      what: 'two parts one after the other / the whole',
      value: inParts / seconds,
      unit: '×',
      atMost: 1.15,
      note: `${some.length} learners`,
    };
    yield {
      what: 'heap kept for each learner of a class, of 10 kB of results',
      value: (await heapPerLearner(setup, tasks)) / 1024,
      unit: 'kB',
      atMost: 1,
    };
  },
};
