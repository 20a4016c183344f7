import { choice, count, quantity } from '../../../src/engine/kernel/parameters.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';
import { definePolicy } from '../../../src/engine/kernel/policy.ts';
import { record, int } from '../../../src/engine/kernel/codec.ts';
import type { ScenarioTable } from '../../../src/course/variants.ts';

const scheduler = definePolicy({
  id: 'scheduler',
  typeName: 'SchedulerPolicy',
  doc: 'Says who runs next.',
  decisions: {
    pickNext: {
      doc: 'Asked when a slice ends.',
      input: record('What is known.', 'PickInput', { vms: int('How many there are.', { min: 1, max: 64 }) }),
      output: int('Who runs.', { min: 0, max: 63 }),
    },
  },
  calls: {},
});

/** Round robin by its formula: small, exact, and enough for what lessons ask of a scenario. */
export const rotation = defineScenario({
  id: 'test.rotation',
  title: 'Rotation',
  doc: 'VMs take turns.',
  params: {
    vms: count({ doc: 'VMs on the CPU.', label: 'VMs', default: 4, min: 1, max: 64 }),
    sliceMs: quantity('ms', { doc: 'A slice.', label: 'Slice', default: 30, min: 0.1, max: 1000, step: 1 }),
    phase: choice({
      doc: 'When it arrives.',
      label: 'Arrival',
      default: 'worst',
      values: { worst: 'Just missed.', best: 'Just in time.' },
    }),
  },
  metrics: {
    worstWaitMs: { doc: 'Until it runs.', label: 'Wait', better: 'lower' },
    worstResponseMs: { doc: 'Until the answer.', label: 'Response', better: 'lower' },
    switches: { doc: 'Switches.', label: 'Switches', better: 'lower' },
  },
  events: {},
  policies: { scheduler },
  builtIn: { scheduler: () => ({ pickNext: ({ vms }) => vms - 1 }) },
  checks: {
    strictRotation: { title: 'Rotates', doc: 'In order.', args: {}, violated: () => undefined },
    maxWait: {
      title: 'Waits are short',
      doc: 'Below a bound.',
      args: {
        belowMs: quantity('ms', { doc: 'Bound.', label: 'Bound', default: 100, min: 0, max: 1000, step: 1 }),
      },
      violated: () => undefined,
    },
  },
  views: {},
  oracle: 'closed form',
  stepBudget: 1000,
  run: ({ params }) => {
    const wait = params.phase === 'best' ? 0 : (params.vms - 1) * params.sliceMs;
    return { worstWaitMs: wait, worstResponseMs: wait + params.sliceMs, switches: params.vms };
  },
});

export const scenarios: ScenarioTable = { [rotation.id]: rotation };
