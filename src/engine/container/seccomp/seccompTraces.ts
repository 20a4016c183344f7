/** One system call of a recorded program. */
export interface TracedCall {
  readonly name: string;
  /** The arguments that matter; the others are 0. */
  readonly args: readonly number[];
  /** What they mean, as strace writes it. */
  readonly text: string;
  /** An error after which the program goes on by another way. */
  readonly mayFail?: number;
  /** Made only when the latest call of this name failed so. */
  readonly insteadOf?: string;
}

const call = (name: string, text = '', args: readonly number[] = []): TracedCall => ({ name, args, text });
const calls = (names: string): TracedCall[] => names.split(/\s+/).map((name) => call(name));

const enosys = 38;
const newUser = 0x1000_0000;
const sigchld = 17;
/** What pthread_create passes: CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID and CHILD_CLEARTID. */
const threadFlags = 0x3d_0f00;

/** The web service's system calls, as strace shows them, with the C library of its image. */
export const serviceTraces: Readonly<Record<'glibc' | 'musl', readonly TracedCall[]>> = {
  glibc: [
    call('execve', '"/app/server"'),
    ...calls('brk arch_prctl set_tid_address set_robust_list rseq prlimit64 getrandom'),
    ...calls('openat newfstatat read pread64 mmap mprotect munmap close lseek'),
    ...calls('rt_sigaction rt_sigprocmask sigaltstack getpid gettid uname'),
    call('close_range', '3, ~0U, 0', [3, 0xffff_ffff, 0]),
    call('ioctl', '1, TCGETS', [1, 0x5401]),
    call('socket', 'AF_INET, SOCK_STREAM', [2, 1]),
    call('socket', 'AF_INET6, SOCK_STREAM', [10, 1]),
    ...calls('setsockopt bind listen epoll_create1 epoll_ctl'),
    { ...call('clone3', '{flags=CLONE_VM|CLONE_THREAD|…}, 88'), mayFail: enosys },
    { ...call('clone', 'CLONE_VM|CLONE_THREAD|…', [threadFlags]), insteadOf: 'clone3' },
    ...calls('futex epoll_wait accept4'),
    call('ioctl', '7, FIONBIO', [7, 0x5421]),
    ...calls('recvfrom write writev sendfile sendto shutdown clock_nanosleep madvise exit exit_group'),
  ],
  musl: [
    call('execve', '"/app/server"'),
    ...calls('brk arch_prctl set_tid_address getrandom'),
    ...calls('open fstat read readv mmap mprotect munmap close lseek'),
    ...calls('rt_sigaction rt_sigprocmask rt_sigreturn getpid gettid'),
    call('close_range', '3, ~0U, 0', [3, 0xffff_ffff, 0]),
    call('ioctl', '1, TIOCGWINSZ', [1, 0x5413]),
    call('socket', 'AF_INET, SOCK_STREAM', [2, 1]),
    ...calls('setsockopt bind listen epoll_create1 epoll_ctl'),
    call('clone', 'CLONE_VM|CLONE_THREAD|…', [threadFlags]),
    ...calls('futex epoll_pwait accept4'),
    call('ioctl', '7, FIONBIO', [7, 0x5421]),
    ...calls('recvfrom write writev sendfile sendto shutdown nanosleep exit exit_group'),
  ],
};

/** An attack from inside the container. It is stopped when any of its calls does not reach the kernel. */
export interface Exploit {
  readonly id: string;
  readonly title: string;
  /** What it abuses. */
  readonly about: string;
  readonly calls: readonly TracedCall[];
}

export const exploits: readonly Exploit[] = [
  {
    id: 'keyring',
    title: 'Keyring reference leak',
    about: 'CVE-2016-0728: a counter of session keyrings overflows, and a freed object is used.',
    calls: [call('keyctl', 'KEYCTL_JOIN_SESSION_KEYRING', [1])],
  },
  {
    id: 'open-by-handle',
    title: 'Files of the host by handle',
    about: 'The "shocker" escape: file handles are guessed and opened past every mount namespace.',
    calls: [call('open_by_handle_at')],
  },
  {
    id: 'user-namespace',
    title: 'A user namespace for capabilities',
    about:
      'CVE-2022-0185: with CAP_SYS_ADMIN in a new user namespace, a bug of the new mount interface is reached.',
    calls: [call('unshare', 'CLONE_NEWUSER', [newUser]), call('fsopen'), call('fsconfig')],
  },
  {
    id: 'clone-namespace',
    title: 'A user namespace by clone',
    about: 'The same, with the flag of clone(2) in place of unshare(2).',
    calls: [call('clone', 'CLONE_NEWUSER|SIGCHLD', [newUser + sigchld])],
  },
  {
    id: 'clone3-namespace',
    title: 'A user namespace by clone3',
    about: 'The same again. clone3(2) takes its flags in memory, which a filter cannot read.',
    calls: [call('clone3', '{flags=CLONE_NEWUSER}, 88')],
  },
  {
    id: 'packet-socket',
    title: 'Packet socket overflow',
    about: 'CVE-2020-14386: a memory corruption in AF_PACKET sockets.',
    calls: [call('socket', 'AF_PACKET, SOCK_RAW', [17, 3])],
  },
  {
    id: 'terminal',
    title: 'Typing into the terminal',
    about: 'TIOCSTI puts characters into the input of the terminal that the container was started from.',
    calls: [call('ioctl', '0, TIOCSTI', [0, 0x5412])],
  },
  {
    id: 'bpf',
    title: 'A BPF program that the verifier misjudges',
    about: 'CVE-2021-3490: wrong bounds in the verifier give access to kernel memory.',
    calls: [call('bpf', 'BPF_PROG_LOAD', [5])],
  },
  {
    id: 'io-uring',
    title: 'io_uring use after free',
    about:
      'CVE-2022-29582: a race between timeouts in io_uring. Its operations pass no filter for system calls at all.',
    calls: [call('io_uring_setup'), call('io_uring_enter')],
  },
  {
    id: 'dirty-pipe',
    title: 'Dirty Pipe',
    about: 'CVE-2022-0847: splice leaves a flag behind with which read-only files are overwritten.',
    calls: [call('openat'), call('pipe2'), call('splice'), call('write')],
  },
  {
    id: 'ptrace',
    title: 'Taking over a neighbour',
    about: 'A process with the same user is attached to and made to run other code.',
    calls: [call('ptrace', 'PTRACE_ATTACH', [16])],
  },
  {
    id: 'mount',
    title: 'Mounting what the host has',
    about: 'With CAP_SYS_ADMIN left in the container, a device or cgroup file system of the host is mounted.',
    calls: [call('mount')],
  },
  {
    id: 'module',
    title: 'Loading a kernel module',
    about: 'With CAP_SYS_MODULE left in the container, its code simply becomes the kernel.',
    calls: [call('finit_module')],
  },
  {
    id: 'shell',
    title: 'A shell of its own',
    about: 'After a bug in the service itself: fork, then run /bin/sh. The service only ever makes threads.',
    calls: [call('clone', 'SIGCHLD', [sigchld]), call('execve', '"/bin/sh"')],
  },
  {
    id: 'fork-shell',
    title: 'A shell by an old call',
    about: 'The same with vfork(2).',
    calls: [call('vfork'), call('execve', '"/bin/sh"')],
  },
];
