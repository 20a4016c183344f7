import { nearest } from '../../kernel/parameters.ts';
import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import { capabilityNames } from '../linux/capabilities.ts';
import { resourceProblems } from './ociResources.ts';
import { namespaceFlags, searchPath, type OciConfig, type OciMount } from './ociSpec.ts';

/** What is wrong with a configuration that its schema cannot say: contradictions between its parts. */
export function contradictions(config: OciConfig, problems: DocumentProblems): void {
  processProblems(config, problems);
  namespaceProblems(config, problems);
  mountProblems(config.mounts ?? [], problems);
  capabilityProblems(config, problems);
  limitProblems(config, problems);
  resourceProblems(config, problems);
}

function processProblems(config: OciConfig, problems: DocumentProblems): void {
  const { process } = config;
  if (process === undefined) {
    problems.missing(
      ['process'],
      'There is no "process": nothing would run.',
      'Add "process" with "args" and "cwd".',
    );
    return;
  }
  const [program] = process.args ?? [];
  if (program === undefined) {
    problems.missing(
      ['process', 'args'],
      '"args" is missing or empty: there is no program to run.',
      'Add "args": ["/bin/app"].',
    );
  } else if (!program.includes('/') && searchPath(config).length === 0) {
    problems.value(
      ['process', 'args', 0],
      `"${program}" is only a name, and "env" has no PATH in which to look for it.`,
      `Write "/bin/${program}", or add "PATH=/bin" to "env".`,
    );
  }
  if (!(process.cwd ?? '/').startsWith('/')) {
    problems.value(['process', 'cwd'], '"cwd" must be an absolute path in the container.', 'Write "/".');
  }
  if (config.root === undefined) {
    problems.missing(
      ['root'],
      'There is no "root": the container has no root file system.',
      'Add "root": { "path": "rootfs" }.',
    );
  }
}

function namespaceProblems(config: OciConfig, problems: DocumentProblems): void {
  const { linux = {} } = config;
  const seen = new Set<string>();
  (linux.namespaces ?? []).forEach(({ type, path }, index) => {
    const at = ['linux', 'namespaces', index];
    if (!(type in namespaceFlags)) {
      const near = nearest(type, Object.keys(namespaceFlags));
      problems.value(
        [...at, 'type'],
        `There is no namespace of type "${type}".`,
        near && `Did you mean "${near}"?`,
      );
    }
    if (seen.has(type)) {
      problems.value(
        at,
        `A second namespace of type "${type}": a process is in exactly one of each type, and runtimes refuse this.`,
        'Keep one of the two: without "path" for a new one, with "path" to join one.',
      );
    }
    if (type === 'time')
      problems.note(
        [...at, 'type'],
        'A time namespace moves the monotonic and the boot-time clock. It is made here as by a runtime, and since no clock is read in this host, nothing else changes. runc knows it from version 1.2.',
      );
    seen.add(type);
    if (path !== undefined && !path.startsWith('/')) {
      problems.value([...at, 'path'], `"${path}" is no absolute path.`, 'Write /proc/<pid>/ns/<kind>.');
    }
  });
  if (linux.timeOffsets !== undefined && !seen.has('time'))
    problems.key(
      ['linux', 'timeOffsets'],
      '"timeOffsets" is about a time namespace, and there is none; runtimes refuse it.',
      'Add { "type": "time" } to linux.namespaces, or remove "timeOffsets".',
    );
  else if (linux.timeOffsets !== undefined)
    problems.noteKey(
      ['linux', 'timeOffsets'],
      '"timeOffsets" is left out here: no clock is read in this host. A runtime writes it into /proc/<pid>/timens_offsets.',
    );
  if (config.hostname !== undefined && !seen.has('uts')) {
    problems.value(
      ['hostname'],
      'A "hostname" without a "uts" namespace would rename the host; runtimes refuse it.',
      'Add { "type": "uts" } to linux.namespaces, or remove "hostname".',
    );
  }
  for (const name of ['uidMappings', 'gidMappings'] as const) {
    if (linux[name] !== undefined && linux[name].length > 0 && !seen.has('user')) {
      problems.key(
        ['linux', name],
        `"${name}" is about a user namespace, and there is none.`,
        'Add { "type": "user" } to linux.namespaces, or remove the mappings.',
      );
    }
    if (seen.has('user') && (linux[name] ?? []).length === 0) {
      problems.key(
        ['linux', 'namespaces'],
        `A "user" namespace without "${name}": no id would be mapped, so that nobody in it is anybody.`,
        `Add "${name}": [{ "containerID": 0, "hostID": 100000, "size": 65536 }].`,
      );
    }
    overlapProblems(config, name, problems);
  }
  const needsMount = (linux.maskedPaths ?? []).length + (linux.readonlyPaths ?? []).length > 0;
  if (needsMount && !seen.has('mount')) {
    problems.key(
      ['linux', (linux.maskedPaths ?? []).length > 0 ? 'maskedPaths' : 'readonlyPaths'],
      'Without a "mount" namespace these mounts would be made on the host itself; runtimes refuse it.',
      'Add { "type": "mount" } to linux.namespaces.',
    );
  }
}

function overlapProblems(
  config: OciConfig,
  name: 'uidMappings' | 'gidMappings',
  problems: DocumentProblems,
): void {
  const mappings = config.linux?.[name] ?? [];
  mappings.forEach((mapping, index) => {
    const other = mappings
      .slice(0, index)
      .find(
        (each) =>
          (mapping.containerID < each.containerID + each.size &&
            each.containerID < mapping.containerID + mapping.size) ||
          (mapping.hostID < each.hostID + each.size && each.hostID < mapping.hostID + mapping.size),
      );
    if (other !== undefined) {
      problems.value(
        ['linux', name, index],
        'This mapping overlaps an earlier one: the kernel refuses the whole map with EINVAL.',
        'Give every id one meaning.',
      );
    }
  });
}

const cleaned = (path: string): string => (path === '/' ? '' : path.replace(/\/+$/, ''));
const isBind = (mount: OciMount): boolean =>
  mount.type === 'bind' || (mount.options ?? []).some((option) => option === 'bind' || option === 'rbind');

function mountProblems(mounts: readonly OciMount[], problems: DocumentProblems): void {
  mounts.forEach((mount, index) => {
    const at = ['mounts', index];
    const { destination, source = '' } = mount;
    if (!destination.startsWith('/')) {
      problems.value(
        [...at, 'destination'],
        `"${destination}" is no absolute path in the container.`,
        `Write "/${destination}".`,
      );
      return;
    }
    if (destination.split('/').includes('..')) {
      problems.value(
        [...at, 'destination'],
        'A destination with ".." leads out of what it names.',
        'Write the path that is meant.',
      );
    }
    if (mount.type === undefined && !isBind(mount)) {
      problems.missing(
        [...at, 'type'],
        'This mount has no "type" and is no bind mount.',
        'Add "type", or "bind" to its options.',
      );
    }
    if (isBind(mount) && source === '') {
      problems.missing(
        [...at, 'source'],
        'A bind mount without a "source".',
        'Say which directory of the host is meant.',
      );
    }
    const hidden = mounts
      .slice(index + 1)
      .findIndex(
        (later) =>
          cleaned(later.destination) !== '' && isBelow(cleaned(destination), cleaned(later.destination)),
      );
    if (hidden >= 0) {
      const later = mounts[index + 1 + hidden]!;
      const same = cleaned(later.destination) === cleaned(destination);
      problems.value(
        [...at, 'destination'],
        same
          ? `"${destination}" is mounted on again later, which would hide this mount.`
          : `"${later.destination}" is mounted later and lies above "${destination}": it would hide this mount.`,
        same ? 'Keep one of the two.' : 'Mounts are made in order: put the outer one first.',
      );
    }
  });
  const cycle = bindCycle(mounts);
  if (cycle !== undefined) {
    const [index, names] = cycle;
    problems.value(
      ['mounts', index, 'source'],
      `These bind mounts take from each other in a circle: ${names.join(' → ')}.`,
      'Take at least one of them from a directory that no mount of this file makes.',
    );
  }
}

const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

/** Bind mounts whose sources lie in the container's own root, below each other's destinations. */
function bindCycle(mounts: readonly OciMount[]): readonly [number, readonly string[]] | undefined {
  const inRoot = (source: string): string | undefined =>
    source.startsWith('rootfs/')
      ? cleaned(source.slice('rootfs'.length))
      : source === 'rootfs'
        ? ''
        : undefined;
  const binds = mounts.flatMap((mount, index) => {
    const from = isBind(mount) ? inRoot(mount.source ?? '') : undefined;
    return from === undefined ? [] : [{ index, from, to: cleaned(mount.destination) }];
  });
  for (const start of binds) {
    const names = [start.to === '' ? '/' : start.to];
    const seen = new Set([start]);
    let at = start;
    for (;;) {
      const next = binds.find((each) => isBelow(at.from, each.to) || isBelow(each.to, at.from));
      if (next === undefined) break;
      names.push(next.to === '' ? '/' : next.to);
      if (next === start) return [start.index, names];
      if (seen.has(next)) break;
      seen.add(next);
      at = next;
    }
  }
  return undefined;
}

function capabilityProblems(config: OciConfig, problems: DocumentProblems): void {
  const sets = config.process?.capabilities ?? {};
  for (const [name, set] of Object.entries(sets)) {
    set.forEach((capability, index) => {
      const at = ['process', 'capabilities', name, index];
      if (!(capabilityNames as readonly string[]).includes(capability)) {
        const near = nearest(capability, capabilityNames);
        problems.value(at, `There is no capability "${capability}".`, near && `Did you mean "${near}"?`);
        return;
      }
      const needs = requiredSets[name] ?? [];
      const missing = needs.find((other) => !(sets[other] ?? []).includes(capability));
      // Runtimes ask for it all the same, and go on when the kernel refuses: `runc spec` writes such sets.
      if (missing === 'inheritable') {
        problems.note(
          at,
          `${capability} is in "ambient" and not in "inheritable": the kernel does not raise it, and the container starts without it.`,
          'Add it to "inheritable", or remove it here.',
        );
      } else if (missing !== undefined) {
        problems.value(
          at,
          `${capability} is in "${name}" and not in "${missing}": the kernel refuses that with EPERM.`,
          `Add it to "${missing}", or remove it here.`,
        );
      }
    });
  }
}

/** Which sets must hold what a set holds. capabilities(7) */
const requiredSets: Readonly<Record<string, readonly ('bounding' | 'permitted' | 'inheritable')[]>> = {
  effective: ['permitted'],
  ambient: ['permitted', 'inheritable'],
  inheritable: ['bounding'],
  permitted: ['bounding'],
};

function limitProblems(config: OciConfig, problems: DocumentProblems): void {
  const { oomScoreAdj = 0 } = config.process ?? {};
  if (oomScoreAdj < -1000 || oomScoreAdj > 1000) {
    problems.value(
      ['process', 'oomScoreAdj'],
      `An oomScoreAdj of ${oomScoreAdj}: the kernel takes -1,000 to 1,000 (EINVAL).`,
      'Each unit is a thousandth of the memory; -1000 keeps the OOM killer away.',
    );
  }
  const { cpu } = config.linux?.resources ?? {};
  const at = ['linux', 'resources', 'cpu'];
  if (cpu?.period !== undefined && (cpu.period < 1000 || cpu.period > 1_000_000)) {
    problems.value(
      [...at, 'period'],
      `A period of ${cpu.period} µs: the kernel takes 1,000 to 1,000,000.`,
      '100000 is usual.',
    );
  }
  if (cpu?.quota !== undefined && cpu.quota >= 0 && cpu.quota < 1000) {
    problems.value(
      [...at, 'quota'],
      `A quota of ${cpu.quota} µs: the kernel takes at least 1,000.`,
      'Quotas are in microseconds per period.',
    );
  }
}
