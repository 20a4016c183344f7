import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { nodeWorkerOptions } from '../../../src/grading/nodeWorker.ts';
import { WorkerGrader } from '../../../src/grading/workerGrader.ts';
import { WorkerPool } from '../../../src/grading/workerPool.ts';
import { grading, gradingTools, roundRobinTask } from './testbed.ts';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const task = roundRobinTask();

describe('the bundled grading worker', () => {
  before(() =>
    assert.ok(existsSync(`${dist}/gradingWorker.mjs`), `${dist} is not built. Run: npm run build`),
  );

  const gradeIn = async (grader: WorkerGrader, source: string) => {
    const { lesson, task: graded } = await task;
    return (await grader.grade({ task: graded, source, seed: 7, lessonHash: lesson.contentHash })).report;
  };

  it('gives byte by byte the report that grading here gives', async () => {
    const grader = new WorkerGrader(nodeWorkerOptions(dist, '1.2.3'));
    const { task: graded } = await task;
    const here = grading(task, gradingTools());
    for (const source of [
      graded.solution.text,
      graded.starter.text,
      '',
      'nonsense(',
      graded.wrong.at(-1)!.file.text,
    ]) {
      assert.equal(JSON.stringify(await gradeIn(grader, source)), JSON.stringify(await here(source)));
    }
    grader.dispose();
  });

  it('is killed over a built-in that never counts a step, and the grader works on', async () => {
    const grader = new WorkerGrader({ ...nodeWorkerOptions(dist, '1.2.3'), wallMs: 1_000 });
    const stuck = await gradeIn(
      grader,
      'export const scheduler = { pickNext() { Array.prototype.reverse.call({ length: 2 ** 53 - 1 }); } };',
    );
    assert.deepEqual([stuck.verdict, stuck.points, stuck.fault!.kind], ['ungradable', 0, 'wall']);
    assert.match(
      stuck.fault!.message,
      /^Your code kept the checker busy for 1 s, so it was stopped and not graded\./,
    );
    assert.equal((await gradeIn(grader, '')).verdict, 'failed');
    grader.dispose();
  });

  it('says that it cannot start where there is no build', async () => {
    const grader = new WorkerGrader(nodeWorkerOptions(`${dist}/nowhere`, '1.2.3'));
    const report = await gradeIn(grader, '');
    assert.equal(report.verdict, 'ungradable');
    assert.match(report.fault!.message, /^The checker could not start: ENOENT/);
  });

  it('proves an exercise and runs a submission, several at once', async () => {
    const pool = new WorkerPool(nodeWorkerOptions(dist, '1.2.3'), 2);
    const { lesson, task: graded } = await task;
    const figure = lesson.parts.find((part) => part.kind === 'figure')!;
    const [proof, run, graded1] = await Promise.all([
      pool.ask('prove', { part: figure, learners: 1 }),
      pool.ask('run', {
        scenario: 'scheduling.round-robin',
        case: { params: { vms: 3 }, seed: 1 },
        source: { file: 'scheduler.ts', text: graded.solution.text },
      }),
      pool.ask('grade', { task: graded, source: '', seed: 1, lessonHash: lesson.contentHash }),
    ]);
    assert.ok(proof.ok && run.ok && graded1.ok);
    assert.deepEqual(proof.result.problems, []);
    const plain = scenarios['scheduling.round-robin']!.execute({ params: { vms: 3 } });
    assert.ok(plain.ok && run.result.ok);
    assert.deepEqual(run.result.run.metrics, plain.run.metrics);
    assert.equal(graded1.result.report.verdict, 'failed');
    pool.dispose();
  });
});
