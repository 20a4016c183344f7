import type { Parameter, ParameterInput, ParameterValue } from '../engine/kernel/parameters.ts';
import type { Run, Scenario } from '../engine/kernel/scenario.ts';
import { problemOfModel } from '../engine/kernel/viewProblems.ts';
import { followsEvents, modelOf, viewsOf } from '../engine/kernel/views.ts';
import { viewText } from '../engine/kernel/viewTables.ts';
import type { FigurePart, Problem } from './model.ts';
import { ProblemList } from './problemList.ts';
import { scenarioOf, type ScenarioTable } from './variants.ts';

export interface FigureProof {
  readonly problems: readonly Problem[];
  readonly runs: number;
}

/**
 * Proves that a figure runs as it stands, with each control alone at each of its ends, and with all of them at their
 * lower and at their upper ends; so does its second run, where it compares two. Ends that the scenario refuses are warnings: the learner reads the reason there.
 */
export function proveFigure(figure: FigurePart, scenarios: ScenarioTable): FigureProof {
  const found = new ProblemList();
  const scenario = scenarioOf(scenarios, figure.scenario);
  if (scenario === undefined) throw new Error(`There is no scenario ${figure.scenario}; loading finds this.`);
  const settings = settingsToTry(figure, scenario);
  const sides = figure.compare === undefined ? [{}] : [{}, figure.compare];
  for (const own of sides) {
    for (const changed of settings) tryFigure(figure, scenario, own, changed, found);
  }
  return { problems: found.problems, runs: sides.length * settings.length };
}

/** What each run changes, the figure as it stands first. */
function settingsToTry(figure: FigurePart, scenario: Scenario): readonly ParameterInput[] {
  const ends = figure.controls.map((name) => ({ name, values: endsOf(scenario.params[name]!) }));
  const corner = (index: number): ParameterInput =>
    Object.fromEntries(ends.map(({ name, values }) => [name, values.at(index)!]));
  const alone = ends.flatMap(({ name, values }) => values.map((value) => ({ [name]: value })));
  return ends.length < 2 ? [{}, ...alone] : [{}, ...alone, corner(0), corner(-1)];
}

function endsOf(parameter: Parameter): readonly ParameterValue[] {
  switch (parameter.kind) {
    case 'count':
    case 'quantity':
      return [parameter.min, parameter.max];
    case 'choice':
      return Object.keys(parameter.values);
    case 'flag':
      return [false, true];
  }
}

function tryFigure(
  figure: FigurePart,
  scenario: Scenario,
  own: ParameterInput,
  changed: ParameterInput,
  found: ProblemList,
): void {
  const asItStands = Object.keys(changed).length === 0;
  const names = Object.entries({ ...own, ...changed }).map(([name, value]) => `${name} = ${value}`);
  const where = `The figure ${figure.id} ${names.length === 0 ? 'as it stands' : `with ${names.join(', ')}`}`;
  const refused = (reason: string): void => {
    if (asItStands)
      found.error(
        figure.at,
        `${where} is refused: ${reason}`,
        Object.keys(own).length === 0 ? 'Change "set".' : 'Change "compare".',
      );
    else
      found.warning(
        figure.at,
        `${where} is refused: ${reason}`,
        'Set the others so that it runs, or leave it.',
      );
  };
  try {
    const outcome = scenario.execute({ params: { ...figure.set, ...own, ...changed } });
    if (!outcome.ok) {
      refused(outcome.problems.map((problem) => problem.message).join(' '));
      return;
    }
    const { run } = outcome;
    switch (run.end.kind) {
      case 'refused':
        refused(run.end.witness.because);
        return;
      case 'steps':
        found.error(
          figure.at,
          `${where} does not finish in ${run.end.steps} steps.`,
          'Set the others so that there is less to simulate.',
        );
        return;
      case 'fault':
        found.error(figure.at, `${where} fails: ${run.end.fault.message}`);
        return;
      case 'finished': {
        const problem = problemInViews(scenario, run);
        if (problem !== undefined) found.error(figure.at, `${where} cannot be drawn: ${problem}`);
      }
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    found.error(figure.at, `${where} breaks the engine: ${reason}. This is a bug of Trapframe.`);
  }
}

function problemInViews(scenario: Scenario, run: Run): string | undefined {
  for (const [name, value] of Object.entries(run.metrics)) {
    if (!Number.isFinite(value)) return `the metric ${name} is ${value}`;
  }
  const last = run.trace.length - 1;
  for (const kind of viewsOf(scenario)) {
    const events = followsEvents(kind) ? [...new Set([0, last])].filter((event) => event >= 0) : [0];
    for (const event of events) {
      const model = modelOf(scenario, kind, run, event);
      const problem = model === undefined ? undefined : problemOfModel(model);
      if (problem !== undefined) return problem;
      if (model !== undefined) viewText(model);
    }
  }
  return undefined;
}
