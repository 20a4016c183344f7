/** An error whose message may be shown as it is: what was seen, what was expected, one next step. */
export class HumanError extends Error {
  /** @param {{ seen: string, expected: string, next: string, cause?: unknown }} parts */
  constructor({ seen, expected, next, cause }) {
    super([seen, expected, next].join('\n'), { cause });
    this.name = 'HumanError';
  }
}

/**
 * Ends the process after a failure: a HumanError in its own words, anything else with its stack.
 * @param {unknown} error
 * @returns {never}
 */
export function exitWith(error) {
  console.error(error instanceof HumanError ? error.message : error);
  process.exit(1);
}
