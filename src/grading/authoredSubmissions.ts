import { KnownOfRuns, type Behaviour, type KnownEvidence, type KnownRun } from './runMemory.ts';
import type {
  LearnerSource,
  LocatingSubmission,
  Sandbox,
  SandboxedSubmission,
} from './sandbox/policySandbox.ts';
import { loadSubmission, locating, sameWork, type Work } from './submissions.ts';

/** How many stay loaded: those of about three tasks. Each takes some 2 MB, and as much again where it is asked for its lines. */
const mostKept = 24;
/** Of each: some hundred bytes a run. */
const mostKnown = 2000;
/** Of each: some 50 to 100 bytes a row. */
const mostKeptRows = 50_000;

/** A file of a task's author, loaded, with what is known of its runs. */
export interface AuthoredSubmission {
  readonly submission: SandboxedSubmission;
  /** The same with instrumented returns; undefined when it does not load with them. */
  readonly locate: () => Promise<LocatingSubmission | undefined>;
  readonly behaviours: KnownOfRuns<Behaviour>;
  /** Which properties its runs were found to satisfy. */
  readonly held: KnownOfRuns<Set<string>>;
  /** The latest runs that a failure was explained by. */
  readonly runs: KnownOfRuns<KnownRun>;
  /** What was seen of the decision behind a failure. */
  readonly evidence: KnownOfRuns<KnownEvidence>;
}

interface Kept {
  readonly source: LearnerSource;
  readonly work: Work;
  readonly authored: Promise<AuthoredSubmission | undefined>;
}

/**
 * What a task's author wrote, loaded once: every failing check is compared with the same solution and the same
 * known-wrong files. Loading takes much longer than a run, and many of their runs are asked for again.
 */
export class AuthoredSubmissions {
  readonly #sandbox: Sandbox;
  /** The latest used last. */
  readonly #kept: Kept[] = [];

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Undefined for a file that does not load; `verify` tells its author why. */
  load(source: LearnerSource, work: Work): Promise<AuthoredSubmission | undefined> {
    const index = this.#kept.findIndex(
      (each) =>
        each.source.file === source.file && each.source.text === source.text && sameWork(each.work, work),
    );
    const kept =
      index >= 0 ? this.#kept.splice(index, 1)[0]! : { source, work, authored: this.#load(source, work) };
    this.#kept.push(kept);
    if (this.#kept.length > mostKept) this.#kept.shift();
    return kept.authored;
  }

  async #load(source: LearnerSource, work: Work): Promise<AuthoredSubmission | undefined> {
    const outcome = await loadSubmission(source, work, this.#sandbox);
    if (!outcome.ok) return undefined;
    return {
      submission: outcome.submission,
      locate: locating(source, work, this.#sandbox),
      behaviours: new KnownOfRuns(mostKnown),
      held: new KnownOfRuns(mostKnown),
      runs: new KnownOfRuns(mostKeptRows, ({ run }) => run.trace.length),
      evidence: new KnownOfRuns(mostKnown),
    };
  }
}
