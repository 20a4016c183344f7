import { StepBudgetExceeded } from './simulation.ts';
import { randomStreams, type RandomStreams } from './random.ts';
import { documentsWith, type DocumentsOf, type DocumentTable } from './document.ts';
import { problemOfParameterName } from './parameterName.ts';
import {
  resolveParameters,
  type ParameterInput,
  type ParameterProblem,
  type ParameterSchema,
  type ParametersOf,
} from './parameters.ts';
import {
  CallError,
  type AnyCallHandlers,
  type AnySubmission,
  PolicyFault,
  type PolicyDefinition,
  type PolicyFaultDetail,
  type PolicyImplementation,
  type PolicyRun,
  type PolicySubmission,
  type PolicyTable,
  type RunningPolicy,
} from './policy.ts';
import { Trace, type EventSchema } from './trace.ts';
import type { ConsoleDefinition } from './console.ts';
import type { Views } from './views.ts';

/** A number that a run yields. The unit stands in its key (`worstWaitMs`). */
export interface Metric {
  readonly doc: string;
  readonly label: string;
  readonly better: 'lower' | 'higher' | 'neither';
}

export interface MetricSchema {
  readonly [name: string]: Metric;
}

/** Evidence that something does not hold: at which event, what was expected and seen, and why that is wrong. */
export interface Witness {
  /** Row of the trace. */
  readonly event: number;
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
  /** The part of the submitted document that is to blame, where it is not that of the event: as its `at` takes it. */
  readonly place?: string;
}

/** How a run came to its end. */
export type RunEnd =
  | { readonly kind: 'finished' }
  /** The policy did something that the simulated system refuses (ran a blocked vCPU). */
  | { readonly kind: 'refused'; readonly witness: Witness }
  /** The step budget ran out: the run did not finish in `steps` steps. */
  | { readonly kind: 'steps'; readonly steps: number }
  | { readonly kind: 'fault'; readonly fault: PolicyFaultDetail };

export interface Run<S extends ScenarioShape = ScenarioShape> {
  readonly scenario: string;
  readonly params: ParametersOf<S['params']>;
  readonly seed: number;
  /** All zero unless the run finished. */
  readonly metrics: { readonly [K in keyof S['metrics']]: number };
  readonly trace: Trace<S['events']>;
  /** The documents that it ran with. */
  readonly documents: DocumentsOf<S['documents']>;
  readonly end: RunEnd;
}

export interface ScenarioShape {
  readonly params: ParameterSchema;
  readonly metrics: MetricSchema;
  readonly events: EventSchema;
  readonly policies: PolicyTable;
  readonly documents: DocumentTable;
}

/** A named, parameterized predicate over a run. */
export interface Check<S extends ScenarioShape = ScenarioShape, A extends ParameterSchema = ParameterSchema> {
  readonly doc: string;
  readonly title: string;
  readonly args: A;
  /** The witness when the predicate does not hold. Called only for runs that finished. */
  violated(run: Run<S>, args: ParametersOf<A>): Witness | undefined;
}

/** What a scenario's `run` is given. */
export interface RunContext<S extends ScenarioShape> {
  readonly params: ParametersOf<S['params']>;
  readonly trace: Trace<S['events']>;
  readonly random: RandomStreams;
  readonly stepBudget: number;
  /** The submission's documents, and the scenario's own where it has none. */
  readonly documents: DocumentsOf<S['documents']>;
  /** Seed of a random order of simultaneous events; undefined for the usual order. For `Simulation`'s `tieShuffle`. */
  readonly ties: number | undefined;
  /** Starts the submission's policies with fresh module state, and routes their calls to `handlers`. */
  readonly start: PolicySubmission<S['policies']>['start'];
  /** As `start`, within the run: the policies lose what they remembered, and decisions are numbered on. */
  readonly restart: PolicySubmission<S['policies']>['start'];
  /** Ends the run: the submission did what the simulated system cannot do. */
  readonly refuse: (witness: Witness) => never;
}

export interface ScenarioDefinition<S extends ScenarioShape, C extends Readonly<Record<string, unknown>>> {
  /** `<folder under src/engine>.<name>` */
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly params: S['params'];
  readonly metrics: S['metrics'];
  readonly events: S['events'];
  /** The policies that a submission may fill. */
  readonly policies: S['policies'];
  /** The documents that a submission may give. Default: none. */
  readonly documents?: S['documents'];
  /** What runs when no submission is given. */
  readonly builtIn: {
    readonly [K in keyof S['policies']]: (run?: PolicyRun) => PolicyImplementation<S['policies'][K]>;
  };
  readonly checks: C;
  readonly views: Views<S>;
  /** A command line over the simulated system, where people have one for the real one. */
  readonly console?: ConsoleDefinition<S>;
  /** Where the independent truth of this scenario comes from. */
  readonly oracle: string;
  /** The most steps a run may take unless the caller gives another budget. */
  readonly stepBudget: number;
  /** True when runs heed `ties`, so that a task can ask that a policy does not depend on the order of simultaneous events. */
  readonly shufflesTies?: boolean;
  readonly run: (context: RunContext<S>) => { readonly [K in keyof S['metrics']]: number };
}

/** A scenario whose own parameter, metric and policy names are erased: what lists, lessons and command line hold. */
export interface Scenario extends Omit<
  ScenarioDefinition<ScenarioShape, Readonly<Record<string, Check>>>,
  'run' | 'builtIn' | 'documents'
> {
  readonly documents: DocumentTable;
  readonly execute: (options?: RunOptions) => RunOutcome;
  readonly builtInSubmission: AnySubmission;
}

export interface RunOptions {
  readonly params?: ParameterInput;
  /** Root of every random stream; an integer. Default 1. */
  readonly seed?: number;
  readonly submission?: AnySubmission;
  readonly stepBudget?: number;
  /** Seed of a random order for events of one instant, where the scenario heeds it. Default: the order in which they were scheduled. */
  readonly ties?: number;
  /**
   * Called before each decision with what has happened so far, and whether a random number had a part in it. What it throws
   * ends the run, and comes out of `execute`.
   */
  readonly watch?: (trace: Trace, seeded: boolean) => void;
}

export type RunOutcome =
  /** `seeded` is false when nothing asked for a random number, so that the run is the same for every seed. */
  | { readonly ok: true; readonly run: Run; readonly seeded: boolean }
  | { readonly ok: false; readonly problems: readonly ParameterProblem[] };

/**
 * Declares a scenario. Everything that serves it (figure, question, task, command line, page) reads this one value.
 *
 * @throws when a parameter has a name that expressions in lessons could not use
 */
export function defineScenario<
  const P extends ParameterSchema,
  const M extends MetricSchema,
  const E extends EventSchema,
  const T extends PolicyTable,
  const C extends Readonly<
    // oxlint-disable-next-line typescript/no-explicit-any -- each check has its own argument schema
    Record<string, Check<{ params: P; metrics: M; events: E; policies: T; documents: D }, any>>
  >,
  const D extends DocumentTable,
>(
  definition: ScenarioDefinition<{ params: P; metrics: M; events: E; policies: T; documents: D }, C>,
): Scenario {
  type S = { params: P; metrics: M; events: E; policies: T; documents: D };
  for (const name of Object.keys(definition.params)) {
    const problem = problemOfParameterName(name);
    if (problem !== undefined) throw new Error(`${definition.id}: ${problem}`);
  }
  const documents: DocumentTable = definition.documents ?? {};
  const builtInSubmission = submissionOf(definition.policies, definition.builtIn);

  const execute = (options: RunOptions = {}): RunOutcome => {
    const resolved = resolveParameters(definition.params, options.params ?? {});
    if (!resolved.ok) return resolved;
    const seed = options.seed ?? 1;
    const stepBudget = options.stepBudget ?? definition.stepBudget;
    const submission = (options.submission ?? builtInSubmission) as unknown as PolicySubmission<T>;
    const trace = new Trace(definition.events);
    const zero = Object.fromEntries(
      Object.keys(definition.metrics).map((name) => [name, 0]),
    ) as Run<S>['metrics'];
    const finish = (metrics: Run<S>['metrics'], end: RunEnd): RunOutcome => ({
      ok: true,
      seeded: random.used,
      run: {
        scenario: definition.id,
        params: resolved.value,
        seed,
        metrics,
        trace,
        documents: read,
        end,
      } as unknown as Run,
    });
    const random = randomStreams(seed);
    const read = documentsWith(documents, options.submission?.documents);
    const beforeDecision = (): void => {
      options.watch?.(trace as unknown as Trace, random.used);
      trace.countDecision();
    };
    try {
      const metrics = definition.run({
        params: resolved.value,
        trace,
        random,
        stepBudget,
        ties: options.ties,
        documents: read as DocumentsOf<D>,
        start: (handlers) => {
          trace.restartDecisions();
          return announced(
            definition.policies,
            submission.start(handlers, { params: resolved.value, random }),
            beforeDecision,
          );
        },
        restart: (handlers) =>
          announced(
            definition.policies,
            submission.start(handlers, { params: resolved.value, random, again: true }),
            beforeDecision,
          ),
        refuse: (witness) => {
          throw new Refusal(witness);
        },
      });
      return finish(metrics, { kind: 'finished' });
    } catch (thrown) {
      if (thrown instanceof Refusal) return finish(zero, { kind: 'refused', witness: thrown.witness });
      if (thrown instanceof StepBudgetExceeded) return finish(zero, { kind: 'steps', steps: stepBudget });
      if (thrown instanceof PolicyFault) return finish(zero, { kind: 'fault', fault: thrown.detail });
      throw thrown;
    }
  };

  return { ...definition, documents, builtInSubmission, execute } as unknown as Scenario;
}

class Refusal extends Error {
  readonly witness: Witness;
  constructor(witness: Witness) {
    super(witness.because);
    this.witness = witness;
  }
}

/** Wraps a running submission so that each decision is announced: the trace then knows which decision each event follows. */
function announced<T extends PolicyTable>(
  table: T,
  running: { readonly [K in keyof T]: RunningPolicy<T[K]> },
  beforeDecision: () => void,
): { readonly [K in keyof T]: RunningPolicy<T[K]> } {
  const wrapped: Record<string, Record<string, unknown>> = {};
  for (const [policyId, definition] of Object.entries(table)) {
    const policy = running[policyId] as Record<string, ((input: unknown) => unknown) | undefined>;
    wrapped[policyId] = {};
    for (const name of Object.keys(definition.decisions)) {
      const decide = policy[name];
      if (decide === undefined) continue;
      wrapped[policyId][name] = (input: unknown) => {
        beforeDecision();
        return decide(input);
      };
    }
  }
  return wrapped as { readonly [K in keyof T]: RunningPolicy<T[K]> };
}

/** Policies written in trusted TypeScript, as a submission: the built-in ones, and test doubles. */
export function submissionOf<T extends PolicyTable>(
  table: T,
  implementations: { readonly [K in keyof T]: (run?: PolicyRun) => PolicyImplementation<T[K]> },
): PolicySubmission<T> {
  type Decide = (input: unknown, calls: unknown) => unknown;
  const start = (handlers: AnyCallHandlers, run?: PolicyRun): unknown => {
    const running: Record<string, Record<string, unknown>> = {};
    for (const [policyId, definition] of Object.entries<PolicyDefinition>(table)) {
      const implementation = implementations[policyId]!(run) as unknown as Record<string, Decide | undefined>;
      const calls = callsOf(definition, handlers[policyId]!);
      const policy: Record<string, unknown> = {};
      for (const name of Object.keys(definition.decisions)) {
        const decide = implementation[name];
        if (decide !== undefined)
          policy[name] = (input: unknown) => decide.call(implementation, input, calls);
      }
      running[policyId] = policy;
    }
    return running;
  };
  return { start } as unknown as PolicySubmission<T>;
}

function callsOf(definition: PolicyDefinition, handlers: AnyCallHandlers[string]): Record<string, unknown> {
  const calls: Record<string, unknown> = {};
  for (const name of Object.keys(definition.calls)) {
    calls[name] = (input: unknown) => {
      const outcome = handlers[name]!(input);
      if (!outcome.ok) throw new CallError(name, outcome.errno);
      return outcome.value;
    };
  }
  return calls;
}
