import {
  PolicyFault,
  type AnyRunningPolicies,
  type AnySubmission,
  type PolicyFaultDetail,
  type PolicyTable,
} from '../../engine/kernel/policy.ts';
import { GuestSession, type GuestModule, type LoadedGuest } from './guestSession.ts';
import { defaultLimits, type SandboxLimits } from './sandboxLimits.ts';
import { planSandbox } from './sandboxPlan.ts';

/** A learner's file as it stands on disk. */
export interface LearnerSource {
  /** Its name without folders, as messages show it: `scheduler.ts`. */
  readonly file: string;
  /** TypeScript. */
  readonly text: string;
}

export type LoadOutcome<S extends AnySubmission> =
  { readonly ok: true; readonly submission: S } | { readonly ok: false; readonly fault: PolicyFaultDetail };

/** A learner's module as policies. What goes wrong in a decision is thrown as {@link PolicyFault}. */
export interface SandboxedSubmission extends AnySubmission {
  /** What the module printed while it loaded and in the run that was started last: at most 200 lines of 500 characters. */
  output(): readonly string[];
}

/** A submission that locates and never grades: its markers take steps, and its columns are not the file's. */
export interface LocatingSubmission extends AnySubmission {
  /**
   * The line of the learner's file, from 1, of the return statement (or the end of the method) that gave the answer to
   * the decision asked last. Undefined before the first, and when that one threw.
   */
  lastReturnLine(): number | undefined;
}

/**
 * Runs learners' modules in QuickJS: no file, no network, no clock, bounded steps and memory, numbers alone across.
 *
 * `load` is asynchronous for the TypeScript parser, which is large and imported on first use. It runs the module's
 * top level once and freezes the machine right after it. `start` is synchronous: it makes a new WebAssembly instance
 * from the compiled module and fills its memory from that frozen state (about a millisecond), so each run has fresh
 * module state and no run can see another. Nothing has to be disposed of: an instance is garbage when its run is.
 *
 * Built-ins that never poll can still run for years; the worker around the sandbox needs a wall clock.
 */
export interface Sandbox {
  load(
    source: LearnerSource,
    policies: PolicyTable,
    limits?: Partial<SandboxLimits>,
  ): Promise<LoadOutcome<SandboxedSubmission>>;

  /** Loads the module with instrumented returns. */
  loadToLocate(
    source: LearnerSource,
    policies: PolicyTable,
    limits?: Partial<SandboxLimits>,
  ): Promise<LoadOutcome<LocatingSubmission>>;

  /** Imports the TypeScript parser, so that the first `load` is quick. */
  prepare(): Promise<void>;
}

type TypescriptSource = Pick<typeof import('./typescriptSource.ts'), 'blankTypes' | 'instrumentReturns'>;

/**
 * @param module from {@link import('./quickjsModule.ts').compileQuickjs}; it may come from another thread
 * @param importTypescript how this bundle gets at its TypeScript chunk
 */
export function createSandbox(
  module: WebAssembly.Module,
  importTypescript: () => Promise<TypescriptSource> = () => import('./typescriptSource.ts'),
): Sandbox {
  return {
    async load(source, policies, limits) {
      const { blankTypes } = await importTypescript();
      const blanked = blankTypes(source);
      if (!blanked.ok) return blanked;
      const guest = { file: source.file, code: blanked.code, instrumented: false };
      const outcome = loadGuest(module, guest, policies, { ...defaultLimits, ...limits });
      if (!outcome.ok) return outcome;
      let output: readonly string[] = outcome.loaded.log;
      const submission: SandboxedSubmission = {
        start(handlers) {
          const session = GuestSession.start(outcome.loaded, handlers);
          output = session.log;
          return running(outcome.loaded, session);
        },
        output: () => output,
      };
      return { ok: true, submission };
    },

    async loadToLocate(source, policies, limits) {
      const { instrumentReturns } = await importTypescript();
      const instrumented = instrumentReturns(source);
      if (!instrumented.ok) return instrumented;
      const guest = { file: source.file, code: instrumented.code, instrumented: true };
      const outcome = loadGuest(module, guest, policies, roomForMarkers({ ...defaultLimits, ...limits }));
      if (!outcome.ok) return outcome;
      let latest: GuestSession | undefined;
      const submission: LocatingSubmission = {
        start(handlers) {
          latest = GuestSession.start(outcome.loaded, handlers);
          return running(outcome.loaded, latest);
        },
        lastReturnLine: () =>
          latest === undefined ? undefined : instrumented.returnLines[latest.lastMarker],
      };
      return { ok: true, submission };
    },

    async prepare() {
      await importTypescript();
    },
  };
}

function loadGuest(
  module: WebAssembly.Module,
  guest: GuestModule,
  policies: PolicyTable,
  limits: SandboxLimits,
):
  | { readonly ok: true; readonly loaded: LoadedGuest }
  | { readonly ok: false; readonly fault: PolicyFaultDetail } {
  try {
    return { ok: true, loaded: GuestSession.load(planSandbox(module, policies, limits), guest) };
  } catch (thrown) {
    if (thrown instanceof PolicyFault) return { ok: false, fault: thrown.detail };
    throw thrown;
  }
}

/** A marker is a function call, so an instrumented run takes more steps than the run that it repeats. */
function roomForMarkers(limits: SandboxLimits): SandboxLimits {
  return {
    ...limits,
    loadTicks: limits.loadTicks * 4,
    decisionTicks: limits.decisionTicks * 4,
    runTicks: limits.runTicks * 4,
  };
}

function running(loaded: LoadedGuest, session: GuestSession): AnyRunningPolicies {
  const policies: Record<string, Record<string, (input: unknown) => unknown>> = {};
  loaded.plan.decisions.forEach(({ policyId, name }, index) => {
    const policy = (policies[policyId] ??= {});
    if (loaded.presentDecisions[index]!) policy[name] = (input) => session.decide(index, input);
  });
  return policies;
}
