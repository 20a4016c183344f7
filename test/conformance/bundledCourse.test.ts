import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { diskFiles } from '../../src/cli/diskFiles.ts';
import { lintPack } from '../../src/course/lint.ts';
import { formatProblem } from '../../src/course/problemList.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { nodeWorkerPool } from '../../src/grading/nodeWorker.ts';
import { verifyPart } from '../../src/grading/verify/verifyPack.ts';
import type { WorkerPool } from '../../src/grading/workerPool.ts';

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const { value: pack, problems } = await lintPack(diskFiles(folder('lessons')), scenarios);

/** The publish gate over the course that ships: what `trapframe verify` does, one test for each exercise. */
describe('the bundled course', () => {
  let workers: WorkerPool;
  before(() => {
    workers = nodeWorkerPool(folder('dist'), '0.0.0', availableParallelism());
  });
  after(() => workers.dispose());

  it('has no problem in its files', () =>
    assert.deepEqual(
      problems.map((problem) => formatProblem(problem, 'lessons')),
      [],
    ));

  for (const lesson of pack.lessons) {
    for (const part of lesson.parts) {
      if (part.kind === 'prose') continue;
      it(`proves ${lesson.id}: ${part.kind} ${part.id}`, async () => {
        const { findings } = await verifyPart(lesson, part, workers);
        // A figure may have an end at which it says why it shows nothing.
        const errors = findings.filter(({ severity }) => part.kind !== 'figure' || severity === 'error');
        assert.deepEqual(
          errors.map((finding) => formatProblem(finding, 'lessons')),
          [],
        );
      });
    }
  }
});
