import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { isolation } from '../../src/engine/container/isolation.ts';
import { readOciConfig } from '../../src/engine/container/oci/ociConfig.ts';
import { trapframe } from '../unit/cli/terminal.ts';
import { RuncHost, whyNoRunc, type RuncRun } from './runc/runcContainer.ts';

/*
 * The simulated container against the real one: the same config.json, given to the engine and to runc. In the real container runc/probe.sh
 * asks the kernel what the engine's probes and needs ask the simulated one; both must find the same, row by row.
 */
const task = fileURLToPath(new URL('../../lessons/what-the-kernel-gives/tasks/oci-config/', import.meta.url));
const textOf = (file: string): string => readFileSync(join(task, file), 'utf8');
const reference = textOf('solution/config.json');

interface Config {
  process: object;
  hostname?: string;
  linux: { namespaces: { type: string }[]; resources: { devices?: object } };
}

/** A configuration with one change. */
function changed(change: (config: Config) => void, text = reference): string {
  const config = JSON.parse(text) as Config;
  change(config);
  return JSON.stringify(config, undefined, 2);
}

/** What `runc spec` writes, with the program that looks around in place of a shell. */
const runnable = (proposal: string): string =>
  changed((config) => {
    Object.assign(config.process, { args: ['app'], terminal: false });
    Object.assign(config, { hostname: 'web', root: { path: 'rootfs', readonly: false } });
  }, proposal);

const without =
  (type: string) =>
  ({ linux }: Config): void =>
    void (linux.namespaces = linux.namespaces.filter((each) => each.type !== type));

/** Without a mount namespace neither starts; wrong/no-cgroup-namespace.json is the one without that. */
const cases: readonly (readonly [name: string, config: string])[] = [
  ['the reference', reference],
  ['without a pid namespace', changed(without('pid'))],
  ['without a network namespace', changed(without('network'))],
  ['without an ipc namespace', changed(without('ipc'))],
  [
    'without a uts namespace and a host name',
    changed((config) => {
      without('uts')(config);
      delete config.hostname;
    }),
  ],
  ['privileged, without a cgroup namespace', changed(without('cgroup'), textOf('wrong/privileged.json'))],
  ['what the task starts with', textOf('starter/config.json')],
  ...readdirSync(join(task, 'wrong')).map((name) => [`wrong/${name}`, textOf(`wrong/${name}`)] as const),
];

/** What the engine finds: its rows under the names that probe.sh gives them. No rows: nothing ran. */
function simulated(config: string): ReadonlyMap<string, boolean> {
  const reading = readOciConfig(config);
  assert.ok(reading.ok);
  const submission = { start: isolation.builtInSubmission.start, documents: { config: reading.value } };
  const outcome = isolation.execute({ submission });
  assert.ok(outcome.ok);
  const { trace, end } = outcome.run;
  const rows = new Map<string, boolean>();
  if (end.kind === 'refused') return rows;
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    const { attempt, expected } = trace.textsOf(row);
    if (kind === 'probe') rows.set(`probe ${attempt}`, trace.field(row, 1) === 1);
    if (kind === 'need') rows.set(`need ${expected}`, trace.field(row, 0) === 1);
  }
  return rows;
}

/** Whether no one asks for a row of the engine in the real container. */
function notAsked(name: string, config: string, cgroups: 1 | 2, real: RuncRun): boolean {
  // What runc, busybox and the shell have no part in or no word for; there is no network plugin.
  if (
    /^need (?:the program|the system calls|the capabilities|no more than|to reach the internet|[a-z.]+ of .* in its)/.test(
      name,
    )
  )
    return true;
  if (cgroups === 1) {
    // Version 1 shows a container only its own groups, namespace or not, as runc binds them; and a namespace does not keep it from its limits.
    if (name === 'probe see the control groups of others') return true;
    const { linux } = JSON.parse(config) as Config;
    if (name === 'probe raise its own limits' && linux.namespaces.some(({ type }) => type === 'cgroup'))
      return true;
  }
  return unlessHere.has(name) && !real.rows.has(name);
}

/** With swap, memory.limit does not bound what a process may take; some machines have no SysRq, and no disk that root may read. */
const unlessHere: ReadonlySet<string> = new Set([
  'probe use more memory than it may',
  'probe reboot the machine through /proc/sysrq-trigger',
  'probe read the disk of the host as a device',
]);

/** Rows in which the two differ, as lines. */
function differences(config: string, real: RuncRun, cgroups: 1 | 2): readonly string[] {
  const expected = simulated(config);
  if (real.rows.size === 0 && expected.size > 0) return [`runc started nothing: ${real.stderr}`];
  if (expected.size === 0 && real.rows.size > 0) return ['runc started it, the engine did not'];
  const word = (found: boolean | undefined): string =>
    found === undefined ? 'not asked' : found ? 'yes' : 'no';
  return [...expected].flatMap(([name, found]) => {
    if (notAsked(name, config, cgroups, real)) return [];
    const really = real.rows.get(name) ?? (name.startsWith('need a mount at') ? false : undefined);
    return really === found ? [] : [`${name}: engine ${word(found)}, runc ${word(really)}`];
  });
}

describe('a container of the engine and one of runc', function () {
  let host: RuncHost | undefined;
  let bundles = 0;
  let proposal = '';

  before(async function () {
    const reason = whyNoRunc();
    if (reason !== undefined) {
      console.log(`      not compared with runc here: ${reason}`);
      this.skip();
    }
    host = new RuncHost();
    await host.open();
    // What runc itself proposes must run, or this machine forbids containers.
    const spec = spawnSync('runc', ['spec'], { cwd: host.folder, encoding: 'utf8' });
    assert.equal(spec.status, 0, spec.stderr);
    proposal = readFileSync(join(host.folder, 'config.json'), 'utf8');
    const { rows, stderr } = await host.run(await bundleOf(host, runnable(proposal)));
    if (rows.size > 0) return;
    console.log(
      `      not compared with runc here, which cannot even run what it proposes: ${stderr.trim()}`,
    );
    this.skip();
  });
  after(() => host?.close());

  /** A bundle as `trapframe export-bundle` makes it. @param instead what it gets as its file afterwards */
  async function bundleOf({ folder }: RuncHost, config: string, instead?: string): Promise<string> {
    const name = `bundle-${++bundles}`;
    writeFileSync(join(folder, `${name}.json`), config);
    const { code, err } = await trapframe(
      folder,
      'export-bundle',
      'oci-config',
      `${name}.json`,
      '--out',
      name,
    );
    assert.equal(code, 0, err);
    if (instead !== undefined) writeFileSync(join(folder, name, 'config.json'), instead);
    return join(folder, name);
  }

  for (const [name, config] of cases) {
    it(`find the same: ${name}`, async () => {
      const real = await host!.run(await bundleOf(host!, config));
      assert.deepEqual(differences(config, real, host!.cgroups), [], real.stderr);
    });
  }

  it('find the same: what `runc spec` proposes', async () => {
    const reading = readOciConfig(proposal);
    assert.ok(reading.ok);
    assert.deepEqual(
      reading.value.notes!.map(({ message }) => message.split(':')[0]),
      ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'].map(
        (name) => `${name} is in "ambient" and not in "inheritable"`,
      ),
    );
    const real = await host!.run(await bundleOf(host!, runnable(proposal)));
    assert.deepEqual(differences(runnable(proposal), real, host!.cgroups), [], real.stderr);
    assert.equal(real.rows.get('ambient capabilities'), false);
  });

  for (const [name, file] of [
    ['the reference', 'solution/config.json'],
    ['without a cgroup namespace', 'wrong/no-cgroup-namespace.json'],
  ] as const) {
    it(`see the same of version 2's control groups: ${name}`, async () => {
      // On a machine with version 1 there is a tree of version 2 without controllers, so that nothing can be limited in it.
      const config = changed(({ linux }) => {
        if (host!.cgroups === 1) linux.resources = { devices: linux.resources.devices! };
      }, textOf(file));
      const real = await host!.run(await bundleOf(host!, config), 2);
      const about = differences(config, real, 2).filter((line) => /control groups|hierarchy/.test(line));
      assert.deepEqual(about, [], real.stderr);
    });
  }

  it('neither takes masks without a mount namespace, or a host name without a uts namespace', async () => {
    for (const type of ['mount', 'uts']) {
      const config = changed(without(type));
      assert.ok(!readOciConfig(config).ok);
      const { rows, stderr } = await host!.run(await bundleOf(host!, reference, config));
      assert.equal(rows.size, 0);
      assert.match(stderr, /private (?:MNT|UTS) namespace/);
    }
  });
});
