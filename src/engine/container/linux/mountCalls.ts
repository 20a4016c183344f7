import { capable } from './credentials.ts';
import { done, fail, type Errno, type SysResult } from './errno.ts';
import type { FileSystemType } from './fileTree.ts';
import type { Kernel } from './kernel.ts';
import {
  isReachable,
  lock,
  MountNamespace,
  onTop,
  samePath,
  type Mount,
  type MountFlags,
  type Path,
} from './mounts.ts';
import { lookup } from './pathLookup.ts';
import type { Process } from './process.ts';
import type { UserNamespace } from './userNamespace.ts';

/** The flags of mount(2) that are modelled. */
export const mountFlagNames = [
  'MS_RDONLY',
  'MS_NOSUID',
  'MS_NODEV',
  'MS_NOEXEC',
  'MS_REMOUNT',
  'MS_BIND',
  'MS_MOVE',
  'MS_REC',
  'MS_UNBINDABLE',
  'MS_PRIVATE',
  'MS_SLAVE',
  'MS_SHARED',
] as const;
export type MountFlag = (typeof mountFlagNames)[number];

export interface MountArguments {
  readonly source: string;
  readonly target: string;
  /** Type of the file system; not read for a bind mount, a move, a remount or a change of propagation. */
  readonly type: string;
  readonly flags: readonly MountFlag[];
  /** Options of the file system, comma-separated. */
  readonly data: string;
}

const propagationFlags: readonly MountFlag[] = ['MS_UNBINDABLE', 'MS_PRIVATE', 'MS_SLAVE', 'MS_SHARED'];

/** Whether a process may change the mounts of its namespace. may_mount() */
const mayMount = (process: Process): boolean =>
  capable(process.credentials, process.namespaces.mnt.owner, 'CAP_SYS_ADMIN');

/** mount(2): a new mount, a bind mount, a move, a remount or a change of propagation, by its flags. */
export function mount(kernel: Kernel, process: Process, args: MountArguments): SysResult {
  const target = lookup(process, args.target);
  if (!target.ok) return target;
  if (!mayMount(process)) return fail('EPERM');
  const flags = new Set(args.flags);
  const perMount: MountFlags = {
    readOnly: flags.has('MS_RDONLY'),
    noSuid: flags.has('MS_NOSUID'),
    noDev: flags.has('MS_NODEV'),
    noExec: flags.has('MS_NOEXEC'),
  };
  const at = target.value;
  if (flags.has('MS_REMOUNT')) return remount(process, at, perMount, flags.has('MS_BIND'));
  if (flags.has('MS_BIND')) return bind(kernel, process, args.source, at, flags.has('MS_REC'));
  const propagation = propagationFlags.filter((flag) => flags.has(flag));
  if (propagation.length > 0) {
    const others = args.flags.filter((flag) => !propagationFlags.includes(flag) && flag !== 'MS_REC');
    if (propagation.length > 1 || others.length > 0) return fail('EINVAL');
    return changePropagation(kernel, process, at, propagation[0]!, flags.has('MS_REC'));
  }
  if (flags.has('MS_MOVE')) return move(kernel, process, args.source, at);
  return newMount(kernel, process, at, args, perMount);
}

const inNamespace = (process: Process, mount: Mount): boolean => mount.namespace === process.namespaces.mnt;
/** It was unmounted with MNT_DETACH, and somebody is still in it: nothing can be mounted there. */
const isTakenOut = (mount: Mount): boolean => mount.namespace === undefined;
const isMountPoint = ({ mount, node }: Path): boolean => mount.root === node;

function remount(process: Process, at: Path, flags: MountFlags, bindOnly: boolean): SysResult {
  const { mount } = at;
  if (!inNamespace(process, mount) || !isMountPoint(at)) return fail('EINVAL');
  if (clears(mount.lockedFlags, flags)) return fail('EPERM');
  if (!bindOnly) {
    if (!capable(process.credentials, mount.fs.owner, 'CAP_SYS_ADMIN')) return fail('EPERM');
    mount.fs.readOnly = flags.readOnly;
  }
  mount.flags = flags;
  return done;
}

/** Whether a flag that a more privileged namespace set would be cleared. mount_namespaces(7) */
const clears = (locked: MountFlags, flags: MountFlags): boolean =>
  (Object.keys(locked) as (keyof MountFlags)[]).some((flag) => locked[flag] && !flags[flag]);

function bind(kernel: Kernel, process: Process, source: string, at: Path, recursive: boolean): SysResult {
  const from = lookup(process, source);
  if (!from.ok) return from;
  if (isTakenOut(at.mount)) return fail('ENOENT');
  const { mount, node } = from.value;
  if (mount.unbindable) return fail('EINVAL');
  // A file of nsfs may be bound although it is in no namespace's tree.
  if (!inNamespace(process, mount) && node.content.kind !== 'namespace') return fail('EINVAL');
  if (node.content.kind === 'namespace' && cannotHold(process, node.content.namespace)) return fail('EINVAL');
  const hidesLocked = [...mount.children].some((child) => child.locked && child.mountpoint!.isWithin(node));
  if (!recursive && hidesLocked) return fail('EINVAL');
  const copy = recursive
    ? kernel.mounts.copyTree(mount, { root: node, below: (child) => !child.unbindable })
    : kernel.mounts.copy(mount, node);
  // What is bound by itself may be unmounted again; what lies below it stays locked.
  copy.locked = false;
  return attach(kernel, process, copy, at);
}

/** Binding a mount namespace into itself, or into an older one, would keep itself alive for ever. mnt_ns_loop() */
const cannotHold = (
  process: Process,
  namespace: { readonly kind: string; readonly inode: number },
): boolean => namespace.kind === 'mnt' && namespace.inode <= process.namespaces.mnt.inode;

/** What every new place for a mount must satisfy. graft_tree() */
function attach(kernel: Kernel, process: Process, mount: Mount, at: Path): SysResult {
  const top = onTop(at);
  const refuse = (errno: Errno): SysResult => {
    for (const each of mount.tree()) each.makePrivate();
    return fail(errno);
  };
  if (isTakenOut(top.mount)) return refuse('ENOENT');
  if (!inNamespace(process, top.mount)) return refuse('EINVAL');
  if (top.node.unlinked) return refuse('ENOENT');
  if (mount.root.isDirectory !== top.node.isDirectory) return refuse('ENOTDIR');
  kernel.mounts.attachTree(mount, top.mount, top.node);
  return done;
}

function move(kernel: Kernel, process: Process, source: string, target: Path): SysResult {
  const at = onTop(target);
  const from = lookup(process, source);
  if (!from.ok) return from;
  const { mount } = from.value;
  if (!isMountPoint(from.value)) return fail('EINVAL');
  if (isTakenOut(at.mount)) return fail('ENOENT');
  if (!inNamespace(process, mount) || !inNamespace(process, at.mount)) return fail('EINVAL');
  if (mount.parent === undefined || mount.locked) return fail('EINVAL');
  if (mount.root.isDirectory !== at.node.isDirectory) return fail('EINVAL');
  if (mount.parent.shared !== undefined) return fail('EINVAL');
  if (at.mount.shared !== undefined && [...mount.tree()].some((each) => each.unbindable))
    return fail('EINVAL');
  for (let above: Mount | undefined = at.mount; above !== undefined; above = above.parent) {
    if (above === mount) return fail('ELOOP');
  }
  mount.detach();
  kernel.mounts.attachTree(mount, at.mount, at.node);
  return done;
}

function changePropagation(
  kernel: Kernel,
  process: Process,
  at: Path,
  flag: MountFlag,
  recursive: boolean,
): SysResult {
  if (!isMountPoint(at) || !inNamespace(process, at.mount)) return fail('EINVAL');
  for (const mount of recursive ? [...at.mount.tree()] : [at.mount]) {
    switch (flag) {
      case 'MS_SHARED':
        if (mount.shared === undefined) mount.share(kernel.mounts.newGroup());
        mount.unbindable = false;
        break;
      case 'MS_SLAVE':
        mount.makeSlave();
        break;
      default:
        mount.makePrivate();
        mount.unbindable = flag === 'MS_UNBINDABLE';
    }
  }
  return done;
}

/** Types that a process without power over the initial user namespace may mount: FS_USERNS_MOUNT. */
const userMountable: ReadonlySet<FileSystemType> = new Set([
  'tmpfs',
  'proc',
  'sysfs',
  'cgroup2',
  'devpts',
  'mqueue',
  'overlay',
]);

function newMount(
  kernel: Kernel,
  process: Process,
  at: Path,
  { source, type, data }: MountArguments,
  flags: MountFlags,
): SysResult {
  const { credentials } = process;
  const maker = kernel.fileSystems.get(type);
  if (maker === undefined) return fail('ENODEV');
  // The file system belongs to who owns the thing that it shows: the user namespace of the caller, else.
  const owner = ownerFor(process, type as FileSystemType);
  if (!capable(credentials, owner, 'CAP_SYS_ADMIN')) return fail('EPERM');
  if (owner.level > 0 && !userMountable.has(type as FileSystemType)) return fail('EPERM');
  if (revealsHidden(process, type as FileSystemType, flags)) return fail('EPERM');
  const made = maker(process, { source, data, owner });
  if (!made.ok) return made;
  const { fs, root } = made.value;
  if (type === 'tmpfs') fs.readOnly = flags.readOnly;
  return attach(kernel, process, kernel.mounts.create(fs, root, flags), at);
}

function ownerFor(process: Process, type: FileSystemType): UserNamespace {
  switch (type) {
    case 'proc':
      return process.pidNamespace.owner;
    case 'sysfs':
      return process.namespaces.net.owner;
    case 'mqueue':
      return process.namespaces.ipc.owner;
    case 'cgroup2':
      return process.namespaces.cgroup.owner;
    default:
      return process.credentials.userNamespace;
  }
}

/**
 * proc and sysfs may be mounted by the less privileged only where a mount of the same type is already in full view, with
 * flags at least as strict: otherwise a new mount would uncover what a mount on top of the old one hides.
 * mount_too_revealing(), user_namespaces(7)
 */
function revealsHidden(process: Process, type: FileSystemType, flags: MountFlags): boolean {
  const { mnt } = process.namespaces;
  if (mnt.owner.level === 0 || (type !== 'proc' && type !== 'sysfs')) return false;
  return !mnt.mounts.some(
    (mount) =>
      mount.fs.type === type &&
      mount.root === mount.fs.root &&
      !(mount.flags.readOnly && mount.lockedFlags.readOnly && !flags.readOnly) &&
      [...mount.children].every((child) => !child.locked || isEmptyKernelDirectory(child)),
  );
}

const isEmptyKernelDirectory = (child: Mount): boolean => {
  const content = child.mountpoint!.content;
  return content.kind === 'directory' && content.entries.size === 0;
};

export interface UnmountArguments {
  readonly target: string;
  /** MNT_DETACH: out of the tree at once, even while it is in use. */
  readonly detach: boolean;
}

/** umount2(2) */
export function umount(kernel: Kernel, process: Process, { target, detach }: UnmountArguments): SysResult {
  const found = lookup(process, target);
  if (!found.ok) return found;
  if (!mayMount(process)) return fail('EPERM');
  // LOOKUP_MOUNTPOINT: what was mounted on the current directory since is meant by `.` here.
  const at = onTop(found.value);
  const { mount } = at;
  if (!isMountPoint(at) || !inNamespace(process, mount)) return fail('EINVAL');
  if (mount.locked) return fail('EINVAL');
  // The very root is not taken away; like the kernel, a plain unmount of it is a remount as read-only.
  if (mount === process.root.mount && !detach) {
    if (!capable(process.credentials, mount.fs.owner, 'CAP_SYS_ADMIN')) return fail('EPERM');
    mount.fs.readOnly = true;
    return done;
  }
  if (mount.parent === undefined) return fail('EINVAL');
  const busy = mount.children.size > 0 || kernel.uses(mount);
  if (busy && !detach) return fail('EBUSY');
  kernel.mounts.detachTree(mount);
  return done;
}

/** pivot_root(2): every condition in the order of path_pivot_root() in fs/namespace.c. */
export function pivotRoot(kernel: Kernel, process: Process, newRoot: string, putOld: string): SysResult {
  if (!mayMount(process)) return fail('EPERM');
  const to = lookup(process, newRoot);
  if (!to.ok) return to;
  if (!to.value.node.isDirectory) return fail('ENOTDIR');
  const found = lookup(process, putOld);
  if (!found.ok) return found;
  if (!found.value.node.isDirectory) return fail('ENOTDIR');
  // As for every new place of a mount, what lies on top there counts.
  const old = onTop(found.value);
  const { root } = process;
  const [newMount, oldMount, rootMount] = [to.value.mount, old.mount, root.mount];
  if (isTakenOut(oldMount)) return fail('ENOENT');
  const isShared = (mount: Mount | undefined): boolean => mount?.shared !== undefined;
  if (isShared(oldMount) || isShared(newMount.parent) || isShared(rootMount.parent)) return fail('EINVAL');
  if (!inNamespace(process, rootMount) || !inNamespace(process, newMount)) return fail('EINVAL');
  if (newMount.locked) return fail('EINVAL');
  if (to.value.node.unlinked) return fail('ENOENT');
  if (newMount === rootMount || oldMount === rootMount) return fail('EBUSY');
  if (!isMountPoint(root) || rootMount.parent === undefined) return fail('EINVAL');
  if (!isMountPoint(to.value) || newMount.parent === undefined) return fail('EINVAL');
  if (!isReachable(old, to.value)) return fail('EINVAL');
  if (!isReachable(to.value, root)) return fail('EINVAL');

  const { parent: rootParent, mountpoint: rootPoint } = rootMount;
  newMount.detach();
  rootMount.detach();
  if (rootMount.locked) {
    newMount.locked = true;
    rootMount.locked = false;
  }
  newMount.attach(rootParent, rootPoint!);
  rootMount.attach(oldMount, old.node);
  // Whoever has the old root as root or current directory moves along. chroot_fs_refs()
  for (const each of kernel.processes) {
    if (samePath(each.root, root)) each.root = to.value;
    if (samePath(each.cwd, root)) each.cwd = to.value;
  }
  return done;
}

/** chroot(2): another meaning for `/`, and nothing else; the current directory stays where it is. */
export function chroot(process: Process, path: string): SysResult {
  const at = lookup(process, path);
  if (!at.ok) return at;
  if (!at.value.node.isDirectory) return fail('ENOTDIR');
  if (!capable(process.credentials, process.credentials.userNamespace, 'CAP_SYS_CHROOT'))
    return fail('EPERM');
  process.root = at.value;
  return done;
}

/**
 * A copy of a mount namespace for CLONE_NEWNS: the same tree, whose shared mounts stay peers of the originals; where the
 * owner changes they become receivers, and all is locked. copy_mnt_ns(), mount_namespaces(7)
 */
export function copyMountNamespace(
  kernel: Kernel,
  from: MountNamespace,
  owner: UserNamespace,
): { readonly namespace: MountNamespace; readonly copyOf: ReadonlyMap<Mount, Mount> } {
  const copyOf = new Map<Mount, Mount>();
  const bottom = kernel.mounts.copyTree(from.bottom, {
    copied: (of, copy) => void copyOf.set(of, copy),
  });
  if (owner !== from.owner) {
    for (const copy of bottom.tree()) {
      const group = copy.shared;
      if (group !== undefined) {
        copy.makePrivate();
        copy.follow(group);
      }
      lock(copy);
    }
  }
  return { namespace: new MountNamespace(kernel.newInode(), owner, bottom), copyOf };
}
