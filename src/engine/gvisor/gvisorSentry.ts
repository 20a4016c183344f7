import type { Calls, PolicyImplementation, PolicyRun } from '../kernel/policy.ts';
import {
  answer,
  lateAnswer,
  withArguments,
  type Answer,
  type CallResult,
  type SystemCall,
} from './callRecords.ts';
import { hostSurface } from './hostSurface.ts';
import type { SentryPolicy } from './sentryPolicy.ts';

type SentryCalls = Calls<typeof SentryPolicy>;

interface Pipe {
  text: string;
  writers: number;
  readers: number;
  /** Processes that wait to read. */
  readonly waiting: number[];
}

/** What a descriptor of the application stands for. */
type OpenFile =
  | { readonly kind: 'host'; readonly fd: number; users: number }
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'null'; readonly reads: boolean; readonly writes: boolean }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly writes: boolean }
  | Socket;

/** A socket of the Sentry's own network stack, which knows one address: the loopback of the sandbox. */
interface Socket {
  readonly kind: 'socket';
  /** Descriptors that refer to it. */
  users: number;
  port: number;
  listener: Listener | undefined;
  /** Once connected: where it reads, and where it writes. */
  stream: { readonly reads: Pipe; readonly writes: Pipe } | undefined;
}

interface Listener {
  /** Connections that nobody has accepted yet, by their other end. */
  readonly pending: Socket[];
  /** Processes that wait to accept one. */
  readonly waiting: number[];
}

const newPipe = (): Pipe => ({ text: '', writers: 1, readers: 1, waiting: [] });
const loopback = '127.0.0.1';

interface Task {
  readonly pid: number;
  readonly parent: number;
  readonly files: Map<number, OpenFile>;
  /** Its exit status, until its parent has waited for it. */
  status: number | undefined;
  break: number;
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
  /** Processes that wait for a child, and the child's number. */
  readonly #waiters = new Map<number, number>();
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
      pid: this.#nextPid++,
      parent: 0,
      files: new Map<number, OpenFile>(standard),
      status: undefined,
      break: configuration.programBreak,
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
        this.#exit(process, task, args.number, calls);
        return {};
      case 'wait4':
        return this.#wait(process, task, args.number);
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
        return this.#read(process, task.files.get(args.fd), calls);
      case 'write':
        return this.#write(task.files.get(args.fd), args.text, calls);
      case 'close': {
        const file = task.files.get(args.fd);
        if (file === undefined) return fail('EBADF');
        task.files.delete(args.fd);
        this.#release(file, calls);
        return {};
      }
      case 'futex':
        return this.#futex(process, args, calls);
      case 'socket': {
        const made: Socket = { kind: 'socket', users: 1, port: 0, listener: undefined, stream: undefined };
        return { value: this.#install(task, made) };
      }
      case 'bind':
      case 'listen':
      case 'accept4':
      case 'connect':
        return this.#onSocket(request, task, calls);
      default:
        return fail('ENOSYS');
    }
  }

  #onSocket({ process, call, args }: SystemCall, task: Task, calls: SentryCalls): Answer {
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
        listener.waiting.push(process);
        return { waits: true };
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
        else calls.finish(lateAnswer(acceptor, { value: this.#install(this.#tasks.get(acceptor)!, other) }));
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
    this.#tasks.set(child, { pid, parent: task.pid, files, status: undefined, break: task.break });
    return { value: pid };
  }

  #exit(process: number, task: Task, status: number, calls: SentryCalls): void {
    for (const file of task.files.values()) this.#release(file, calls);
    task.files.clear();
    task.status = status;
    for (const [waiter, pid] of this.#waiters) {
      if (pid !== task.pid) continue;
      this.#waiters.delete(waiter);
      this.#tasks.delete(process);
      calls.finish(lateAnswer(waiter, { value: pid, second: status }));
    }
  }

  #wait(process: number, task: Task, pid: number): Answer {
    const child = [...this.#tasks].find(([, each]) => each.pid === pid && each.parent === task.pid);
    if (child === undefined) return fail('ECHILD');
    const [number, { status }] = child;
    if (status === undefined) {
      this.#waiters.set(process, pid);
      return { waits: true };
    }
    this.#tasks.delete(number);
    return { value: pid, second: status };
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

  #read(process: number, file: OpenFile | undefined, calls: SentryCalls): Answer {
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
        return file.writes ? fail('EBADF') : this.#readPipe(process, file.pipe);
      case 'socket':
        return file.stream === undefined ? fail('EINVAL') : this.#readPipe(process, file.stream.reads);
    }
  }

  #readPipe(process: number, pipe: Pipe): Answer {
    if (pipe.text === '' && pipe.writers > 0) {
      pipe.waiting.push(process);
      return { waits: true };
    }
    const { text } = pipe;
    pipe.text = '';
    return { value: text.length, text };
  }

  #write(file: OpenFile | undefined, text: string, calls: SentryCalls): Answer {
    switch (file?.kind) {
      case undefined:
      case 'text':
        return fail('EBADF');
      case 'null':
        return file.writes ? { value: text.length } : fail('EBADF');
      case 'host':
        return calls.host({ call: 'write', args: withArguments({ fd: file.fd, text }) });
      case 'pipe':
        return file.writes ? this.#writePipe(file.pipe, text, calls) : fail('EBADF');
      case 'socket':
        return file.stream === undefined ? fail('EPIPE') : this.#writePipe(file.stream.writes, text, calls);
    }
  }

  #writePipe(pipe: Pipe, text: string, calls: SentryCalls): Answer {
    if (pipe.readers === 0) return fail('EPIPE');
    const reader = pipe.waiting.shift();
    if (reader === undefined) pipe.text += text;
    else calls.finish(lateAnswer(reader, { value: text.length, text }));
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
    for (const reader of pipe.waiting.splice(0)) calls.finish(lateAnswer(reader, { text: '' }));
  }

  #futex(process: number, { address, flags, number }: SystemCall['args'], calls: SentryCalls): Answer {
    const waiting = this.#futexes.get(address) ?? [];
    this.#futexes.set(address, waiting);
    if (flags.includes('FUTEX_WAIT')) {
      if (calls.load({ address }) !== number) return fail('EAGAIN');
      waiting.push(process);
      return { waits: true };
    }
    if (!flags.includes('FUTEX_WAKE')) return fail('ENOSYS');
    const woken = waiting.splice(0, number);
    for (const each of woken) calls.finish(lateAnswer(each, {}));
    return { value: woken.length };
  }
}

/** A path without empty, `.` and `..` parts, from the root. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
