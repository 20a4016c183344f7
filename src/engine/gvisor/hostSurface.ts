const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * The system calls that gVisor's Sentry may make of the host: everything else ends it. From gVisor's own filters
 * (google/gvisor, runsc/boot/filter/config/config_main.go and extra_filters_hostinet.go, read in November 2026), by name;
 * many are restricted further by their arguments.
 */
export const sentryCalls = names(`
  accept4 clock_gettime close dup dup3 epoll_create1 epoll_ctl epoll_pwait eventfd2 exit exit_group
  fallocate fchmod fcntl fdatasync fstat fsync ftruncate futex getcpu getpid getrandom getsockopt
  gettid gettimeofday io_destroy io_getevents io_setup io_submit ioctl listen lseek madvise membarrier
  memfd_create mincore mlock mmap mprotect munlock munmap nanosleep ppoll prctl pread64 preadv preadv2
  pwrite64 pwritev pwritev2 read recvmmsg recvmsg restart_syscall rt_sigaction rt_sigprocmask
  rt_sigreturn sched_yield sendmmsg sendmsg setitimer shutdown sigaltstack statx sync_file_range tee
  tgkill timer_create timer_delete timer_settime utimensat write writev
`);

/** What directfs adds: files are opened and changed by the Sentry itself, relative to descriptors that the Gofer donated. */
export const directfsCalls = names(`
  fchmodat fchownat fgetxattr flistxattr fremovexattr fsetxattr fstatfs getdents64 linkat mkdirat
  mknodat newfstatat openat readlinkat renameat2 symlinkat unlinkat
`);

/** What the host's network adds: sockets are the host's, not those of the Sentry's own stack. */
export const hostNetworkCalls = names(`
  bind connect getpeername getsockname readv recvfrom sendto setsockopt socket
`);

export interface SurfaceSettings {
  readonly directfs: boolean;
  readonly network: 'sandbox' | 'host';
}

/** The calls that a Sentry with these settings may make of the host. */
export const hostSurface = ({ directfs, network }: SurfaceSettings): readonly string[] => [
  ...sentryCalls,
  ...(directfs ? directfsCalls : []),
  ...(network === 'host' ? hostNetworkCalls : []),
];
