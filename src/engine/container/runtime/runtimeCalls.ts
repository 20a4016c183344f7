import type { CallHandlers } from '../../kernel/policy.ts';
import { capabilitySet } from '../linux/capabilities.ts';
import { capable } from '../linux/credentials.ts';
import { done, fail, succeed, type SysResult } from '../linux/errno.ts';
import type { HostWorld } from './hostWorld.ts';
import { lookup } from '../linux/pathLookup.ts';
import type { Process } from '../linux/process.ts';
import type { RuntimePolicy } from './runtimePolicy.ts';
import type { SeccompFilter } from '../linux/seccompFilter.ts';
import {
  callSystem,
  type SystemCallArguments,
  type SystemCallName,
  type SystemCallValue,
} from '../linux/systemCalls.ts';

/** Who is calling, and what happens around each call. */
export interface CallSite {
  /** The process whose code runs. */
  process(): Process;
  /** Whether its process runs another program by now, so that this code no longer exists. */
  isGone(): boolean;
  /** Told of each process that `clone` made. */
  made(child: Process): void;
  /** Told of each call once it is done. */
  record(call: string, args: unknown, result: SysResult<unknown>): void;
  /** The filter that was compiled from the configuration. */
  readonly filter: SeccompFilter | undefined;
  /** True when a call is to be left out: the kernel does not do it, and says that it did. */
  leftOut(call: string, args: unknown): boolean;
}

/** The system calls that a runtime makes, as handlers of its policy. */
export function runtimeCalls(world: HostWorld, site: CallSite): CallHandlers<typeof RuntimePolicy> {
  const { kernel } = world;
  const call = <N extends SystemCallName>(
    name: N,
    args: SystemCallArguments<N>,
  ): SysResult<SystemCallValue<N>> =>
    site.isGone() ? fail('ESRCH') : callSystem(kernel, site.process(), name, args);
  const recorded =
    <A, T>(name: string, run: (args: A) => SysResult<T>) =>
    (args: A): SysResult<T> => {
      const skipped = site.leftOut(name, args);
      const result = skipped ? (done as unknown as SysResult<T>) : run(args);
      if (!skipped) site.record(name, args, result);
      return result;
    };
  const nothing = (result: SysResult<unknown>): SysResult<void> => (result.ok ? succeed(undefined) : result);
  const withFile = (
    path: string,
    flag: 'O_RDONLY' | 'O_WRONLY',
    use: (fd: number) => SysResult<unknown>,
  ): SysResult<unknown> => {
    const opened = call('open', { path, flags: [flag, 'O_CLOEXEC'], mode: 0 });
    if (!opened.ok) return opened;
    const used = use(opened.value);
    call('close', { fd: opened.value });
    return used;
  };
  return {
    clone: recorded('clone', ({ flags }) => {
      const child = call('clone', { flags });
      if (!child.ok) return child;
      site.made(child.value);
      return succeed(child.value.pidIn(site.process().pidNamespace)!);
    }),
    unshare: recorded('unshare', (args) => nothing(call('unshare', args))),
    setns: recorded('setns', ({ path }) =>
      nothing(withFile(path, 'O_RDONLY', (fd) => call('setns', { fd, kind: undefined }))),
    ),
    mount: recorded('mount', (args) => nothing(call('mount', args))),
    umount: recorded('umount', (args) => nothing(call('umount', args))),
    pivotRoot: recorded('pivotRoot', (args) => nothing(call('pivotRoot', args))),
    chroot: recorded('chroot', (args) => nothing(call('chroot', args))),
    chdir: recorded('chdir', (args) => nothing(call('chdir', args))),
    mkdir: recorded('mkdir', (args) => nothing(call('mkdir', args))),
    mknod: recorded('mknod', ({ path, mode, type, major, minor }) => {
      if (type !== 'file') return nothing(call('mknod', { path, mode, device: { type, major, minor } }));
      const made = call('open', { path, flags: ['O_WRONLY', 'O_CREAT', 'O_EXCL'], mode });
      if (made.ok) call('close', { fd: made.value });
      return nothing(made);
    }),
    umask: recorded('umask', (args) => nothing(call('umask', args))),
    symlink: recorded('symlink', (args) => nothing(call('symlink', args))),
    isDirectory: recorded('isDirectory', ({ path }) => {
      const status = call('stat', { path, followLast: true });
      return status.ok ? succeed(status.value.kind === 'directory') : status;
    }),
    readFile: recorded(
      'readFile',
      ({ path }) => withFile(path, 'O_RDONLY', (fd) => call('read', { fd })) as SysResult<string>,
    ),
    writeFile: recorded('writeFile', ({ path, text }) =>
      nothing(withFile(path, 'O_WRONLY', (fd) => call('write', { fd, text }))),
    ),
    setDevices: recorded('setDevices', ({ cgroup, rules }) => {
      const process = site.process();
      if (
        !capable(process.credentials, kernel.userNamespace, 'CAP_BPF') &&
        !capable(process.credentials, kernel.userNamespace, 'CAP_SYS_ADMIN')
      ) {
        return fail('EPERM');
      }
      const found = lookup(process, cgroup);
      if (!found.ok) return found;
      const group = kernel.cgroupAt(found.value.node);
      if (group === undefined) return fail('EINVAL');
      group.deviceRules = rules.map(({ major, minor, ...rule }) => ({ ...rule, major, minor }));
      return succeed(undefined);
    }),
    sethostname: recorded('sethostname', (args) => nothing(call('sethostname', args))),
    setgroups: recorded('setgroups', (args) => nothing(call('setgroups', args))),
    setgid: recorded('setgid', ({ gid }) => nothing(call('setgid', { id: gid }))),
    setuid: recorded('setuid', ({ uid }) => nothing(call('setuid', { id: uid }))),
    capset: recorded('capset', ({ permitted, effective, inheritable }) =>
      nothing(
        call('capset', {
          permitted: capabilitySet(permitted),
          effective: capabilitySet(effective),
          inheritable: capabilitySet(inheritable),
        }),
      ),
    ),
    dropBounding: recorded('dropBounding', ({ capability }) =>
      nothing(call('prctl', { option: 'PR_CAPBSET_DROP', capability })),
    ),
    raiseAmbient: recorded('raiseAmbient', ({ capability }) =>
      nothing(call('prctl', { option: 'PR_CAP_AMBIENT_RAISE', capability })),
    ),
    keepCapabilities: recorded('keepCapabilities', ({ on }) =>
      nothing(call('prctl', { option: 'PR_SET_KEEPCAPS', on })),
    ),
    setNoNewPrivileges: recorded('setNoNewPrivileges', () =>
      nothing(call('prctl', { option: 'PR_SET_NO_NEW_PRIVS' })),
    ),
    seccomp: recorded('seccomp', () => {
      const { filter } = site;
      // A null program is no program.
      return filter === undefined ? fail('EINVAL') : nothing(call('seccomp', { filter }));
    }),
    closeRange: recorded('closeRange', ({ first }) => {
      if (site.isGone()) return fail('ESRCH');
      const process = site.process();
      for (const fd of process.files.keys()) if (fd >= first) process.files.delete(fd);
      return succeed(undefined);
    }),
    execve: recorded('execve', ({ path, args }) => nothing(call('execve', { path, argv: args }))),
  };
}
