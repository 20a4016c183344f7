/** Bugs that the host's kernel may have, by the system call in which they are reached. All were real, and are fixed. */
export const hostBugs = {
  none: 'None.',
  futex: 'In futex, which every multi-threaded program needs (CVE-2014-3153).',
  setsockopt: "In setsockopt: netfilter's tables (CVE-2021-22555).",
  fsetxattr: 'In fsetxattr: file capabilities on an overlay (CVE-2021-3493, in Ubuntu).',
  splice: 'In splice: Dirty Pipe (CVE-2022-0847).',
  keyctl: 'In keyctl: a counter of keyrings overflows (CVE-2016-0728).',
  io_uring_setup: 'In io_uring (CVE-2022-29582).',
} as const;
export type HostBug = keyof typeof hostBugs;
export const hostBugNames = Object.keys(hostBugs) as readonly HostBug[];

/** The argument with which attackers reach a bug: no honest program passes it. */
export const hostileNumber = 0x4141_4141;
