import assert from 'node:assert/strict';
import { faultOf, notRun } from '../../../src/grading/notRun.ts';
import { countingTask } from './testbed.ts';

describe('a submission that was not run', () => {
  const report = async (kind: 'syntax' | 'load') => {
    const { task } = await countingTask();
    const request = { task, source: '', seed: 3, lessonHash: 'h' };
    return notRun(request, { kind, message: 'Why.' }, '1.2.3');
  };

  it('fails, with no check reached, where the file is at fault', async () =>
    assert.deepEqual(await report('load'), {
      report: {
        task: 'count-up',
        verdict: 'failed',
        points: 0,
        maxPoints: 6,
        checks: [
          ['goes-up', 'The count goes up', 3],
          ['stays-small', 'The count stays small', 2],
          ['ends', 'Every run finishes', 1],
        ].map(([id, title, maxPoints]) => ({
          id,
          title,
          verdict: 'not reached',
          points: 0,
          maxPoints,
          casesRun: 0,
        })),
        fault: { kind: 'load', message: 'Why.' },
        output: [],
        provenance: {
          lessonHash: 'h',
          engineVersion: '1.2.3',
          seed: 3,
          submissionHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
      },
      pictures: {},
      recordings: {},
    }));

  it('is not judged where nothing can be said of the work', async () => {
    const { verdict, checks } = (await report('syntax')).report;
    assert.deepEqual([verdict, ...checks.map((check) => check.verdict)], Array(4).fill('ungradable'));
  });

  it('says why, where its worker ended', () => {
    assert.deepEqual(faultOf({ ok: false, reason: 'wall', wallMs: 20_000 }), {
      kind: 'wall',
      message:
        'Your code kept the checker busy for 20 s, so it was stopped and not graded. Look for an operation on something enormous, such as a sparse array of billions of items.',
    });
    assert.deepEqual(faultOf({ ok: false, reason: 'crash', detail: 'no memory' }), {
      kind: 'crash',
      message: "The checker failed: no memory. This is not your code's fault; check again.",
    });
    assert.deepEqual(faultOf({ ok: false, reason: 'start', detail: 'no file' }), {
      kind: 'crash',
      message: 'The checker could not start: no file. Check again.',
    });
    assert.deepEqual(faultOf({ ok: false, reason: 'closed' }), {
      kind: 'crash',
      message: 'The checker was closed. Check again.',
    });
  });
});
