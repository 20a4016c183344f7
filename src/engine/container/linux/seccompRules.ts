import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';

/** OCI runtime specification, config-linux.md, "Seccomp". */
export const seccompActions = [
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
] as const;
export type SeccompAction = (typeof seccompActions)[number];

export const seccompOperators = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
] as const;
export type SeccompOperator = (typeof seccompOperators)[number];

/** A condition on one argument, which is an unsigned 64-bit number. */
export interface SeccompCondition {
  /** 0 to 5. */
  readonly index: number;
  readonly op: SeccompOperator;
  /** What is compared with; the mask of `SCMP_CMP_MASKED_EQ`. */
  readonly value: bigint;
  /** What the masked argument must be. */
  readonly valueTwo: bigint;
}

export interface SeccompEntry {
  readonly names: readonly string[];
  readonly action: SeccompAction;
  /** What `SCMP_ACT_ERRNO` returns; EPERM (1) unless given. */
  readonly errnoRet: number;
  readonly args: readonly SeccompCondition[];
}

export interface SeccompProfile {
  readonly defaultAction: SeccompAction;
  readonly defaultErrnoRet: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly SeccompEntry[];
}

/** Whether two rules can never hold for the same call: they want different values of one argument. */
const disjoint = (a: SeccompEntry, b: SeccompEntry): boolean =>
  a.args.some((x) =>
    b.args.some(
      (y) => x.index === y.index && x.op === 'SCMP_CMP_EQ' && y.op === 'SCMP_CMP_EQ' && x.value !== y.value,
    ),
  );

/** Whether two rules hold for the same calls by the same words. */
const sameConditions = (a: SeccompEntry, b: SeccompEntry): boolean =>
  a.args.length === b.args.length &&
  a.args.every((x, at) => {
    const y = b.args[at]!;
    return x.index === y.index && x.op === y.op && x.value === y.value && x.valueTwo === y.valueTwo;
  });

/** Rules that libseccomp refuses, or resolves by an order of its own. */
export function findRuleConflicts(profile: SeccompProfile, problems: DocumentProblems, path: DataPath): void {
  const same = (a: SeccompEntry, b: SeccompEntry): boolean =>
    a.action === b.action && (a.action !== 'SCMP_ACT_ERRNO' || a.errnoRet === b.errnoRet);
  const isDefault = (entry: SeccompEntry): boolean =>
    entry.action === profile.defaultAction &&
    (entry.action !== 'SCMP_ACT_ERRNO' || entry.errnoRet === profile.defaultErrnoRet);
  const earlier = new Map<string, { readonly entry: SeccompEntry; readonly index: number }[]>();
  profile.syscalls.forEach((entry, index) => {
    if (isDefault(entry)) return;
    entry.names.forEach((name, at) => {
      const before = earlier.get(name) ?? [];
      earlier.set(name, [...before, { entry, index }]);
      const clash = before.find(
        (other) =>
          !same(other.entry, entry) &&
          (other.entry.args.length === 0) === (entry.args.length === 0) &&
          !disjoint(other.entry, entry),
      );
      const again = before.find((other) => same(other.entry, entry) && sameConditions(other.entry, entry));
      if (clash === undefined && again !== undefined)
        problems.note(
          [...path, 'syscalls', index, 'names', at],
          again.index === index
            ? `"${name}" stands twice in this entry.`
            : `Entry ${again.index + 1} of "syscalls" says the same of "${name}" already.`,
          'Keep one of the two.',
        );
      if (clash === undefined) return;
      problems.value(
        [...path, 'syscalls', index, 'names', at],
        `"${name}" has another action in entry ${clash.index + 1} of "syscalls". libseccomp does not go by the order of the file: it refuses equal rules with different actions, and orders overlapping ones by itself.`,
        'Keep one action for the calls that both entries match.',
      );
    });
  });
}
