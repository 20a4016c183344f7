import type { CapabilitySet } from './capabilities.ts';
import { withCapabilities, withGroups, withId } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import * as files from './fileCalls.ts';
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
import type { Process, Signal } from './process.ts';
import {
  clone,
  end,
  execve,
  exit,
  kill,
  prctl,
  setDisposition,
  wait,
  type ProcessControl,
} from './processCalls.ts';

/** A system call: what it does for a process, and what a seccomp filter sees of it. */
interface SystemCall<A, T> {
  /** Its name in the table of system calls, as a seccomp profile writes it. */
  readonly call: string;
  readonly run: (kernel: Kernel, process: Process, args: A) => SysResult<T>;
}

const define = <A, T>(
  call: string,
  run: (kernel: Kernel, process: Process, args: A) => SysResult<T>,
): SystemCall<A, T> => ({ call, run });

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
  clone: define('clone', (kernel, process, args: { readonly flags: readonly CloneFlag[] }) =>
    clone(kernel, process, args.flags),
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
  unshare: define('unshare', (kernel, process, args: { readonly flags: readonly CloneFlag[] }) =>
    unshare(kernel, process, args.flags),
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
    files.list(process, args.path),
  ),
  stat: define(
    'newfstatat',
    (_kernel, process, args: { readonly path: string; readonly followLast: boolean }) =>
      files.stat(process, args.path, args.followLast),
  ),
  readlink: define('readlinkat', (_kernel, process, args: { readonly path: string }) =>
    files.readlink(process, args.path),
  ),
  mkdir: define('mkdirat', (kernel, process, args: { readonly path: string; readonly mode: number }) =>
    files.mkdir(kernel, process, args.path, args.mode),
  ),
  mknod: define(
    'mknodat',
    (
      kernel,
      process,
      args: { readonly path: string; readonly mode: number; readonly device: files.DeviceNumber | undefined },
    ) => files.mknod(kernel, process, args),
  ),
  symlink: define('symlinkat', (kernel, process, args: { readonly target: string; readonly path: string }) =>
    files.symlink(kernel, process, args.target, args.path),
  ),
  rmdir: define('rmdir', (_kernel, process, args: { readonly path: string }) =>
    files.rmdir(process, args.path),
  ),
  unlink: define('unlink', (_kernel, process, args: { readonly path: string }) =>
    files.unlink(process, args.path),
  ),
  rename: define('rename', (_kernel, process, args: { readonly from: string; readonly to: string }) =>
    files.rename(process, args.from, args.to),
  ),
  chmod: define('fchmodat', (_kernel, process, args: { readonly path: string; readonly mode: number }) =>
    files.chmod(process, args.path, args.mode),
  ),
  chown: define(
    'fchownat',
    (
      _kernel,
      process,
      args: { readonly path: string; readonly uid: number | undefined; readonly gid: number | undefined },
    ) => files.chown(process, args.path, args.uid, args.gid),
  ),
  chdir: define('chdir', (_kernel, process, args: { readonly path: string }) =>
    files.chdir(process, args.path),
  ),
  fchdir: define('fchdir', (_kernel, process, args: { readonly fd: number }) =>
    files.fchdir(process, args.fd),
  ),
  getcwd: define('getcwd', (_kernel, process, _args: Nothing) => files.getcwd(process)),
  umask: define('umask', (_kernel, process, args: { readonly mask: number }) => {
    const before = process.umask;
    process.umask = args.mask & 0o777;
    return succeed(before);
  }),
  configureNetwork: define('sendto', (kernel, process, args: NetworkRequest) =>
    configureNetwork(kernel, process, args),
  ),
  listen: define('bind', (_kernel, process, args: { readonly ip: string; readonly port: number }) =>
    listen(process, args.ip, args.port),
  ),
  connect: define('connect', (_kernel, process, args: { readonly ip: string; readonly port: number }) =>
    connect(process, args.ip, args.port),
  ),
  connectAbstract: define('connect', (_kernel, process, args: { readonly name: string }) =>
    connectAbstract(process, args.name),
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

/** The numbers that a seccomp filter sees of a call's arguments, where filters are written against them. */
function filteredArguments(name: SystemCallName, args: unknown): readonly number[] {
  if (name !== 'clone' && name !== 'unshare') return [];
  return [cloneBits((args as { readonly flags: readonly CloneFlag[] }).flags)];
}

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

/** Makes a system call: first the caller's seccomp filters, then the call. A process that has ended makes none: ESRCH. */
export function callSystem<N extends SystemCallName>(
  kernel: Kernel,
  process: Process,
  name: N,
  args: SystemCallArguments<N>,
): SysResult<SystemCallValue<N>> {
  if (!process.alive) return fail('ESRCH');
  const { call, run } = systemCalls[name];
  for (const filter of process.seccomp) {
    const verdict = filter(call, filteredArguments(name, args));
    if (verdict.kind === 'errno') return fail(verdict.errno);
    if (verdict.kind === 'kill') {
      end(kernel, process, { kind: 'killed', signal: 'SIGKILL' });
      return fail('ESRCH');
    }
  }
  return (
    run as (kernel: Kernel, process: Process, args: SystemCallArguments<N>) => SysResult<SystemCallValue<N>>
  )(kernel, process, args);
}
