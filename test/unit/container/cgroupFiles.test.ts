import assert from 'node:assert/strict';
import { isolation } from '../../../src/engine/container/isolation.ts';
import { defaultConfig } from '../../../src/engine/container/oci/defaultConfig.ts';
import { readOciConfig } from '../../../src/engine/container/oci/ociConfig.ts';
import { reasonOf } from '../../../src/engine/container/runtime/callErrors.ts';

/** The default configuration with other resources and namespaces: what is said of it, and how its container ends. */
function said(change: object, namespaces: readonly object[] = []): { lines: string[]; end: string } {
  const config = structuredClone(defaultConfig) as unknown as {
    linux: { resources: object; namespaces: object[] };
  };
  Object.assign(config.linux.resources, change);
  config.linux.namespaces.push(...namespaces);
  const reading = readOciConfig(JSON.stringify(config));
  const found = reading.ok ? reading.value.notes : reading.problems;
  const lines = found!.map(({ message, suggestion = '' }) => `${message} ${suggestion}`.trim());
  if (!reading.ok) return { lines, end: 'not read' };
  const submission = { start: isolation.builtInSubmission.start, documents: { config: reading.value } };
  const outcome = isolation.execute({ submission });
  assert.ok(outcome.ok);
  const { end, metrics } = outcome.run;
  return {
    lines,
    end:
      end.kind === 'refused'
        ? `${end.witness.actual} at ${end.witness.place}`
        : `${metrics['unmetNeeds']} needs unmet, ${metrics['ownNamespaces']} namespaces`,
  };
}
const runs = '0 needs unmet, 6 namespaces';

describe('limits of a config.json that the simulation does not have', () => {
  const notes: readonly (readonly [resources: object, says: RegExp])[] = [
    [
      { memory: { limit: 1 << 27, reservation: 1 << 26 } },
      /^"memory\.reservation" is left out .* memory\.low: /,
    ],
    [{ memory: { limit: 1 << 27, swap: 1 << 28 } }, /^"memory\.swap" .* memory\.swap\.max/],
    [{ memory: { swappiness: 10 } }, /^"memory\.swappiness" is of cgroup version 1/],
    [{ cpu: { cpus: '0-1' } }, /^"cpu\.cpus" .* cpuset\.cpus/],
    [{ blockIO: { weight: 100 } }, /^"blockIO" is left out .* io\.max or io\.weight/],
    [
      { unified: { 'memory.min': '1M' } },
      /^"memory\.min" is left out here, and a runtime writes it: it keeps/,
    ],
    [{ unified: { 'cpu.idle': '1' } }, /^"cpu\.idle" is left out here/],
  ];
  for (const [resources, says] of notes)
    it(`are named: ${JSON.stringify(resources)}`, () => {
      const { lines, end } = said(resources);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0]!, says);
      assert.equal(end, runs);
    });

  const refused: readonly (readonly [file: string, value: string, says: RegExp])[] = [
    ['memory.hgih', '1M', /^Control groups have no file "memory\.hgih": .*Did you mean "memory\.high"\?$/],
    ['cpu.max', '50%', /^The kernel refuses "50%" for cpu\.max \(EINVAL\)\. .*"max 100000"/],
    ['cgroup.type', 'threaded', /^"cgroup\.type" is no limit of a container: threaded mode/],
    ['memory.current', '1', /only the kernel writes it/],
    ['cgroup.procs', '1', /^"cgroup\.procs" is no setting of a container/],
  ];
  for (const [file, value, says] of refused)
    it(`are refused where no runtime could write them: ${file}`, () => {
      const { lines, end } = said({ unified: { [file]: value } });
      assert.match(lines.join('\n'), says);
      assert.equal(end, 'not read');
    });

  it('limits in other words than the kernel keeps are met', () => {
    const unified = { 'memory.high': '100M', 'memory.oom.group': '1', 'cgroup.max.depth': '0x10' };
    assert.deepEqual(said({ unified }), { lines: [], end: runs });
  });
});

it('a container in a frozen cgroup does not start, and its place is told', () => {
  assert.equal(
    said({ unified: { 'cgroup.freeze': '1' } }).end,
    'no program: process 2201 is in a frozen cgroup, /containers/web, and stands still at /linux/resources/unified/cgroup.freeze',
  );
});

it('a time namespace is made, and noted as one that changes nothing', () => {
  const { lines, end } = said({}, [{ type: 'time' }]);
  assert.match(lines.join(), /^A time namespace moves .* no clock is read in this host/);
  assert.equal(end, '0 needs unmet, 7 namespaces');
});

it('a runtime that writes a file which is not simulated is told so', () => {
  const why = (file: string, errno = 'ENOENT') => reasonOf('writeFile', errno, `/sys/fs/cgroup/web/${file}`);
  assert.match(why('memory.low')!, /^The simulated kernel has no memory\.low: it keeps memory/);
  assert.match(why('cgroup.type', 'EOPNOTSUPP')!, /threaded mode/);
  assert.match(why('memory.max')!, /only where its parent enables it/);
  assert.match(reasonOf('mkdir', 'EAGAIN', '/sys/fs/cgroup/web')!, /cgroup\.max\.depth/);
});
