import type { FileNode, FileSystem } from './fileTree.ts';
import type { UserNamespace } from './userNamespace.ts';

/** A place in the tree of files: which mount, and which file of it. */
export interface Path {
  readonly mount: Mount;
  readonly node: FileNode;
}

/** Per-mount flags of mount(2). */
export interface MountFlags {
  readonly readOnly: boolean;
  readonly noSuid: boolean;
  readonly noDev: boolean;
  readonly noExec: boolean;
}

export const plainMount: MountFlags = { readOnly: false, noSuid: false, noDev: false, noExec: false };

/** The mounts that forward mount and unmount events to each other. mount_namespaces(7), "Shared subtrees" */
export class PeerGroup {
  readonly id: number;
  readonly members = new Set<Mount>();
  /** Mounts that receive events from this group and send none. */
  readonly slaves = new Set<Mount>();

  constructor(id: number) {
    this.id = id;
  }
}

/** A file system, or a part of one, attached to the tree of a mount namespace. */
export class Mount {
  readonly id: number;
  readonly fs: FileSystem;
  /** The directory or file of the file system that shows at the mount point. */
  readonly root: FileNode;
  flags: MountFlags;
  namespace: MountNamespace | undefined;
  parent: Mount | undefined;
  /** The node of the parent's file system on which it lies. */
  mountpoint: FileNode | undefined;
  readonly children = new Set<Mount>();
  /** Its peer group, where it is shared. */
  shared: PeerGroup | undefined;
  /** The group it receives from, where it is a slave. */
  master: PeerGroup | undefined;
  unbindable = false;
  /** MNT_LOCKED: it came from a more privileged mount namespace and must not be uncovered. mount_namespaces(7) */
  locked = false;
  /** Flags that a less privileged namespace may not clear. */
  lockedFlags: MountFlags = plainMount;

  constructor(id: number, fs: FileSystem, root: FileNode, flags: MountFlags) {
    this.id = id;
    this.fs = fs;
    this.root = root;
    this.flags = flags;
  }

  attach(parent: Mount, mountpoint: FileNode): void {
    this.parent = parent;
    this.mountpoint = mountpoint;
    parent.children.add(this);
  }

  detach(): void {
    this.parent?.children.delete(this);
    this.parent = undefined;
    this.mountpoint = undefined;
  }

  /** The mount that lies on a node of this one, if there is one. */
  mountedOn(node: FileNode): Mount | undefined {
    for (const child of this.children) if (child.mountpoint === node) return child;
    return undefined;
  }

  /** This mount and all below it, parents first. */
  *tree(): Iterable<Mount> {
    yield this;
    for (const child of this.children) yield* child.tree();
  }

  share(group: PeerGroup): void {
    this.shared?.members.delete(this);
    this.shared = group;
    group.members.add(this);
  }

  follow(group: PeerGroup): void {
    this.master?.slaves.delete(this);
    this.master = group;
    group.slaves.add(this);
  }

  /** MS_PRIVATE: leaves its peer group and its master. */
  makePrivate(): void {
    this.shared?.members.delete(this);
    this.shared = undefined;
    this.master?.slaves.delete(this);
    this.master = undefined;
    this.unbindable = false;
  }

  /** MS_SLAVE: from a peer to a receiver, when there are other peers to receive from. */
  makeSlave(): void {
    const group = this.shared;
    this.unbindable = false;
    if (group === undefined) return;
    group.members.delete(this);
    this.shared = undefined;
    if (group.members.size > 0) this.follow(group);
    else {
      // The last peer: who received from it receives from its own master now, if it has one.
      for (const slave of group.slaves) {
        slave.master = undefined;
        group.slaves.delete(slave);
        if (this.master !== undefined) slave.follow(this.master);
      }
    }
  }
}

/** A mount namespace: a tree of mounts, and who is privileged over it. mount_namespaces(7) */
export class MountNamespace {
  readonly kind = 'mnt';
  readonly inode: number;
  readonly owner: UserNamespace;
  /** The mount at the very bottom, below which `pivot_root` can't go. */
  readonly bottom: Mount;

  constructor(inode: number, owner: UserNamespace, bottom: Mount) {
    this.inode = inode;
    this.owner = owner;
    this.bottom = bottom;
    for (const mount of bottom.tree()) mount.namespace = this;
  }

  get mounts(): readonly Mount[] {
    return [...this.bottom.tree()];
  }
}

/** Goes from a place to the top of what is mounted on it. */
export function onTop(path: Path): Path {
  let { mount, node } = path;
  for (;;) {
    const above = mount.mountedOn(node);
    if (above === undefined) return { mount, node };
    mount = above;
    node = above.root;
  }
}

export const samePath = (a: Path, b: Path): boolean => a.mount === b.mount && a.node === b.node;

/** Whether `path` is `root` or can be reached by going down from it: is_path_reachable() in fs/namespace.c. */
export function isReachable(path: Path, root: Path): boolean {
  let { mount, node } = path;
  while (mount !== root.mount && mount.parent !== undefined) {
    node = mount.mountpoint!;
    mount = mount.parent;
  }
  return mount === root.mount && node.isWithin(root.node);
}

/** A place as a name from `root`; `(unreachable)` in front of it where it lies outside, as getcwd(2) writes it. */
export function pathName(path: Path, root: Path): string {
  const parts: string[] = [];
  let { mount, node } = path;
  for (;;) {
    if (mount === root.mount && node === root.node) return `/${parts.join('/')}`;
    if (node === mount.root) {
      if (mount.parent === undefined) return `(unreachable)/${parts.join('/')}`;
      node = mount.mountpoint!;
      mount = mount.parent;
    } else {
      parts.unshift(node.name);
      node = node.parent!;
    }
  }
}

/** The name of a node inside its own file system: field `root` of /proc/pid/mountinfo. */
export function nameInFileSystem(node: FileNode): string {
  const parts: string[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) parts.unshift(at.name);
  return `/${parts.join('/')}`;
}

/** Numbers mounts and peer groups, and copies trees. */
export class MountTable {
  #mounts = 0;
  #groups = 0;

  create(fs: FileSystem, root: FileNode, flags: MountFlags): Mount {
    return new Mount(++this.#mounts, fs, root, flags);
  }

  newGroup(): PeerGroup {
    return new PeerGroup(++this.#groups);
  }

  /**
   * A copy of one mount: in the same peer group and under the same master. clone_mnt()
   * @param root what of its file system the copy shows
   */
  copy(mount: Mount, root: FileNode = mount.root): Mount {
    const copy = this.create(mount.fs, root, mount.flags);
    copy.locked = mount.locked;
    copy.lockedFlags = mount.lockedFlags;
    copy.unbindable = mount.unbindable;
    if (mount.shared !== undefined) copy.share(mount.shared);
    if (mount.master !== undefined) copy.follow(mount.master);
    return copy;
  }

  /**
   * A copy of a mount and those below it.
   * @param copied told of each pair, parents first
   * @param below which of those below are copied; all of them when absent
   */
  copyTree(
    mount: Mount,
    options: {
      readonly root?: FileNode;
      readonly below?: (child: Mount) => boolean;
      readonly copied?: (of: Mount, copy: Mount) => void;
    } = {},
  ): Mount {
    const { root = mount.root, below, copied } = options;
    const copy = this.copy(mount, root);
    copied?.(mount, copy);
    for (const child of mount.children) {
      if (!child.mountpoint!.isWithin(root) || below?.(child) === false) continue;
      const { root: _root, ...rest } = options;
      this.copyTree(child, rest).attach(copy, child.mountpoint!);
    }
    return copy;
  }

  /**
   * Attaches a tree, and a copy of it wherever the parent's propagation leads. attach_recursive_mnt(), propagate_mnt()
   * @param detached a tree that is attached nowhere yet
   */
  attachTree(detached: Mount, parent: Mount, mountpoint: FileNode): void {
    if (parent.shared !== undefined) {
      for (const mount of detached.tree()) if (mount.shared === undefined) mount.share(this.newGroup());
    }
    const targets = receivers(parent);
    detached.attach(parent, mountpoint);
    for (const mount of detached.tree()) mount.namespace = parent.namespace;
    for (const { mount: target, asSlave } of targets) {
      if (!mountpoint.isWithin(target.root)) continue;
      // What came to a place earlier stays on top there; the copy is put under it.
      const covering = target.mountedOn(mountpoint);
      const copy = this.copyTree(detached);
      if (asSlave) for (const mount of copy.tree()) this.#makeReceiver(mount, target.shared !== undefined);
      copy.attach(target, mountpoint);
      const locked = target.namespace?.owner !== parent.namespace?.owner;
      for (const mount of copy.tree()) {
        mount.namespace = target.namespace;
        if (locked) lock(mount);
      }
      copy.locked = false;
      if (covering !== undefined) {
        covering.detach();
        covering.attach(copy, copy.root);
      }
    }
  }

  #makeReceiver(mount: Mount, alsoShared: boolean): void {
    const group = mount.shared;
    mount.makePrivate();
    if (group !== undefined) mount.follow(group);
    if (alsoShared) mount.share(this.newGroup());
  }

  /** Takes a mount with all below it out of its namespace, and its copies out of those that receive from its parent. */
  detachTree(mount: Mount): void {
    const { parent, mountpoint } = mount;
    if (parent !== undefined) {
      for (const { mount: target } of receivers(parent)) {
        const copy = target.mountedOn(mountpoint!);
        // A copy with something on it that is not part of the event stays. mount_namespaces(7)
        if (copy !== undefined && copy.children.size === 0 && !copy.locked) this.#remove(copy);
      }
    }
    this.#remove(mount);
  }

  #remove(mount: Mount): void {
    for (const each of [...mount.tree()].toReversed()) {
      each.detach();
      each.namespace = undefined;
      each.makePrivate();
    }
  }
}

/** Locks a mount that came from a more privileged namespace, with the flags it has. lock_mnt_tree() */
export function lock(mount: Mount): void {
  mount.locked = true;
  mount.lockedFlags = mount.flags;
}

/** All mounts to which an event in a mount is forwarded, in the order in which they were made. mount_namespaces(7) */
function receivers(mount: Mount): readonly { readonly mount: Mount; readonly asSlave: boolean }[] {
  const found = new Map<Mount, boolean>();
  const visitGroup = (group: PeerGroup, asSlave: boolean): void => {
    for (const member of group.members) {
      if (member !== mount && !found.has(member)) found.set(member, asSlave);
    }
    for (const slave of group.slaves) {
      if (found.has(slave)) continue;
      found.set(slave, true);
      if (slave.shared !== undefined) visitGroup(slave.shared, true);
    }
  };
  if (mount.shared !== undefined) visitGroup(mount.shared, false);
  return [...found]
    .filter(([each]) => each.namespace !== undefined)
    .map(([each, asSlave]) => ({ mount: each, asSlave }))
    .toSorted((a, b) => a.mount.id - b.mount.id);
}
