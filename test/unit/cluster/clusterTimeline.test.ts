import assert from 'node:assert/strict';
import { availability } from '../../../src/engine/cluster/availabilityScenario.ts';
import { service } from '../../../src/engine/cluster/serviceScenario.ts';
import { courseManifest } from '../../../src/engine/cluster/api/courseManifests.ts';
import { readDocument } from '../../../src/engine/kernel/document.ts';
import type { ParameterInput } from '../../../src/engine/kernel/parameters.ts';
import type { Run, Scenario } from '../../../src/engine/kernel/scenario.ts';
import { timelineText } from '../../../src/engine/kernel/view.ts';
import { modelOf } from '../../../src/engine/kernel/views.ts';

function run(scenario: Scenario, params: ParameterInput, manifest = courseManifest): Run {
  const reading = readDocument(scenario.documents['manifests']!, manifest);
  assert.ok(reading.ok);
  const outcome = scenario.execute({
    params,
    submission: { start: scenario.builtInSubmission.start, documents: { manifests: reading.value } },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run;
}
function lines(scenario: Scenario, of: Run, lane: string): string[] {
  const model = modelOf(scenario, 'timeline', of);
  assert.ok(model?.kind === 'timeline');
  return timelineText(model).filter((line) => line.includes(lane));
}

describe('the traffic in a cluster over time', () => {
  it('is lost from a death until the grace period is over, as is the share that the metric counts', () => {
    for (const graceSeconds of [40, 50, 120]) {
      const of = run(availability, { drained: 0, killed: 1, graceSeconds });
      // Dead at 420 s with a lease renewed at that moment; 100 ms later the Service's controller has seen it.
      const untilMs = 420_000 + graceSeconds * 1000 + 100;
      const traffic = lines(availability, of, 'requests to shop').filter((line) =>
        line.includes('420000 ms to'),
      );
      assert.deepEqual(traffic, [`420000 ms to ${untilMs} ms: requests to shop, some requests lost`]);
      const [dead] = lines(availability, of, 'dead, nobody knows');
      assert.match(dead!, new RegExp(`^420000 ms to ${untilMs - 100} ms: shop-`));
      // One of three Pods is asked in vain for so long.
      const lost = (graceSeconds + 0.1) / 3 / 1800;
      assert.ok(Math.abs(of.metrics['availabilityPercent']! - 100 * (1 - lost)) < 1e-6);
    }
  });

  it('is lost altogether while ready endpoints do not listen', () => {
    const of = run(service, {}, courseManifest.replace('targetPort: http', 'targetPort: 80'));
    assert.deepEqual(lines(service, of, 'requests to'), [
      '100 ms to 120000 ms: requests to shop, all requests lost',
    ]);
    const graph = modelOf(service, 'graph', of);
    assert.ok(graph?.kind === 'graph');
    assert.deepEqual(graph.nodes[0], {
      id: 'service shop',
      label: 'Service shop',
      details: ['0 % answered', '3 ready'],
      tone: 'failed',
      layer: 0,
    });
  });
});
