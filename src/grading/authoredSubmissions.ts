import type { Behaviour } from './behaviour.ts';
import { LatestUsed } from './latestUsed.ts';
import { KnownOfRuns, type KnownEvidence, type KnownRun } from './runMemory.ts';
import type {
  LearnerSource,
  LocatingSubmission,
  Sandbox,
  SandboxedSubmission,
} from './sandbox/policySandbox.ts';
import { loadSubmission, locating, sameWork, type Work } from './submissions.ts';

/** How many stay loaded at most: those of a large course. */
const mostKept = 500;
/** Of all together. One takes some 50 kB, and as much again where it is asked for its lines. */
const mostKeptBytes = 64 * 1024 * 1024;
/** Runs that something is known of: some hundred bytes for each. */
const mostKnown = 50_000;
/** Of all runs together: some 50 to 100 bytes a row. */
const mostKeptRows = 500_000;

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
  /** 0 until it is loaded. */
  bytes: number;
}

/**
 * What a task's author wrote, loaded once: every failing check is compared with the same solution and the same
 * known-wrong files. Loading takes much longer than a run, and many of their runs are asked for again.
 */
export class AuthoredSubmissions {
  readonly #sandbox: Sandbox;
  readonly #kept = new LatestUsed<Kept>(
    (kept) => kept.length > mostKept || kept.reduce((sum, { bytes }) => sum + bytes, 0) > mostKeptBytes,
  );
  readonly #behaviours = KnownOfRuns.ofMany<Behaviour>(mostKnown);
  readonly #held = KnownOfRuns.ofMany<Set<string>>(mostKnown);
  readonly #runs = KnownOfRuns.ofMany<KnownRun>(mostKeptRows, ({ run }) => run.trace.length);
  readonly #evidence = KnownOfRuns.ofMany<KnownEvidence>(mostKnown);
  #loads = 0;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Undefined for a file that does not load; `verify` tells its author why. */
  load(source: LearnerSource, work: Work): Promise<AuthoredSubmission | undefined> {
    const isIt = (kept: Kept): boolean =>
      kept.source.file === source.file && kept.source.text === source.text && sameWork(kept.work, work);
    return this.#kept.use(isIt, () => this.#begin(source, work)).authored;
  }

  #begin(source: LearnerSource, work: Work): Kept {
    const authored = this.#load(source, work).then((loaded) => {
      kept.bytes = loaded?.submission.keptBytes ?? 0;
      this.#kept.forgetOldest();
      return loaded;
    });
    const kept: Kept = { source, work, authored, bytes: 0 };
    return kept;
  }

  async #load(source: LearnerSource, work: Work): Promise<AuthoredSubmission | undefined> {
    const outcome = await loadSubmission(source, work, this.#sandbox);
    if (!outcome.ok) return undefined;
    const number = this.#loads++;
    return {
      submission: outcome.submission,
      locate: locating(source, work, this.#sandbox),
      behaviours: this.#behaviours(number),
      held: this.#held(number),
      runs: this.#runs(number),
      evidence: this.#evidence(number),
    };
  }
}
