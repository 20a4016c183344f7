import type { Errno } from './errno.ts';

/** What a seccomp filter decides about a system call. seccomp(2), SECCOMP_RET_* */
export type SeccompVerdict =
  { readonly kind: 'allow' } | { readonly kind: 'errno'; readonly errno: Errno } | { readonly kind: 'kill' };

/**
 * A filter installed by a process, inherited by its children and kept over execve(2).
 * @param call the name of the system call
 * @param args its arguments as the registers hold them: numbers; an argument that is a pointer is 0
 */
export type SeccompFilter = (call: string, args: readonly number[]) => SeccompVerdict;
