import { fileURLToPath } from 'node:url';
import { referencePage } from '../../../build/referencePage.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { assertGolden } from '../../golden.ts';

describe('the reference page of the scenarios', () => {
  it('is what the scenarios say: `npm run docs` writes it', async () => {
    const page = new URL('../../../docs/reference/scenarios.md', import.meta.url);
    assertGolden(page, await referencePage(Object.values(scenarios), fileURLToPath(page)));
  });
});
