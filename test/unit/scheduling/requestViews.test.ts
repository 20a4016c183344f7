import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { roundRobin } from '../../../src/engine/scheduling/roundRobin.ts';
import { problemOfModel } from '../../../src/engine/kernel/viewProblems.ts';
import type { Run } from '../../../src/engine/kernel/scenario.ts';

const parameters = fc.record({
  vms: fc.integer({ min: 1, max: 6 }),
  sliceMs: fc.constantFrom(1, 5, 10),
  switchCostUs: fc.constantFrom(0, 50, 500),
  coldStartUs: fc.constantFrom(0, 100),
  serviceMs: fc.integer({ min: 0, max: 25 }),
  model: fc.constantFrom('busy', 'blocked', 'dom0', 'dom0-busy').filter((model) => {
    const { model: parameter } = roundRobin.params;
    return parameter?.kind === 'choice' && model in parameter.values;
  }),
  arrivalPhase: fc.integer({ min: 0, max: 100 }),
});

const finished = (run: (run: Run) => void): void =>
  fc.assert(
    fc.property(parameters, (params) => {
      const outcome = roundRobin.execute({ params });
      assert.ok(outcome.ok);
      fc.pre(outcome.run.end.kind === 'finished');
      run(outcome.run);
    }),
    { numRuns: 60 },
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9 * Math.max(1, b);

describe('the bars of a request', () => {
  it('add up to its wait and its response, and VM 1 runs as long as its service takes at least', () =>
    finished((run) => {
      const model = roundRobin.views.bars!.model(run);
      assert.equal(problemOfModel(model), undefined);
      const [waiting, serving] = model.rows;
      const { waitMs, responseMs } = run.metrics as Record<string, number>;
      assert.ok(near(sum(waiting!.values), waitMs!), `${sum(waiting!.values)} is not the wait ${waitMs}`);
      assert.ok(near(sum(waiting!.values) + sum(serving!.values), responseMs!));
      assert.ok(serving!.values[0]! >= (run.params['serviceMs'] as number) - 1e-9);
    }));
});

describe('the curve over slices', () => {
  it('has the run’s own worst response at the marked slice, and its worst wait and overhead there', () =>
    finished((run) => {
      const { marked, series } = roundRobin.views.curve!.model(run);
      const { worstWaitMs, worstResponseMs, switchOverheadPercent } = run.metrics as Record<string, number>;
      assert.equal(marked!.x, run.params['sliceMs']);
      assert.equal(marked!.y, worstResponseMs);
      const at = (label: string): number | undefined =>
        series.find((one) => one.label === label)?.points.find((point) => point.x === marked!.x)?.y;
      assert.equal(at('worst wait'), worstWaitMs);
      // A share of each second, in milliseconds.
      assert.ok(near(at('lost to switching, in each second') ?? 0, 10 * switchOverheadPercent!));
    }));
});
