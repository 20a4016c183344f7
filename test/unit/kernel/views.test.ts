import assert from 'node:assert/strict';
import { queue } from '../../../src/engine/kernel/queueScenario.ts';
import { followsEvents, modelOf, viewKinds, viewsOf } from '../../../src/engine/kernel/views.ts';
import { problemOfModel } from '../../../src/engine/kernel/viewProblems.ts';
import { defaultsOf } from '../../../src/engine/kernel/parameterText.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

describe('the views of a scenario', () => {
  it('come in one order, whole runs first', () => {
    assert.deepEqual(
      viewKinds.map((kind) => followsEvents(kind)),
      [false, false, false, true, true, true],
    );
    assert.deepEqual(viewsOf(queue), ['curve']);
  });

  for (const scenario of Object.values(scenarios)) {
    it(`can be drawn for ${scenario.id} at its defaults, and after its first and last event`, () => {
      const outcome = scenario.execute({ params: defaultsOf(scenario.params) });
      assert.ok(outcome.ok);
      const { run } = outcome;
      for (const kind of viewsOf(scenario)) {
        for (const event of [0, run.trace.length - 1]) {
          const model = modelOf(scenario, kind, run, event);
          assert.equal(model?.kind, kind);
          assert.equal(problemOfModel(model), undefined);
        }
      }
    });
  }

  it('that follow events are absent where nothing happened', () => {
    const scenario = Object.values(scenarios).find((one) => one.views.state !== undefined)!;
    const outcome = scenario.execute({});
    assert.ok(outcome.ok);
    assert.equal(modelOf(scenario, 'state', outcome.run, -1), undefined);
    assert.equal(modelOf(scenario, 'listing', outcome.run, 0), undefined);
  });
});
