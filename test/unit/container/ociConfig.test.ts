import assert from 'node:assert/strict';
import { isolation } from '../../../src/engine/container/isolation.ts';
import { defaultConfig } from '../../../src/engine/container/oci/defaultConfig.ts';
import { readOciConfig } from '../../../src/engine/container/oci/ociConfig.ts';

type Config = typeof defaultConfig & {
  linux: { namespaces: { type: string; path?: string }[]; uidMappings?: unknown };
};

/** The first problem of the default configuration with one change, as a person reads it. */
function problem(change: (config: Config) => void): string {
  const config = structuredClone(defaultConfig) as Config;
  change(config);
  const reading = readOciConfig(JSON.stringify(config, undefined, 2));
  if (reading.ok) return 'none';
  const { message, suggestion } = reading.problems[0]!;
  return suggestion === undefined ? message : `${message} ${suggestion}`;
}

describe('what a config.json says that cannot be', () => {
  const cases: readonly (readonly [what: string, change: (config: Config) => void, says: RegExp])[] = [
    ['nothing', () => undefined, /^none$/],
    [
      'an unknown key',
      (c) => Object.assign(c.linux, { maskedPath: [] }),
      /no "maskedPath" in "linux".*Did you mean "maskedPaths"\?/,
    ],
    ['a wrong type', (c) => Object.assign(c, { hostname: 3 }), /"hostname" is 3, but must be of type string/],
    ['a kind that there is not', (c) => (c.linux.namespaces[0]!.type = 'pids'), /Did you mean "pid"\?/],
    [
      'two of one kind',
      (c) => c.linux.namespaces.push({ type: 'pid', path: '/proc/1/ns/pid' }),
      /A second namespace of type "pid"/,
    ],
    [
      'a host name without its namespace',
      (c) => (c.linux.namespaces = c.linux.namespaces.filter(({ type }) => type !== 'uts')),
      /would rename the host/,
    ],
    [
      'masks without a mount namespace',
      (c) => (c.linux.namespaces = c.linux.namespaces.filter(({ type }) => type !== 'mount')),
      /on the host itself/,
    ],
    [
      'a user namespace without a map',
      (c) => c.linux.namespaces.push({ type: 'user' }),
      /no id would be mapped/,
    ],
    [
      'mounts that take from each other',
      (c) =>
        c.mounts.push(
          { destination: '/a', source: 'rootfs/b', options: ['bind'] },
          { destination: '/b', source: 'rootfs/a', options: ['bind'] },
        ),
      /in a circle: \/a → \/b → \/a/,
    ],
    [
      'a mount that hides an earlier one',
      (c) => c.mounts.unshift({ destination: '/dev/x', type: 'tmpfs', source: 'tmpfs', options: [] }),
      /"\/dev" is mounted later and lies above "\/dev\/x".*put the outer one first/,
    ],
    [
      'two mounts in one place',
      (c) => c.mounts.push({ destination: '/proc/', type: 'proc', source: 'proc', options: [] }),
      /"\/proc" is mounted on again later.*Keep one of the two/,
    ],
    [
      'a capability that there is not',
      (c) => c.process.capabilities.bounding.push('CAP_NET_BINDSERVICE'),
      /Did you mean "CAP_NET_BIND_SERVICE"\?/,
    ],
    [
      'effective and not permitted',
      (c) => c.process.capabilities.effective.push('CAP_CHOWN'),
      /not in "permitted": the kernel refuses/,
    ],
    [
      'a program of no path, and no PATH',
      (c) => Object.assign(c.process, { args: ['app'], env: [] }),
      /"app" is only a name, and "env" has no PATH.*Write "\/bin\/app"/,
    ],
    [
      'ambient and not permitted',
      (c) => Object.assign(c.process.capabilities, { ambient: ['CAP_CHOWN'] }),
      /not in "permitted": the kernel refuses/,
    ],
    [
      'a score that the kernel refuses',
      (c) => Object.assign(c.process, { oomScoreAdj: 1001 }),
      /An oomScoreAdj of 1001: the kernel takes -1,000 to 1,000/,
    ],
    [
      'a period that the kernel refuses',
      (c) => (c.linux.resources.cpu.period = 10),
      /the kernel takes 1,000 to 1,000,000/,
    ],
  ];
  for (const [what, change, says] of cases) {
    it(what, () => assert.match(problem(change), says));
  }
});

/** Runs the container of the default configuration with another filter, and says how that ended. */
function withFilter(seccomp: object, noNewPrivileges = true): readonly (string | undefined)[] {
  return outcomeOf((config) => {
    Object.assign(config.linux, { seccomp });
    config.process.noNewPrivileges = noNewPrivileges;
  });
}

function outcomeOf(change: (config: Config) => void): readonly (string | undefined)[] {
  const config = structuredClone(defaultConfig) as Config;
  change(config);
  const reading = readOciConfig(JSON.stringify(config, undefined, 2));
  if (!reading.ok) return reading.problems.map(({ message, suggestion }) => `${message} ${suggestion ?? ''}`);
  const submission = { start: isolation.builtInSubmission.start, documents: { config: reading.value } };
  const outcome = isolation.execute({ submission });
  assert.ok(outcome.ok);
  const { end } = outcome.run;
  const witness = end.kind === 'refused' ? end.witness : isolation.checks['works']!.violated(outcome.run, {});
  return [witness?.expected, witness?.actual, witness?.place];
}

describe('the seccomp profile of a config.json acts while the container starts and runs', () => {
  const refusing = (names: string[], action = 'SCMP_ACT_ERRNO'): object => ({
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [
      { names: ['keyctl'], action: 'SCMP_ACT_ERRNO' },
      { names, action },
    ],
  });
  const nothingRuns = (why: string): readonly string[] => [
    'a process that executes /bin/app',
    `no program: under the seccomp profile ${why} (entry 2)`,
    '/linux/seccomp/syscalls/1',
  ];

  it('nothing is amiss with the one of the default configuration', () => {
    assert.deepEqual(withFilter(defaultConfig.linux.seccomp), [undefined, undefined, undefined]);
  });
  it('one that refuses execve stops the program itself, and says where it does', () => {
    assert.deepEqual(withFilter(refusing(['execve'])), nothingRuns('execve fails with EPERM'));
    assert.deepEqual(
      withFilter(refusing(['execve'], 'SCMP_ACT_KILL_PROCESS')),
      nothingRuns('execve kills the program'),
    );
  });
  it('with no_new_privs it does not see how the runtime drops privileges, else it does', () => {
    assert.deepEqual(withFilter(refusing(['setgid'])), [undefined, undefined, undefined]);
    assert.deepEqual(withFilter(refusing(['setgid']), false), nothingRuns('setgid fails with EPERM'));
  });
  it('one that refuses what the application needs is a need that is not met', () => {
    assert.deepEqual(withFilter(refusing(['mmap'])), [
      'the system call mmap',
      'it fails with EPERM (entry 2)',
      '/linux/seccomp/syscalls/1',
    ]);
    // Not part of every program's work, but promised to this one.
    assert.equal(withFilter(refusing(['connect']))[0], 'to reach the internet');
  });
  it('one that cannot be right is refused where it stands', () => {
    assert.match(withFilter(refusing(['mmapp']))[0]!, /"mmapp" is no system call\..*Did you mean "mmap"\?/);
    assert.match(withFilter({ ...refusing(['mmap']), default: 1 })[0]!, /There is no field "default" here/);
  });
});

describe('the program of a config.json', () => {
  it('is looked for in PATH, when its name has no slash', () => {
    const named = (args: string[], env: string[]) =>
      outcomeOf((c) => Object.assign(c.process, { args, env }));
    assert.deepEqual(named(['app', '-v'], ['PATH=/sbin:/bin']), [undefined, undefined, undefined]);
    assert.equal(
      named(['app'], ['PATH=/sbin'])[1],
      'no program: the last call that failed was execve, with ENOENT',
    );
  });
});

it('ambient capabilities that are not inheritable are noted, and not raised', () => {
  const config = structuredClone(defaultConfig);
  Object.assign(config.process.capabilities, { ambient: ['CAP_KILL'] });
  const reading = readOciConfig(JSON.stringify(config));
  assert.ok(reading.ok);
  assert.deepEqual(reading.value.value.spec.capabilities.ambient, []);
  assert.match(reading.value.notes![0]!.message, /^CAP_KILL is in "ambient" and not in "inheritable"/);
});

describe('process.oomScoreAdj of a config.json is in effect in the container', () => {
  for (const oomScoreAdj of [300, -500]) {
    it(String(oomScoreAdj), () => {
      const outcome = outcomeOf((config) => Object.assign(config.process, { oomScoreAdj }));
      assert.deepEqual(outcome, [undefined, undefined, undefined]);
    });
  }
});

describe('a bind mount of what the host has not', () => {
  it('is named with its place', () => {
    const outcome = outcomeOf((config) =>
      config.mounts.push({ destination: '/data', type: 'bind', source: '/srv/nothing', options: ['bind'] }),
    );
    assert.deepEqual(outcome, [
      'a process that executes /bin/app',
      'no program: the host has no /srv/nothing to mount (ENOENT)',
      `/mounts/${defaultConfig.mounts.length}/source`,
    ]);
  });
});
