import { nearest } from '../../kernel/parameters.ts';
import { i386OnlySyscalls, x86Syscalls } from './x86Syscalls.ts';

/** Whether x86-64 has a system call of this name, or 32-bit x86 has. */
export const isSyscallName = (name: string): boolean => x86Syscalls.has(name) || i386OnlySyscalls.has(name);

/** Functions of the C library that are no system calls, and what they call. man 3 of each */
const libraryFunctions: Readonly<Record<string, string>> = {
  calloc: 'brk and mmap',
  exec: 'execve',
  execl: 'execve',
  execlp: 'execve',
  execv: 'execve',
  execvp: 'execve',
  fopen: 'openat',
  free: 'munmap',
  malloc: 'brk and mmap',
  opendir: 'openat',
  printf: 'write',
  pthread_create: 'clone3, or else clone',
  recv: 'recvfrom',
  send: 'sendto',
  sleep: 'clock_nanosleep',
  system: 'clone3 and execve',
  usleep: 'clock_nanosleep',
  wait: 'wait4',
};

/** What to write in place of something that is no system call's name. */
export function suggestedSyscall(written: unknown): string {
  if (typeof written === 'number') {
    const [name] = [...x86Syscalls].find(([, number]) => number === written) ?? [];
    return `Write names${name === undefined ? '' : `: on x86-64 number ${written} is "${name}"`}.`;
  }
  if (typeof written !== 'string') return 'Write names in double quotes: ["read", "write"].';
  const parts = written.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length > 1)
    return `Put each name in quotes of its own: ${parts.map((part) => JSON.stringify(part)).join(', ')}.`;
  const called = libraryFunctions[written];
  if (called !== undefined) return `It is a function of the C library, which calls ${called}.`;
  // As headers and the kernel's sources have them.
  const bare = written.replace(/^(?:__NR_|SYS_|sys_|__x64_sys_)/, '');
  const near = isSyscallName(bare) ? bare : nearest(bare, [...x86Syscalls.keys()]);
  return near === undefined
    ? 'Write the name that strace shows: "read", "openat".'
    : `Did you mean "${near}"?`;
}
