import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/*
 * Container, sandbox and VM: the numbers of `gvisor.choosing` by hand, from what was measured and published. All rows calibrate; none is a gate: the
 * scenario claims arithmetic over them, not a prediction.
 */
const { rows } = JSON.parse(
  readFileSync(new URL('published/isolation-starts.json', import.meta.url), 'utf8'),
) as { readonly rows: readonly { readonly id: string; readonly value: number }[] };
const row = (id: string): number => rows.find((each) => each.id.startsWith(id))!.value;

function metrics(params: ParameterInput): Readonly<Record<string, number>> {
  const outcome = scenarios['gvisor.choosing']!.execute({ params });
  assert.ok(outcome.ok);
  return outcome.run.metrics;
}
const near = (actual: number | undefined, expected: number, within = 1e-9): void =>
  assert.ok(Math.abs(actual! - expected) <= within, `${actual} is not ${expected}`);

describe('gvisor.choosing', () => {
  it('starts as measured and published', () => {
    near(metrics({ boundary: 'container' })['startMs'], row('start of runc'), 0.1);
    near(metrics({ boundary: 'gvisor' })['startMs'], row('start of runsc'), 0.5);
    near(metrics({ boundary: 'vm' })['startMs'], row('start of Firecracker'));
  });

  it('leaves as many calls of the host as the filters do', () => {
    near(metrics({ boundary: 'vm' })['hostCalls'], row('system calls that Firecracker'));
    const all = scenarios['container.seccomp']!.execute({ params: {} });
    assert.ok(all.ok);
    // The engine's other count of the same table: calls that pass a profile, over the share that they are.
    const { surface, surfacePercent } = all.run.metrics as Record<string, number>;
    near(
      metrics({ boundary: 'container' })['hostCalls'],
      Math.round((surface! / surfacePercent!) * 100) - row("system calls that Docker's"),
    );
  });

  it('slows a key-value store down by its calls: 100,000 a second, 40,000 of them on sockets', () => {
    const filter = row('getpid with') - row('getpid, one');
    const bridge = (row('TCP request and response between') - row('TCP request and response over')) / 4;
    const store = { workload: 'key-value store' };
    near(
      metrics({ ...store, boundary: 'container' })['steadySlowdown'],
      1 + (100_000 * filter + 40_000 * bridge) / 1e9,
      1e-4,
    );
    // Three percent for nested paging and 3 µs for each message, both assumed.
    near(metrics({ ...store, boundary: 'vm' })['steadySlowdown'], 1.03 + (40_000 * 3000) / 1e9);
  });

  it('slows numeric code in a sandbox down by 270 calls a second', () => {
    // 60 of memory, 200 waits and 10 writes: interception, work of the Sentry, less the native call.
    const added = 60 * (2624 + 2000 - 1858) + 200 * (2624 + 700 - 500) + 10 * (2624 + 900 - 638);
    near(metrics({ workload: 'numeric', boundary: 'gvisor' })['steadySlowdown'], 1 + added / 1e9);
  });

  it('spreads the start over the life of an instance', () => {
    for (const lifetimeSeconds of [1, 10, 3600]) {
      const { slowdown, steadySlowdown } = metrics({ lifetimeSeconds, boundary: 'vm' });
      near(slowdown! - steadySlowdown!, 0.125 / lifetimeSeconds);
    }
  });

  it('fills a host of 64 GiB', () => {
    // 65,536 / (128 + 45), 65,536 / (128 + 25), 65,536 / (128 + 4), rounded down by hand.
    const perHost = (boundary: string) => metrics({ boundary, applicationMib: 128 })['perHost'];
    assert.deepEqual(['vm', 'gvisor', 'container'].map(perHost), [378, 428, 496]);
  });

  it('suits whom it withstands, where it can run', () => {
    const suits = (params: ParameterInput) => metrics(params)['suits'];
    const table: readonly (readonly [ParameterInput, number])[] = [
      [{ tenant: 'own', boundary: 'container' }, 1],
      [{ tenant: 'data', boundary: 'container' }, 0],
      [{ tenant: 'strangers', boundary: 'container' }, 0],
      [{ tenant: 'strangers', boundary: 'gvisor' }, 1],
      [{ tenant: 'strangers', boundary: 'vm' }, 1],
      [{ tenant: 'strangers', boundary: 'vm', kvm: false }, 0],
      [{ tenant: 'strangers', boundary: 'gvisor', kvm: false }, 1],
      [{ tenant: 'strangers', boundary: 'gvisor', need: 'module' }, 0],
      [{ tenant: 'own', boundary: 'container', need: 'module' }, 0],
      [{ tenant: 'strangers', boundary: 'vm', need: 'module' }, 1],
    ];
    for (const [params, expected] of table) assert.equal(suits(params), expected, JSON.stringify(params));
  });
});
