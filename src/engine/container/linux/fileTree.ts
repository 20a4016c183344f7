import type { CapabilitySet } from './capabilities.ts';
import type { SysResult } from './errno.ts';
import type { Namespace } from './namespaces.ts';
import type { Path } from './mounts.ts';
import type { Process } from './process.ts';
import type { UserNamespace } from './userNamespace.ts';

/** What the kernel does when a file of its own is read and written. @param offset where the descriptor stands */
export interface KernelFile {
  read?(reader: Process): SysResult<string>;
  write?(writer: Process, text: string, offset: number): SysResult;
}

/** What kind of file a node is, with what only that kind has. inode(7) */
export type NodeContent =
  | { readonly kind: 'file'; text: string }
  /** A file whose text the kernel makes when it is read: /proc, cgroupfs. Without `write` it can't be written. */
  | ({
      readonly kind: 'kernelFile';
      /** A check beyond the mode bits, at open(2); what it returns serves the descriptor instead of the file. */
      open?(opener: Process, canWrite: boolean): SysResult<KernelFile | undefined>;
    } & KernelFile)
  | { readonly kind: 'directory'; readonly entries: Map<string, FileNode> }
  /** A directory whose entries the kernel makes: /proc and what is in it. */
  | {
      readonly kind: 'kernelDirectory';
      lookup(name: string, viewer: Process): FileNode | undefined;
      names(viewer: Process): readonly string[];
      make?(name: string, maker: Process): SysResult<FileNode>;
      remove?(name: string, remover: Process): SysResult;
    }
  | { readonly kind: 'symlink'; readonly target: string | ((viewer: Process) => string) }
  /** A link of /proc/pid that leads to an object and not to a name: root, cwd, exe, fd/n. proc(5) */
  | {
      readonly kind: 'magicLink';
      text(viewer: Process): string;
      follow(viewer: Process): SysResult<Path>;
    }
  | {
      readonly kind: 'device';
      readonly type: 'char' | 'block';
      readonly major: number;
      readonly minor: number;
    }
  | { readonly kind: 'fifo'; readonly buffer: { text: string } }
  | { readonly kind: 'socket' }
  /** A file of nsfs, which stands for a namespace and keeps it alive: what setns(2) takes. */
  | { readonly kind: 'namespace'; readonly namespace: Namespace };

/**
 * A file with its name: inode and dentry in one. There are no hard links here, so each file has one name; a mount is
 * attached to one of these.
 */
export class FileNode {
  readonly fs: FileSystem;
  readonly ino: number;
  readonly content: NodeContent;
  name: string;
  parent: FileNode | undefined;
  /** Permission bits with set-user-ID, set-group-ID and sticky bit: 0 to 0o7777. */
  mode: number;
  /** Owner, as the kernel numbers ids. */
  uid: number;
  gid: number;
  unlinked = false;
  /** The permitted set of its file capabilities, with the effective bit set; undefined where it has none. */
  fileCapabilities: CapabilitySet | undefined;

  constructor(
    fs: FileSystem,
    content: NodeContent,
    attributes: {
      readonly name: string;
      readonly parent: FileNode | undefined;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    },
  ) {
    this.fs = fs;
    this.ino = fs.nextInode();
    this.content = content;
    this.name = attributes.name;
    this.parent = attributes.parent;
    this.mode = attributes.mode;
    this.uid = attributes.uid;
    this.gid = attributes.gid;
  }

  get isDirectory(): boolean {
    return this.content.kind === 'directory' || this.content.kind === 'kernelDirectory';
  }

  /** Whether this node is `ancestor` or lies below it. */
  isWithin(ancestor: FileNode): boolean {
    return this === ancestor || (this.parent?.isWithin(ancestor) ?? false);
  }

  child(name: string, viewer: Process): FileNode | undefined {
    const { content } = this;
    if (content.kind === 'directory') return content.entries.get(name);
    if (content.kind === 'kernelDirectory') return content.lookup(name, viewer);
    return undefined;
  }

  names(viewer: Process): readonly string[] {
    const { content } = this;
    if (content.kind === 'directory') return [...content.entries.keys()].toSorted();
    if (content.kind === 'kernelDirectory') return content.names(viewer);
    return [];
  }
}

export type FileSystemType =
  | 'rootfs'
  | 'ext4'
  | 'tmpfs'
  | 'devtmpfs'
  | 'devpts'
  | 'mqueue'
  | 'proc'
  | 'sysfs'
  | 'cgroup2'
  | 'nsfs'
  | 'overlay';

/** An instance of a file system: what the kernel calls a superblock. */
export class FileSystem {
  readonly type: FileSystemType;
  /** Minor number of its device: two files are on the same file system when this is equal. */
  readonly device: number;
  /** Who is privileged over it: the user namespace of the process that mounted it. */
  readonly owner: UserNamespace;
  /** What the fields `source` of /proc/pid/mountinfo says. */
  readonly source: string;
  readonly root: FileNode;
  /** Nobody writes to it, through whichever mount. */
  readOnly = false;
  #inodes = 1;

  constructor(options: {
    readonly type: FileSystemType;
    readonly device: number;
    readonly owner: UserNamespace;
    readonly source: string;
    readonly rootMode: number;
    readonly rootUid: number;
    readonly rootGid: number;
    /** Default: an empty directory that keeps what is made in it. */
    readonly rootContent?: NodeContent;
  }) {
    this.type = options.type;
    this.device = options.device;
    this.owner = options.owner;
    this.source = options.source;
    this.root = new FileNode(this, options.rootContent ?? { kind: 'directory', entries: new Map() }, {
      name: '',
      parent: undefined,
      mode: options.rootMode,
      uid: options.rootUid,
      gid: options.rootGid,
    });
  }

  nextInode(): number {
    return this.#inodes++;
  }

  /** Adds a node below a directory that keeps its entries, without asking for permission: how a world is set up. */
  add(
    parent: FileNode,
    name: string,
    content: NodeContent,
    attributes: { readonly mode: number; readonly uid?: number; readonly gid?: number },
  ): FileNode {
    const { mode, uid = 0, gid = 0 } = attributes;
    const node = new FileNode(this, content, { name, parent, mode, uid, gid });
    if (parent.content.kind !== 'directory') throw new Error(`${parent.name} keeps no entries.`);
    parent.content.entries.set(name, node);
    return node;
  }
}

/** An empty directory's content. */
export const emptyDirectory = (): NodeContent => ({ kind: 'directory', entries: new Map() });
