import {
  allCapabilities,
  capabilitySet,
  hasCapability,
  noCapabilities,
  type Capability,
} from './capabilities.ts';
import { afterExec, capable, type Credentials } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import { permitted } from './filePermission.ts';
import type { Kernel } from './kernel.ts';
import type { Path } from './mounts.ts';
import { makeNamespaces } from './namespaceCalls.ts';
import { cloneFlags, type CloneFlag, type NamespaceKind } from './namespaces.ts';
import { lookup } from './pathLookup.ts';
import type { SeccompFilter } from './seccompFilter.ts';
import { Process, signalNumbers, type ProcessEnd, type Signal } from './process.ts';

/**
 * clone(2): a new process, in new namespaces as the flags say. It is a copy of its parent, and continues where the caller
 * of the simulation takes it from.
 * @param share CLONE_PARENT makes it a sibling
 */
export function clone(
  kernel: Kernel,
  process: Process,
  flags: readonly CloneFlag[],
  options: { readonly asSibling?: boolean } = {},
): SysResult<Process> {
  const kinds = new Set<NamespaceKind>(flags.map((flag) => cloneFlags[flag]));
  const { asSibling = false } = options;
  // An init may not become a sibling's parent outside its namespace. copy_process()
  if (asSibling && process.isInit) return fail('EINVAL');
  // The parent's children are already bound for another namespace than its own.
  const { pidForChildren } = process.namespaces;
  if (kinds.has('pid') && asSibling) return fail('EINVAL');
  if (kinds.has('pid') && pidForChildren !== process.pidNamespace) return fail('EINVAL');
  if (!process.cgroup.admitsFork()) return fail('EAGAIN');
  if (kernel.livingProcesses >= kernel.maxProcesses) return fail('EAGAIN');
  const made = makeNamespaces(kernel, process, kinds, 'child');
  if (!made.ok) return made;
  const { credentials, namespaces, root, cwd, pidNamespace } = made.value;
  if (pidNamespace.dead) return fail('ENOMEM');
  const parent = asSibling ? process.parent : process;
  const child = new Process({
    pidNamespace,
    parent,
    credentials,
    namespaces,
    root,
    cwd,
    umask: process.umask,
    cgroup: process.cgroup,
    name: process.name,
    argv: process.argv,
    executable: process.executable,
  });
  if (child.isInit) pidNamespace.init = child;
  for (const [descriptor, file] of process.files) child.files.set(descriptor, file);
  for (const [signal, disposition] of process.dispositions) child.dispositions.set(signal, disposition);
  child.noNewPrivileges = process.noNewPrivileges;
  child.dumpable = process.dumpable;
  child.seccomp.push(...process.seccomp);
  child.oomScoreAdjust = process.oomScoreAdjust;
  child.oomScoreAdjustFloor = process.oomScoreAdjustFloor;
  namespaces.time.entered = true;
  kernel.processes.add(child);
  kernel.livingProcesses++;
  return succeed(child);
}

/** execve(2): the same process with another program. A set-user-ID bit counts unless nosuid or no_new_privs is set. */
export function execve(kernel: Kernel, process: Process, path: string, argv: readonly string[]): SysResult {
  const found = lookup(process, path);
  if (!found.ok) return found;
  const { node, mount } = found.value;
  if (node.content.kind !== 'file' || mount.flags.noExec) return fail('EACCES');
  const allowed = permitted(process.credentials, node, { execute: true });
  if (!allowed.ok) return allowed;
  if (!/^(\u007fELF|#!)/.test(node.content.text)) return fail('ENOEXEC');
  const before = process.credentials;
  process.credentials = afterExec(before, filePrivileges(process, found.value));
  process.executable = found.value;
  process.argv = argv;
  process.name = (path.split('/').at(-1) ?? path).slice(0, 15);
  for (const [descriptor, file] of process.files) if (file.closeOnExec) process.files.delete(descriptor);
  for (const [signal, disposition] of process.dispositions) {
    if (disposition === 'handle') process.dispositions.delete(signal);
  }
  process.handled.length = 0;
  const changed =
    before.uid.effective !== process.credentials.uid.effective ||
    before.gid.effective !== process.credentials.gid.effective;
  process.dumpable = !changed && permitted(before, node, { read: true }).ok;
  void kernel;
  return done;
}

/** What a file's bits and capabilities give; nothing from a nosuid mount, under no_new_privs, or with unmapped ids. */
function filePrivileges(process: Process, { node, mount }: Path) {
  const none = {
    setUid: undefined,
    setGid: undefined,
    filePermitted: noCapabilities,
    fileEffective: false,
    nothingNew: process.noNewPrivileges,
  };
  const { userNamespace } = process.credentials;
  // A file system of a namespace that the process is not in gives nothing either. mnt_may_suid()
  if (mount.flags.noSuid || process.noNewPrivileges || !userNamespace.isWithin(node.fs.owner)) return none;
  const mapped =
    userNamespace.fromKernel('uid', node.uid) !== undefined &&
    userNamespace.fromKernel('gid', node.gid) !== undefined;
  return {
    setUid: mapped && (node.mode & 0o4000) !== 0 ? node.uid : undefined,
    setGid: mapped && (node.mode & 0o2010) === 0o2010 ? node.gid : undefined,
    filePermitted: node.fileCapabilities ?? noCapabilities,
    fileEffective: node.fileCapabilities !== undefined,
    nothingNew: false,
  };
}

/** _exit(2) */
export const exit = (kernel: Kernel, process: Process, status: number): SysResult => {
  end(kernel, process, { kind: 'exited', status: status & 0xff });
  return done;
};

/** Ends a process: its children get another parent, and with a namespace's init all who live there end. do_exit() */
export function end(kernel: Kernel, process: Process, how: ProcessEnd): void {
  if (!process.alive) return;
  process.state = { kind: 'zombie', end: how };
  kernel.livingProcesses--;
  process.files.clear();
  const { pidNamespace } = process;
  if (process.isInit) {
    pidNamespace.dead = true;
    // zap_pid_ns_processes(): everybody in it and below is killed and reaped.
    const others = [...pidNamespace.processes.values()].filter((each) => each !== process);
    for (const each of others.toReversed()) {
      end(kernel, each, { kind: 'killed', signal: 'SIGKILL' });
      if (
        each.parent === process ||
        each.parent === undefined ||
        each.parent.pidNamespace.isWithin(pidNamespace)
      )
        reap(kernel, each);
    }
    pidNamespace.init = undefined;
  }
  const adopter = adopterOf(process);
  for (const child of process.children) {
    if (child.parentDeathSignal !== undefined) deliver(kernel, child, child.parentDeathSignal, true);
    child.parent = adopter;
    adopter?.children.add(child);
    if (child.state.kind === 'zombie') notifyParent(kernel, child);
  }
  process.children.clear();
  notifyParent(kernel, process);
}

/** The nearest ancestor that is a subreaper, or else the init, of the same process namespace. find_new_reaper() */
function adopterOf(process: Process): Process | undefined {
  const { pidNamespace } = process;
  for (let at = process.parent; at !== undefined && at.pidNamespace === pidNamespace; at = at.parent) {
    if (at.alive && at.subreaper) return at;
  }
  return pidNamespace.init === process ? process.parent : pidNamespace.init;
}

/** A parent that ignores SIGCHLD never sees a zombie. sigaction(2) */
function notifyParent(kernel: Kernel, process: Process): void {
  const { parent } = process;
  if (parent === undefined || !parent.alive) {
    reap(kernel, process);
    return;
  }
  if (parent.dispositions.get('SIGCHLD') === 'ignore') reap(kernel, process);
  else deliver(kernel, parent, 'SIGCHLD', true);
}

/** Frees the numbers of a process that has ended. release_task() */
function reap(kernel: Kernel, process: Process): void {
  if (process.state.kind !== 'zombie') return;
  process.state = { kind: 'reaped' };
  process.parent?.children.delete(process);
  process.cgroup.processes.delete(process);
  kernel.processes.delete(process);
  let namespace: Process['pidNamespace'] | undefined = process.pidNamespace;
  for (; namespace !== undefined; namespace = namespace.parent) {
    namespace.processes.delete(process.pids[namespace.level]!);
  }
}

export interface Waited {
  readonly pid: number;
  readonly end: ProcessEnd;
}

/**
 * waitpid(2) with WNOHANG: nothing here ever blocks.
 * @param pid -1: any child
 * @returns the child that ended, which is then gone, or undefined while all live
 */
export function wait(kernel: Kernel, process: Process, pid: number): SysResult<Waited | undefined> {
  const children = [...process.children].filter(
    (child) => pid === -1 || child.pidIn(process.pidNamespace) === pid,
  );
  if (children.length === 0) return fail('ECHILD');
  const ended = children.find((child) => child.state.kind === 'zombie');
  if (ended === undefined || ended.state.kind !== 'zombie') return succeed(undefined);
  const waited = { pid: ended.pidIn(process.pidNamespace) ?? 0, end: ended.state.end };
  reap(kernel, ended);
  return succeed(waited);
}

/** kill(2). @param signal undefined only asks whether it could be sent */
export function kill(kernel: Kernel, process: Process, pid: number, signal: Signal | undefined): SysResult {
  const target = process.pidNamespace.processes.get(pid);
  if (target === undefined) return fail('ESRCH');
  if (!maySignal(process.credentials, target.credentials)) return fail('EPERM');
  if (signal !== undefined) deliver(kernel, target, signal, process.pidNamespace !== target.pidNamespace);
  return done;
}

function maySignal(sender: Credentials, target: Credentials): boolean {
  const isTarget = (id: number): boolean => id === target.uid.real || id === target.uid.saved;
  return (
    isTarget(sender.uid.effective) ||
    isTarget(sender.uid.real) ||
    capable(sender, target.userNamespace, 'CAP_KILL')
  );
}

/**
 * Signals a process. A namespace's init gets from inside only what it handles, even of SIGKILL; from an ancestor namespace
 * SIGKILL and SIGSTOP always arrive. pid_namespaces(7)
 */
export function deliver(kernel: Kernel, target: Process, signal: Signal, fromAncestor: boolean): void {
  if (!target.alive) return;
  const disposition =
    signal === 'SIGKILL' || signal === 'SIGSTOP' ? 'default' : (target.dispositions.get(signal) ?? 'default');
  if (disposition === 'handle') {
    target.handled.push(signal);
    return;
  }
  if (disposition === 'ignore' || signal === 'SIGCHLD') return;
  const forced = fromAncestor && (signal === 'SIGKILL' || signal === 'SIGSTOP');
  if (target.isInit && !forced) return;
  if (signal === 'SIGSTOP') target.state = { kind: 'stopped' };
  else end(kernel, target, { kind: 'killed', signal });
}

/** sigaction(2) */
export function setDisposition(
  process: Process,
  signal: Signal,
  to: 'default' | 'ignore' | 'handle',
): SysResult {
  if (!(signal in signalNumbers) || signal === 'SIGKILL' || signal === 'SIGSTOP') return fail('EINVAL');
  process.dispositions.set(signal, to);
  return done;
}

/** seccomp(2), SECCOMP_SET_MODE_FILTER: children inherit the filter, execve(2) keeps it, and nothing takes it away. */
export function installFilter(process: Process, filter: SeccompFilter): SysResult {
  const { credentials, noNewPrivileges } = process;
  // Else a set-user-ID program could be made to misbehave.
  if (!noNewPrivileges && !capable(credentials, credentials.userNamespace, 'CAP_SYS_ADMIN'))
    return fail('EACCES');
  process.seccomp.push(filter);
  return done;
}

/** What prctl(2) is asked. */
export type ProcessControl =
  | { readonly option: 'PR_SET_NO_NEW_PRIVS' }
  | { readonly option: 'PR_CAPBSET_DROP'; readonly capability: Capability }
  | { readonly option: 'PR_CAP_AMBIENT_RAISE'; readonly capability: Capability }
  | { readonly option: 'PR_CAP_AMBIENT_CLEAR_ALL' }
  | { readonly option: 'PR_SET_KEEPCAPS'; readonly on: boolean }
  | { readonly option: 'PR_SET_CHILD_SUBREAPER'; readonly on: boolean }
  | { readonly option: 'PR_SET_DUMPABLE'; readonly on: boolean }
  | { readonly option: 'PR_SET_PDEATHSIG'; readonly signal: Signal | undefined };

/** prctl(2) */
export function prctl(process: Process, control: ProcessControl): SysResult {
  const { credentials } = process;
  switch (control.option) {
    case 'PR_SET_NO_NEW_PRIVS':
      process.noNewPrivileges = true;
      return done;
    case 'PR_CAPBSET_DROP': {
      const bit = capabilitySet([control.capability]);
      if (!capable(credentials, credentials.userNamespace, 'CAP_SETPCAP')) return fail('EPERM');
      process.credentials = { ...credentials, bounding: credentials.bounding & (allCapabilities ^ bit) };
      return done;
    }
    case 'PR_CAP_AMBIENT_RAISE': {
      const { capability } = control;
      if (
        !hasCapability(credentials.permitted, capability) ||
        !hasCapability(credentials.inheritable, capability)
      ) {
        return fail('EPERM');
      }
      process.credentials = { ...credentials, ambient: credentials.ambient | capabilitySet([capability]) };
      return done;
    }
    case 'PR_CAP_AMBIENT_CLEAR_ALL':
      process.credentials = { ...credentials, ambient: noCapabilities };
      return done;
    case 'PR_SET_KEEPCAPS':
      process.credentials = { ...credentials, keepCapabilities: control.on };
      return done;
    case 'PR_SET_CHILD_SUBREAPER':
      process.subreaper = control.on;
      return done;
    case 'PR_SET_DUMPABLE':
      process.dumpable = control.on;
      return done;
    case 'PR_SET_PDEATHSIG':
      process.parentDeathSignal = control.signal;
      return done;
  }
}
