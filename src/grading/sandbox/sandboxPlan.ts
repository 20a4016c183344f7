import type { PolicyDefinition, PolicyTable } from '../../engine/kernel/policy.ts';
import { guestPrelude } from './guestPrelude.ts';
import { decoder, encoder, type Decode, type Encode } from './hostCodec.ts';
import { poolPlan, type PoolPlan } from './inputPool.ts';
import { messageWordsFor } from './layout.ts';
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
