import assert from 'node:assert/strict';
import { queue } from '../../src/engine/kernel/queueScenario.ts';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';

/** Four half widths of a 95 % interval: a right model leaves it about once in 10^14 runs, and seeds are fixed anyway. */
const slack = 4;

function measured(params: ParameterInput): Readonly<Record<string, number>> {
  const outcome = queue.execute({ params: { customers: 200_000, ...params } });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run.metrics;
}

function staysAbout(params: ParameterInput, expectedMs: number): void {
  const { meanSojournMs, meanSojournErrorMs } = measured(params);
  assert.ok(
    Math.abs(meanSojournMs! - expectedMs) <= slack * meanSojournErrorMs!,
    `${JSON.stringify(params)}: ${meanSojournMs} ± ${meanSojournErrorMs}, on paper ${expectedMs}`,
  );
}

/** Probability of waiting in M/M/c. A. K. Erlang 1917; Kleinrock, Queueing Systems I, 3.40. */
function erlangC(servers: number, load: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= offered / k;
    sum += term;
  }
  const last = (term * offered) / servers / (1 - load);
  return last / (sum + last);
}

describe('kernel.queue against closed forms', () => {
  for (const loadPercent of [50, 80]) {
    const load = loadPercent / 100;
    it(`M/M/1 at ${loadPercent} %: 1 / (μ - λ)`, () => staysAbout({ loadPercent }, 1 / (1 - load)));
    it(`M/M/4 at ${loadPercent} %: Erlang C`, () =>
      staysAbout({ loadPercent, servers: 4 }, 1 + erlangC(4, load) / (4 * (1 - load))));
    it(`M/G/1 at ${loadPercent} %: Pollaczek–Khinchine`, () => {
      for (const [service, variation] of [
        ['deterministic', 0],
        ['erlang-4', 1 / 4],
        ['hyperexponential-4', 4],
      ] as const) {
        staysAbout({ loadPercent, service }, 1 + ((load / (1 - load)) * (1 + variation)) / 2);
      }
    });
    it(`M/G/1-PS at ${loadPercent} %: does not depend on the shape of service`, () => {
      for (const service of ['deterministic', 'exponential', 'hyperexponential-4']) {
        staysAbout({ loadPercent, service, discipline: 'processor-sharing' }, 1 / (1 - load));
      }
    });
  }

  it('would not pass with one server too many', () => {
    const { meanSojournMs, meanSojournErrorMs } = measured({ loadPercent: 80, servers: 2 });
    assert.ok(Math.abs(meanSojournMs! - 5) > slack * meanSojournErrorMs!);
  });

  it('keeps L = λ·W (Little), with time counted by the queue itself', () => {
    const { meanInSystem, meanSojournMs } = measured({ loadPercent: 80 });
    assert.ok(Math.abs(meanInSystem! / (0.8 * meanSojournMs!) - 1) < 0.02);
  });
});
