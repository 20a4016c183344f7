import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveParameters } from '../../../src/engine/kernel/parameters.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { temporaryFolder, trapframe } from './terminal.ts';

describe('a document on the command line', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const simulate = async (...argv: readonly string[]) => {
    await writeFile(join(folder(), 'own.yaml'), 'name: mine\nseconds: 1\ncalls: { read: 1000 }\n');
    return trapframe(folder(), 'simulate', 'gvisor.workload', '--set-file', 'application=own.yaml', ...argv);
  };

  it('is read, though its parameter says otherwise by default', async () => {
    const { code, out, err } = await simulate();
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.match(out, /application +own\n/);
    assert.match(out, /callsPerSecond +1000 /);
    assert.equal((await simulate('--set', 'application=own')).out, out);
  });

  it('is refused beside a parameter with which it is not read', async () => {
    const { code, err } = await simulate('--set', 'application=copy');
    assert.equal(code, 2);
    assert.match(
      err,
      /gvisor\.workload reads the document application only with application=own\. Leave out --set application=copy, or --set-file\./,
    );
  });

  it('names parameters that its scenario has, with values that are allowed', () => {
    const named = Object.values(scenarios).flatMap((scenario) =>
      Object.entries(scenario.documents).flatMap(([name, { readWith }]) =>
        readWith === undefined
          ? []
          : [[`${scenario.id} ${name}`, resolveParameters(scenario.params, readWith).ok]],
      ),
    );
    assert.deepEqual(named, [
      ['gvisor.workload sandbox', true],
      ['gvisor.workload application', true],
    ]);
  });
});
