import type { Answer, CallArguments, Sentry, SentryCalls, SystemCall } from 'trapframe';

type Calls = SentryCalls;
type Pipe = { text: string; writers: number; readers: number; waiting: number[] };
type OpenFile =
  | { kind: 'host'; fd: number }
  | { kind: 'text'; text: string }
  | { kind: 'null' }
  | { kind: 'pipe'; pipe: Pipe; writes: boolean };
type Task = {
  pid: number;
  parent: number;
  files: Map<number, OpenFile>;
  break: number;
  /** How it ended: its exit status, or minus the number of the signal. */
  status: number | undefined;
  /** The queue in which it waits. */
  queue: number[] | undefined;
};

/** What ends a process here; SIGCHLD does not. */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGUSR1: 10, SIGUSR2: 12, SIGPIPE: 13, SIGTERM: 15 };
type Signal = keyof typeof signalNumbers;

const none: CallArguments = { fd: -1, path: '', flags: [], text: '', address: 0, number: 0 };

/** All that this kernel knows. Processes have the platform's numbers as keys, and numbers of ours in `pid`. */
const tasks = new Map<number, Task>();
const sleepers = new Map<number, number[]>();
const parents = new Map<number, number>();
let hostname = '';
let uid = 0;
let memoryLimit = 0;
let nextPid = 1;

function install(task: Task, file: OpenFile): number {
  let fd = 0;
  while (task.files.has(fd)) fd++;
  task.files.set(fd, file);
  return fd;
}

function sleep(process: number, queue: number[]): Answer {
  queue.push(process);
  tasks.get(process)!.queue = queue;
  return { waits: true };
}

/** A path without empty, `.` and `..` parts. */
function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return '/' + names.join('/');
}

function open(task: Task, args: CallArguments, calls: Calls): Answer {
  const path = normal(args.path);
  if (path === '/dev/null') return { value: install(task, { kind: 'null' }) };
  if (path === '/proc/self/status') {
    const text = `Name:\tapp\nPid:\t${task.pid}\nPPid:\t${task.parent}\n`;
    return { value: install(task, { kind: 'text', text }) };
  }
  if (path.startsWith('/proc') || path.startsWith('/dev')) return { errno: 'ENOENT' };
  const opened = calls.goferOpen({ path, flags: args.flags });
  if (opened.errno !== undefined) return opened;
  return { value: install(task, { kind: 'host', fd: opened.value }) };
}

function read(process: number, file: OpenFile | undefined, calls: Calls): Answer {
  if (file === undefined) return { errno: 'EBADF' };
  if (file.kind === 'null') return { text: '' };
  if (file.kind === 'text') {
    const text = file.text;
    file.text = '';
    return { value: text.length, text };
  }
  if (file.kind === 'host') return calls.host({ call: 'read', args: { ...none, fd: file.fd } });
  const { pipe, writes } = file;
  if (writes) return { errno: 'EBADF' };
  if (pipe.text === '' && pipe.writers > 0) return sleep(process, pipe.waiting);
  const text = pipe.text;
  pipe.text = '';
  return { value: text.length, text };
}

function write(process: number, text: string, file: OpenFile | undefined, calls: Calls): Answer {
  if (file === undefined || file.kind === 'text') return { errno: 'EBADF' };
  if (file.kind === 'host') return calls.host({ call: 'write', args: { ...none, fd: file.fd, text } });
  if (file.kind === 'pipe') {
    if (!file.writes) return { errno: 'EBADF' };
    if (file.pipe.readers === 0) {
      end(process, 'SIGPIPE', calls);
      return { errno: 'EPIPE' };
    }
    const reader = file.pipe.waiting.shift();
    if (reader === undefined) file.pipe.text += text;
    else calls.finish({ process: reader, value: text.length, text });
  }
  return { value: text.length };
}

function close(task: Task, fd: number, calls: Calls): Answer {
  const file = task.files.get(fd);
  if (file === undefined) return { errno: 'EBADF' };
  task.files.delete(fd);
  if (file.kind === 'pipe' && !file.writes) file.pipe.readers--;
  if (file.kind === 'pipe' && file.writes) {
    file.pipe.writers--;
  }
  return {};
}

function futex(process: number, args: CallArguments, calls: Calls): Answer {
  const queue = sleepers.get(args.address) ?? [];
  sleepers.set(args.address, queue);
  if (args.flags.includes('FUTEX_WAKE')) {
    const woken = queue.splice(0, args.number);
    for (const sleeper of woken) calls.finish({ process: sleeper });
    return { value: woken.length };
  }
  // The word may have changed since the caller looked at it; then there is nothing left to wait for.
  if (calls.load({ address: args.address }) !== args.number) return { errno: 'EAGAIN' };
  return sleep(process, queue);
}

function clone(task: Task, child: number): Answer {
  const pid = nextPid++;
  const files = new Map(task.files);
  for (const file of files.values()) {
    if (file.kind === 'pipe' && file.writes) file.pipe.writers++;
    else if (file.kind === 'pipe') file.pipe.readers++;
  }
  tasks.set(child, { pid, parent: task.pid, files, break: task.break, status: undefined, queue: undefined });
  return { value: pid };
}

/** The end of a process, however it comes. */
function exit(process: number, task: Task, status: number, calls: Calls): Answer {
  // What it waited for is for others now.
  const place = task.queue?.indexOf(process) ?? -1;
  if (place >= 0) task.queue!.splice(place, 1);
  for (const [pid, waiter] of parents) if (waiter === process) parents.delete(pid);
  for (const fd of [...task.files.keys()]) close(task, fd, calls);
  task.status = status;
  const parent = parents.get(task.pid);
  if (parent !== undefined) {
    tasks.delete(process);
    calls.finish({ process: parent, value: task.pid, second: status });
  }
  return {};
}

/** A signal that nobody handles ends a process. */
function end(process: number, signal: Signal, calls: Calls): void {
  calls.interrupt({ process, signal, ends: true });
  exit(process, tasks.get(process)!, -signalNumbers[signal], calls);
}

function kill(args: CallArguments, calls: Calls): Answer {
  const target = [...tasks].find(([, { pid }]) => pid === args.number);
  if (target === undefined) return { errno: 'ESRCH' };
  const [process, task] = target;
  const signal = args.flags.find((each): each is Signal => each in signalNumbers);
  if (signal !== undefined && task.status === undefined) end(process, signal, calls);
  return {};
}

function wait(process: number, task: Task, pid: number): Answer {
  for (const [number, child] of tasks) {
    if (child.pid !== pid || child.parent !== task.pid) continue;
    if (child.status === undefined) {
      parents.set(pid, process);
      return { waits: true };
    }
    tasks.delete(number);
    return { value: pid, second: child.status };
  }
  return { errno: 'ECHILD' };
}

function list(args: CallArguments, calls: Calls): Answer {
  const path = normal(args.path);
  if (path !== '/proc') return calls.goferList({ path });
  return { text: [...tasks.values()].map(({ pid }) => pid).join('\n') };
}

export const sentry: Sentry = {
  boot(configuration) {
    ({ hostname, uid, memoryLimit } = configuration);
    const files = new Map<number, OpenFile>([0, 1, 2].map((fd) => [fd, { kind: 'host', fd }]));
    tasks.set(0, { pid: nextPid++, parent: 0, files, break: configuration.programBreak, status: undefined, queue: undefined });
    return { hostCalls: ['read', 'write', 'clock_gettime', 'getrandom'] };
  },

  syscall({ process, child, call, args }: SystemCall, calls): Answer {
    const task = tasks.get(process)!;
    switch (call) {
      case 'getpid':
        return { value: task.pid };
      case 'getppid':
        return { value: task.parent };
      case 'getuid':
        return { value: uid };
      case 'uname':
        return { text: hostname };
      case 'brk':
        if (args.address >= task.break && args.address <= memoryLimit) task.break = args.address;
        return { value: task.break };
      case 'clock_gettime':
        return calls.host({ call, args: none });
      case 'getrandom':
        return calls.host({ call, args: { ...none, number: Math.min(args.number, 64) } });
      case 'openat':
        return open(task, args, calls);
      case 'getdents64':
        return list(args, calls);
      case 'read':
        return read(process, task.files.get(args.fd), calls);
      case 'write':
        return write(process, args.text, task.files.get(args.fd), calls);
      case 'close':
        return close(task, args.fd, calls);
      case 'pipe2': {
        const pipe: Pipe = { text: '', writers: 1, readers: 1, waiting: [] };
        const value = install(task, { kind: 'pipe', pipe, writes: false });
        return { value, second: install(task, { kind: 'pipe', pipe, writes: true }) };
      }
      case 'futex':
        return futex(process, args, calls);
      case 'clone':
        return clone(task, child!);
      case 'exit_group':
        return exit(process, task, args.number, calls);
      case 'wait4':
        return wait(process, task, args.number);
      case 'kill':
        return kill(args, calls);
      default:
        return { errno: 'ENOSYS' };
    }
  },
};
