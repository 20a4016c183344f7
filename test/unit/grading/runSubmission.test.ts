import assert from 'node:assert/strict';
import { int, record } from '../../../src/engine/kernel/codec.ts';
import { definePolicy } from '../../../src/engine/kernel/policy.ts';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';
import { defineEvents } from '../../../src/engine/kernel/trace.ts';
import { runSubmission, type RunResult } from '../../../src/grading/runSubmission.ts';
import { testSandbox } from '../../sandbox/testbed.ts';

const adder = (id: string) =>
  definePolicy({
    id,
    typeName: `${id}Policy`,
    doc: 'Adds something.',
    decisions: {
      add: {
        doc: 'Adds.',
        input: record('What there is.', 'Sum', { sum: int('The sum so far.', { min: 0, max: 1000 }) }),
        output: int('The new sum.', { min: 0, max: 1000 }),
      },
    },
    calls: {},
  });

const twoAdders = defineScenario({
  id: 'test.two-adders',
  title: 'Two adders',
  doc: 'One after the other.',
  params: { start: count({ label: 'Start', doc: 'The first sum.', min: 0, max: 9, default: 1 }) },
  metrics: { sum: { label: 'Sum', doc: 'The last sum.', better: 'neither' } },
  events: defineEvents({ end: { doc: 'The end.', fields: [] } }),
  policies: { left: adder('left'), right: adder('right') },
  builtIn: { left: () => ({ add: ({ sum }) => sum + 10 }), right: () => ({ add: ({ sum }) => sum + 100 }) },
  checks: {},
  views: {},
  oracle: 'Arithmetic.',
  stepBudget: 10,
  run({ params, start }) {
    const { left, right } = start({ left: {}, right: {} });
    return { sum: right.add({ sum: left.add({ sum: params.start }) }) };
  },
});

async function run(text: string): Promise<RunResult> {
  const tools = { scenarios: { [twoAdders.id]: twoAdders }, sandbox: await testSandbox() };
  return runSubmission(
    { scenario: twoAdders.id, case: { params: { start: 2 }, seed: 7 }, source: { file: 'a.ts', text } },
    tools,
  );
}

describe('one run of a submission', () => {
  const modules: readonly (readonly [text: string, sum: number])[] = [
    ['export const left = { add: ({ sum }) => sum + 1 };', 103],
    ['export const right: unknown = { add: ({ sum }) => sum * 2 };', 24],
    ['const x = { add: ({ sum }) => sum }; export { x as left, x as right };', 2],
    ['export const left = { add: () => 3 };\nexport const right = { add: ({ sum }) => sum };', 3],
  ];
  for (const [text, sum] of modules) {
    it(`asks the policies that it exports, and the built-in ones for the rest: ${text}`, async () => {
      const result = await run(text);
      assert.ok(result.ok, result.ok ? '' : result.fault.message);
      const { scenario, params, seed, end, metrics } = result.run;
      assert.deepEqual(
        { scenario, params, seed, end, metrics },
        {
          scenario: 'test.two-adders',
          params: { start: 2 },
          seed: 7,
          end: { kind: 'finished' },
          metrics: { sum },
        },
      );
    });
  }

  it('says which policy is missing when there is none', async () => {
    const result = await run('export const lift = 1;');
    assert.ok(!result.ok);
    assert.equal(result.fault.kind, 'load');
    assert.match(result.fault.message, /left/);
  });
});
