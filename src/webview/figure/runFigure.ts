import type { Parameter, ParameterInput, ParameterSchema } from '../../engine/kernel/parameters.ts';
import { unitInName } from '../../engine/kernel/quantityText.ts';
import type { Run, RunEnd, RunOutcome, Scenario } from '../../engine/kernel/scenario.ts';
import { followsEvents, modelOf, viewsOf, type ViewKind } from '../../engine/kernel/views.ts';
import type { Control, FigureRequest, FigureResult, FigureStep, MetricValue } from './figureProtocol.ts';

/** Latest runs whose views follow events, so that stepping through one does not run it again. Two figures may be stepped by turns. */
export class RecentRuns {
  readonly #outcomes = new Map<string, RunOutcome>();
  static readonly most = 4;

  of(scenario: Scenario, params: ParameterInput): RunOutcome {
    const key = JSON.stringify([scenario.id, params]);
    const outcome = this.#outcomes.get(key) ?? scenario.execute({ params });
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    if (this.#outcomes.size > RecentRuns.most) this.#outcomes.delete(this.#outcomes.keys().next().value!);
    return outcome;
  }
}

/** Runs one figure: a scenario with parameters, and everything that the page shows of it as plain data. */
export function runFigure(
  scenarios: Readonly<Record<string, Scenario>>,
  asked: FigureRequest,
  recent = new RecentRuns(),
): FigureResult {
  const scenario = Object.hasOwn(scenarios, asked.scenario) ? scenarios[asked.scenario] : undefined;
  if (scenario === undefined) {
    return {
      kind: 'failed',
      message: `This figure shows the scenario "${asked.scenario}", which this version of Trapframe does not have. Update Trapframe, or tell the lesson's author.`,
    };
  }
  const controls = controlsOf(scenario.params);
  const view = asked.view ?? viewsOf(scenario)[0];
  const steps = view !== undefined && followsEvents(view);
  const outcome = steps ? recent.of(scenario, asked.params) : scenario.execute({ params: asked.params });
  if (!outcome.ok) return { kind: 'refused', controls, problems: outcome.problems };
  const { run } = outcome;
  const metrics = Object.entries(scenario.metrics).map(([name, metric]): MetricValue => ({
    name,
    label: metric.label,
    doc: metric.doc,
    value: run.metrics[name]!,
    unit: unitInName(name),
  }));
  const stopped = sayEnd(run.end);
  return {
    kind: 'ran',
    controls,
    params: run.params,
    metrics,
    ...pictureOf(scenario, run, view, asked),
    title: scenario.title,
    ...(scenario.console === undefined ? {} : { console: scenario.console.program }),
    ...(stopped === undefined ? {} : { stopped }),
  };
}

function pictureOf(
  scenario: Scenario,
  run: Run,
  view: ViewKind | undefined,
  { event, start = 0 }: Pick<FigureRequest, 'event' | 'start'>,
): Pick<Extract<FigureResult, { readonly kind: 'ran' }>, 'picture' | 'step'> {
  if (view === undefined) return {};
  const events = run.trace.length;
  const at = Math.min(events - 1, Math.max(0, event ?? Math.round(((events - 1) * start) / 100)));
  const picture = modelOf(scenario, view, run, at);
  if (picture === undefined) return {};
  return followsEvents(view) ? { picture, step: stepOf(scenario, view, run, at) } : { picture };
}

function stepOf(scenario: Scenario, view: ViewKind, run: Run, event: number): FigureStep {
  const { trace } = run;
  const before = event === 0 ? undefined : modelOf(scenario, view, run, event - 1);
  const takesTime = trace.timeNs(trace.length - 1) > 0;
  return {
    event,
    events: trace.length,
    ...(takesTime && { atNs: trace.timeNs(event) }),
    said: trace.say(event),
    ...(before === undefined ? {} : { before }),
  };
}

function controlsOf(schema: ParameterSchema): readonly Control[] {
  return Object.entries(schema).map(([name, parameter]) => ({ ...controlOf(parameter), name }));
}

function controlOf(parameter: Parameter): Omit<Control, 'name'> {
  const { label, doc, kind, unit } = parameter;
  switch (parameter.kind) {
    case 'count':
      return { label, doc, kind, unit, min: parameter.min, max: parameter.max, step: 1 };
    case 'quantity':
      return { label, doc, kind, unit, min: parameter.min, max: parameter.max, step: parameter.step };
    case 'choice':
      return {
        label,
        doc,
        kind,
        unit,
        values: Object.entries(parameter.values).map(([value, meaning]) => ({ value, doc: meaning })),
      };
    case 'flag':
      return { label, doc, kind, unit };
  }
}

function sayEnd(end: RunEnd): string | undefined {
  switch (end.kind) {
    case 'finished':
      return undefined;
    case 'refused':
      return end.witness.because;
    case 'steps':
      return `The run did not finish in ${end.steps} steps. Choose smaller values.`;
    case 'fault':
      return end.fault.message;
  }
}
