import assert from 'node:assert/strict';
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
      (c) => c.mounts.push({ destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: [] }),
      /it would hide this mount/,
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
      'a period that the kernel refuses',
      (c) => (c.linux.resources.cpu.period = 10),
      /the kernel takes 1,000 to 1,000,000/,
    ],
  ];
  for (const [what, change, says] of cases) {
    it(what, () => assert.match(problem(change), says));
  }
});
