import { capabilitiesIn, type Capability } from '../linux/capabilities.ts';
import { capable } from '../linux/credentials.ts';
import { Attacker, type Probe } from './attacker.ts';
import { fileProbes } from './fileProbes.ts';
import { hostPlaces, type HostWorld } from './hostWorld.ts';
import type { ProbeArea } from './isolationEvents.ts';
import type { Process } from '../linux/process.ts';
import { clone, end } from '../linux/processCalls.ts';
import { callSystem } from '../linux/systemCalls.ts';

/** What a probe found. */
export interface ProbeResult {
  readonly area: ProbeArea;
  /** What it tried, as a sentence's object. */
  readonly attempt: string;
  readonly succeeded: boolean;
  /** Why it succeeded, and what would stop it; empty where it failed. */
  readonly because: string;
}

const probes: readonly Probe[] = [
  {
    area: 'processes',
    attempt: 'find a process of the host in /proc',
    run(attacker) {
      const found = attacker
        .names('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => attacker.read(`/proc/${pid}/status`)?.split('\n')[0]?.split('\t')[1])
        .find((name) => name === 'postgres' || name === 'sshd' || name === 'systemd');
      if (found === undefined) return undefined;
      return attacker.process.pidNamespace === attacker.world.kernel.pidNamespace
        ? `It saw ${found}: the container is in the host's process namespace. CLONE_NEWPID gives it numbers of its own.`
        : `It saw ${found}: the process namespace is new, but /proc is still the host's. A proc file system shows the namespace of whoever mounted it; mount a new one from inside.`;
    },
  },
  {
    area: 'processes',
    attempt: 'signal the database of the host',
    run(attacker) {
      const { kernel } = attacker.world;
      const database = [...kernel.processes].find((process) => process.name === 'postgres')!;
      const pid = database.pidIn(attacker.process.pidNamespace);
      if (pid === undefined || !attacker.call('kill', { pid, signal: undefined }).ok) return undefined;
      return `kill(${pid}, 0) succeeded: the container is in the host's process namespace and may signal its users' processes.`;
    },
  },
  ...fileProbes,
  {
    area: 'network',
    attempt: 'find the interfaces of the host',
    run: (attacker) =>
      attacker.process.namespaces.net === attacker.world.kernel.init.namespaces.net
        ? "It saw eth0 and cni0: the container is in the host's network namespace."
        : undefined,
  },
  {
    area: 'network',
    attempt: 'reach a local service of the host on 127.0.0.1',
    run(attacker) {
      const answer = attacker.call('connect', { ip: '127.0.0.1', port: hostPlaces.databasePort });
      return answer.ok
        ? `${answer.value} answered: services that listen on the loopback interface trust whoever is in their network namespace.`
        : undefined;
    },
  },
  {
    area: 'network',
    attempt: 'connect to an abstract socket of the host',
    run: (attacker) =>
      attacker.call('connectAbstract', { name: hostPlaces.shimSocket }).ok
        ? 'The shim of the container engine answered: abstract UNIX sockets belong to the network namespace and to no file system (the way of CVE-2020-15257).'
        : undefined,
  },
  {
    area: 'ipc',
    attempt: 'attach the shared memory of the database',
    run(attacker) {
      const segment = attacker.call('readSharedMemory', { key: hostPlaces.sharedMemoryKey });
      if (segment.ok)
        return `It read "${segment.value}": System V objects are found by number, in the IPC namespace that the container shares with the host.`;
      return segment.errno === 'EACCES'
        ? 'It found the segment, and only its mode kept it out: the container shares the IPC namespace of the host, where another user or one more capability opens it.'
        : undefined;
    },
  },
  {
    area: 'hostname',
    attempt: 'read or change the name of the host',
    run(attacker) {
      const { init } = attacker.world.kernel;
      const before = init.namespaces.uts.hostname;
      attacker.call('sethostname', { name: 'taken' });
      const changed = init.namespaces.uts.hostname !== before;
      init.namespaces.uts.hostname = before;
      if (changed)
        return 'It renamed the host: the container shares its UTS namespace and has CAP_SYS_ADMIN.';
      return attacker.process.namespaces.uts === init.namespaces.uts
        ? 'It read the name of the host: the container shares its UTS namespace.'
        : undefined;
    },
  },
  {
    area: 'cgroup',
    attempt: 'start more processes than it may',
    run(attacker) {
      const { kernel } = attacker.world;
      const made: Process[] = [];
      let made300 = false;
      for (;;) {
        const child = clone(kernel, attacker.process, []);
        if (!child.ok) break;
        made.push(child.value);
        made300 = made.length >= 300;
        if (made300) break;
      }
      for (const child of made.toReversed()) {
        end(kernel, child, { kind: 'killed', signal: 'SIGKILL' });
        attacker.call('wait', { pid: -1 });
      }
      return made300
        ? 'It made 300 processes and could have gone on until the host has no numbers left: nothing limits it. A namespace hides; only a control group limits (pids.max), and only processes that are in it.'
        : undefined;
    },
  },
  {
    area: 'cgroup',
    attempt: 'use more memory than it may',
    run(attacker) {
      for (
        let at: Process['cgroup'] | undefined = attacker.process.cgroup;
        at !== undefined;
        at = at.parent
      ) {
        if (at.controllers.includes('memory') && at.value('memory.max') !== 'max' && at.parent !== undefined)
          return undefined;
      }
      return `Its control group is ${attacker.process.cgroup.path}, and no memory.max holds for it: it can take the memory of the whole host.`;
    },
  },
  {
    area: 'cgroup',
    attempt: 'raise its own limits',
    run(attacker) {
      const own = attacker.process.cgroup;
      const before = own.value('pids.max');
      attacker.despiteMount('/sys/fs/cgroup', () => {
        for (const place of ['/sys/fs/cgroup', `/sys/fs/cgroup${own.path}`])
          attacker.write(`${place}/pids.max`, 'max');
      });
      const raised = before !== 'max' && own.value('pids.max') === 'max';
      return raised
        ? 'It wrote "max" into its own pids.max: cgroupfs is mounted writable, or can be remounted so. Mount it read-only and drop CAP_SYS_ADMIN.'
        : undefined;
    },
  },
  {
    area: 'cgroup',
    attempt: 'see the control groups of others',
    run(attacker) {
      const seen = ['/sys/fs/cgroup/system', '/sys/fs/cgroup/containers'].find(
        (path) => attacker.call('list', { path }).ok,
      );
      return seen === undefined
        ? undefined
        : `It saw ${seen}: its cgroupfs starts at the root of the host's hierarchy. A cgroup namespace starts at the group in which it was made: move the process there first, then unshare.`;
    },
  },
  {
    area: 'cgroup',
    attempt: 'learn from /proc/self/cgroup where it lies in the hierarchy of the host',
    run(attacker) {
      const path = attacker.read('/proc/self/cgroup')?.trim() ?? '';
      return path.includes('/..')
        ? `It read ${path}: the root of its cgroup namespace is another group than its own, the one in which the namespace was made. Move the process into its group first, then make the namespace.`
        : undefined;
    },
  },
  {
    area: 'privileges',
    attempt: 'use a capability over the host',
    run(attacker) {
      const { credentials } = attacker.process;
      const held = dangerous.filter((name) =>
        capable(credentials, attacker.world.kernel.userNamespace, name),
      );
      return held.length === 0
        ? undefined
        : `It has ${held.slice(0, 3).join(', ')}${held.length > 3 ? ` and ${held.length - 3} more` : ''} over the initial user namespace. ${dangers[held[0]!] ?? ''} Drop what the application does not need, or give it a user namespace.`;
    },
  },
  {
    area: 'privileges',
    attempt: 'gain privileges by executing a set-user-ID program',
    run(attacker) {
      const before = attacker.process.credentials;
      if (!attacker.call('execve', { path: '/bin/su', argv: ['/bin/su'] }).ok) return undefined;
      const { credentials } = attacker.process;
      const gained = capabilitiesIn(credentials.effective & ~before.effective);
      if (gained.length > 0) {
        return `After execve of /bin/su it has ${gained.slice(0, 3).join(', ')}, which it did not have before. no_new_privs forbids that, and a smaller bounding set bounds it.`;
      }
      return credentials.uid.effective !== before.uid.effective
        ? 'After execve of /bin/su it is another user. PR_SET_NO_NEW_PRIVS makes set-user-ID bits mean nothing.'
        : undefined;
    },
  },
  {
    area: 'kernel',
    attempt: 'make the kernel run a program of its choice (core_pattern)',
    run(attacker) {
      const { settings } = attacker.world.kernel;
      const before = settings.get('core_pattern')!;
      attacker.despiteMount('/proc/sys', () => attacker.write('/proc/sys/kernel/core_pattern', '|/tmp/evil'));
      const changed = settings.get('core_pattern') !== before;
      settings.set('core_pattern', before);
      return changed
        ? 'It wrote /proc/sys/kernel/core_pattern, which takes no capability, only user 0 of the host: the next crash runs its program as root on the host. Make /proc/sys read-only, and drop CAP_SYS_ADMIN so that it stays so.'
        : undefined;
    },
  },
  {
    area: 'kernel',
    attempt: 'reboot the machine through /proc/sysrq-trigger',
    run(attacker) {
      const { sysrq } = attacker.world.kernel;
      const before = sysrq.length;
      attacker.despiteMount('/proc/sysrq-trigger', () => attacker.write('/proc/sysrq-trigger', 'b'));
      return sysrq.length > before
        ? 'It wrote "b" into /proc/sysrq-trigger: user 0 of the host may. Make the file read-only.'
        : undefined;
    },
  },
  {
    area: 'kernel',
    attempt: 'set the helper that the kernel starts for new devices (/sys/kernel/uevent_helper)',
    run(attacker) {
      const { settings } = attacker.world.kernel;
      attacker.despiteMount('/sys', () => attacker.write('/sys/kernel/uevent_helper', '/tmp/evil'));
      const changed = settings.get('uevent_helper') !== undefined;
      settings.delete('uevent_helper');
      return changed
        ? 'It wrote /sys/kernel/uevent_helper, so that the kernel runs its program as root on the host. Mount sysfs read-only.'
        : undefined;
    },
  },
  {
    area: 'kernel',
    attempt: 'read keys, timers and firmware of the host',
    run(attacker) {
      const seen = ['/proc/keys', '/proc/timer_list', '/proc/kcore', '/sys/firmware/acpi'].filter(
        (path) => (attacker.read(path) ?? '') !== '',
      );
      return seen.length === 0
        ? undefined
        : `It read ${seen.join(', ')}, which no namespace divides. Mask them: /dev/null over a file, an empty tmpfs over a directory.`;
    },
  },
  {
    area: 'syscalls',
    attempt: 'make a user namespace, to be root in it',
    run(attacker) {
      const flags = ['CLONE_NEWUSER'] as const;
      const way = (['unshare', 'clone', 'clone3'] as const).find((name) => attacker.call(name, { flags }).ok);
      return way === undefined
        ? undefined
        : `${way}(CLONE_NEWUSER) takes no privilege, and gives every capability over what is made in the new namespace: mounts, firewalls, file systems. Whole families of bugs in the kernel are reached only so (CVE-2022-0185, CVE-2022-34918). Only a seccomp filter stops it for one container: refuse the flag in unshare and clone, and let clone3, whose flags no filter can read, fail with ENOSYS.`;
    },
  },
];

/** Capabilities that, over the initial user namespace, are power over the host. */
const dangers: Readonly<Partial<Record<Capability, string>>> = {
  CAP_SYS_ADMIN: 'CAP_SYS_ADMIN alone mounts, remounts and more: it is nearly all of root.',
  CAP_SYS_MODULE: 'CAP_SYS_MODULE loads code into the kernel.',
  CAP_SYS_RAWIO: 'CAP_SYS_RAWIO reads and writes memory and ports.',
  CAP_SYS_PTRACE: 'CAP_SYS_PTRACE takes over any process that can be seen.',
  CAP_DAC_READ_SEARCH: 'CAP_DAC_READ_SEARCH opens files of the host by handle.',
  CAP_SYS_BOOT: 'CAP_SYS_BOOT restarts the machine.',
  CAP_SYS_TIME: 'CAP_SYS_TIME sets the clock that all share.',
  CAP_SYSLOG: 'CAP_SYSLOG reads the addresses and messages of the kernel.',
  CAP_BPF: 'CAP_BPF loads programs into the kernel.',
  CAP_PERFMON: 'CAP_PERFMON watches the whole machine.',
  CAP_MAC_ADMIN: 'CAP_MAC_ADMIN changes the security policy.',
};
const dangerous = Object.keys(dangers) as readonly Capability[];

/** Runs every probe in a process of its own beside the application. */
export function runProbes(world: HostWorld, application: Process): readonly ProbeResult[] {
  const { kernel } = world;
  return probes.map(({ area, attempt, run }) => {
    const made = clone(kernel, application, []);
    // Without room for one more process there is nothing to attack with.
    if (!made.ok) return { area, attempt, succeeded: false, because: '' };
    const attacker = new Attacker(world, made.value);
    const because = run(attacker);
    end(kernel, made.value, { kind: 'exited', status: 0 });
    callSystem(kernel, application, 'wait', { pid: -1 });
    return { area, attempt, succeeded: because !== undefined, because: because ?? '' };
  });
}
