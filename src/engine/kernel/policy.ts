import type { Codec, Infer, RecordCodec } from './codec.ts';
import type { ReadDocument } from './document.ts';
import type { ParameterValue } from './parameters.ts';
import type { RandomStreams } from './random.ts';

/**
 * A policy: the part of a simulated system that a learner writes.
 *
 * The engine asks *decisions* of it; while deciding, it may make *calls* into the engine (read guest memory, make a
 * system call). Both are declared with bounded codecs. From one declaration come the sandbox's guest prelude, the
 * validation with its messages, the learner's `.d.ts`, hovers and the reference page.
 */
export interface PolicyDefinition {
  /** The name of the constant that a learner's module exports: `scheduler`. */
  readonly id: string;
  /** The name of its type in the learner's `.d.ts`: `SchedulerPolicy`. */
  readonly typeName: string;
  readonly doc: string;
  readonly decisions: { readonly [name: string]: DecisionDefinition };
  readonly calls: { readonly [name: string]: CallDefinition };
}

/** A question that the engine asks of the learner's module, synchronously. */
export interface DecisionDefinition {
  readonly doc: string;
  readonly input: RecordCodec;
  readonly output: Codec;
  /** When true the learner may leave the method out; the engine then behaves as the documentation says. */
  readonly mayBeAbsent?: boolean;
}

/** Something that a learner's module may ask of the engine while it decides. */
export interface CallDefinition {
  readonly doc: string;
  readonly input: RecordCodec;
  readonly output: Codec;
  /** The error names that the call can fail with, as the field writes them: `ENOENT`. */
  readonly errors: readonly string[];
}

export const definePolicy = <const P extends PolicyDefinition>(definition: P): P => definition;

/** What a call handler of the engine returns. */
export type CallOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: string };

/** The engine's side of a policy's calls. */
export type CallHandlers<P extends PolicyDefinition> = {
  readonly [K in keyof P['calls']]: (
    input: Infer<P['calls'][K]['input']>,
  ) => CallOutcome<Infer<P['calls'][K]['output']>>;
};

/** The policy's side of its calls: each returns a value or throws {@link CallError}. */
export type Calls<P extends PolicyDefinition> = {
  readonly [K in keyof P['calls']]: (input: Infer<P['calls'][K]['input']>) => Infer<P['calls'][K]['output']>;
};

/** A failed call, as the policy sees it. */
export class CallError extends Error {
  readonly errno: string;
  constructor(call: string, errno: string) {
    super(`${call} failed with ${errno}`);
    this.name = 'CallError';
    this.errno = errno;
  }
}

type DecisionNames<P extends PolicyDefinition> = keyof P['decisions'];
type AbsentNames<P extends PolicyDefinition> = {
  [K in DecisionNames<P>]: P['decisions'][K] extends { readonly mayBeAbsent: true } ? K : never;
}[DecisionNames<P>];

type Decide<P extends PolicyDefinition, K extends DecisionNames<P>> = (
  input: Infer<P['decisions'][K]['input']>,
  calls: Calls<P>,
) => Infer<P['decisions'][K]['output']>;

/** What a learner writes, and what a built-in policy is: one method per decision. */
export type PolicyImplementation<P extends PolicyDefinition> = {
  [K in Exclude<DecisionNames<P>, AbsentNames<P>>]: Decide<P, K>;
} & { [K in AbsentNames<P>]?: Decide<P, K> };

/** A running policy, as the engine asks it. An absent decision is `undefined`. */
export type RunningPolicy<P extends PolicyDefinition> = {
  readonly [K in Exclude<DecisionNames<P>, AbsentNames<P>>]: (
    input: Infer<P['decisions'][K]['input']>,
  ) => Infer<P['decisions'][K]['output']>;
} & {
  readonly [K in AbsentNames<P>]:
    ((input: Infer<P['decisions'][K]['input']>) => Infer<P['decisions'][K]['output']>) | undefined;
};

export interface PolicyTable {
  readonly [policyId: string]: PolicyDefinition;
}

/** A set of policies that can be started any number of times, each time with fresh module state. */
export interface PolicySubmission<T extends PolicyTable = PolicyTable> {
  start(
    handlers: { readonly [K in keyof T]: CallHandlers<T[K]> },
    run?: PolicyRun,
  ): {
    readonly [K in keyof T]: RunningPolicy<T[K]>;
  };
}

/** What a scenario's own policies may know of the run that they serve. A learner's know what they are told. */
export interface PolicyRun {
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly random: RandomStreams;
  /** Whether the policies are started again within a run that goes on, as when a process crashes and comes back. */
  readonly again?: boolean;
}

/** A submission whose policies' own types are erased: what the sandbox makes, and what scenarios are given. */
export interface AnySubmission {
  start(handlers: AnyCallHandlers, run?: PolicyRun): AnyRunningPolicies;
  /** Documents by the names under which the scenario declares them; the scenario's own stand for the others. */
  readonly documents?: Readonly<Record<string, ReadDocument>>;
}
export type AnyCallHandlers = Readonly<
  Record<string, Readonly<Record<string, (input: unknown) => CallOutcome<unknown>>>>
>;
export type AnyRunningPolicies = Readonly<
  Record<string, Readonly<Record<string, ((input: unknown) => unknown) | undefined>>>
>;

/** Why a policy could not answer. `wall` is the only kind that depends on the machine: it is ungradable. */
export type PolicyFaultKind =
  /** The module has a syntax error, or uses syntax that cannot be erased; a document is not of its language. */
  | 'syntax'
  /** The module threw, or did something forbidden, while it was loaded; or lacks an export or method. A document is not what it must be. */
  | 'load'
  /** A decision threw. */
  | 'throw'
  /** A decision used up its steps. */
  | 'steps'
  /** A decision returned something other than what it must return, or passed a call a wrong argument. */
  | 'value'
  /** The memory limit was reached. */
  | 'memory'
  /** The machinery failed: not the learner's fault as far as is known. */
  | 'crash'
  /** Stopped by the wall clock in something that never counts a step. */
  | 'wall';

export interface PolicyFaultDetail {
  readonly kind: PolicyFaultKind;
  /** One or two sentences for the learner: what was seen, what was expected, a next step. */
  readonly message: string;
  /** 1-based position in the learner's file, where known. */
  readonly line?: number;
  readonly column?: number;
  /** What else is wrong with a document, each at its place. */
  readonly others?: readonly {
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  readonly policy?: string;
  readonly decision?: string;
  /** How many decisions had been asked before this one. */
  readonly ordinal?: number;
}

/**
 * Thrown through the engine by a running policy that cannot answer. The scenario runner catches it;
 * a scenario's own code lets it pass.
 */
export class PolicyFault extends Error {
  readonly detail: PolicyFaultDetail;
  constructor(detail: PolicyFaultDetail) {
    super(detail.message);
    this.name = 'PolicyFault';
    this.detail = detail;
  }
}
