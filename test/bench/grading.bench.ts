import { join } from 'node:path';
import { diskFiles } from '../../src/cli/diskFiles.ts';
import type { Lesson, Task } from '../../src/course/model.ts';
import { loadPack } from '../../src/course/packLoader.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { nodeGrader, nodeWorkerPool } from '../../src/grading/nodeWorker.ts';
import { verifyPart } from '../../src/grading/verify/verifyPack.ts';
import type { WorkerGrader } from '../../src/grading/workerGrader.ts';
import type { Bench, BenchRow } from './bench.ts';

const dist = join(process.cwd(), 'dist');
const repetitions = 40;

const timed = async (what: () => Promise<unknown>): Promise<number> => {
  const startedMs = performance.now();
  await what();
  return performance.now() - startedMs;
};

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1]!;

interface BenchedTask {
  readonly lesson: Lesson;
  readonly task: Task;
}

/** From the request of a check to its verdict, in the bundled worker: what a save costs. */
async function benchTask({ lesson, task }: BenchedTask): Promise<readonly BenchRow[]> {
  let learner = 0;
  const grade = (grader: WorkerGrader, source: string): Promise<number> =>
    timed(() => grader.grade({ task, source, seed: learner++, lessonHash: lesson.contentHash }));
  const row = (what: string, value: number, atMost: number): BenchRow => ({
    what: `${task.id}: ${what}`,
    value,
    unit: 'ms',
    atMost,
  });

  const coldGrader = nodeGrader(dist, '0.0.0');
  const cold = await grade(coldGrader, task.starter.text);
  coldGrader.dispose();
  const grader = nodeGrader(dist, '0.0.0');
  await grader.prepare();
  const first = await grade(grader, task.starter.text);
  const rows = [
    row('first check, worker started for it', cold, 3000),
    row('first check, worker prepared', first, 1500),
  ];

  const submissions = [
    { name: 'the solution', source: task.solution.text },
    ...task.wrong.map(({ file }) => ({ name: file.path.slice(task.path.length + 1), source: file.text })),
  ];
  const failing: number[] = [];
  for (const { name, source } of submissions) {
    const times: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition++) times.push(await grade(grader, source));
    rows.push(row(`save to verdict, p95 of ${repetitions}, ${name}`, p95(times), 300));
    if (source !== task.solution.text) failing.push(...times);
  }
  // An upper bound: the whole check, of which shrinking is a part.
  rows.push(row(`failures shrunk and explained, p95 of ${failing.length}`, p95(failing), 1000));
  grader.dispose();

  const one = nodeWorkerPool(dist, '0.0.0', 1);
  const part = lesson.parts.find((each) => each.kind === 'task' && each.task === task)!;
  const usedBefore = process.cpuUsage();
  await verifyPart(lesson, part as typeof part & { kind: 'task' }, one);
  const { user, system } = process.cpuUsage(usedBefore);
  one.dispose();
  return [...rows, row('verified in every variant, time of one core', (user + system) / 1000, 6000)];
}

export const bench: Bench = {
  name: 'Grading: every bundled task, cases drawn anew each time; failures are shrunk and explained',
  async run() {
    const { value: pack } = await loadPack(diskFiles(join(process.cwd(), 'lessons')), scenarios);
    const rows: BenchRow[] = [];
    for (const lesson of pack.lessons) {
      for (const part of lesson.parts) {
        if (part.kind === 'task') rows.push(...(await benchTask({ lesson, task: part.task })));
      }
    }
    return rows;
  },
};
