import assert from 'node:assert/strict';
import { queue } from '../../src/engine/kernel/queueScenario.ts';
import { erlangC, stayTail } from '../../src/engine/kernel/queueTail.ts';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';

/** M/M/1: the stay is exponential with rate μ - λ. Kleinrock, Queueing Systems I, 5.118. */
const mm1Tail = (load: number, services: number): number => Math.exp(-(1 - load) * services);

/** Probability of waiting in M/M/c, as a ratio of sums: Kleinrock, Queueing Systems I, 3.40. */
function waits(servers: number, load: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= offered / (k + 1);
  }
  return term / (1 - load) / (sum + term / (1 - load));
}

/** The mean is the area under the tail. */
function areaUnder(tail: (services: number) => number): number {
  const step = 1e-3;
  let area = 0;
  for (let t = 0; t < 400; t += step) area += ((tail(t) + tail(t + step)) / 2) * step;
  return area;
}

describe('the tail of stays by closed form', () => {
  for (const load of [0.1, 0.5, 0.8, 0.95]) {
    it(`is exponential for one server at ${load}`, () => {
      for (const t of [0, 0.1, 1, 5, 20])
        assert.ok(Math.abs(stayTail(1, load, t) - mm1Tail(load, t)) < 1e-12);
    });
    for (const servers of [1, 2, 4, 16]) {
      it(`has Erlang's probability of waiting and the mean of M/M/${servers} at ${load}`, () => {
        assert.ok(Math.abs(erlangC(servers, servers * load) - waits(servers, load)) < 1e-12);
        const mean = 1 + waits(servers, load) / (servers * (1 - load));
        assert.ok(Math.abs(areaUnder((t) => stayTail(servers, load, t)) / mean - 1) < 1e-5);
      });
    }
  }
});

describe('the curve of kernel.queue', () => {
  const furthest = (params: ParameterInput, closedForm: (ms: number) => number): number => {
    const outcome = queue.execute({ params: { customers: 400_000, ...params } });
    assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
    const [counted] = queue.views.curve!.model(outcome.run).series;
    return Math.max(...counted!.points.map(({ x, y }) => Math.abs(y / 100 - closedForm(x))));
  };

  /** Stays of neighbours depend on each other, which widens the bound for independent ones; stated before the first run. */
  const distance = 0.02;

  it('lies on the closed form of M/M/1', () => {
    assert.ok(furthest({ loadPercent: 50 }, (ms) => mm1Tail(0.5, ms)) < distance);
  });

  it('lies on the closed form of M/M/4', () => {
    const waiting = waits(4, 0.8);
    const tail = (ms: number): number =>
      Math.exp(-ms) + (waiting * (Math.exp(-0.8 * ms) - Math.exp(-ms))) / 0.2;
    assert.ok(furthest({ loadPercent: 80, servers: 4 }, tail) < distance);
  });

  it('does not lie on that of a server more, or of another shape of service', () => {
    assert.ok(furthest({ loadPercent: 50, servers: 2 }, (ms) => mm1Tail(0.5, ms)) > distance);
    assert.ok(furthest({ loadPercent: 50, service: 'deterministic' }, (ms) => mm1Tail(0.5, ms)) > distance);
  });

  it('has a closed form beside it only where there is one', () => {
    const labels = (params: ParameterInput): readonly string[] => {
      const outcome = queue.execute({ params: { customers: 100, ...params } });
      assert.ok(outcome.ok);
      return queue.views.curve!.model(outcome.run).series.map((series) => series.label);
    };
    assert.deepEqual(labels({}), ['in this run', 'by closed form']);
    assert.deepEqual(labels({ service: 'erlang-4' }), ['in this run']);
    assert.deepEqual(labels({ discipline: 'processor-sharing' }), ['in this run']);
  });
});
