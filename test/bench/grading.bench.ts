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
/** A p95 over a task's known-wrong submissions has some hundred values. */
const solutionTimes = 40;
const wrongTimes = 10;

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
async function* benchTask({ lesson, task }: BenchedTask): AsyncIterable<BenchRow> {
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
  yield row('first check, worker started for it', cold, 3000);
  yield row('first check, worker prepared', first, 1500);
  const many = async (source: string, count: number): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let index = 0; index < count; index++) times.push(await grade(grader, source));
    return times;
  };
  const passing = await many(task.solution.text, solutionTimes);
  yield row(`save to verdict, p95 of ${solutionTimes}, the solution`, p95(passing), 300);
  const failing: { readonly name: string; readonly times: readonly number[] }[] = [];
  for (const { file } of task.wrong)
    failing.push({
      name: file.path.slice(file.path.lastIndexOf('/') + 1),
      times: await many(file.text, wrongTimes),
    });
  const all = failing.flatMap(({ times }) => times);
  const slowest = failing.toSorted((a, b) => p95(b.times) - p95(a.times))[0]!;
  const note = `slowest: ${slowest.name}, ${Math.round(p95(slowest.times))} ms`;
  yield { ...row(`save to verdict, p95 of ${all.length}, known-wrong`, p95(all), 300), note };
  // An upper bound: the whole check, of which shrinking is a part.
  yield row('failures shrunk and explained, slowest known-wrong', p95(slowest.times), 1000);
  grader.dispose();

  const one = nodeWorkerPool(dist, '0.0.0', 1);
  const part = lesson.parts.find((each) => each.kind === 'task' && each.task === task)!;
  const usedBefore = process.cpuUsage();
  await verifyPart(lesson, part as typeof part & { kind: 'task' }, one);
  const { user, system } = process.cpuUsage(usedBefore);
  one.dispose();
  yield row('verified in every variant, time of one core', (user + system) / 1000, 6000);
}

export const bench: Bench = {
  name: 'Grading: every bundled task, cases drawn anew each time; failures are shrunk and explained',
  async *run(part) {
    const { value: pack } = await loadPack(diskFiles(join(process.cwd(), 'lessons')), scenarios);
    for (const lesson of pack.lessons)
      for (const each of lesson.parts)
        if (each.kind === 'task' && each.task.id.includes(part))
          yield* benchTask({ lesson, task: each.task });
  },
};
