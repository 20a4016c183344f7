import type { PolicyDefinition, PolicyTable } from '../../engine/kernel/policy.ts';
import { guestPrelude } from './guestPrelude.ts';
import { decoder, encoder, type Decode, type Encode } from './hostCodec.ts';
import { mostPooledWords, poolPlan, type PoolPlan } from './inputPool.ts';
import { maxWords } from './layout.ts';
import type { SandboxLimits } from './sandboxLimits.ts';

export interface PlannedDecision {
  readonly policyId: string;
  readonly name: string;
  /** How the input is pooled; without it, it is encoded whole. */
  readonly pool: PoolPlan | undefined;
  readonly encode: Encode;
  readonly decode: Decode;
}

export interface PlannedCall {
  readonly policyId: string;
  readonly name: string;
  readonly errors: readonly string[];
  readonly encode: Encode;
  readonly decode: Decode;
}

/** All that follows from the declarations and the limits, computed once. */
export interface SandboxPlan {
  readonly module: WebAssembly.Module;
  readonly policies: PolicyTable;
  readonly limits: SandboxLimits;
  readonly messageWords: number;
  readonly prelude: string;
  /** In the order of the guest's steps. */
  readonly decisions: readonly PlannedDecision[];
  /** In the order of the guest's call numbers. */
  readonly calls: readonly PlannedCall[];
}

export function planSandbox(
  module: WebAssembly.Module,
  policies: PolicyTable,
  limits: SandboxLimits,
): SandboxPlan {
  const messageWords = messageWordsFor(policies);
  const each = <T>(members: (policy: PolicyDefinition) => readonly T[]): { policyId: string; member: T }[] =>
    Object.entries(policies).flatMap(([policyId, policy]) =>
      members(policy).map((member) => ({ policyId, member })),
    );
  return {
    module,
    policies,
    limits,
    messageWords,
    prelude: guestPrelude(policies, messageWords),
    decisions: each((policy) => Object.entries(policy.decisions)).map(
      ({ policyId, member: [name, decision] }) => ({
        policyId,
        name,
        pool: poolPlan(decision.input),
        encode: encoder(decision.input),
        decode: decoder(decision.output),
      }),
    ),
    calls: each((policy) => Object.entries(policy.calls)).map(({ policyId, member: [name, call] }) => ({
      policyId,
      name,
      errors: call.errors,
      encode: encoder(call.output),
      decode: decoder(call.input),
    })),
  };
}

/** A declaration may be larger than this; a message may not. One MiB. */
const mostMessageWords = 128 * 1024;

/** Words to keep for the largest message of a set of policies. */
function messageWordsFor(policies: PolicyTable): number {
  const sizes = Object.values(policies).flatMap(({ decisions, calls }) => [
    ...Object.values(decisions).flatMap(({ input, output }) => {
      const pool = poolPlan(input);
      return [pool === undefined ? maxWords(input) : mostPooledWords(pool), maxWords(output)];
    }),
    // A call's arguments begin with its number, its answer with its outcome.
    ...Object.values(calls).flatMap(({ input, output }) => [1 + maxWords(input), 1 + maxWords(output)]),
  ]);
  // What the guest tells of a loaded module takes a word per decision.
  const presence = Object.values(policies).reduce(
    (sum, { decisions }) => sum + Object.keys(decisions).length,
    0,
  );
  return Math.min(Math.max(1, presence, ...sizes), mostMessageWords);
}
