import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, trapframe } from './terminal.ts';

describe('a document on the command line', () => {
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

  it('is refused beside a parameter in whose place it stands, which the run then does not show', async () => {
    await writeFile(join(folder(), 'vector.json'), '{"replicas": 10, "maxSurge": 2, "maxUnavailable": 0}');
    const rollout = (...argv: readonly string[]) =>
      trapframe(
        folder(),
        ...argv.slice(0, 1),
        'cluster.rollout',
        '--set-file',
        'vector.json',
        ...argv.slice(1),
      );
    assert.deepEqual(await rollout('simulate', '--set', 'replicas=3'), {
      code: 2,
      out: '',
      err: 'trapframe: cluster.rollout takes replicas from the document vector, also where that does not say it. Say it there in place of --set replicas=3, or leave out --set-file.',
    });
    const { out } = await rollout('simulate', '--set', 'minReadySeconds=5');
    assert.match(out, /replicas +as the document vector says\n/);
    assert.match(out, /minReadySeconds +5 s\n/);
    const json = await rollout('simulate', '--set', 'minReadySeconds=5', '--format', 'json');
    assert.deepEqual((JSON.parse(json.out) as { params: unknown }).params, {
      image: 'shop:1.1',
      minReadySeconds: 5,
      durationSeconds: 300,
    });
    const kubectl = await rollout('kubectl', '--set', 'unit=pods', '--', 'get', 'deployments');
    assert.match(kubectl.err, /takes unit from the document vector/);
    assert.match((await rollout('kubectl', '--', 'get', 'deployments')).out, / 10\/10 /);
    await writeFile(join(folder(), 'vector.json'), '{"replicas": 10}');
    assert.match(
      (await rollout('simulate', '--set', 'maxSurge=0')).err,
      /takes maxSurge from the document vector, also where that does not say it\. Say it there in place of --set maxSurge=0/,
    );
  });

  it('stands in place of nothing where it is {}: parameters count, and --set with them', async () => {
    await writeFile(join(folder(), 'vector.json'), '{\n}\n');
    const run = (...argv: readonly string[]) => trapframe(folder(), ...argv);
    for (const scenario of ['autoscaler', 'rollout', 'scheduler', 'disruption'].map(
      (id) => `cluster.${id}`,
    )) {
      const alone = await run('simulate', scenario);
      assert.deepEqual(await run('simulate', scenario, '--set-file', 'vector.json'), alone);
    }
    const set = ['--set', 'replicas=7'];
    const seven = await run('simulate', 'cluster.rollout', ...set);
    assert.match(seven.out, /replicas +7\n/);
    assert.deepEqual(await run('simulate', 'cluster.rollout', '--set-file', 'vector.json', ...set), seven);
    const get = ['--', 'get', 'deployments'];
    const kubectl = await run('kubectl', 'cluster.rollout', '--set-file', 'vector.json', ...set, ...get);
    assert.match(kubectl.out, / 7\/7 /);
  });

  it('that is a log of strace is sent to the command that makes an application of it', async () => {
    await writeFile(join(folder(), 'app.log'), '7 openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 3\n');
    const argv = ['simulate', 'gvisor.workload', '--set-file', 'application=app.log'];
    const { code, err } = await trapframe(folder(), ...argv);
    assert.equal(code, 2);
    assert.match(
      err,
      /^app\.log:1:1: This is a log of strace, and no description of an application\. Make one of it: trapframe trace import <this file>\./,
    );
  });
});
