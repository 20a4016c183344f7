import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import {
  submissionArchive,
  submissionFiles,
  type Submission,
} from '../../../src/extension/submissionArchive.ts';
import { parseReceipt } from '../../../src/grading/receipt.ts';
import { reportOf } from './reports.ts';

const submission: Submission = {
  pack: 'trapframe',
  settings: '{"format":1}',
  answers: '{"format":1,"answers":{}}',
  tasks: [
    { path: 'round-robin/scheduler.ts', source: 'export {}; // ≤', report: reportOf({ verdict: 'failed' }) },
    { path: 'credit/scheduler.ts', source: 'never checked' },
    { path: 'boost/scheduler.ts', source: 'never ran', report: reportOf({ verdict: 'ungradable' }) },
  ],
};

describe('an exported submission', () => {
  it('holds the files of the work folder, and a receipt of each task that was judged', () => {
    const files = submissionFiles(submission);
    assert.deepEqual(
      [...files.keys()],
      [
        'trapframe.json',
        'answers.json',
        'round-robin/scheduler.ts',
        'round-robin/scheduler.ts.receipt.json',
        'credit/scheduler.ts',
        'boost/scheduler.ts',
      ],
    );
    const receipt = parseReceipt(files.get('round-robin/scheduler.ts.receipt.json')!);
    assert.ok(receipt.ok);
    const { pack, task, source, report } = receipt.value;
    assert.deepEqual([pack, task, source, report.points], ['trapframe', 'round-robin', 'export {}; // ≤', 0]);
  });

  it('unpacks to what went in, whatever the learner wrote', () => {
    const task = fc.record({
      path: fc.stringMatching(/^[a-z]{1,6}\/[a-z]{1,6}\.ts$/),
      source: fc.string({ unit: 'binary' }), // any code points but lone surrogates
    });
    fc.assert(
      fc.property(fc.uniqueArray(task, { selector: ({ path }) => path, maxLength: 4 }), (tasks) => {
        const { answers: _, ...rest } = submission;
        const packed = unzipSync(submissionArchive({ ...rest, tasks }));
        const texts = Object.entries(packed).map(([path, bytes]) => [path, strFromU8(bytes)] as const);
        assert.deepEqual(new Map(texts), submissionFiles({ ...rest, tasks }));
      }),
      { numRuns: 8 }, // a compressor takes tens of milliseconds to set up
    );
  });

  it('has the same bytes whenever and in whichever order it is written', () => {
    const again = { ...submission, tasks: submission.tasks.toReversed() };
    assert.deepEqual(submissionArchive(again), submissionArchive(submission));
    // The date of a local header: the first day that zip knows, midnight.
    assert.deepEqual(submissionArchive(submission).slice(10, 14), new Uint8Array([0, 0, 0x21, 0]));
  });
});
