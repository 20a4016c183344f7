import { errnoNumbers } from './errno.ts';
import type { SeccompAction, SeccompCondition, SeccompProfile } from './seccompRules.ts';
import { x86Syscalls } from './x86Syscalls.ts';

/** What a filter does with one call. */
export interface SeccompDecision {
  readonly action: SeccompAction;
  /** The error number of `SCMP_ACT_ERRNO`; 0 for other actions. */
  readonly errno: number;
  /** Where in the profile it comes from, as a JSON pointer. */
  readonly place: string;
}

/** A profile as runc and libseccomp combine it, for x86-64. */
export interface SeccompFilter {
  /** @param args as the registers hold them; missing ones are 0 */
  decide(name: string, args: readonly bigint[]): SeccompDecision;
  /** For which arguments a call reaches the kernel. */
  reach(name: string): 'always' | 'sometimes' | 'never';
}

interface Rule {
  readonly conditions: readonly SeccompCondition[];
  readonly decision: SeccompDecision;
}

const isAllowed = (action: SeccompAction): boolean =>
  action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG';

/** Whether a call reaches the kernel. */
export const passesFilter = ({ action }: SeccompDecision): boolean => isAllowed(action);

/**
 * Combines the rules of a profile. The file's order does not matter:
 *
 * - a rule whose action is the default is left out (runc, `matchCall`);
 * - a rule without conditions decides for its system call, whatever conditional rules say (libseccomp keeps the more general one);
 * - otherwise a conditional rule decides when all its conditions hold; the profile's reader has refused rules that could contradict one another;
 * - a rule with several conditions on one argument becomes a rule for each condition, any of which suffices (runc, for compatibility);
 * - else the default decides; but where it refuses, calls newer than every call in the profile fail with ENOSYS, so that programs fall back
 *   to older ones (runc, `libcontainer/seccomp/patchbpf`).
 */
export function seccompFilter(profile: SeccompProfile): SeccompFilter {
  const always = new Map<string, SeccompDecision>();
  const sometimes = new Map<string, Rule[]>();
  const byDefault: SeccompDecision = {
    action: profile.defaultAction,
    errno: profile.defaultAction === 'SCMP_ACT_ERRNO' ? profile.defaultErrnoRet : 0,
    place: '/defaultAction',
  };
  let newest = -1;
  profile.syscalls.forEach((entry, index) => {
    const errno = entry.action === 'SCMP_ACT_ERRNO' ? entry.errnoRet : 0;
    const decision = { action: entry.action, errno, place: `/syscalls/${index}` };
    for (const name of entry.names) newest = Math.max(newest, x86Syscalls.get(name) ?? -1);
    if (decision.action === byDefault.action && errno === byDefault.errno) return;
    for (const name of entry.names) {
      if (entry.args.length === 0) always.set(name, always.get(name) ?? decision);
      else sometimes.set(name, [...(sometimes.get(name) ?? []), ...rulesOf(entry.args, decision)]);
    }
  });
  const unmatched = (name: string): SeccompDecision =>
    !isAllowed(byDefault.action) && (x86Syscalls.get(name) ?? 0) > newest
      ? { action: 'SCMP_ACT_ERRNO', errno: errnoNumbers.ENOSYS, place: '/defaultAction' }
      : byDefault;
  return {
    decide(name, args) {
      const general = always.get(name);
      if (general !== undefined) return general;
      const rule = sometimes
        .get(name)
        ?.find(({ conditions }) => conditions.every((each) => holds(each, args)));
      return rule?.decision ?? unmatched(name);
    },
    reach(name) {
      const general = always.get(name);
      if (general !== undefined) return isAllowed(general.action) ? 'always' : 'never';
      const rest = isAllowed(byDefault.action);
      const rules = sometimes.get(name) ?? [];
      if (rules.every(({ decision }) => isAllowed(decision.action) === rest))
        return rest ? 'always' : 'never';
      return 'sometimes';
    },
  };
}

function rulesOf(args: readonly SeccompCondition[], decision: SeccompDecision): Rule[] {
  const repeated = new Set(args.map(({ index }) => index)).size < args.length;
  return repeated
    ? args.map((condition) => ({ conditions: [condition], decision }))
    : [{ conditions: args, decision }];
}

/** Arguments are compared as unsigned numbers of 64 bits. */
function holds({ index, op, value, valueTwo }: SeccompCondition, args: readonly bigint[]): boolean {
  const seen = args[index] ?? 0n;
  switch (op) {
    case 'SCMP_CMP_NE':
      return seen !== value;
    case 'SCMP_CMP_LT':
      return seen < value;
    case 'SCMP_CMP_LE':
      return seen <= value;
    case 'SCMP_CMP_EQ':
      return seen === value;
    case 'SCMP_CMP_GE':
      return seen >= value;
    case 'SCMP_CMP_GT':
      return seen > value;
    case 'SCMP_CMP_MASKED_EQ':
      return (seen & value) === (valueTwo & value);
  }
}
