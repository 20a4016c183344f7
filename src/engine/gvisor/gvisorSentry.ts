import type { PolicyImplementation, PolicyRun } from '../kernel/policy.ts';
import { answer, withArguments, type Answer, type SystemCall } from './callRecords.ts';
import { hostSurface } from './hostSurface.ts';
import { SentryDescriptors } from './sentryDescriptors.ts';
import { newPipe, normal, type OpenFile, type Socket } from './sentryFiles.ts';
import type { SentryPolicy } from './sentryPolicy.ts';
import { fail, SentryProcesses, type SentryCalls, type Task } from './sentryProcesses.ts';

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

class SentryKernel {
  readonly #processes: SentryProcesses;
  readonly #descriptors: SentryDescriptors;
  readonly #futexes = new Map<number, number[]>();
  #hostname = '';
  #uid = 0;
  #limit = 0;

  constructor(directfs: boolean) {
    this.#processes = new SentryProcesses((task, calls) => this.#descriptors.closeAll(task, calls));
    this.#descriptors = new SentryDescriptors(this.#processes, directfs, () => this.#uid);
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
    this.#processes.first(configuration.programBreak, new Map<number, OpenFile>(standard));
  }

  syscall(request: SystemCall, calls: SentryCalls): Answer {
    const { process, call, args } = request;
    const task = this.#processes.get(process);
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
        return this.#processes.clone(task, request.child);
      case 'exit_group':
        this.#processes.exit(task, args.number & 0xff, calls);
        return {};
      case 'wait4':
        return this.#processes.wait(task, args.number);
      case 'pipe2': {
        const pipe = newPipe();
        const value = this.#descriptors.install(task, { kind: 'pipe', pipe, writes: false });
        return { value, second: this.#descriptors.install(task, { kind: 'pipe', pipe, writes: true }) };
      }
      case 'openat':
        return this.#descriptors.open(task, args.path, args.flags, calls);
      case 'getdents64': {
        const path = normal(args.path);
        if (path === '/proc') return { text: [...this.#processes.pids, 'self'].join('\n') };
        return calls.goferList({ path });
      }
      case 'read':
        return this.#descriptors.read(task, task.files.get(args.fd), calls);
      case 'write':
        return this.#descriptors.write(task, task.files.get(args.fd), args.text, calls);
      case 'close':
        return this.#descriptors.close(task, args.fd, calls);
      case 'futex':
        return this.#futex(task, args, calls);
      case 'socket': {
        const made: Socket = { kind: 'socket', users: 1, port: 0, listener: undefined, stream: undefined };
        return { value: this.#descriptors.install(task, made) };
      }
      case 'bind':
      case 'listen':
      case 'accept4':
      case 'connect':
        return this.#descriptors.onSocket(request, task, calls);
      case 'kill':
      case 'tgkill':
      case 'rt_sigaction':
      case 'rt_sigprocmask':
      case 'rt_sigpending':
      case 'rt_sigreturn':
        return this.#processes.signalCall(request, task, calls);
      default:
        return fail('ENOSYS');
    }
  }

  #futex(task: Task, { address, flags, number }: SystemCall['args'], calls: SentryCalls): Answer {
    const waiting = this.#futexes.get(address) ?? [];
    this.#futexes.set(address, waiting);
    if (flags.includes('FUTEX_WAIT')) {
      if (calls.load({ address }) !== number) return fail('EAGAIN');
      return this.#processes.sleep(task, waiting);
    }
    if (!flags.includes('FUTEX_WAKE')) return fail('ENOSYS');
    const woken = waiting.splice(0, number);
    for (const each of woken) this.#processes.finish(each, {}, calls);
    return { value: woken.length };
  }
}
