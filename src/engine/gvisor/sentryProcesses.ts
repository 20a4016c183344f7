import { signalNumbers } from '../container/linux/process.ts';
import type { Calls } from '../kernel/policy.ts';
import { interruption, lateAnswer, type Answer, type Reply, type SystemCall } from './callRecords.ts';
import { copyOf, type OpenFile } from './sentryFiles.ts';
import { signalNames, type SentryPolicy, type SignalName } from './sentryPolicy.ts';
import { TaskSignals } from './taskSignals.ts';

/** What a Sentry may ask of the platform, the Gofer and the host. */
export type SentryCalls = Calls<typeof SentryPolicy>;

/** A call that fails. errno(3) */
export const fail = (errno: NonNullable<Answer['errno']>): Answer => ({ errno });

/** A process of the application, as its kernel knows it. */
export interface Task {
  /** The number that the platform has for it. */
  readonly process: number;
  readonly pid: number;
  parent: number;
  readonly files: Map<number, OpenFile>;
  readonly signals: TaskSignals;
  /** How it ended, until its parent has waited for it: its exit status, or minus the number of the signal. */
  status: number | undefined;
  /** Where its heap ends: an address. */
  break: number;
  /** The queue in which it waits, if it does. */
  queue: number[] | undefined;
  /** Its parent, when that waits for it. */
  readonly waiters: number[];
}

/** The processes of the scenario's own Sentry: their births and ends, who waits for what, and signals. fork(2), wait(2), signal(7) */
export class SentryProcesses {
  readonly #tasks = new Map<number, Task>();
  readonly #closeAll: (task: Task, calls: SentryCalls) => void;
  #nextPid = 1;

  /** @param closeAll closes the descriptors of a process that ends */
  constructor(closeAll: (task: Task, calls: SentryCalls) => void) {
    this.#closeAll = closeAll;
  }

  /** The process that a sandbox starts with. */
  first(programBreak: number, files: Map<number, OpenFile>): void {
    this.#add({ process: 0, parent: 0, files, signals: new TaskSignals(), break: programBreak });
  }

  /** The process for which the platform has this number. */
  get(process: number): Task {
    return this.#tasks.get(process)!;
  }

  /** The numbers of all that live, or have ended and not been waited for. */
  get pids(): readonly number[] {
    return [...this.#tasks.values()].map(({ pid }) => pid);
  }

  #add(given: Pick<Task, 'process' | 'parent' | 'files' | 'signals' | 'break'>): number {
    const pid = this.#nextPid++;
    this.#tasks.set(given.process, { ...given, pid, status: undefined, queue: undefined, waiters: [] });
    return pid;
  }

  /**
   * A child, with copies of its parent's descriptors.
   * @param child the number that the platform has for it
   */
  clone(task: Task, child: number | undefined): Answer {
    if (child === undefined) return fail('EINVAL');
    const files = copyOf(task.files);
    const pid = this.#add({
      process: child,
      parent: task.pid,
      files,
      signals: task.signals.copy(),
      break: task.break,
    });
    return { value: pid };
  }

  /** The end of a process. What it leaves goes to the first one, as orphans do to an init. */
  exit(task: Task, status: number, calls: SentryCalls): void {
    this.#leave(task);
    task.status = status;
    this.#closeAll(task, calls);
    const orphans = [...this.#tasks.values()].filter((each) => each.parent === task.pid);
    for (const orphan of orphans) orphan.parent = 1;
    // Its own parent first: a signal about an orphan must not end a wait for this process, which has ended already.
    this.#tellParent(task, calls);
    for (const orphan of orphans) if (orphan.status !== undefined) this.#tellParent(orphan, calls);
  }

  /** A parent that has said that it ignores SIGCHLD has nothing to wait for. wait(2), NOTES */
  #tellParent(task: Task, calls: SentryCalls): void {
    const { process, pid, status } = task;
    const parent = this.#taskOf(task.parent);
    if (parent === undefined || parent.status !== undefined) return;
    const unwanted = parent.signals.toldToIgnore('SIGCHLD');
    if (unwanted || task.waiters.length > 0) this.#tasks.delete(process);
    for (const waiter of task.waiters.splice(0)) {
      this.finish(waiter, unwanted ? { errno: 'ECHILD' } : { value: pid, second: status }, calls);
    }
    this.send(parent, 'SIGCHLD', calls);
  }

  /** wait4 for the child with this number. A child is waited for once. */
  wait(task: Task, pid: number): Answer {
    const child = this.#taskOf(pid);
    if (child?.parent !== task.pid) return fail('ECHILD');
    if (child.status === undefined) return this.sleep(task, child.waiters);
    this.#tasks.delete(child.process);
    return { value: pid, second: child.status };
  }

  #taskOf(pid: number): Task | undefined {
    return [...this.#tasks.values()].find((each) => each.pid === pid);
  }

  /** Lets a process wait in a queue of those that wait for the same. */
  sleep(task: Task, queue: number[]): Answer {
    queue.push(task.process);
    task.queue = queue;
    return { waits: true };
  }

  /** Takes a process out of the queue in which it waits. */
  #leave(task: Task): void {
    const at = task.queue?.indexOf(task.process) ?? -1;
    if (at >= 0) task.queue!.splice(at, 1);
    task.queue = undefined;
  }

  /** Answers the call in which a process waits. */
  finish(process: number, reply: Reply, calls: SentryCalls): void {
    this.#tasks.get(process)!.queue = undefined;
    calls.finish(lateAnswer(process, reply));
  }

  /** A call that sends, blocks or decides about signals. */
  signalCall({ call, args }: SystemCall, task: Task, calls: SentryCalls): Answer {
    const signals = signalNames.filter((each) => args.flags.includes(each));
    const [signal] = signals;
    switch (call) {
      case 'rt_sigpending':
        return { text: task.signals.pending };
      case 'rt_sigreturn':
        if (!task.signals.handlerReturned()) return fail('EINVAL');
        break;
      case 'rt_sigprocmask': {
        const text = task.signals.blocked;
        if (args.flags.includes('SIG_BLOCK')) task.signals.block(signals);
        else if (args.flags.includes('SIG_UNBLOCK')) task.signals.unblock(signals);
        else if (args.flags.includes('SIG_SETMASK')) task.signals.blockOnly(signals);
        else return fail('EINVAL');
        this.#deliver(task, calls);
        return { text };
      }
      case 'rt_sigaction': {
        if (signal === undefined) return fail('EINVAL');
        const restart = args.flags.includes('SA_RESTART');
        const value = task.signals.setAction(signal, { address: args.address, restart });
        return value === undefined ? fail('EINVAL') : { value };
      }
      default: {
        // Numbers are those of this kernel; there are no groups of processes. One that has ended takes signals until it is waited for.
        const target = this.#taskOf(args.number);
        if (target === undefined) return fail('ESRCH');
        if (signal !== undefined) this.send(target, signal, calls);
        return {};
      }
    }
    this.#deliver(task, calls);
    return {};
  }

  /** Sends a signal to a process. One that has ended takes none. */
  send(target: Task, signal: SignalName, calls: SentryCalls): void {
    if (target.status !== undefined) return;
    target.signals.raise(signal);
    this.#deliver(target, calls);
  }

  /** Lets the signals of a process take effect that nothing holds back. The first one decides what becomes of a call in which it waits. */
  #deliver(task: Task, calls: SentryCalls): void {
    for (let effect = task.signals.take(); effect !== undefined; effect = task.signals.take()) {
      const { signal, kind } = effect;
      const { process } = task;
      if (kind === 'ends') {
        calls.interrupt(interruption({ process, signal, ends: true }));
        this.exit(task, -signalNumbers[signal], calls);
        return;
      }
      this.#leave(task);
      calls.interrupt(interruption({ process, signal, ...(effect.restart ? { restart: true } : {}) }));
    }
  }
}
