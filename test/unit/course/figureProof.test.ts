import assert from 'node:assert/strict';
import { proveFigure } from '../../../src/course/figureProof.ts';
import type { FigurePart } from '../../../src/course/model.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import type { ScenarioTable } from '../../../src/course/variants.ts';
import { choice, count, flagParameter, type ParameterInput } from '../../../src/engine/kernel/parameters.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';
import { StepBudgetExceeded } from '../../../src/engine/kernel/simulation.ts';
import { defineEvents } from '../../../src/engine/kernel/trace.ts';

const events = defineEvents({ tick: { doc: 'A tick.', fields: [] } });

/** A scenario that does what a test wants of it, and remembers what it was asked. */
function tableFor(does: (params: ParameterInput, refuse: (why: string) => never) => number): {
  readonly table: ScenarioTable;
  readonly asked: ParameterInput[];
} {
  const asked: ParameterInput[] = [];
  const scenario = defineScenario({
    id: 'test.figure',
    title: 'A figure',
    doc: 'For a test.',
    params: {
      vms: count({ label: 'VMs', doc: '', min: 1, max: 64, default: 4 }),
      kind: choice({ label: 'Kind', doc: '', values: { plain: '', odd: '', strange: '' }, default: 'plain' }),
      shared: flagParameter({ label: 'Shared', doc: '', default: false }),
    },
    metrics: { total: { doc: '', label: 'Total', better: 'neither' } },
    events,
    policies: {},
    builtIn: {},
    checks: {},
    views: {},
    oracle: 'none',
    stepBudget: 100,
    run({ params, trace, refuse }) {
      asked.push({ ...params });
      trace.append(trace.codes.tick, 0, -1);
      const why = (because: string): never => refuse({ event: 0, expected: '', actual: '', because });
      return { total: does({ ...params }, why) };
    },
  });
  return { table: { [scenario.id]: scenario }, asked };
}

const figure = (controls: readonly string[], set: ParameterInput = {}): FigurePart => ({
  kind: 'figure',
  id: 'picture',
  scenario: 'test.figure',
  controls,
  set,
  metrics: [],
  at: { file: 'lesson.md', line: 3, column: 1 },
});
const proven = (part: FigurePart, table: ScenarioTable): readonly string[] =>
  proveFigure(part, table).problems.map((problem) => formatProblem(problem));

describe('the proof of a figure', () => {
  it('runs it as it stands, each control at its ends, and all of them together', () => {
    const { table, asked } = tableFor(() => 1);
    const proof = proveFigure(figure(['vms', 'kind', 'shared'], { vms: 8 }), table);
    assert.deepEqual(proof, { problems: [], runs: 10 });
    assert.deepEqual(
      asked.map(({ vms, kind, shared }) => `${vms} ${kind} ${shared}`),
      [
        '8 plain false',
        '1 plain false',
        '64 plain false',
        '8 plain false',
        '8 odd false',
        '8 strange false',
        '8 plain false',
        '8 plain true',
        '1 plain false',
        '64 strange true',
      ],
    );
  });

  it('runs a figure without controls once, and with one control at its ends alone', () => {
    const { table } = tableFor(() => 1);
    assert.equal(proveFigure(figure([]), table).runs, 1);
    assert.equal(proveFigure(figure(['vms']), table).runs, 3);
  });

  it('runs the second run of a comparison at the same ends, and tells which of the two cannot be', () => {
    const { table, asked } = tableFor(({ kind }, refuse) => (kind === 'odd' ? refuse('Too odd.') : 1));
    const part = { ...figure(['vms']), compare: { kind: 'strange' } };
    assert.deepEqual(proveFigure(part, table), { problems: [], runs: 6 });
    assert.deepEqual(
      asked.map(({ vms, kind }) => `${vms} ${kind}`),
      ['4 plain', '1 plain', '64 plain', '4 strange', '1 strange', '64 strange'],
    );
    assert.deepEqual(proven({ ...figure([]), compare: { kind: 'odd' } }, table), [
      'lesson.md:3:1: error: The figure picture with kind = odd is refused: Too odd. Change "compare".',
    ]);
  });

  it('warns of an end that is refused, with the reason, and does not accept that as it stands', () => {
    const { table } = tableFor(({ vms }, refuse) => (vms === 64 ? refuse('The host is full.') : 1));
    assert.deepEqual(proven(figure(['vms']), table), [
      'lesson.md:3:1: warning: The figure picture with vms = 64 is refused: The host is full. Set the others so that it runs, or leave it.',
    ]);
    assert.deepEqual(proven(figure([], { vms: 64 }), table), [
      'lesson.md:3:1: error: The figure picture as it stands is refused: The host is full. Change "set".',
    ]);
    assert.match(proven(figure([], { vms: 65 }), table)[0]!, /error: .* is refused: vms is 65, but must be/);
  });

  it('finds settings that do not finish, that have no numbers, and that break', () => {
    const { table } = tableFor(({ kind }) => {
      if (kind === 'odd') throw new StepBudgetExceeded(100, 0);
      if (kind === 'strange') throw new TypeError('no such thing');
      return NaN;
    });
    assert.deepEqual(proven(figure(['kind']), table), [
      'lesson.md:3:1: error: The figure picture as it stands cannot be drawn: the metric total is NaN',
      'lesson.md:3:1: error: The figure picture with kind = plain cannot be drawn: the metric total is NaN',
      'lesson.md:3:1: error: The figure picture with kind = odd does not finish in 100 steps. Set the others so that there is less to simulate.',
      'lesson.md:3:1: error: The figure picture with kind = strange breaks the engine: no such thing. This is a bug of Trapframe.',
    ]);
  });
});
