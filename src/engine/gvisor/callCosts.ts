/**
 * What a system call costs, natively and inside gVisor, term by term: interception by the platform, emulation by the Sentry, calls to the
 * Gofer, the Sentry's network stack, new address spaces. Nanoseconds on one machine (Linux 6.18, 2 CPUs, itself a virtual machine;
 * runsc 20221219 and 20240729), whose measurements are in `test/conformance/published/gvisor-measured.json`. Every constant says where it comes
 * from: *calibrated* on one named row, or *assumed*. What is predicted from them is compared with the other rows, misses included.
 */

export const platforms = {
  native: 'No sandbox: the call goes to the host kernel.',
  ptrace:
    'The host stops the application at each call by ptrace (PTRACE_SYSEMU) and wakes the Sentry: two switches of process each way. Historical.',
  systrap:
    'A seccomp filter raises SIGSYS; its handler leaves the call in shared memory, where a Sentry thread takes it. The default since 2023.',
  kvm: 'The Sentry runs as guest kernel of a small virtual machine, and gets the call as a kernel does. Best on bare metal.',
} as const;
export type Platform = keyof typeof platforms;

/** Time that a platform adds to every call, in nanoseconds. */
export const interceptionNs: Readonly<Record<Platform, number>> = {
  native: 0,
  /** Calibrated: a one-byte write to /dev/null, runsc 2022 with ptrace, less the native call. */
  ptrace: 27_356,
  /** Calibrated: the same, runsc 2024 with systrap. */
  systrap: 2_624,
  /** Calibrated on another machine: getpid with KVM, 830 ns, less 62 natively (gVisor blog of 2021-12-02, Ant Group). */
  kvm: 768,
};

/** Time that a new address space takes inside the sandbox beyond the native one. */
export const addressSpaceNs: Readonly<Record<'fork' | 'exec', Readonly<Record<Platform, number>>>> = {
  /** Calibrated: fork, exit and wait, runsc 2022 with ptrace and runsc 2024 with systrap. KVM assumed. */
  fork: { native: 0, ptrace: 1_566_000, systrap: 3_522_000, kvm: 300_000 },
  /** Calibrated: the same with an exec, less the one without. KVM assumed. */
  exec: { native: 0, ptrace: 4_291_000, systrap: 10_040_000, kvm: 700_000 },
};

/** A round trip from the Sentry to the Gofer. Calibrated: stat, runsc 2024 with systrap, less interception and native call. */
export const goferNs = 16_700;
/** A host call that the Sentry makes itself with directfs in place of it. Assumed: about two native stats. */
export const directfsNs = 1_500;
/** Work of the Sentry's own network stack for one message, sent or received. Calibrated: TCP request and response, systrap. */
export const netstackNs = 21_350;
/** The same with the host's network: one more host call. Assumed. */
export const hostNetworkNs = 700;

export interface CallClass {
  readonly doc: string;
  /** The call on the host kernel. Measured medians. */
  readonly nativeNs: number;
  /** Work of the Sentry in place of it. */
  readonly sentryNs: number;
  /** What it may need beside that. */
  readonly needs: 'nothing' | 'file' | 'network' | 'fork' | 'exec';
  /** Names as strace prints them. */
  readonly names: readonly string[];
}

const call = (
  doc: string,
  nativeNs: number,
  sentryNs: number,
  needs: CallClass['needs'],
  names: string,
): CallClass => ({ doc, nativeNs, sentryNs, needs, names: names.split(' ') });

/** Classes of system calls that cost alike. Sentry times are assumed to be a little above the native call, whose work they do again. */
export const callClasses = {
  trivial: call(
    'Asks for a number that the kernel knows: getpid.',
    142,
    100,
    'nothing',
    'getpid gettid getppid getuid geteuid getgid getegid getpgrp getpgid getsid sched_yield umask uname getrlimit prlimit64 prctl arch_prctl set_tid_address set_robust_list rseq rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack sched_getaffinity getrandom sysinfo getrusage times exit exit_group getcpu capget capset',
  ),
  time: call(
    'Reads the clock, natively without entering the kernel (vDSO).',
    38,
    100,
    'nothing',
    'clock_gettime gettimeofday time clock_getres',
  ),
  read: call(
    'Reads a page of a file that is in the cache.',
    463,
    900,
    'nothing',
    'read pread64 readv preadv preadv2 lseek getdents64 getdents sendfile copy_file_range splice',
  ),
  write: call(
    'Writes a page to a file.',
    638,
    900,
    'nothing',
    'write pwrite64 writev pwritev pwritev2 ftruncate fallocate fsync fdatasync',
  ),
  stat: call(
    'Looks at a file by its path.',
    757,
    900,
    'file',
    'stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat statfs utimensat chmod fchmodat chown fchownat getxattr lgetxattr',
  ),
  open: call(
    'Opens a file by its path, creates or removes it.',
    1_200,
    1_500,
    'file',
    'open openat openat2 creat unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir link linkat symlink symlinkat chdir',
  ),
  close: call(
    'Closes a descriptor, or asks for its state.',
    165,
    200,
    'nothing',
    'close fstat fcntl dup dup2 dup3 ioctl flock fchmod',
  ),
  pipe: call(
    'Creates a pipe or an event descriptor.',
    1_500,
    1_500,
    'nothing',
    'pipe pipe2 eventfd2 socketpair epoll_create1 timerfd_create signalfd4 inotify_init1 memfd_create',
  ),
  wait: call(
    'Waits for something, or wakes somebody who waits.',
    500,
    700,
    'nothing',
    'futex poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2 epoll_ctl nanosleep clock_nanosleep wait4 waitid pause rt_sigsuspend kill tgkill timerfd_settime alarm setitimer restart_syscall',
  ),
  socket: call(
    'Sends or receives on a TCP connection, or sets one up.',
    6_180,
    0,
    'network',
    'socket connect accept accept4 bind listen sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown getsockname getpeername setsockopt getsockopt',
  ),
  memory: call(
    'Maps memory and touches it for the first time.',
    1_858,
    2_000,
    'nothing',
    'mmap munmap mprotect brk madvise mremap msync mlock munlock mincore',
  ),
  fork: call(
    'Starts a process as a copy: fork, exit and wait together.',
    139_344,
    0,
    'fork',
    'fork vfork clone clone3',
  ),
  exec: call('Loads another program into the process.', 357_363, 0, 'exec', 'execve execveat'),
} as const satisfies Readonly<Record<string, CallClass>>;
export type CallClassName = keyof typeof callClasses;
export const callClassNames = Object.keys(callClasses) as CallClassName[];

const classOfName: ReadonlyMap<string, CallClassName> = new Map(
  callClassNames.flatMap((name) => callClasses[name].names.map((call) => [call, name] as const)),
);

/** The class of a system call; undefined for one that the model does not know. */
export const classOf = (systemCall: string): CallClassName | undefined => classOfName.get(systemCall);

/** How a sandbox is set up. */
export interface SandboxSettings {
  readonly platform: Platform;
  /** The Sentry uses files itself, by descriptors that the Gofer donated. */
  readonly directfs: boolean;
  /** `shared`: others may change files, so every lookup asks anew. `exclusive`: the Sentry may keep what it learnt. */
  readonly fileAccess: 'shared' | 'exclusive';
  /** `root`: changes of the root file system stay in the Sentry's memory; what exists is read through the Gofer once. */
  readonly overlay: 'none' | 'root';
  /** `sandbox`: the Sentry's own network stack. `host`: the host's. */
  readonly network: 'sandbox' | 'host';
}

export const usualSettings: SandboxSettings = {
  platform: 'systrap',
  directfs: false,
  fileAccess: 'shared',
  overlay: 'none',
  network: 'sandbox',
};

/** The parts of a call's time inside the sandbox, in nanoseconds. */
export interface CallParts {
  readonly interception: number;
  readonly sentry: number;
  readonly files: number;
  readonly network: number;
  readonly addressSpace: number;
}

/**
 * One call, term by term.
 * @param asksFiles share of the calls of a class that look files up outside the Sentry, from 0 to 1
 */
export function callParts(name: CallClassName, settings: SandboxSettings, asksFiles: number): CallParts {
  const { sentryNs, needs, nativeNs } = callClasses[name];
  if (settings.platform === 'native')
    return { interception: 0, sentry: nativeNs, files: 0, network: 0, addressSpace: 0 };
  const fileNs = settings.directfs ? directfsNs : goferNs;
  return {
    interception: interceptionNs[settings.platform],
    // What the Sentry does with the host's help costs at least what the host does.
    sentry: sentryNs + (needs === 'network' || needs === 'fork' || needs === 'exec' ? nativeNs : 0),
    files: needs === 'file' ? asksFiles * fileNs : 0,
    network: needs === 'network' ? (settings.network === 'host' ? hostNetworkNs : netstackNs) : 0,
    addressSpace: needs === 'fork' || needs === 'exec' ? addressSpaceNs[needs][settings.platform] : 0,
  };
}

export const sumOfParts = ({ interception, sentry, files, network, addressSpace }: CallParts): number =>
  interception + sentry + files + network + addressSpace;
