import {
  PolicyFault,
  type PolicyFaultDetail,
  type PolicySubmission,
  type PolicyTable,
} from '../../engine/kernel/policy.ts';
import { GuestSession, planSandbox, type LoadedGuest } from './guestSession.ts';
import { defaultLimits, type SandboxLimits } from './sandboxLimits.ts';

/** A learner's file as it stands on disk. */
export interface LearnerSource {
  /** Its name without folders, as messages show it: `scheduler.ts`. */
  readonly file: string;
  /** TypeScript. */
  readonly text: string;
}

export type LoadOutcome<T extends PolicyTable = PolicyTable> =
  | { readonly ok: true; readonly submission: SandboxedSubmission<T> }
  | { readonly ok: false; readonly fault: PolicyFaultDetail };

/** A learner's module as policies. */
export interface SandboxedSubmission<T extends PolicyTable = PolicyTable> extends PolicySubmission<T> {
  /** What the module printed while it loaded and in the run that was started last: at most 200 lines of 500 characters. */
  output(): readonly string[];
}

/**
 * Runs learners' modules in QuickJS: no file, no network, no clock, bounded steps and memory, numbers alone across.
 *
 * `load` is asynchronous for the TypeScript parser, which is large and imported on first use. It runs the module's
 * top level once and freezes the machine right after it. `start` is synchronous: it makes a new WebAssembly instance
 * from the compiled module and fills its memory from that frozen state (about a millisecond), so each run has fresh
 * module state and no run can see another. What the load left running is what every run starts with.
 *
 * Built-ins that never poll can still run for years; the worker around the sandbox needs a wall clock.
 */
export interface Sandbox {
  load<T extends PolicyTable>(
    source: LearnerSource,
    policies: T,
    limits?: Partial<SandboxLimits>,
  ): Promise<LoadOutcome<T>>;
  /** Imports the TypeScript parser, so that the first `load` is quick. */
  prepare(): Promise<void>;
}

/** @param module from {@link import('./quickjsModule.ts').compileQuickjs}; it may come from another thread */
export function createSandbox(module: WebAssembly.Module): Sandbox {
  return {
    async load(source, policies, limits) {
      const { blankTypes } = await import('./typescriptSource.ts');
      const blanked = blankTypes(source);
      if (!blanked.ok) return blanked;
      const plan = planSandbox(module, policies, { ...defaultLimits, ...limits });
      try {
        const loaded = GuestSession.load(plan, {
          file: source.file,
          code: blanked.code,
          instrumented: false,
        });
        return { ok: true, submission: submissionFrom(loaded) };
      } catch (thrown) {
        if (thrown instanceof PolicyFault) return { ok: false, fault: thrown.detail };
        throw thrown;
      }
    },
    async prepare() {
      await import('./typescriptSource.ts');
    },
  };
}

function submissionFrom<T extends PolicyTable>(loaded: LoadedGuest): SandboxedSubmission<T> {
  let output: readonly string[] = loaded.log;
  return {
    start(handlers) {
      const session = GuestSession.start(
        loaded,
        handlers as unknown as Parameters<typeof GuestSession.start>[1],
      );
      output = session.log;
      const running: Record<string, Record<string, unknown>> = {};
      loaded.plan.decisions.forEach(({ policyId, name }, index) => {
        const policy = (running[policyId] ??= {});
        if (loaded.presentDecisions[index]!) policy[name] = (input: unknown) => session.decide(index, input);
      });
      return running as ReturnType<PolicySubmission<T>['start']>;
    },
    output: () => output,
  };
}
