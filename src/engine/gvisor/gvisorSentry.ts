import { signalNumbers } from '../container/linux/process.ts';
import type { Calls, PolicyImplementation, PolicyRun } from '../kernel/policy.ts';
import {
  answer,
  interruption,
  lateAnswer,
  withArguments,
  type Answer,
  type CallResult,
  type Reply,
  type SystemCall,
} from './callRecords.ts';
import { hostSurface } from './hostSurface.ts';
import { newPipe, normal, type Listener, type OpenFile, type Pipe, type Socket } from './sentryFiles.ts';
import { signalNames, type SentryPolicy, type SignalName } from './sentryPolicy.ts';
import { TaskSignals } from './taskSignals.ts';

type SentryCalls = Calls<typeof SentryPolicy>;

const loopback = '127.0.0.1';

interface Task {
  /** The number that the platform has for it. */
  readonly process: number;
  readonly pid: number;
  parent: number;
  readonly files: Map<number, OpenFile>;
  readonly signals: TaskSignals;
  /** How it ended, until its parent has waited for it: its exit status, or minus the number of the signal. */
  status: number | undefined;
  break: number;
  /** The queue in which it waits, if it does. */
  queue: number[] | undefined;
  /** Its parent, when that waits for it. */
  readonly waiters: number[];
}

/**
 * The Sentry that figures show: it implements what the applications here call, and asks the host only to read, write and close what the
 * Gofer donated, for the time and for random numbers. Its filter allows what gVisor's own allow.
 */
export const gvisorSentry = (run?: PolicyRun): PolicyImplementation<typeof SentryPolicy> => {
  const directfs = run?.params['files'] === 'directfs';
  const kernel = new SentryKernel(directfs);
  return {
    boot: (configuration) => {
      kernel.boot(configuration);
      return {
        hostCalls: [
          ...hostSurface({
            directfs,
            network: run?.params['network'] === 'host' ? 'host' : 'sandbox',
          }),
        ],
      };
    },
    syscall: (request, calls) => answer(kernel.syscall(request, calls)),
  };
};

const fail = (errno: NonNullable<Answer['errno']>): Answer => ({ errno });

class SentryKernel {
  readonly #tasks = new Map<number, Task>();
  readonly #futexes = new Map<number, number[]>();
  /** By port. */
  readonly #listeners = new Map<number, Listener>();
  readonly #bound = new Set<number>();
  #nextPid = 1;
  #hostname = '';
  #uid = 0;
  #limit = 0;
  /** With directfs: the descriptor of the image's root, which the Gofer donated. */
  #root: number | undefined;
  readonly #directfs: boolean;

  constructor(directfs: boolean) {
    this.#directfs = directfs;
  }

  boot(configuration: {
    readonly hostname: string;
    readonly uid: number;
    readonly programBreak: number;
    readonly memoryLimit: number;
  }): void {
    this.#hostname = configuration.hostname;
    this.#uid = configuration.uid;
    this.#limit = configuration.memoryLimit;
    const standard = [0, 1, 2].map((fd) => [fd, { kind: 'host', fd, users: 1 }] as const);
    this.#tasks.set(0, {
      process: 0,
      pid: this.#nextPid++,
      parent: 0,
      files: new Map<number, OpenFile>(standard),
      signals: new TaskSignals(),
      status: undefined,
      break: configuration.programBreak,
      queue: undefined,
      waiters: [],
    });
  }

  syscall(request: SystemCall, calls: SentryCalls): Answer {
    const { process, call, args } = request;
    const task = this.#tasks.get(process)!;
    switch (call) {
      case 'getpid':
        return { value: task.pid };
      case 'getppid':
        return { value: task.parent };
      case 'getuid':
      case 'geteuid':
        return { value: this.#uid };
      case 'uname':
        return { text: this.#hostname };
      case 'brk':
        if (args.address >= task.break && args.address <= this.#limit) task.break = args.address;
        return { value: task.break };
      case 'clock_gettime':
        return calls.host({ call, args: withArguments({}) });
      case 'getrandom':
        return calls.host({ call, args: withArguments({ number: Math.min(args.number, 64) }) });
      case 'clone':
        return this.#clone(task, request.child);
      case 'exit_group':
        this.#exit(task, args.number & 0xff, calls);
        return {};
      case 'wait4':
        return this.#wait(task, args.number);
      case 'pipe2': {
        const pipe = newPipe();
        const value = this.#install(task, { kind: 'pipe', pipe, writes: false });
        return { value, second: this.#install(task, { kind: 'pipe', pipe, writes: true }) };
      }
      case 'openat':
        return this.#open(task, args.path, args.flags, calls);
      case 'getdents64': {
        const path = normal(args.path);
        if (path === '/proc') return { text: [...this.#pids(), 'self'].join('\n') };
        return calls.goferList({ path });
      }
      case 'read':
        return this.#read(task, task.files.get(args.fd), calls);
      case 'write':
        return this.#write(task, task.files.get(args.fd), args.text, calls);
      case 'close': {
        const file = task.files.get(args.fd);
        if (file === undefined) return fail('EBADF');
        task.files.delete(args.fd);
        this.#release(file, calls);
        return {};
      }
      case 'futex':
        return this.#futex(task, args, calls);
      case 'socket': {
        const made: Socket = { kind: 'socket', users: 1, port: 0, listener: undefined, stream: undefined };
        return { value: this.#install(task, made) };
      }
      case 'bind':
      case 'listen':
      case 'accept4':
      case 'connect':
        return this.#onSocket(request, task, calls);
      case 'kill':
      case 'tgkill':
      case 'rt_sigaction':
      case 'rt_sigprocmask':
      case 'rt_sigpending':
      case 'rt_sigreturn':
        return this.#signalCall(request, task, calls);
      default:
        return fail('ENOSYS');
    }
  }

  #onSocket({ call, args }: SystemCall, task: Task, calls: SentryCalls): Answer {
    const socket = task.files.get(args.fd);
    if (socket?.kind !== 'socket') return fail('EBADF');
    switch (call) {
      case 'bind':
        if (args.text !== loopback || socket.port !== 0) return fail('EINVAL');
        if (this.#bound.has(args.number)) return fail('EADDRINUSE');
        this.#bound.add(args.number);
        socket.port = args.number;
        return {};
      case 'listen':
        if (socket.port === 0) return fail('EINVAL');
        socket.listener ??= { pending: [], waiting: [] };
        this.#listeners.set(socket.port, socket.listener);
        return {};
      case 'accept4': {
        const { listener } = socket;
        if (listener === undefined) return fail('EINVAL');
        const accepted = listener.pending.shift();
        if (accepted !== undefined) return { value: this.#install(task, accepted) };
        return this.#sleep(task, listener.waiting);
      }
      default: {
        if (args.text !== loopback) return fail('ENETUNREACH');
        const listener = this.#listeners.get(args.number);
        if (listener === undefined || socket.stream !== undefined) return fail('ECONNREFUSED');
        const [there, back] = [newPipe(), newPipe()];
        socket.stream = { reads: back, writes: there };
        const other: Socket = {
          kind: 'socket',
          users: 1,
          port: args.number,
          listener: undefined,
          stream: { reads: there, writes: back },
        };
        const acceptor = listener.waiting.shift();
        if (acceptor === undefined) listener.pending.push(other);
        else this.#finish(acceptor, { value: this.#install(this.#tasks.get(acceptor)!, other) }, calls);
        return {};
      }
    }
  }

  #pids(): readonly number[] {
    return [...this.#tasks.values()].map(({ pid }) => pid);
  }

  #install(task: Task, file: OpenFile): number {
    let fd = 0;
    while (task.files.has(fd)) fd++;
    task.files.set(fd, file);
    return fd;
  }

  #clone(task: Task, child: number | undefined): Answer {
    if (child === undefined) return fail('EINVAL');
    const pid = this.#nextPid++;
    const files = new Map(task.files);
    for (const file of files.values()) {
      if (file.kind === 'host' || file.kind === 'socket') file.users++;
      if (file.kind === 'pipe' && file.writes) file.pipe.writers++;
      else if (file.kind === 'pipe') file.pipe.readers++;
    }
    this.#tasks.set(child, {
      process: child,
      pid,
      parent: task.pid,
      files,
      signals: task.signals.copy(),
      status: undefined,
      break: task.break,
      queue: undefined,
      waiters: [],
    });
    return { value: pid };
  }

  /** The end of a process. What it leaves goes to the first one, as orphans do to an init. */
  #exit(task: Task, status: number, calls: SentryCalls): void {
    this.#leave(task);
    task.status = status;
    for (const file of task.files.values()) this.#release(file, calls);
    task.files.clear();
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
      this.#finish(waiter, unwanted ? { errno: 'ECHILD' } : { value: pid, second: status }, calls);
    }
    this.#send(parent, 'SIGCHLD', calls);
  }

  #wait(task: Task, pid: number): Answer {
    const child = this.#taskOf(pid);
    if (child?.parent !== task.pid) return fail('ECHILD');
    if (child.status === undefined) return this.#sleep(task, child.waiters);
    this.#tasks.delete(child.process);
    return { value: pid, second: child.status };
  }

  #taskOf(pid: number): Task | undefined {
    return [...this.#tasks.values()].find((each) => each.pid === pid);
  }

  /** Lets a process wait in a queue of those that wait for the same. */
  #sleep(task: Task, queue: number[]): Answer {
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

  #finish(process: number, reply: Reply, calls: SentryCalls): void {
    this.#tasks.get(process)!.queue = undefined;
    calls.finish(lateAnswer(process, reply));
  }

  #signalCall({ call, args }: SystemCall, task: Task, calls: SentryCalls): Answer {
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
        if (signal !== undefined) this.#send(target, signal, calls);
        return {};
      }
    }
    this.#deliver(task, calls);
    return {};
  }

  #send(target: Task, signal: SignalName, calls: SentryCalls): void {
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
        this.#exit(task, -signalNumbers[signal], calls);
        return;
      }
      this.#leave(task);
      calls.interrupt(interruption({ process, signal, ...(effect.restart ? { restart: true } : {}) }));
    }
  }

  #open(task: Task, given: string, flags: SystemCall['args']['flags'], calls: SentryCalls): Answer {
    const path = normal(given);
    if (path === '/dev/null') {
      const writes = flags.includes('O_WRONLY') || flags.includes('O_RDWR');
      const reads = !flags.includes('O_WRONLY');
      return { value: this.#install(task, { kind: 'null', reads, writes }) };
    }
    if (path === '/proc' || path.startsWith('/proc/')) {
      const own = `/proc/${task.pid}/status`;
      if (path !== '/proc/self/status' && path !== own) return fail('ENOENT');
      const text = `Name:\tapp\nPid:\t${task.pid}\nPPid:\t${task.parent}\nUid:\t${this.#uid}\n`;
      return { value: this.#install(task, { kind: 'text', text }) };
    }
    if (path === '/dev' || path.startsWith('/dev/')) return fail('ENOENT');
    const opened = this.#directfs ? this.#openHere(path, flags, calls) : calls.goferOpen({ path, flags });
    if (opened.errno !== undefined) return opened;
    return { value: this.#install(task, { kind: 'host', fd: opened.value, users: 1 }) };
  }

  /** directfs: one name at a time, from the donated root, and never through a link, which the host would follow from its own root. */
  #openHere(path: string, flags: SystemCall['args']['flags'], calls: SentryCalls): CallResult {
    this.#root ??= calls.goferOpen({ path: '/', flags: ['O_RDONLY'] }).value;
    const names = path.split('/').filter((name) => name !== '');
    let at = this.#root;
    let opened: CallResult = { value: at, second: 0, text: '', errno: 'EISDIR' };
    for (const [index, name] of names.entries()) {
      const how = index === names.length - 1 ? flags : (['O_RDONLY'] as const);
      const args = withArguments({ fd: at, path: name, flags: [...how, 'O_NOFOLLOW'] });
      opened = calls.host({ call: 'openat', args });
      if (at !== this.#root) calls.host({ call: 'close', args: withArguments({ fd: at }) });
      if (opened.errno !== undefined) break;
      at = opened.value;
    }
    return opened;
  }

  #read(task: Task, file: OpenFile | undefined, calls: SentryCalls): Answer {
    switch (file?.kind) {
      case undefined:
        return fail('EBADF');
      case 'null':
        return file.reads ? { text: '' } : fail('EBADF');
      case 'text': {
        const { text } = file;
        file.text = '';
        return { value: text.length, text };
      }
      case 'host':
        return calls.host({ call: 'read', args: withArguments({ fd: file.fd }) });
      case 'pipe':
        return file.writes ? fail('EBADF') : this.#readPipe(task, file.pipe);
      case 'socket':
        return file.stream === undefined ? fail('EINVAL') : this.#readPipe(task, file.stream.reads);
    }
  }

  #readPipe(task: Task, pipe: Pipe): Answer {
    if (pipe.text === '' && pipe.writers > 0) return this.#sleep(task, pipe.waiting);
    const { text } = pipe;
    pipe.text = '';
    return { value: text.length, text };
  }

  #write(task: Task, file: OpenFile | undefined, text: string, calls: SentryCalls): Answer {
    switch (file?.kind) {
      case undefined:
      case 'text':
        return fail('EBADF');
      case 'null':
        return file.writes ? { value: text.length } : fail('EBADF');
      case 'host':
        return calls.host({ call: 'write', args: withArguments({ fd: file.fd, text }) });
      case 'pipe':
        return file.writes ? this.#writePipe(task, file.pipe, text, calls) : fail('EBADF');
      case 'socket':
        return this.#writePipe(task, file.stream?.writes, text, calls);
    }
  }

  #writePipe(task: Task, pipe: Pipe | undefined, text: string, calls: SentryCalls): Answer {
    if (pipe === undefined || pipe.readers === 0) {
      this.#send(task, 'SIGPIPE', calls);
      return fail('EPIPE');
    }
    const reader = pipe.waiting.shift();
    if (reader === undefined) pipe.text += text;
    else this.#finish(reader, { value: text.length, text }, calls);
    return { value: text.length };
  }

  #release(file: OpenFile, calls: SentryCalls): void {
    if (file.kind === 'host' && --file.users === 0 && file.fd > 2) {
      calls.host({ call: 'close', args: withArguments({ fd: file.fd }) });
    }
    if (file.kind === 'pipe') this.#releaseEnd(file.pipe, file.writes, calls);
    if (file.kind !== 'socket' || --file.users > 0) return;
    if (file.stream === undefined) {
      this.#bound.delete(file.port);
      if (file.listener !== undefined) this.#listeners.delete(file.port);
      return;
    }
    this.#releaseEnd(file.stream.reads, false, calls);
    this.#releaseEnd(file.stream.writes, true, calls);
  }

  #releaseEnd(pipe: Pipe, writes: boolean, calls: SentryCalls): void {
    if (!writes) {
      pipe.readers--;
      return;
    }
    if (--pipe.writers > 0) return;
    for (const reader of pipe.waiting.splice(0)) this.#finish(reader, { text: '' }, calls);
  }

  #futex(task: Task, { address, flags, number }: SystemCall['args'], calls: SentryCalls): Answer {
    const waiting = this.#futexes.get(address) ?? [];
    this.#futexes.set(address, waiting);
    if (flags.includes('FUTEX_WAIT')) {
      if (calls.load({ address }) !== number) return fail('EAGAIN');
      return this.#sleep(task, waiting);
    }
    if (!flags.includes('FUTEX_WAKE')) return fail('ENOSYS');
    const woken = waiting.splice(0, number);
    for (const each of woken) this.#finish(each, {}, calls);
    return { value: woken.length };
  }
}
