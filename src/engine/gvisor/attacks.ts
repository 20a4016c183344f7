import { hostPlaces } from '../container/runtime/hostWorld.ts';
import { end } from '../container/linux/processCalls.ts';
import type { CallArguments, Reply } from './callRecords.ts';
import type { AttackArea } from './containmentEvents.ts';
import { hostileNumber, type HostBug } from './hostBugs.ts';
import { controlSecret, type HostSide } from './hostSide.ts';

/** What an attack found. */
export interface AttackResult {
  readonly area: AttackArea;
  readonly attempt: string;
  /** Undefined where it failed. */
  readonly found: Found | undefined;
}

interface Found {
  /** Why it succeeded, and what would stop it. */
  readonly because: string;
  /** Row of the event that gave it away. */
  readonly event: number;
}

/** The answer to a call of an attack, and the row of the event that records it. */
export interface ProbeReply {
  readonly reply: Reply;
  readonly event: number;
}

/** Makes a call as the attacker. */
export type Caller = (call: string, given: Partial<CallArguments>) => ProbeReply;

interface Attack {
  readonly area: AttackArea;
  readonly attempt: string;
  readonly run: (call: Caller, host: HostSide) => Found | undefined;
}

/** Descriptors that are tried: the Sentry has few. */
const mostDescriptors = 24;

/** Calls that an application may try, and that a Sentry has no reason to make of the host with the application's arguments. */
const strangeCalls = [
  'acct',
  'add_key',
  'bpf',
  'delete_module',
  'fsconfig',
  'fsetxattr',
  'fsopen',
  'init_module',
  'io_uring_setup',
  'ioctl',
  'kexec_load',
  'keyctl',
  'mknodat',
  'mount',
  'open_by_handle_at',
  'perf_event_open',
  'pivot_root',
  'process_vm_writev',
  'ptrace',
  'quotactl',
  'reboot',
  'setns',
  'setsockopt',
  'shmget',
  'socket',
  'splice',
  'umount2',
  'unshare',
  'userfaultfd',
  'vmsplice',
] as const;

/** Whether a text comes from the host: its passwords, its processes, its disk, its memory. */
const isOfHost = (text: string): boolean =>
  text.includes(hostPlaces.secret) ||
  text.includes('of the host') ||
  /^Name:\t(postgres|sshd|systemd)/m.test(text);

/** Opens paths and reads them, until one gives something of the host away. The opening is to blame. */
const readsOf =
  (paths: readonly string[], say: (path: string) => string) =>
  (call: Caller): Found | undefined => {
    for (const path of paths) {
      const { reply: opened, event } = call('openat', { path, flags: ['O_RDONLY'] });
      if (opened.errno !== undefined) continue;
      const fd = opened.value ?? 0;
      const { reply: read } = call('read', { fd });
      call('close', { fd });
      if (isOfHost(read.text ?? '')) return { because: say(path), event };
    }
    return undefined;
  };

const hostPids = (host: HostSide): readonly number[] =>
  ['systemd', 'postgres', 'sshd'].flatMap((name) => host.processOfHost(name)?.hostPid ?? []);

/** Sends SIGKILL to the number that the database has on the host, by each call that sends one; tells which of them it was that ended it. */
function killDatabase(
  call: Caller,
  host: HostSide,
): { readonly by: string; readonly number: number; readonly event: number } | undefined {
  const database = host.processOfHost('postgres')!;
  const number = database.hostPid;
  for (const by of ['kill', 'tgkill']) {
    const { event } = call(by, { number, flags: ['SIGKILL'] });
    if (!database.alive) return { by, number, event };
  }
  return undefined;
}

/** What the application tries. That the Sentry is sound decides; the wall behind it may be missing. */
const attacksOfApplication: readonly Attack[] = [
  {
    area: 'calls',
    attempt: 'have calls carried out by the host that no Sentry needs',
    run(call, host) {
      for (const name of strangeCalls) {
        const before = host.records.length;
        const { event } = call(name, { number: hostileNumber });
        const passed = host.records.slice(before).find(({ args }) => args.number === hostileNumber);
        if (passed === undefined) continue;
        return {
          because: `${passed.call} reached the host's kernel with the arguments that the application chose. A Sentry passes no call through: what it does not implement fails, with ENOSYS.`,
          event,
        };
      }
      return undefined;
    },
  },
  {
    area: 'calls',
    attempt: 'end the database of the host',
    run(call, host) {
      const killed = killDatabase(call, host);
      if (killed === undefined) return undefined;
      const because = `${killed.by} with SIGKILL ended postgres on the host, process ${killed.number} there. The numbers of an application mean processes of its sandbox: the Sentry looks them up in its own table, and answers ESRCH where there is none.`;
      return { because, event: killed.event };
    },
  },
  {
    area: 'calls',
    attempt: 'rename the host',
    run(call, host) {
      const { event } = call('sethostname', { text: 'owned' });
      const { hostname } = host.world.kernel.init.namespaces.uts;
      return hostname === 'owned' ? { because: 'sethostname gave the host another name.', event } : undefined;
    },
  },
  {
    area: 'calls',
    attempt: "connect to the database on the host's loopback",
    run(call, host) {
      const { event } = call('connect', { text: '127.0.0.1', number: hostPlaces.databasePort });
      const connected = host.records.some((each) => each.call === 'connect' && each.errno === undefined);
      if (!connected) return undefined;
      const because =
        "connect reached the database of the host: 127.0.0.1 is the sandbox's own loopback, and the Sentry's network stack is to answer for it.";
      return { because, event };
    },
  },
  {
    area: 'files',
    attempt: 'read the passwords of the host',
    run: readsOf(
      [
        '/etc/shadow',
        '/../../../../etc/shadow',
        'etc/shadow',
        '/etc/../../../etc/shadow',
        '/var/shadow',
        '/var/climb',
        '/var/data/../../etc/shadow',
        '//etc/shadow',
        '/./etc/shadow',
      ],
      (path) =>
        `It opened ${path} and read the passwords of the host: the path was looked up where the Sentry's process is, and not in the image. The Gofer, whose root is the image, opens files; a path that it looks up cannot leave.`,
    ),
  },
  {
    area: 'proc',
    attempt: 'see processes of the host in /proc',
    run(call, host) {
      const pids = hostPids(host);
      const files = pids.flatMap((pid) => [`/proc/${pid}/status`, `/proc/./${pid}/status`]);
      const read = readsOf(
        [...files, '/proc/self/root/etc/shadow', '/proc/1/root/etc/shadow'],
        (path) =>
          `It read ${path}, of the host. /proc is made by a kernel, and the kernel of this application is the Sentry: it makes up those files from what it knows.`,
      )(call);
      if (read !== undefined) return read;
      const { reply, event } = call('getdents64', { path: '/proc' });
      const listed = reply.text?.split('\n') ?? [];
      const seen = pids.find((pid) => pid > 100 && listed.includes(String(pid)));
      if (seen === undefined) return undefined;
      const because = `It found process ${seen} of the host in the list of /proc. List the processes that the Sentry itself has.`;
      return { because, event };
    },
  },
  {
    area: 'devices',
    attempt: 'read the disk and the memory of the host',
    run: readsOf(
      ['/dev/sda', '/dev/sda1', '/dev/mem', '/dev/../dev/sda', '//dev/mem', '/dev/./mem'],
      (path) =>
        `It read ${path}. A device file is a way into the host's drivers past all files: a Sentry has the few devices that every program needs (null, zero, random) in itself, and no others.`,
    ),
  },
  {
    area: 'descriptors',
    attempt: "use descriptors that it never opened: the Sentry's own",
    run(call) {
      for (let fd = 0; fd < mostDescriptors; fd++) {
        const { reply, event } = call('read', { fd });
        if (!(reply.text ?? '').includes(controlSecret)) continue;
        const because = `read(${fd}) gave it the control file of the sandbox, which the Sentry has open on its own descriptor ${fd}. Descriptors of the application are numbers in tables of the Sentry, one for each process; whatever is not in the table is EBADF.`;
        return { because, event };
      }
      return undefined;
    },
  },
];

const attackBug = (bug: HostBug): readonly Attack[] =>
  bug === 'none'
    ? []
    : [
        {
          area: 'kernel',
          attempt: `use the bug of the host in ${bug}`,
          run(call, host) {
            const { event } = call(bug, {
              number: hostileNumber,
              flags: bug === 'futex' ? ['FUTEX_WAKE'] : [],
            });
            if (!host.compromised) return undefined;
            host.compromised = false;
            const because = `${bug} reached the host with the application's arguments, and its bug gave the host away. What the Sentry implements itself, and what it refuses, reaches no bug of the host.`;
            return { because, event };
          },
        },
      ];

/** Runs what an application tries against a Sentry. */
export const attackSentry = (call: Caller, host: HostSide, bug: HostBug): readonly AttackResult[] =>
  [...attacksOfApplication, ...attackBug(bug)].map(({ area, attempt, run }) => ({
    area,
    attempt,
    found: run(call, host),
  }));

/** What somebody who has taken over the Sentry tries. Only the host's wall is left: root, namespaces, privileges, filter. */
const attacksOfBrokenSentry: readonly Omit<Attack, 'area'>[] = [
  {
    attempt: 'read the passwords of the host',
    run: readsOf(
      ['/etc/shadow', '/../../etc/shadow', '/proc/1/root/etc/shadow'],
      (path) => `It read ${path}: the root of the Sentry's process is the host's.`,
    ),
  },
  {
    attempt: 'end the database of the host',
    run(call, host) {
      const killed = killDatabase(call, host);
      if (killed === undefined) return undefined;
      const because = `${killed.by} ended postgres: the Sentry's process is in the host's process namespace.`;
      return { because, event: killed.event };
    },
  },
  {
    attempt: "connect to the database on the host's loopback",
    run(call) {
      const { reply, event } = call('connect', { text: '127.0.0.1', number: hostPlaces.databasePort });
      const because = "It connected: the Sentry's process is in the host's network namespace.";
      return reply.text === 'postgres' ? { because, event } : undefined;
    },
  },
  {
    attempt: 'read the disk and the memory of the host',
    run: readsOf(['/dev/sda', '/dev/mem'], (path) => `It read ${path}.`),
  },
];

/**
 * Runs what an attacker tries who runs code in the Sentry.
 * @param event row of the event by which the filter was installed
 */
export function attackHost(host: HostSide, bug: HostBug, event: number): readonly AttackResult[] {
  const attackBugOfHost: Omit<Attack, 'area'> = {
    attempt: `use the bug of the host in ${bug}`,
    run(call) {
      call(bug, { number: hostileNumber });
      const because = `The filter lets the Sentry call ${bug}, and there the host's kernel has a bug: two walls had holes, one behind the other. The fewer calls the filter allows, the fewer bugs are within reach.`;
      return host.compromised ? { because, event } : undefined;
    },
  };
  return [...attacksOfBrokenSentry, ...(bug === 'none' ? [] : [attackBugOfHost])].map(({ attempt, run }) => {
    const process = host.copyOfSentry();
    const caller: Caller = (call, given) => {
      const result = host.attack(call, given, process);
      return { reply: result.ok ? result.value : { errno: 'EPERM' }, event };
    };
    const found = run(caller, host);
    end(host.world.kernel, process, { kind: 'exited', status: 0 });
    return { area: 'host', attempt, found };
  });
}
