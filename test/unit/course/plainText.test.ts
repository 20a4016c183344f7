import assert from 'node:assert/strict';
import { withoutEmphasis } from '../../../src/course/plainText.ts';

describe('words without Markdown', () => {
  for (const [written, shown] of [
    ['and the others **starve**.', 'and the others starve.'],
    ['none is *ready*: see `a * b`', 'none is ready: see `a * b`'],
    ['2 * 3 * 4 and **k·λ** > *μ*', '2 * 3 * 4 and k·λ > μ'],
    ['**/*.yaml', '**/*.yaml'],
  ] as const)
    it(written, () => assert.equal(withoutEmphasis(written), shown));
});
