import type { CapabilitySet } from './capabilities.ts';
import { withCapabilities, withGroups, withId } from './credentials.ts';
import { done, errnoName, fail, succeed, type SysResult } from './errno.ts';
import * as directories from './directoryCalls.ts';
import * as files from './fileCalls.ts';
import * as inodes from './inodeCalls.ts';
import { makeSharedMemory, readSharedMemory } from './ipcCalls.ts';
import type { Kernel } from './kernel.ts';
import {
  chroot,
  mount,
  pivotRoot,
  umount,
  type MountArguments,
  type UnmountArguments,
} from './mountCalls.ts';
import { setns, sethostname, unshare } from './namespaceCalls.ts';
import type { CloneFlag, NamespaceKind } from './namespaces.ts';
import { configureNetwork, connect, connectAbstract, listen, type NetworkRequest } from './networkCalls.ts';
import { signalNumbers, type Process, type RefusedCall, type Signal } from './process.ts';
import {
  clone,
  end,
  execve,
  exit,
  installFilter,
  kill,
  prctl,
  setDisposition,
  wait,
  type ProcessControl,
} from './processCalls.ts';
import { passesFilter, type SeccompDecision, type SeccompFilter } from './seccompFilter.ts';
import type { SeccompAction } from './seccompRules.ts';

/** What a seccomp filter sees of a call: its name in the table of system calls, and the numbers in its registers. */
interface FilteredCall {
  readonly name: string;
  /** Pointers and what no filter is written against are 0. */
  readonly args: readonly number[];
}

/** A system call: what it does for a process, and what a seccomp filter sees of it. */
interface SystemCall<A, T> {
  /** In order; the last is what `run` does, those before are what a program needs to get there. */
  readonly filtered: (args: A) => readonly FilteredCall[];
  readonly run: (kernel: Kernel, process: Process, args: A) => SysResult<T>;
}

const define = <A, T>(
  call: string,
  run: (kernel: Kernel, process: Process, args: A) => SysResult<T>,
  filtered: (args: A) => readonly FilteredCall[] = () => [{ name: call, args: [] }],
): SystemCall<A, T> => ({ filtered, run });

/** A call whose argument 0 is the flags, with what else is in it. */
const byFlags =
  (name: string, more: number) =>
  ({ flags }: { readonly flags: readonly CloneFlag[] }): readonly FilteredCall[] => [
    { name, args: [cloneBits(flags) + more] },
  ];

/** Calls on a new socket of a family. socket(2) */
const onSocket = (family: number, type: number, ...names: string[]): (() => readonly FilteredCall[]) => {
  const calls = [{ name: 'socket', args: [family, type] }, ...names.map((name) => ({ name, args: [] }))];
  return () => calls;
};
const [unixFamily, inetFamily, netlinkFamily] = [1, 2, 16];
const [streamSocket, rawSocket] = [1, 3];

type Nothing = Readonly<Record<string, never>>;

/** Sets the caller's credentials when the change is allowed. */
function become(process: Process, changed: SysResult<Process['credentials']>): SysResult {
  if (!changed.ok) return changed;
  process.become(changed.value);
  return done;
}

/**
 * The system calls of the simulated kernel. Those that the C library makes of several (reading a whole file) are several
 * here too. Numbers of users, groups and processes are those of the caller's namespaces.
 */
export const systemCalls = {
  getpid: define('getpid', (_kernel, process, _args: Nothing) =>
    succeed(process.pidIn(process.pidNamespace)!),
  ),
  getppid: define('getppid', (_kernel, process, _args: Nothing) =>
    succeed(process.parent?.pidIn(process.pidNamespace) ?? 0),
  ),
  getuid: define('getuid', (_kernel, process, _args: Nothing) =>
    succeed(process.credentials.userNamespace.seen('uid', process.credentials.uid.real)),
  ),
  geteuid: define('geteuid', (_kernel, process, _args: Nothing) =>
    succeed(process.credentials.userNamespace.seen('uid', process.credentials.uid.effective)),
  ),
  getgid: define('getgid', (_kernel, process, _args: Nothing) =>
    succeed(process.credentials.userNamespace.seen('gid', process.credentials.gid.real)),
  ),
  clone: define(
    'clone',
    (kernel, process, args: { readonly flags: readonly CloneFlag[] }) => clone(kernel, process, args.flags),
    // The signal that the parent gets stands in the lowest byte.
    byFlags('clone', signalNumbers.SIGCHLD),
  ),
  /** clone3(2) takes its flags in memory, where no filter can read them. */
  clone3: define('clone3', (kernel, process, args: { readonly flags: readonly CloneFlag[] }) =>
    clone(kernel, process, args.flags),
  ),
  seccomp: define('seccomp', (_kernel, process, args: { readonly filter: SeccompFilter }) =>
    installFilter(process, args.filter),
  ),
  execve: define(
    'execve',
    (kernel, process, args: { readonly path: string; readonly argv: readonly string[] }) =>
      execve(kernel, process, args.path, args.argv),
  ),
  exit: define('exit_group', (kernel, process, args: { readonly status: number }) =>
    exit(kernel, process, args.status),
  ),
  wait: define('wait4', (kernel, process, args: { readonly pid: number }) => wait(kernel, process, args.pid)),
  kill: define(
    'kill',
    (kernel, process, args: { readonly pid: number; readonly signal: Signal | undefined }) =>
      kill(kernel, process, args.pid, args.signal),
  ),
  sigaction: define(
    'rt_sigaction',
    (_kernel, process, args: { readonly signal: Signal; readonly to: 'default' | 'ignore' | 'handle' }) =>
      setDisposition(process, args.signal, args.to),
  ),
  prctl: define('prctl', (_kernel, process, args: ProcessControl) => prctl(process, args)),
  capset: define(
    'capset',
    (
      _kernel,
      process,
      args: {
        readonly permitted: CapabilitySet;
        readonly effective: CapabilitySet;
        readonly inheritable: CapabilitySet;
      },
    ) => become(process, withCapabilities(process.credentials, args)),
  ),
  setuid: define('setuid', (_kernel, process, args: { readonly id: number }) =>
    become(process, withId(process.credentials, 'uid', args.id)),
  ),
  setgid: define('setgid', (_kernel, process, args: { readonly id: number }) =>
    become(process, withId(process.credentials, 'gid', args.id)),
  ),
  setgroups: define('setgroups', (_kernel, process, args: { readonly groups: readonly number[] }) =>
    become(process, withGroups(process.credentials, args.groups)),
  ),
  unshare: define(
    'unshare',
    (kernel, process, args: { readonly flags: readonly CloneFlag[] }) => unshare(kernel, process, args.flags),
    byFlags('unshare', 0),
  ),
  setns: define(
    'setns',
    (_kernel, process, args: { readonly fd: number; readonly kind: NamespaceKind | undefined }) =>
      setns(process, args.fd, args.kind),
  ),
  sethostname: define('sethostname', (_kernel, process, args: { readonly name: string }) =>
    sethostname(process, args.name),
  ),
  gethostname: define('uname', (_kernel, process, _args: Nothing) =>
    succeed(process.namespaces.uts.hostname),
  ),
  mount: define('mount', (kernel, process, args: MountArguments) => mount(kernel, process, args)),
  umount: define('umount2', (kernel, process, args: UnmountArguments) => umount(kernel, process, args)),
  pivotRoot: define(
    'pivot_root',
    (kernel, process, args: { readonly newRoot: string; readonly putOld: string }) =>
      pivotRoot(kernel, process, args.newRoot, args.putOld),
  ),
  chroot: define('chroot', (_kernel, process, args: { readonly path: string }) => chroot(process, args.path)),
  open: define(
    'openat',
    (
      kernel,
      process,
      args: {
        readonly path: string;
        readonly flags: readonly files.OpenFlag[];
        readonly mode: number;
        readonly from?: number;
      },
    ) => files.open(kernel, process, args),
  ),
  read: define('read', (_kernel, process, args: { readonly fd: number }) => files.read(process, args.fd)),
  write: define('write', (kernel, process, args: { readonly fd: number; readonly text: string }) =>
    files.write(kernel, process, args.fd, args.text),
  ),
  close: define('close', (_kernel, process, args: { readonly fd: number }) => files.close(process, args.fd)),
  dup: define('dup3', (_kernel, process, args: { readonly fd: number; readonly to: number | undefined }) =>
    files.duplicate(process, args.fd, args.to),
  ),
  pipe: define('pipe2', (kernel, process, _args: Nothing) => files.pipe(kernel, process)),
  list: define('getdents64', (_kernel, process, args: { readonly path: string }) =>
    directories.list(process, args.path),
  ),
  stat: define(
    'newfstatat',
    (_kernel, process, args: { readonly path: string; readonly followLast: boolean }) =>
      inodes.stat(process, args.path, args.followLast),
  ),
  readlink: define('readlinkat', (_kernel, process, args: { readonly path: string }) =>
    inodes.readlink(process, args.path),
  ),
  mkdir: define('mkdirat', (kernel, process, args: { readonly path: string; readonly mode: number }) =>
    directories.mkdir(kernel, process, args.path, args.mode),
  ),
  mknod: define(
    'mknodat',
    (
      kernel,
      process,
      args: {
        readonly path: string;
        readonly mode: number;
        readonly device: directories.DeviceNumber | undefined;
      },
    ) => directories.mknod(kernel, process, args),
  ),
  symlink: define('symlinkat', (kernel, process, args: { readonly target: string; readonly path: string }) =>
    directories.symlink(kernel, process, args.target, args.path),
  ),
  rmdir: define('rmdir', (_kernel, process, args: { readonly path: string }) =>
    directories.rmdir(process, args.path),
  ),
  unlink: define('unlink', (_kernel, process, args: { readonly path: string }) =>
    directories.unlink(process, args.path),
  ),
  rename: define('rename', (_kernel, process, args: { readonly from: string; readonly to: string }) =>
    directories.rename(process, args.from, args.to),
  ),
  chmod: define('fchmodat', (_kernel, process, args: { readonly path: string; readonly mode: number }) =>
    inodes.chmod(process, args.path, args.mode),
  ),
  chown: define(
    'fchownat',
    (
      _kernel,
      process,
      args: { readonly path: string; readonly uid: number | undefined; readonly gid: number | undefined },
    ) => inodes.chown(process, args.path, args.uid, args.gid),
  ),
  chdir: define('chdir', (_kernel, process, args: { readonly path: string }) =>
    directories.chdir(process, args.path),
  ),
  fchdir: define('fchdir', (_kernel, process, args: { readonly fd: number }) =>
    directories.fchdir(process, args.fd),
  ),
  getcwd: define('getcwd', (_kernel, process, _args: Nothing) => directories.getcwd(process)),
  umask: define('umask', (_kernel, process, args: { readonly mask: number }) => {
    const before = process.umask;
    process.umask = args.mask & 0o777;
    return succeed(before);
  }),
  configureNetwork: define(
    'sendto',
    (kernel, process, args: NetworkRequest) => configureNetwork(kernel, process, args),
    onSocket(netlinkFamily, rawSocket, 'sendto'),
  ),
  listen: define(
    'listen',
    (_kernel, process, args: { readonly ip: string; readonly port: number }) =>
      listen(process, args.ip, args.port),
    onSocket(inetFamily, streamSocket, 'bind', 'listen'),
  ),
  connect: define(
    'connect',
    (_kernel, process, args: { readonly ip: string; readonly port: number }) =>
      connect(process, args.ip, args.port),
    onSocket(inetFamily, streamSocket, 'connect'),
  ),
  connectAbstract: define(
    'connect',
    (_kernel, process, args: { readonly name: string }) => connectAbstract(process, args.name),
    onSocket(unixFamily, streamSocket, 'connect'),
  ),
  makeSharedMemory: define(
    'shmget',
    (_kernel, process, args: { readonly key: number; readonly mode: number; readonly text: string }) =>
      makeSharedMemory(process, args.key, args.mode, args.text),
  ),
  readSharedMemory: define('shmget', (_kernel, process, args: { readonly key: number }) =>
    readSharedMemory(process, args.key),
  ),
} as const;

export type SystemCallName = keyof typeof systemCalls;
export type SystemCallArguments<N extends SystemCallName> = Parameters<(typeof systemCalls)[N]['run']>[2];
export type SystemCallValue<N extends SystemCallName> =
  ReturnType<(typeof systemCalls)[N]['run']> extends infer R
    ? R extends { readonly ok: true; readonly value: infer V }
      ? V
      : never
    : never;

const cloneBit: Readonly<Record<CloneFlag, number>> = {
  CLONE_NEWTIME: 0x80,
  CLONE_NEWNS: 0x2_0000,
  CLONE_NEWCGROUP: 0x200_0000,
  CLONE_NEWUTS: 0x400_0000,
  CLONE_NEWIPC: 0x800_0000,
  CLONE_NEWUSER: 0x1000_0000,
  CLONE_NEWPID: 0x2000_0000,
  CLONE_NEWNET: 0x4000_0000,
};

/** The flags as the bits of clone(2). */
export const cloneBits = (flags: readonly CloneFlag[]): number =>
  flags.reduce((bits, flag) => bits | cloneBit[flag], 0);

/** From the least of what a filter can let happen to the most. seccomp(2), "Filters" */
const severity: readonly SeccompAction[] = [
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_KILL',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_NOTIFY',
  'SCMP_ACT_TRACE',
];

/** What the caller's filters refuse. All of them are asked: the severest counts, and of equals the one that was added last. */
function refusal(process: Process, calls: readonly FilteredCall[]): RefusedCall | undefined {
  for (const { name, args } of calls) {
    const decisions = process.seccomp
      .map((filter) => filter.decide(name, args.map(BigInt)))
      .filter((decision) => !passesFilter(decision))
      .toReversed();
    const action = severity.find((each) => decisions.some((decision) => decision.action === each));
    const decision = decisions.find((each) => each.action === action);
    if (decision !== undefined) return { call: name, decision };
  }
  return undefined;
}

/** What a refused call comes back with, where it does. seccomp(2), "Filters" */
function refuse(kernel: Kernel, process: Process, { action, errno }: SeccompDecision): SysResult<never> {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
    case 'SCMP_ACT_ERRNO':
      return fail(errnoName(errno) ?? 'EPERM');
    // Nobody traces, and nobody listens.
    case 'SCMP_ACT_TRACE':
    case 'SCMP_ACT_NOTIFY':
      return fail('ENOSYS');
    case 'SCMP_ACT_TRAP':
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_THREAD':
    case 'SCMP_ACT_KILL_PROCESS':
      end(kernel, process, { kind: 'killed', signal: 'SIGSYS' });
      return fail('ESRCH');
  }
}

/** Makes a system call: first the caller's seccomp filters, then the call. A process that has ended makes none: ESRCH. */
export function callSystem<N extends SystemCallName>(
  kernel: Kernel,
  process: Process,
  name: N,
  args: SystemCallArguments<N>,
): SysResult<SystemCallValue<N>> {
  if (!process.alive) return fail('ESRCH');
  const { filtered, run } = systemCalls[name] as SystemCall<SystemCallArguments<N>, SystemCallValue<N>>;
  process.refused = process.seccomp.length === 0 ? undefined : refusal(process, filtered(args));
  return process.refused === undefined
    ? run(kernel, process, args)
    : refuse(kernel, process, process.refused.decision);
}
