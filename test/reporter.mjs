import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Prints failures only, and leaves a suite's counts for `npm test` to sum: see suiteResult.mjs.
 * eslint's and oxlint's rule against default exports does not apply: mocha wants the class as the file's default.
 */
export default class Reporter extends Mocha.reporters.Base {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
      const file = process.env['TRAPFRAME_RESULT'];
      if (!file) return;
      const result = {
        passed: this.stats.passes,
        skipped: this.stats.pending,
        failures: this.failures.map((test) => ({ title: test.fullTitle(), message: test.err?.stack ?? '' })),
      };
      writeFileSync(file, JSON.stringify(result));
    });
  }
}
