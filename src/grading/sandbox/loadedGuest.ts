import type { Value } from './quickjsExports.ts';
import type { SandboxPlan } from './sandboxPlan.ts';
import type { Snapshot } from './snapshot.ts';

/** A learner's file, its types already blanked out. */
export interface GuestModule {
  /** The file's name, as messages and stack traces show it: `scheduler.ts`. */
  readonly file: string;
  readonly code: string;
  /** Its returns tell their number: `typescriptSource.ts`. */
  readonly instrumented: boolean;
}

/** A machine with the prelude for a set of policies in it and no module yet: every load starts from here. */
export interface PreparedGuest {
  readonly plan: SandboxPlan;
  readonly snapshot: Snapshot;
  readonly functions: GuestFunctions;
}

/** A module that was loaded without a fault, frozen right after it: every run starts from here. */
export interface LoadedGuest extends PreparedGuest {
  readonly source: GuestModule;
  readonly presentDecisions: readonly boolean[];
  readonly log: readonly string[];
}

/** Functions of the prelude that the host calls, and where its buffer begins. */
export interface GuestFunctions {
  /** Takes the exports of the learner's module. */
  readonly bind: Value;
  readonly describe: Value;
  readonly steps: readonly Value[];
  /** For each decision whose input is pooled, the function that returns objects of its pool. */
  readonly pools: readonly (Value | undefined)[];
  readonly firstWord: number;
}
