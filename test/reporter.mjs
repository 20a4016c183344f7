import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Prints failures only, and leaves a suite's counts for `npm test` to sum: see suiteResult.mjs. A promise that is
 * rejected while nobody waits for it fails the suite; mocha alone would swallow it.
 */
export default class Reporter extends Mocha.reporters.Base {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    /** @type {{ title: string, message: string }[]} */
    const lost = [];
    process.on('unhandledRejection', (reason) => {
      const message = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
      console.error(`\n  ✗ A promise was rejected and nobody waited for it:\n    ${message}\n`);
      lost.push({ title: 'A promise was rejected and nobody waited for it', message });
    });
    let ended = false;
    runner.once('end', () => {
      ended = true;
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
    });
    process.once('exit', () => {
      const file = process.env['TRAPFRAME_RESULT'];
      // Without a result, a process that ends in the middle counts as crashed.
      if (!file || !ended) return;
      const failed = this.failures.map((test) => ({
        title: test.fullTitle(),
        message: test.err?.stack ?? '',
      }));
      const result = {
        passed: this.stats.passes,
        skipped: this.stats.pending,
        failures: [...failed, ...lost],
      };
      writeFileSync(file, JSON.stringify(result));
    });
  }
}
