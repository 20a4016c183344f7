import assert from 'node:assert/strict';
import { attacks } from './attacks.ts';
import { rememberHost } from './hostIntact.ts';
import { runAttack } from './runAttack.ts';

for (const [aim, list] of Object.entries(attacks)) {
  describe(`an attempt ${aim}`, () => {
    for (const attack of list) {
      it(`${attack.name}: ${attack.ends}`, async () => {
        const assertHostIntact = rememberHost();
        const outcome = await runAttack(attack);
        assert.equal(outcome.fault?.kind ?? 'answers', attack.ends, outcome.fault?.message);
        if (attack.says !== undefined)
          assert.ok(outcome.fault?.message.includes(attack.says), outcome.fault?.message);
        if (attack.prints !== undefined) assert.deepEqual(outcome.output, attack.prints);
        assert.ok((outcome.fault?.message.length ?? 0) < 2500, 'the message is bounded');
        assert.ok((outcome.fault?.line ?? 1) < 100, 'the line is one of the file');

        assert.deepEqual(await runAttack(attack), outcome, 'a second time it ends in the same words');
        assert.deepEqual(
          await runAttack({ name: 'calm', ends: 'answers' }),
          { output: [] },
          'the next module is not touched',
        );
        assertHostIntact();
      });
    }
  });
}
