import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realKernel, type RealKernel } from './kernel/realKernel.ts';
import { randomSequences } from './kernel/sequences.ts';
import { runSimulated, type Answer, type Step } from './kernel/simulated.ts';

/** The same calls got the same answers, up to the first difference, which is shown with what led to it. */
function assertSame(sequence: readonly Step[], real: readonly Answer[], simulated: readonly Answer[]): void {
  sequence.forEach((step, index) => {
    const [expected, actual] = [JSON.stringify(real[index]), JSON.stringify(simulated[index])];
    if (expected === actual) return;
    const before = sequence
      .slice(0, index)
      .map((each, at) => `${JSON.stringify(each)} -> ${JSON.stringify(real[at])}`);
    assert.fail(
      [...before, JSON.stringify(step), `the kernel:     ${expected}`, `the simulation: ${actual}`].join(
        '\n',
      ),
    );
  });
}

describe('the simulated kernel answers as Linux 6.18 did', () => {
  const [header, ...lines] = readFileSync(
    join(import.meta.dirname, 'published', 'linux-system-calls.jsonl'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown) as [
    { readonly bounding: string },
    ...{ readonly part: string; readonly sequence: Step[]; readonly answers: Answer[] }[],
  ];
  for (const part of Object.keys(randomSequences)) {
    it(part, () => {
      const recorded = lines.filter((line) => line.part === part);
      assert.ok(recorded.length >= 25);
      for (const { sequence, answers } of recorded) {
        assertSame(sequence, answers, runSimulated(sequence, BigInt(`0x${header.bounding}`)));
      }
    });
  }
});

describe('the simulated kernel answers as the kernel of this machine', function () {
  let kernel: RealKernel;
  before(() => {
    kernel = realKernel();
  });
  for (const [part, arbitrary] of Object.entries(randomSequences)) {
    it(part, function () {
      if (kernel.kind === 'unavailable') {
        this.test!.title += ` (skipped: ${kernel.reason})`;
        this.skip();
      }
      const sequences = fc.sample(arbitrary, { numRuns: 20, seed: Number(process.env['FC_SEED'] ?? 19) });
      const real = kernel.run(sequences);
      const { bounding } = kernel;
      sequences.forEach((sequence, index) =>
        assertSame(sequence, real[index]!, runSimulated(sequence, bounding)),
      );
    });
  }
});
