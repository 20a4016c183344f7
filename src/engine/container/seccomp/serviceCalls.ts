import { errnoName } from '../linux/errno.ts';
import { passesFilter, type SeccompDecision } from '../linux/seccompFilter.ts';
import { serviceTraces, type TracedCall } from './seccompTraces.ts';

/** Lets the service make its calls, one after the other. @returns the first that it cannot go on without */
export function brokenCall(
  libc: keyof typeof serviceTraces,
  make: (call: TracedCall) => SeccompDecision,
): TracedCall | undefined {
  let failed = '';
  return serviceTraces[libc].find((traced) => {
    if (traced.insteadOf !== undefined && traced.insteadOf !== failed) return false;
    const decision = make(traced);
    if (passesFilter(decision)) return false;
    failed = traced.name;
    return decision.action !== 'SCMP_ACT_ERRNO' || decision.errno !== traced.mayFail;
  });
}

/** What becomes of a call, in words. */
export function verdictOf({ action, errno }: SeccompDecision): string {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
      return 'passes';
    case 'SCMP_ACT_LOG':
      return 'passes, and is logged';
    case 'SCMP_ACT_ERRNO':
      return `fails with ${errnoName(errno) ?? `error ${errno}`}`;
    case 'SCMP_ACT_TRACE':
      return 'fails with ENOSYS, since nobody traces';
    case 'SCMP_ACT_NOTIFY':
      return 'waits for the supervisor';
    case 'SCMP_ACT_TRAP':
      return 'is answered by SIGSYS';
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_THREAD':
    case 'SCMP_ACT_KILL_PROCESS':
      return 'kills the program';
  }
}

/** Which part of the profile a decision comes from, in words. */
export const entryOf = ({ place }: SeccompDecision): string =>
  place === '/defaultAction' ? 'by default' : `entry ${Number(place.split('/')[2]) + 1}`;

/** The same part of the profile as a place in a `config.json`. */
export const placeInProfile = ({ place }: SeccompDecision): string => `/linux/seccomp${place}`;

/** Why the service needs a call, and what happens without it. */
export function whyNeeded(name: string): string {
  switch (name) {
    case 'execve':
      return 'The runtime installs the filter and then starts the program with execve, so the filter decides about that call too: the container never starts ("exec: operation not permitted").';
    case 'clone3':
      return 'The C library makes its threads with clone3, and with clone where that does not exist. It believes only ENOSYS: any other error means to it that no thread can be made.';
    case 'clone':
      return 'This is how the service makes its threads: with CLONE_VM and CLONE_THREAD among the flags in argument 0.';
    case 'ioctl':
      return 'The service asks about its terminal (TCGETS, TIOCGWINSZ) and makes its sockets non-blocking (FIONBIO); the request is argument 1.';
    case 'socket':
      return 'The service listens on IPv4 (AF_INET, 2) and IPv6 (AF_INET6, 10); the family is argument 0.';
    default:
      return `The service makes this call in its normal work and cannot go on without it.`;
  }
}
