import { hasCapability } from './capabilities.ts';
import { capable, inUserNamespace, type Credentials } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import type { Kernel } from './kernel.ts';
import { copyMountNamespace } from './mountCalls.ts';
import { onTop, samePath, type Mount, type Path } from './mounts.ts';
import {
  cloneFlags,
  CgroupNamespace,
  IpcNamespace,
  PidNamespace,
  TimeNamespace,
  UtsNamespace,
  type CloneFlag,
  type NamespaceKind,
  type NamespaceSet,
} from './namespaces.ts';
import { NetworkNamespace } from './network.ts';
import type { Process } from './process.ts';
import { maxUserNamespaceLevel, UserNamespace } from './userNamespace.ts';

/** Deepest nesting of process namespaces: MAX_PID_NS_LEVEL. pid_namespaces(7) */
const maxPidLevel = 32;

/** What a process is in after its namespaces were made. */
export interface MadeNamespaces {
  readonly credentials: Credentials;
  readonly namespaces: NamespaceSet;
  readonly root: Path;
  readonly cwd: Path;
  /** Where a child will be. */
  readonly pidNamespace: PidNamespace;
}

/**
 * Makes new namespaces. The user namespace comes first, and owns the others; those take CAP_SYS_ADMIN in it.
 * @param whose `child` for clone(2), which puts the child itself into them; `caller` for unshare(2)
 */
export function makeNamespaces(
  kernel: Kernel,
  process: Process,
  kinds: ReadonlySet<NamespaceKind>,
  whose: 'child' | 'caller',
): SysResult<MadeNamespaces> {
  let { credentials } = process;
  if (kinds.has('user')) {
    const made = newUserNamespace(kernel, process);
    if (!made.ok) return made;
    credentials = inUserNamespace(credentials, made.value);
  }
  const owner = credentials.userNamespace;
  const { namespaces: old } = process;
  const others = [...kinds].filter((kind) => kind !== 'user');
  if (others.length > 0 && !capable(credentials, owner, 'CAP_SYS_ADMIN')) return fail('EPERM');

  let { mnt } = old;
  let { root, cwd } = process;
  if (kinds.has('mnt')) {
    const { namespace, copyOf } = copyMountNamespace(kernel, mnt, owner);
    mnt = namespace;
    const moved = (path: Path): Path => ({ mount: copyOf.get(path.mount) ?? path.mount, node: path.node });
    root = moved(root);
    cwd = moved(cwd);
  }
  let { pidForChildren } = old;
  if (kinds.has('pid')) {
    if (pidForChildren !== process.pidNamespace) return fail('EINVAL');
    if (pidForChildren.level >= maxPidLevel) return fail('ENOSPC');
    pidForChildren = new PidNamespace(kernel.newInode(), owner, pidForChildren);
  }
  const timeForChildren = kinds.has('time')
    ? copyTime(kernel, old.timeForChildren, owner)
    : old.timeForChildren;
  const namespaces: NamespaceSet = {
    mnt,
    uts: kinds.has('uts') ? new UtsNamespace(kernel.newInode(), owner, old.uts) : old.uts,
    ipc: kinds.has('ipc') ? new IpcNamespace(kernel.newInode(), owner) : old.ipc,
    net: kinds.has('net') ? new NetworkNamespace(kernel.newInode(), owner) : old.net,
    cgroup: kinds.has('cgroup') ? new CgroupNamespace(kernel.newInode(), owner, process.cgroup) : old.cgroup,
    pidForChildren,
    timeForChildren,
    time: whose === 'child' ? timeForChildren : old.time,
  };
  return succeed({ credentials, namespaces, root, cwd, pidNamespace: pidForChildren });
}

function copyTime(kernel: Kernel, from: TimeNamespace, owner: UserNamespace): TimeNamespace {
  const copy = new TimeNamespace(kernel.newInode(), owner, false);
  copy.monotonicOffset = from.monotonicOffset;
  copy.boottimeOffset = from.boottimeOffset;
  return copy;
}

/** create_user_ns(): refused to a process in a chroot, and to one whose own ids are not mapped. user_namespaces(7) */
function newUserNamespace(kernel: Kernel, process: Process): SysResult<UserNamespace> {
  const { credentials } = process;
  const parent = credentials.userNamespace;
  if (parent.level + 1 > maxUserNamespaceLevel) return fail('ENOSPC');
  if (!samePath(process.root, rootOf(process.namespaces.mnt.bottom))) return fail('EPERM');
  const { effective: uid } = credentials.uid;
  const { effective: gid } = credentials.gid;
  const isMapped = parent.fromKernel('uid', uid) !== undefined && parent.fromKernel('gid', gid) !== undefined;
  if (!isMapped) return fail('EPERM');
  return succeed(
    UserNamespace.below(parent, kernel.newInode(), {
      uid,
      gid,
      couldSetFileCapabilities: hasCapability(credentials.effective, 'CAP_SETFCAP'),
    }),
  );
}

/** The root directory of a mount namespace: what lies on top of its bottom. */
const rootOf = (bottom: Mount): Path => onTop({ mount: bottom, node: bottom.root });

/** unshare(2): the caller itself leaves its namespaces, apart from process and time, which only its children leave. */
export function unshare(kernel: Kernel, process: Process, flags: readonly CloneFlag[]): SysResult {
  const kinds = new Set<NamespaceKind>(flags.map((flag) => cloneFlags[flag]));
  const made = makeNamespaces(kernel, process, kinds, 'caller');
  if (!made.ok) return made;
  process.become(made.value.credentials);
  process.namespaces = made.value.namespaces;
  process.root = made.value.root;
  process.cwd = made.value.cwd;
  return done;
}

/** setns(2) with a descriptor of /proc/pid/ns. @param kind undefined: any */
export function setns(process: Process, descriptor: number, kind: NamespaceKind | undefined): SysResult {
  const file = process.files.get(descriptor);
  if (file === undefined) return fail('EBADF');
  const { content } = file.path.node;
  if (content.kind !== 'namespace') return fail('EINVAL');
  const { namespace } = content;
  if (kind !== undefined && namespace.kind !== kind) return fail('EINVAL');
  const { credentials } = process;
  if (namespace.kind === 'user') {
    if (namespace === credentials.userNamespace) return fail('EINVAL');
    if (!capable(credentials, namespace, 'CAP_SYS_ADMIN')) return fail('EPERM');
    process.become(inUserNamespace(credentials, namespace));
    return done;
  }
  const own = credentials.userNamespace;
  const allowed =
    capable(credentials, namespace.owner, 'CAP_SYS_ADMIN') && capable(credentials, own, 'CAP_SYS_ADMIN');
  if (!allowed) return fail('EPERM');
  switch (namespace.kind) {
    case 'mnt': {
      if (!capable(credentials, own, 'CAP_SYS_CHROOT')) return fail('EPERM');
      const root = rootOf(namespace.bottom);
      process.namespaces = { ...process.namespaces, mnt: namespace };
      process.root = root;
      process.cwd = root;
      return done;
    }
    case 'pid':
      if (!namespace.isWithin(process.pidNamespace)) return fail('EINVAL');
      process.namespaces = { ...process.namespaces, pidForChildren: namespace };
      return done;
    case 'time':
      namespace.entered = true;
      process.namespaces = { ...process.namespaces, time: namespace, timeForChildren: namespace };
      return done;
    case 'net':
      process.namespaces = { ...process.namespaces, net: namespace };
      return done;
    case 'uts':
      process.namespaces = { ...process.namespaces, uts: namespace };
      return done;
    case 'ipc':
      process.namespaces = { ...process.namespaces, ipc: namespace };
      return done;
    case 'cgroup':
      process.namespaces = { ...process.namespaces, cgroup: namespace };
      return done;
  }
}

/** sethostname(2) */
export function sethostname(process: Process, name: string): SysResult {
  const { uts } = process.namespaces;
  if (!capable(process.credentials, uts.owner, 'CAP_SYS_ADMIN')) return fail('EPERM');
  if (name.length > 64) return fail('EINVAL');
  uts.hostname = name;
  return done;
}
