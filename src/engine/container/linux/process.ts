import type { CgroupNode } from './cgroupTree.ts';
import { hidesProcess, type Credentials } from './credentials.ts';
import type { KernelFile } from './fileTree.ts';
import type { Path } from './mounts.ts';
import type { NamespaceSet, PidNamespace } from './namespaces.ts';
import type { SeccompDecision, SeccompFilter } from './seccompFilter.ts';

/** A signal that matters here. signal(7) */
export const signalNumbers = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGSTOP: 19,
  SIGSYS: 31,
} as const;
export type Signal = keyof typeof signalNumbers;

/** What a process does with a signal. */
export type Disposition = 'default' | 'ignore' | 'handle';

/** An open file description with what belongs to its number. open(2) */
export interface OpenFile {
  readonly path: Path;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly append: boolean;
  /** Refers to a place only: O_PATH. */
  readonly pathOnly: boolean;
  closeOnExec: boolean;
  /** What serves it in place of the file, where opening decided that. */
  readonly bound: KernelFile | undefined;
  /** Shared by duplicates of the descriptor. */
  readonly position: { offset: number };
}

export type ProcessState =
  | { readonly kind: 'running' }
  | { readonly kind: 'stopped' }
  /** Ended, and not yet waited for. */
  | { readonly kind: 'zombie'; readonly end: ProcessEnd }
  | { readonly kind: 'reaped' };

/** How a process ended: what wait(2) tells. */
export type ProcessEnd =
  { readonly kind: 'exited'; readonly status: number } | { readonly kind: 'killed'; readonly signal: Signal };

/** A system call that a filter did not let through. */
export interface RefusedCall {
  readonly call: string;
  readonly decision: SeccompDecision;
}

/** A process with one thread. */
export class Process {
  /** The namespace in which it was made; unlike the others it never changes. */
  readonly pidNamespace: PidNamespace;
  /** Its number in {@link pidNamespace} and in each above it, by level. */
  readonly pids: readonly number[];
  parent: Process | undefined;
  readonly children = new Set<Process>();
  state: ProcessState = { kind: 'running' };
  credentials: Credentials;
  namespaces: NamespaceSet;
  root: Path;
  cwd: Path;
  umask: number;
  readonly files = new Map<number, OpenFile>();
  cgroup: CgroupNode;
  /** Shown as its name: comm(5). */
  name: string;
  argv: readonly string[];
  executable: Path | undefined;
  readonly dispositions = new Map<Signal, Disposition>();
  /** Signals that reached a handler, in order. */
  readonly handled: Signal[] = [];
  noNewPrivileges = false;
  /** PR_SET_DUMPABLE: whether others of the same user may look into it. */
  dumpable = true;
  subreaper = false;
  /** PR_SET_PDEATHSIG: sent when its parent ends. */
  parentDeathSignal: Signal | undefined;
  /** Every filter must let a call through. */
  readonly seccomp: SeccompFilter[] = [];
  /** Its latest system call, where a filter refused it. */
  refused: RefusedCall | undefined;
  oomScoreAdjust = 0;
  /** As low as it may be set without CAP_SYS_RESOURCE. */
  oomScoreAdjustFloor = 0;

  constructor(from: {
    readonly pidNamespace: PidNamespace;
    readonly parent: Process | undefined;
    readonly credentials: Credentials;
    readonly namespaces: NamespaceSet;
    readonly root: Path;
    readonly cwd: Path;
    readonly umask: number;
    readonly cgroup: CgroupNode;
    readonly name: string;
    readonly argv: readonly string[];
    readonly executable: Path | undefined;
  }) {
    this.pidNamespace = from.pidNamespace;
    this.parent = from.parent;
    this.credentials = from.credentials;
    this.namespaces = from.namespaces;
    this.root = from.root;
    this.cwd = from.cwd;
    this.umask = from.umask;
    this.cgroup = from.cgroup;
    this.name = from.name;
    this.argv = from.argv;
    this.executable = from.executable;
    const pids: number[] = [];
    for (let at: PidNamespace | undefined = this.pidNamespace; at !== undefined; at = at.parent) {
      pids[at.level] = at.allocate(this);
    }
    this.pids = pids;
    this.parent?.children.add(this);
    this.cgroup.processes.add(this);
  }

  /** Its number in the initial namespace: what the host sees. */
  get hostPid(): number {
    return this.pids[0]!;
  }

  /** Its number as a namespace sees it; undefined where it can't be seen. */
  pidIn(namespace: PidNamespace): number | undefined {
    return this.pidNamespace.isWithin(namespace) ? this.pids[namespace.level] : undefined;
  }

  get alive(): boolean {
    return this.state.kind === 'running' || this.state.kind === 'stopped';
  }

  /** Whether it is process 1 of its namespace. */
  get isInit(): boolean {
    return this.pids[this.pidNamespace.level] === 1;
  }

  /** Takes other credentials: commit_creds(). */
  become(credentials: Credentials): void {
    if (hidesProcess(this.credentials, credentials)) {
      this.dumpable = false;
      this.parentDeathSignal = undefined;
    }
    this.credentials = credentials;
  }

  /** The lowest free descriptor. */
  freeDescriptor(): number {
    let descriptor = 0;
    while (this.files.has(descriptor)) descriptor++;
    return descriptor;
  }
}
