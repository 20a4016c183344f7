/** The error names of errno(3) that the simulated kernel returns. */
export type Errno =
  | 'E2BIG'
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EAGAIN'
  | 'EBADF'
  | 'EBUSY'
  | 'ECHILD'
  | 'ECONNREFUSED'
  | 'EEXIST'
  | 'EFAULT'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EIO'
  | 'EISDIR'
  | 'ELOOP'
  | 'EMFILE'
  | 'ENAMETOOLONG'
  | 'ENETUNREACH'
  | 'ENODEV'
  | 'ENOENT'
  | 'ENOEXEC'
  | 'ENOMEM'
  | 'ENOSPC'
  | 'ENOSYS'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'ENXIO'
  | 'EOPNOTSUPP'
  | 'EPERM'
  | 'EPIPE'
  | 'ERANGE'
  | 'EROFS'
  | 'ESPIPE'
  | 'ESRCH'
  | 'EUSERS'
  | 'EXDEV';

/** What a system call gives back: a value, or the name of an error. */
export type SysResult<T = undefined> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: Errno };

export const succeed = <T>(value: T): SysResult<T> => ({ ok: true, value });
export const done: SysResult = { ok: true, value: undefined };
export const fail = (errno: Errno): { readonly ok: false; readonly errno: Errno } => ({ ok: false, errno });
