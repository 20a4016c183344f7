import assert from 'node:assert/strict';
import { scenarios } from '../../src/engine/scenarios.ts';

/**
 * The stability of retries, on paper: requests come at rate λ, the service works on μ a second, clients make up to k attempts. While
 * everything times out, the load is λ·k. If λ·k < μ the queue shrinks and the overload ends; if λ·k > μ it lasts, because the queue of
 * attempts that nobody waits for any more never empties (Bronson et al., HotOS 2021, call the region between λ < μ and λ·k < μ vulnerable).
 */
const execute = (params: Record<string, number | string>, seed = 1) => {
  const outcome = scenarios['cluster.retry-storm']!.execute({ params, seed });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run.metrics;
};
/** A queue that is long beside the timeout, so that the front of it is always too late. */
const storm = { errorPercent: 0, queueLimit: 200, slowdown: 20, backoffMs: 20, durationS: 60 };

describe('a retry storm', () => {
  for (const attempts of [1, 2, 3, 4]) {
    for (const share of [0.2, 0.4, 0.6, 0.9]) {
      const load = share * attempts;
      // Close to the boundary chance decides.
      if (load > 0.75 && load < 1.15) continue;
      const lasts = load > 1;
      it(`${lasts ? 'lasts' : 'ends'} at ${share * 100} % load with ${attempts} attempts`, () => {
        for (let seed = 1; seed <= 3; seed++) {
          const metrics = execute({ ...storm, attempts, requestsPerSecond: 200 * share }, seed);
          assert.equal(metrics['capacityPerSecond'], 200);
          const { goodputAfterPercent } = metrics;
          if (lasts) assert.ok(goodputAfterPercent! < 50, `seed ${seed}: ${goodputAfterPercent} %`);
          else assert.ok(goodputAfterPercent! > 95, `seed ${seed}: ${goodputAfterPercent} %`);
        }
      });
    }
  }

  it('does not happen where nothing was slow', () => {
    const { goodputAfterPercent } = execute({ ...storm, slowForS: 0, attempts: 4, requestsPerSecond: 100 });
    assert.ok(goodputAfterPercent! > 99);
  });

  it('keeps within a retry budget: attempts per request are at most 1 + its share, and the ten saved retries', () => {
    for (const budgetPercent of [5, 10, 20]) {
      const { attemptsPerRequest } = execute({
        ...storm,
        attempts: 4,
        budgetPercent,
        requestsPerSecond: 140,
      });
      assert.ok(
        attemptsPerRequest! <= 1 + budgetPercent / 100 + 10 / (140 * 60) + 0.001,
        String(attemptsPerRequest),
      );
    }
  });

  it('succeeds by chance as often as attempts allow: 1 − e^k of the requests (0.5 points)', () => {
    for (const [attempts, errorPercent] of [
      [1, 10],
      [2, 10],
      [3, 20],
    ] as const) {
      const { goodputBeforePercent } = execute({
        attempts,
        errorPercent,
        slowForS: 0,
        slowFromS: 60,
        durationS: 61,
        requestsPerSecond: 100,
        backoffMs: 1,
      });
      const expected = 100 * (1 - [1, 0.1, 0.01, 0.008][errorPercent === 20 ? 3 : attempts]!);
      assert.ok(
        Math.abs(goodputBeforePercent! - expected) < 1,
        `${goodputBeforePercent}, expected ${expected}`,
      );
    }
  });
});
