import type { PolicyTable } from '../engine/kernel/policy.ts';
import type { LearnerSource, MachineSubmission, Sandbox } from './sandbox/policySandbox.ts';

/** How many stay loaded: those of about three tasks. Each takes some 2 MB. */
const mostKept = 24;

interface Kept {
  readonly source: LearnerSource;
  readonly policies: PolicyTable;
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
  load(source: LearnerSource, policies: PolicyTable): Promise<MachineSubmission | undefined> {
    const index = this.#kept.findIndex(
      (each) =>
        each.source.file === source.file &&
        each.source.text === source.text &&
        samePolicies(each.policies, policies),
    );
    const kept =
      index >= 0
        ? this.#kept.splice(index, 1)[0]!
        : { source, policies, submission: this.#load(source, policies) };
    this.#kept.push(kept);
    if (this.#kept.length > mostKept) this.#kept.shift();
    return kept.submission;
  }

  async #load(source: LearnerSource, policies: PolicyTable): Promise<MachineSubmission | undefined> {
    const outcome = await this.#sandbox.load(source, policies);
    return outcome.ok ? outcome.submission : undefined;
  }
}

/** Two subjects may each have a policy of one name, so the declarations themselves are compared. */
function samePolicies(a: PolicyTable, b: PolicyTable): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
