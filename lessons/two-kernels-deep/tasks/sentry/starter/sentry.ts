import type { Answer, CallArguments, Sentry, SystemCall } from 'trapframe';

/** What a descriptor of the application stands for. Add what you need: /dev/null, a text that you made up, an end of a pipe. */
type OpenFile = { kind: 'host'; fd: number };
/** A process of the application. */
type Task = { pid: number; parent: number; files: Map<number, OpenFile>; break: number };

const none: CallArguments = { fd: -1, path: '', flags: [], text: '', address: 0, number: 0 };

/** All that this kernel knows. Processes have the platform's numbers as keys, and numbers of yours in `pid`. */
const tasks = new Map<number, Task>();
let hostname = '';
let uid = 0;
let memoryLimit = 0;
let nextPid = 1;

/** Puts a file at the lowest free descriptor of a process. */
function install(task: Task, file: OpenFile): number {
  let fd = 0;
  while (task.files.has(fd)) fd++;
  task.files.set(fd, file);
  return fd;
}

/** A path without empty, `.` and `..` parts: `/dev/./mem` is `/dev/mem`. */
function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return '/' + names.join('/');
}

export const sentry: Sentry = {
  boot(configuration) {
    ({ hostname, uid, memoryLimit } = configuration);
    // Descriptors 0 to 2 of the Sentry are meant for the application. Others of the Sentry's are not.
    const files = new Map<number, OpenFile>([0, 1, 2].map((fd) => [fd, { kind: 'host', fd }]));
    tasks.set(0, { pid: nextPid++, parent: 0, files, break: configuration.programBreak });
    // Your filter. Whoever breaks your Sentry can call the same.
    return {
      hostCalls: ['read', 'write', 'openat', 'close', 'getdents64', 'pipe2', 'clock_gettime', 'getrandom', 'rseq', 'keyctl'],
    };
  },

  syscall({ process, call, args }: SystemCall, calls): Answer {
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
      case 'write': {
        // The application's descriptor is a number in a table of yours; the file's own is another.
        const file = task.files.get(args.fd);
        if (file === undefined) return { errno: 'EBADF' };
        return calls.host({ call, args: { ...none, fd: file.fd, text: args.text } });
      }
      default:
        // Everything else is the host's. Is this a sandbox?
        return calls.host({ call, args });
    }
  },
};
