import {
  flag,
  id,
  int,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  type IntCodec,
} from '../kernel/codec.ts';
import { definePolicy } from '../kernel/policy.ts';
import type { Errno } from '../container/linux/errno.ts';
import type { Signal } from '../container/linux/process.ts';
import { x86Syscalls } from '../container/linux/x86Syscalls.ts';

/** Most processes of an application. */
export const maxProcesses = 64;

/** Errors that a Sentry may answer with, and that the host and the Gofer answer it with. errno(3) */
export const sentryErrors = [
  'EACCES',
  'EADDRINUSE',
  'EAGAIN',
  'EBADF',
  'ECHILD',
  'ECONNREFUSED',
  'EEXIST',
  'EFAULT',
  'EHOSTUNREACH',
  'EINTR',
  'EINVAL',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENETUNREACH',
  'ENODEV',
  'ENOENT',
  'ENOMEM',
  'ENOSPC',
  'ENOSYS',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENXIO',
  'EOPNOTSUPP',
  'EPERM',
  'EPIPE',
  'ERANGE',
  'EROFS',
  'ESPIPE',
  'ESRCH',
] as const satisfies readonly Errno[];

/** System calls of x86-64 by name. */
export const systemCallNames: readonly string[] = [...x86Syscalls.keys()];

/** The signals that processes here send each other, in the order of their numbers: those that end a process unless it says otherwise, and SIGCHLD. signal(7) */
export const signalNames = [
  'SIGHUP',
  'SIGINT',
  'SIGKILL',
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
  'SIGTERM',
  'SIGCHLD',
] as const satisfies readonly Signal[];
export type SignalName = (typeof signalNames)[number];

export const callFlagNames = [
  'O_RDONLY',
  'O_WRONLY',
  'O_RDWR',
  'O_CREAT',
  'O_TRUNC',
  'O_APPEND',
  'O_NOFOLLOW',
  'FUTEX_WAIT',
  'FUTEX_WAKE',
  'SA_RESTART',
  'SIG_BLOCK',
  'SIG_UNBLOCK',
  'SIG_SETMASK',
  ...signalNames,
] as const;

const descriptor = (doc: string) => int(doc, { min: -1, max: 1_048_575 });
const word = (doc: string) => int(doc, { min: -2_147_483_648, max: 4_294_967_295 });
const address = (doc: string): IntCodec => ({ ...word(doc), notation: 'hexadecimal' });
const callText = (doc: string) => text(doc, 8192);
const errno = oneOf('The name of an error. errno(3)', sentryErrors);

const callName = text('The name of a system call of x86-64: `openat`.', 64);

/** The arguments of a system call, whatever it is. Those that a call does not have are -1, 0 or empty. */
export const callArguments = record('The arguments of a system call.', 'CallArguments', {
  fd: descriptor('A descriptor; -1 where the call has none.'),
  path: callText('A path.'),
  flags: list(
    'Flags of openat, futex and rt_sigaction; what rt_sigprocmask does; the signals of kill, tgkill, rt_sigaction and rt_sigprocmask.',
    oneOf('A flag.', callFlagNames),
    callFlagNames.length,
  ),
  text: callText('What write writes; the address that connect connects to; a host name.'),
  address: address(
    'An address in memory: the break that brk asks for, the word of a futex, the handler that rt_sigaction installs (0: the default, 1: the signal is ignored).',
  ),
  number: word(
    'A number: the value that FUTEX_WAIT expects, how many FUTEX_WAKE wakes, a process, a port, a length, an exit status.',
  ),
});

const result = {
  value: optional('What the call returns. Absent: 0.', word('A number.')),
  second: optional(
    'A second number: the writing end of pipe2; of wait4 the exit status, or minus the number of the signal that ended the child.',
    word('A number.'),
  ),
  text: optional(
    'What read reads; the lines of getdents64, signals one a line; the name of uname.',
    callText('Text.'),
  ),
  errno: optional('The call failed with this error. Absent: it succeeded.', errno),
};

const asked = record(
  'What a call of the Sentry came to. It may be the answer to the application as it is.',
  'CallResult',
  {
    value: word('A number: the descriptor of goferOpen, how much was written. 0 for an error.'),
    second: word('A second number: the writing end of pipe2.'),
    text: callText('Text: what read read, names one a line.'),
    errno: optional('The call failed with this error. Absent: it succeeded.', errno),
  },
);

/**
 * The Sentry: gVisor's kernel in user space. Each system call of the application comes to it; it does what was asked itself, with the
 * help of the Gofer and of a few calls of the host.
 */
export const SentryPolicy = definePolicy({
  id: 'sentry',
  typeName: 'Sentry',
  doc:
    'A kernel in user space. The platform hands it every system call of the application; it answers each, at once or later. The ' +
    'variables of the module are its memory. Of the host it may ask what its own filter allows.',
  decisions: {
    boot: {
      doc: 'Asked once, before the application starts: which system calls may this Sentry make of the host? A seccomp filter ends it at any other.',
      input: record('What the sandbox is to be.', 'SandboxConfiguration', {
        hostname: text('Its host name.', 64),
        uid: int('The user that the application runs as.', { min: 0, max: 65_535 }),
        programBreak: word('Where the heap of the first process begins.'),
        memoryLimit: word('The highest address that a break may be moved to.'),
      }),
      output: record('The wall behind the Sentry.', 'HostSet', {
        hostCalls: list('The system calls that the filter allows.', callName, systemCallNames.length),
      }),
    },
    syscall: {
      doc: 'A process of the application makes a system call. What `host` and the Gofer say has the shape of an answer, and may be returned.',
      input: record('A system call of the application.', 'SystemCall', {
        process: id(
          'The process, by the number that the platform has for it; the first is 0.',
          'process',
          maxProcesses,
        ),
        child: optional(
          'Of clone: the number that the platform has for the new process. It makes no calls before this one is answered.',
          id('A process.', 'process', maxProcesses),
        ),
        call: callName,
        args: callArguments,
      }),
      output: record('The answer. Empty: the call succeeded and returns 0.', 'Answer', {
        ...result,
        waits: optional(
          'The process waits: the answer comes later, by `finish`. Absent: it goes on at once.',
          flag('It waits.'),
        ),
      }),
    },
  },
  calls: {
    finish: {
      doc: 'Answers a call that waits: its process goes on.',
      input: record('The late answer.', 'LateAnswer', {
        process: id('The process that waits.', 'process', maxProcesses),
        ...result,
      }),
      output: nothing,
      errors: ['ESRCH'],
    },
    interrupt: {
      doc:
        'Lets a signal take effect in a process, whether it waits or not. Its handler runs before the process goes on, and calls ' +
        'rt_sigreturn at its end; or, with `ends`, the process ends. A call in which it waits is over, with EINTR; with `restart` it is ' +
        'made again when the handler has returned.',
      input: record('What takes effect.', 'Interruption', {
        process: id('The process.', 'process', maxProcesses),
        signal: oneOf('The signal.', signalNames),
        ends: optional('The process ends, with no handler. Absent: the handler runs.', flag('It ends.')),
        restart: optional(
          'The call in which it waits is made again. Absent: it fails with EINTR.',
          flag('It is made again.'),
        ),
      }),
      output: nothing,
      errors: ['ESRCH'],
    },
    load: {
      doc: 'Reads a word of memory that all processes of the application share.',
      input: record('Where.', 'LoadArguments', { address: address('Its address.') }),
      output: word('The word; 0 where nothing was stored yet.'),
      errors: [],
    },
    goferOpen: {
      doc:
        'Asks the Gofer to open a file of the image, by its path there. The Gofer lives in the image: no path leads out of it. ' +
        'It opens files and directories, no devices. The descriptor that it donates is one of the Sentry itself, for `host`.',
      input: record('What to open.', 'GoferOpenArguments', {
        path: callText('A path.'),
        flags: list('Flags of openat.', oneOf('A flag.', callFlagNames), callFlagNames.length),
      }),
      output: asked,
      errors: [],
    },
    goferList: {
      doc: 'Asks the Gofer for the names in a directory of the image.',
      input: record('Which.', 'GoferListArguments', { path: callText('A path.') }),
      output: asked,
      errors: [],
    },
    host: {
      doc:
        'Makes a system call of the host, as the process that the Sentry is: with its descriptors, its root, its privileges. One that ' +
        'the filter does not allow ends the Sentry, and the sandbox with it.',
      input: record('The call.', 'HostCall', {
        call: callName,
        args: callArguments,
      }),
      output: asked,
      errors: [],
    },
  },
});

export const sentryPolicies = { sentry: SentryPolicy };
