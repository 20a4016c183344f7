import type { LearnerSource, MachineSubmission, Sandbox } from './sandbox/policySandbox.ts';
import { loadSubmission, sameWork, type Work } from './submissions.ts';

/** How many stay loaded: those of about three tasks. Each takes some 2 MB. */
const mostKept = 24;

interface Kept {
  readonly source: LearnerSource;
  readonly work: Work;
  readonly submission: Promise<MachineSubmission | undefined>;
}

/**
 * What a task's author wrote, loaded once: every failing check is compared with the same solution and the same
 * known-wrong files. Loading takes much longer than a run.
 */
export class AuthoredSubmissions {
  readonly #sandbox: Sandbox;
  /** The latest used last. */
  readonly #kept: Kept[] = [];

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Undefined for a file that does not load; `verify` tells its author why. */
  load(source: LearnerSource, work: Work): Promise<MachineSubmission | undefined> {
    const index = this.#kept.findIndex(
      (each) =>
        each.source.file === source.file && each.source.text === source.text && sameWork(each.work, work),
    );
    const kept =
      index >= 0 ? this.#kept.splice(index, 1)[0]! : { source, work, submission: this.#load(source, work) };
    this.#kept.push(kept);
    if (this.#kept.length > mostKept) this.#kept.shift();
    return kept.submission;
  }

  async #load(source: LearnerSource, work: Work): Promise<MachineSubmission | undefined> {
    const outcome = await loadSubmission(source, work, this.#sandbox);
    return outcome.ok ? outcome.submission : undefined;
  }
}
