import type { DocumentProblem } from '../../engine/kernel/document.ts';
import {
  PolicyFault,
  type AnyCallHandlers,
  type AnyRunningPolicies,
  type AnySubmission,
  type PolicyFaultDetail,
  type PolicyTable,
} from '../../engine/kernel/policy.ts';
import { LatestUsed } from '../latestUsed.ts';
import { sameEntries } from '../sameEntries.ts';
import { GuestSession } from './guestSession.ts';
import type { GuestModule, LoadedGuest, PreparedGuest } from './loadedGuest.ts';
import { prepareGuest } from './preparedGuest.ts';
import type { QuickjsInstance } from './quickjsInstance.ts';
import { defaultLimits, type SandboxLimits } from './sandboxLimits.ts';
import { planSandbox } from './sandboxPlan.ts';
import { changedBytes } from './snapshot.ts';

/** A learner's file as it stands on disk. */
export interface LearnerSource {
  /** Its name without folders, as messages show it: `scheduler.ts`. */
  readonly file: string;
  /** TypeScript. */
  readonly text: string;
}

export type LoadOutcome<S extends AnySubmission> =
  { readonly ok: true; readonly submission: S } | { readonly ok: false; readonly fault: PolicyFaultDetail };

/** Policies in machines of the sandbox. */
export interface MachineSubmission extends AnySubmission {
  /**
   * Says that the run that was started last is over, so that the next run of any module gets its machine: that saves
   * most of the time of a short run. Without it the machine is garbage when the run is.
   */
  release(): void;
}

/** A learner's module as policies. What goes wrong in a decision is thrown as {@link PolicyFault}. */
export interface SandboxedSubmission extends MachineSubmission {
  /** What it takes of memory as long as it is kept. */
  readonly keptBytes: number;
  /** What the module printed while it loaded and in the run that was started last: at most 200 lines of 500 characters. */
  output(): readonly string[];
  /** What a scenario says of a document that it reads: fields that it ignores. */
  readonly notes?: readonly DocumentProblem[];
}

/** A submission that locates and never grades: its markers take steps, and its columns are not the file's. */
export interface LocatingSubmission extends MachineSubmission {
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
 * top level once, in a machine that was made ready for its policies, and freezes the machine right after it. `start` is
 * synchronous: it fills the memory of a new WebAssembly instance, or of one that was released, from that frozen state, so
 * each run has fresh module state and no run can see another. A machine in which anything went wrong is never used again.
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
  const machines = new Machines(module);
  return {
    async load(source, policies, limits) {
      const { blankTypes } = await importTypescript();
      const blanked = blankTypes(source);
      if (!blanked.ok) return blanked;
      const guest = { file: source.file, code: blanked.code, instrumented: false };
      const outcome = machines.load(guest, policies, { ...defaultLimits, ...limits });
      if (!outcome.ok) return outcome;
      const { loaded, runs } = outcome;
      const submission: SandboxedSubmission = {
        start: (handlers, run) => running(loaded, runs.start(handlers, run?.again)),
        release: () => runs.release(),
        keptBytes: changedBytes(loaded.snapshot),
        output: () => runs.latest?.log ?? loaded.log,
      };
      return { ok: true, submission };
    },

    async loadToLocate(source, policies, limits) {
      const { instrumentReturns } = await importTypescript();
      const instrumented = instrumentReturns(source);
      if (!instrumented.ok) return instrumented;
      const guest = { file: source.file, code: instrumented.code, instrumented: true };
      const outcome = machines.load(guest, policies, roomForMarkers({ ...defaultLimits, ...limits }));
      if (!outcome.ok) return outcome;
      const { loaded, runs } = outcome;
      const submission: LocatingSubmission = {
        start: (handlers, run) => running(loaded, runs.start(handlers, run?.again)),
        release: () => runs.release(),
        lastReturnLine: () =>
          runs.latest === undefined ? undefined : instrumented.returnLines[runs.latest.lastMarker],
      };
      return { ok: true, submission };
    },

    async prepare() {
      await importTypescript();
    },
  };
}

/** Machines that are kept prepared, each some 450 kB. A task has two, one of them for modules that tell their returns. */
const mostPrepared = 64;

/** What is kept between loads and runs: prepared machines, and the machine that the last one left. */
class Machines {
  readonly #module: WebAssembly.Module;
  readonly #prepared = new LatestUsed<{ readonly instrumented: boolean; readonly guest: PreparedGuest }>(
    (prepared) => prepared.length > mostPrepared,
  );
  /** One is enough: grading runs one thing after the other. */
  #left: QuickjsInstance | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  load(
    module: GuestModule,
    policies: PolicyTable,
    limits: SandboxLimits,
  ):
    | { readonly ok: true; readonly loaded: LoadedGuest; readonly runs: Runs }
    | { readonly ok: false; readonly fault: PolicyFaultDetail } {
    const prepared = this.#preparedFor(policies, limits, module.instrumented);
    try {
      const { loaded, left } = GuestSession.load(prepared, module, this.take());
      this.#left = left;
      return { ok: true, loaded, runs: new Runs(loaded, this) };
    } catch (thrown) {
      if (thrown instanceof PolicyFault) return { ok: false, fault: thrown.detail };
      throw thrown;
    }
  }

  #preparedFor(policies: PolicyTable, limits: SandboxLimits, instrumented: boolean): PreparedGuest {
    return this.#prepared.use(
      (each) =>
        each.instrumented === instrumented &&
        sameEntries(each.guest.plan.policies, policies) &&
        sameEntries(each.guest.plan.limits, limits),
      () => ({
        instrumented,
        guest: prepareGuest(planSandbox(this.#module, policies, limits), instrumented),
      }),
    ).guest;
  }

  take(): QuickjsInstance | undefined {
    const left = this.#left;
    this.#left = undefined;
    return left;
  }

  keep(left: QuickjsInstance): void {
    this.#left = left;
  }
}

/** The runs of one loaded module. */
class Runs {
  readonly #loaded: LoadedGuest;
  readonly #machines: Machines;
  latest: GuestSession | undefined;

  constructor(loaded: LoadedGuest, machines: Machines) {
    this.#loaded = loaded;
    this.#machines = machines;
  }

  /** @param again in place of the session that was started last, which is over */
  start(handlers: AnyCallHandlers, again = false): GuestSession {
    if (again) this.release();
    this.latest = GuestSession.start(this.#loaded, handlers, this.#machines.take());
    return this.latest;
  }

  release(): void {
    const left = this.latest?.leave();
    if (left !== undefined) this.#machines.keep(left);
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
