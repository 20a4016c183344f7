import type { Problem, SourcePosition } from '../../course/model.ts';

interface Words {
  readonly message: string;
  readonly suggestion?: string;
}

interface Finding extends Words {
  readonly severity: Problem['severity'];
  readonly at: SourcePosition;
  /** For whom it was seen; empty for what does not depend on the learner. */
  readonly learners: number[];
}

/** Collects what is found for one learner after the other, and says each thing once. */
export class Findings {
  /** By what was found; in the order of discovery. */
  readonly #found = new Map<string, Finding>();

  /** @param key what was found; the first words for it stand */
  error(at: SourcePosition, key: string, learner: number | undefined, words: Words): void {
    this.#add('error', at, key, learner, words);
  }

  warning(at: SourcePosition, key: string, learner: number | undefined, words: Words): void {
    this.#add('warning', at, key, learner, words);
  }

  problems(): readonly Problem[] {
    return [...this.#found.values()].map(({ learners, message, ...finding }) => ({
      ...finding,
      message: learners.length === 0 ? message : `${message} Seen for ${learnersText(learners)}.`,
    }));
  }

  #add(
    severity: Problem['severity'],
    at: SourcePosition,
    key: string,
    learner: number | undefined,
    words: Words,
  ): void {
    const seen = this.#found.get(key);
    if (seen === undefined) {
      this.#found.set(key, { severity, at, ...words, learners: learner === undefined ? [] : [learner] });
    } else if (learner !== undefined) seen.learners.push(learner);
  }
}

/** `the learner with seed 3`, or how many there were. */
const learnersText = ([first, ...more]: readonly number[]): string =>
  more.length === 0
    ? `the learner of seed ${first}`
    : `${more.length + 1} learners, the first of seed ${first}`;
