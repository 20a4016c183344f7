import { withArguments, type Answer, type CallResult, type SystemCall } from './callRecords.ts';
import { newPipe, normal, type Listener, type OpenFile, type Pipe, type Socket } from './sentryFiles.ts';
import { fail, type SentryCalls, type SentryProcesses, type Task } from './sentryProcesses.ts';

const loopback = '127.0.0.1';

/** What descriptors of the scenario's own Sentry lead to: files that the Gofer donated, pipes, sockets on the loopback of the sandbox. */
export class SentryDescriptors {
  readonly #processes: SentryProcesses;
  /** By port. */
  readonly #listeners = new Map<number, Listener>();
  readonly #bound = new Set<number>();
  /** With directfs: the descriptor of the image's root, which the Gofer donated. */
  #root: number | undefined;
  readonly #directfs: boolean;
  readonly #uid: () => number;

  /**
   * @param directfs whether the Sentry opens files itself
   * @param uid the user that the application runs as, once the sandbox has booted
   */
  constructor(processes: SentryProcesses, directfs: boolean, uid: () => number) {
    this.#processes = processes;
    this.#directfs = directfs;
    this.#uid = uid;
  }

  /** Puts a file at the lowest free descriptor of a process, and gives that. */
  install(task: Task, file: OpenFile): number {
    let fd = 0;
    while (task.files.has(fd)) fd++;
    task.files.set(fd, file);
    return fd;
  }

  /** openat: the Sentry's own /dev/null and /proc, and files of the image. */
  open(task: Task, given: string, flags: SystemCall['args']['flags'], calls: SentryCalls): Answer {
    const path = normal(given);
    if (path === '/dev/null') {
      const writes = flags.includes('O_WRONLY') || flags.includes('O_RDWR');
      const reads = !flags.includes('O_WRONLY');
      return { value: this.install(task, { kind: 'null', reads, writes }) };
    }
    if (path === '/proc' || path.startsWith('/proc/')) {
      const own = `/proc/${task.pid}/status`;
      if (path !== '/proc/self/status' && path !== own) return fail('ENOENT');
      const text = `Name:\tapp\nPid:\t${task.pid}\nPPid:\t${task.parent}\nUid:\t${this.#uid()}\n`;
      return { value: this.install(task, { kind: 'text', text }) };
    }
    if (path === '/dev' || path.startsWith('/dev/')) return fail('ENOENT');
    const opened = this.#directfs ? this.#openHere(path, flags, calls) : calls.goferOpen({ path, flags });
    if (opened.errno !== undefined) return opened;
    return { value: this.install(task, { kind: 'host', fd: opened.value, users: 1 }) };
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

  /** read: at once, or later where a pipe is empty and somebody may still write. pipe(7) */
  read(task: Task, file: OpenFile | undefined, calls: SentryCalls): Answer {
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
    if (pipe.text === '' && pipe.writers > 0) return this.#processes.sleep(task, pipe.waiting);
    const { text } = pipe;
    pipe.text = '';
    return { value: text.length, text };
  }

  /** write: to the host, or to whoever waits to read. */
  write(task: Task, file: OpenFile | undefined, text: string, calls: SentryCalls): Answer {
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
      this.#processes.send(task, 'SIGPIPE', calls);
      return fail('EPIPE');
    }
    const reader = pipe.waiting.shift();
    if (reader === undefined) pipe.text += text;
    else this.#processes.finish(reader, { value: text.length, text }, calls);
    return { value: text.length };
  }

  /** bind, listen, accept4 and connect, on the loopback of the sandbox. */
  onSocket({ call, args }: SystemCall, task: Task, calls: SentryCalls): Answer {
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
        if (accepted !== undefined) return { value: this.install(task, accepted) };
        return this.#processes.sleep(task, listener.waiting);
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
        else
          this.#processes.finish(
            acceptor,
            { value: this.install(this.#processes.get(acceptor), other) },
            calls,
          );
        return {};
      }
    }
  }

  /** Closes a descriptor. */
  close(task: Task, fd: number, calls: SentryCalls): Answer {
    const file = task.files.get(fd);
    if (file === undefined) return fail('EBADF');
    task.files.delete(fd);
    this.#release(file, calls);
    return {};
  }

  /** Closes all that a process has open. */
  closeAll(task: Task, calls: SentryCalls): void {
    for (const file of task.files.values()) this.#release(file, calls);
    task.files.clear();
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
    for (const reader of pipe.waiting.splice(0)) this.#processes.finish(reader, { text: '' }, calls);
  }
}
