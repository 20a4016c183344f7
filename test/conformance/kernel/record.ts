// Records what the kernel of this machine answers: node --import tsx test/conformance/kernel/record.ts (as root)
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { realKernel } from './realKernel.ts';
import { randomSequences } from './sequences.ts';

const kernel = realKernel();
if (kernel.kind === 'unavailable') throw new Error(`Nothing can be recorded: ${kernel.reason}.`);
const lines = Object.entries(randomSequences).flatMap(([part, arbitrary]) => {
  const sequences = fc.sample(arbitrary, { numRuns: 25, seed: 6 });
  const answers = kernel.run(sequences);
  return sequences.map((sequence, index) => JSON.stringify({ part, sequence, answers: answers[index] }));
});
const header = JSON.stringify({
  source: `Linux ${release().split('-')[0]}, answers of the running kernel to sequences of system calls`,
  bounding: kernel.bounding.toString(16),
});
writeFileSync(
  join(import.meta.dirname, '..', 'published', 'linux-system-calls.jsonl'),
  `${[header, ...lines].join('\n')}\n`,
);
