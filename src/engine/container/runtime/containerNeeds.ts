import { cgroupSettingFiles } from '../linux/cgroupFiles.ts';
import { capabilitiesIn, capabilitySet, isSubset } from '../linux/capabilities.ts';
import type { HostWorld } from './hostWorld.ts';
import { visibleMounts } from '../linux/mountInfo.ts';
import { pathName } from '../linux/mounts.ts';
import type { ContainerSpec } from './ociRuntime.ts';
import { lookup } from '../linux/pathLookup.ts';
import type { Process } from '../linux/process.ts';
import { clone, end } from '../linux/processCalls.ts';
import type { SeccompDecision, SeccompFilter } from '../linux/seccompFilter.ts';
import { brokenCall, entryOf, placeInProfile, verdictOf, whyNeeded } from '../seccomp/serviceCalls.ts';
import { callSystem } from '../linux/systemCalls.ts';

/** Something that the container must be able to do, and whether it can. */
export interface Need {
  readonly holds: boolean;
  readonly expected: string;
  readonly actual: string;
  /** Why it is needed, where that says more than that it was promised. */
  readonly because?: string;
  /** The part of the configuration that is to blame, where it is known. */
  readonly place?: string;
}

/** What the specification promises its application: a container that isolates by not running is none. */
export function containerNeeds(world: HostWorld, application: Process, spec: ContainerSpec): readonly Need[] {
  const { kernel } = world;
  const needs: Need[] = [];
  const need = (holds: boolean, expected: string, actual: string): void =>
    void needs.push({ holds, expected, actual });
  const { credentials, namespaces } = application;
  const { userNamespace } = credentials;

  need(
    application.argv.join(' ') === spec.args.join(' '),
    `the program ${spec.args.join(' ')}`,
    application.argv.join(' ') || 'no program',
  );
  for (const filter of application.seccomp) needs.push(needOfCalls(filter));
  const uid = userNamespace.fromKernel('uid', credentials.uid.effective);
  need(
    uid === spec.user.uid,
    `user ${spec.user.uid}`,
    uid === undefined ? 'a user that is not mapped' : `user ${uid}`,
  );
  if (spec.hostname !== '') {
    need(
      namespaces.uts.hostname === spec.hostname,
      `the host name ${spec.hostname}`,
      namespaces.uts.hostname,
    );
  }
  if (spec.namespaces.includes('CLONE_NEWPID')) {
    const pid = application.pidIn(application.pidNamespace)!;
    need(pid === 1, 'process number 1 for the program', `number ${pid}`);
  }
  for (const mapping of spec.uidMappings.slice(0, 1)) {
    const host = userNamespace.toKernel('uid', mapping.containerId);
    need(
      host === mapping.hostId,
      `user ${mapping.containerId} of the container to be user ${mapping.hostId} of the host`,
      host === undefined ? 'not mapped' : `user ${host} of the host`,
    );
  }
  // execve leaves a user other than 0 only the ambient set. capabilities(7)
  const promised = spec.user.uid === 0 ? spec.capabilities.permitted : spec.capabilities.ambient;
  const wanted = capabilitySet(promised);
  need(
    isSubset(wanted, credentials.permitted),
    `the capabilities ${promised.join(', ') || 'that it needs: none'}`,
    capabilitiesIn(credentials.permitted).join(', ') || 'none',
  );

  need(
    isSubset(credentials.bounding, capabilitySet(spec.capabilities.bounding)),
    `no more than ${spec.capabilities.bounding.join(', ') || 'nothing'} in the bounding set`,
    `${capabilitiesIn(credentials.bounding).length} capabilities are in it`,
  );

  const made = clone(kernel, application, []);
  if (!made.ok) {
    need(false, 'room for a second process', `clone fails with ${made.errno}`);
    return needs;
  }
  const child = made.value;
  const opens = (path: string, flags: readonly ('O_RDONLY' | 'O_WRONLY' | 'O_CREAT')[]): string => {
    const opened = callSystem(kernel, child, 'open', { path, flags, mode: 0o600 });
    return opened.ok ? 'it works' : opened.errno;
  };
  const works = (expected: string, actual: string): void => need(actual === 'it works', expected, actual);
  for (const { destination } of spec.mounts) {
    const mounted = visibleMounts(child).some(
      (mount) => pathName({ mount, node: mount.root }, child.root) === destination,
    );
    need(mounted, `a mount at ${destination}`, mounted ? 'it is there' : 'nothing is mounted there');
  }
  works('to read /proc/self/status', opens('/proc/self/status', ['O_RDONLY']));
  works('to write to /dev/null', opens('/dev/null', ['O_WRONLY']));
  works('to read its own /etc/passwd', opens('/etc/passwd', ['O_RDONLY']));
  works('to make a file in /tmp', opens('/tmp/work', ['O_WRONLY', 'O_CREAT']));
  works('to make a file in its volume, /var/data', opens('/var/data/work', ['O_WRONLY', 'O_CREAT']));
  const volume = lookup(kernel.init, '/srv/data');
  const kept = volume.ok && volume.value.node.names(kernel.init).includes('work');
  need(
    kept,
    'its volume to be /srv/data of the host',
    kept ? 'it is' : 'what it wrote there is not on the host',
  );
  const listens = callSystem(kernel, child, 'listen', { ip: '0.0.0.0', port: 80 });
  works('to listen on port 80', listens.ok ? 'it works' : listens.errno);
  if (listens.ok) application.namespaces.net.listeners.pop();
  const remote = callSystem(kernel, child, 'connect', { ip: '198.51.100.7', port: 443 });
  works('to reach the internet', remote.ok ? 'it works' : remote.errno);
  for (const { file, value } of spec.cgroupSettings) {
    const limited = application.cgroup.value(file);
    const kept = cgroupSettingFiles[file]?.accept(value.trim(), cgroupSettingFiles[file].initial);
    need(
      kept?.ok === true && limited === kept.value,
      `${file} of ${value} in its control group`,
      limited === '' ? 'no such setting' : limited,
    );
  }
  if (spec.oomScoreAdj !== undefined)
    need(
      application.oomScoreAdjust === spec.oomScoreAdj,
      `an oom_score_adj of ${spec.oomScoreAdj}`,
      String(application.oomScoreAdjust),
    );
  if (spec.noNewPrivileges) need(application.noNewPrivileges, 'no_new_privs', 'it is not set');
  end(kernel, child, { kind: 'exited', status: 0 });
  callSystem(kernel, application, 'wait', { pid: -1 });
  return needs;
}

/** What a program makes of system calls before and while it works has to pass, whatever else does. */
function needOfCalls(filter: SeccompFilter): Need {
  let latest: SeccompDecision | undefined;
  const broken = brokenCall('glibc', ({ name, args }) => (latest = filter.decide(name, args.map(BigInt))));
  if (broken === undefined || latest === undefined)
    return { holds: true, expected: 'the system calls of its work', actual: 'they pass' };
  return {
    holds: false,
    expected: `the system call ${broken.name}${broken.text === '' ? '' : `(${broken.text})`}`,
    actual: `it ${verdictOf(latest)} (${entryOf(latest)})`,
    because: whyNeeded(broken.name),
    place: placeInProfile(latest),
  };
}
