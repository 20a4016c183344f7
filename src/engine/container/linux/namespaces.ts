import type { MountNamespace } from './mounts.ts';
import type { NetworkNamespace } from './network.ts';
import type { CgroupNode } from './cgroupTree.ts';
import type { Process } from './process.ts';
import type { UserNamespace } from './userNamespace.ts';

/** The eight kinds of namespace, by the names of their files in /proc/pid/ns. namespaces(7) */
export const namespaceKinds = ['mnt', 'pid', 'net', 'uts', 'ipc', 'user', 'cgroup', 'time'] as const;
export type NamespaceKind = (typeof namespaceKinds)[number];

/** The CLONE_NEW* flag of each kind. */
export const cloneFlags = {
  CLONE_NEWNS: 'mnt',
  CLONE_NEWPID: 'pid',
  CLONE_NEWNET: 'net',
  CLONE_NEWUTS: 'uts',
  CLONE_NEWIPC: 'ipc',
  CLONE_NEWUSER: 'user',
  CLONE_NEWCGROUP: 'cgroup',
  CLONE_NEWTIME: 'time',
} as const satisfies Readonly<Record<string, NamespaceKind>>;
export type CloneFlag = keyof typeof cloneFlags;
export const cloneFlagNames = Object.keys(cloneFlags) as readonly CloneFlag[];

/** Host and domain name. uts_namespaces(7) */
export class UtsNamespace {
  readonly kind = 'uts';
  readonly inode: number;
  readonly owner: UserNamespace;
  hostname: string;
  domainname: string;

  constructor(
    inode: number,
    owner: UserNamespace,
    from: { readonly hostname: string; readonly domainname: string },
  ) {
    this.inode = inode;
    this.owner = owner;
    this.hostname = from.hostname;
    this.domainname = from.domainname;
  }
}

/** A System V shared memory segment. sysvipc(7) */
export interface SharedMemory {
  readonly id: number;
  readonly key: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  text: string;
}

/** System V objects and POSIX message queues. ipc_namespaces(7) */
export class IpcNamespace {
  readonly kind = 'ipc';
  readonly inode: number;
  readonly owner: UserNamespace;
  readonly sharedMemory = new Map<number, SharedMemory>();
  nextId = 0;

  constructor(inode: number, owner: UserNamespace) {
    this.inode = inode;
    this.owner = owner;
  }
}

/** The root of what /proc/pid/cgroup shows. cgroup_namespaces(7) */
export class CgroupNamespace {
  readonly kind = 'cgroup';
  readonly inode: number;
  readonly owner: UserNamespace;
  readonly root: CgroupNode;

  constructor(inode: number, owner: UserNamespace, root: CgroupNode) {
    this.inode = inode;
    this.owner = owner;
    this.root = root;
  }
}

/** Offsets of the monotonic and the boot-time clock, in seconds. time_namespaces(7) */
export class TimeNamespace {
  readonly kind = 'time';
  readonly inode: number;
  readonly owner: UserNamespace;
  monotonicOffset = 0;
  boottimeOffset = 0;
  /** Offsets may be written until the first process enters. */
  entered: boolean;

  constructor(inode: number, owner: UserNamespace, entered: boolean) {
    this.inode = inode;
    this.owner = owner;
    this.entered = entered;
  }
}

/** Process numbers: a process has one in its own namespace and one in each namespace above it. pid_namespaces(7) */
export class PidNamespace {
  readonly kind = 'pid';
  readonly inode: number;
  readonly owner: UserNamespace;
  readonly parent: PidNamespace | undefined;
  readonly level: number;
  readonly processes = new Map<number, Process>();
  /** Its process 1, until that ends; then no process can join. */
  init: Process | undefined;
  dead = false;
  #lastPid = 0;

  constructor(inode: number, owner: UserNamespace, parent: PidNamespace | undefined) {
    this.inode = inode;
    this.owner = owner;
    this.parent = parent;
    this.level = parent === undefined ? 0 : parent.level + 1;
  }

  allocate(process: Process): number {
    const pid = ++this.#lastPid;
    this.processes.set(pid, process);
    return pid;
  }

  /** The next process gets a number after this one: how a host that has run for a while is set up. */
  continueAfter(pid: number): void {
    this.#lastPid = Math.max(this.#lastPid, pid);
  }

  isWithin(other: PidNamespace): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }
}

export type Namespace =
  | MountNamespace
  | PidNamespace
  | NetworkNamespace
  | UtsNamespace
  | IpcNamespace
  | UserNamespace
  | CgroupNamespace
  | TimeNamespace;

/** The namespaces that a process is in, apart from the user namespace, which its credentials name. */
export interface NamespaceSet {
  readonly mnt: MountNamespace;
  readonly uts: UtsNamespace;
  readonly ipc: IpcNamespace;
  readonly net: NetworkNamespace;
  readonly cgroup: CgroupNamespace;
  readonly time: TimeNamespace;
  /** Those that its children will be in: unshare(2) and setns(2) change these alone. */
  readonly pidForChildren: PidNamespace;
  readonly timeForChildren: TimeNamespace;
}

/** What stands behind /proc/pid/ns/<kind>: `uts:[4026531838]`. */
export const namespaceText = (namespace: Namespace): string => `${namespace.kind}:[${namespace.inode}]`;
