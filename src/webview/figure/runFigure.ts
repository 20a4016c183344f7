import type { Parameter, ParameterSchema } from '../../engine/kernel/parameters.ts';
import type { RunEnd, Scenario } from '../../engine/kernel/scenario.ts';
import type { Control, FigureRequest, FigureResult, MetricValue } from './figureProtocol.ts';

/** Runs one figure: a scenario with parameters, and everything that the page shows of it as plain data. */
export function runFigure(scenarios: Readonly<Record<string, Scenario>>, asked: FigureRequest): FigureResult {
  const scenario = Object.hasOwn(scenarios, asked.scenario) ? scenarios[asked.scenario] : undefined;
  if (scenario === undefined) {
    return {
      kind: 'failed',
      message: `This figure shows the scenario "${asked.scenario}", which this version of Trapframe does not have. Update Trapframe, or tell the lesson's author.`,
    };
  }
  const controls = controlsOf(scenario.params);
  const outcome = scenario.execute({ params: asked.params });
  if (!outcome.ok) return { kind: 'refused', controls, problems: outcome.problems };
  const { run } = outcome;
  const metrics = Object.entries(scenario.metrics).map(([name, metric]): MetricValue => ({
    name,
    label: metric.label,
    doc: metric.doc,
    value: run.metrics[name]!,
    unit: unitOfName(name),
  }));
  const stopped = sayEnd(run.end);
  return {
    kind: 'ran',
    controls,
    params: run.params,
    metrics,
    timelines: [scenario.views.timeline?.model(run)].filter((model) => model !== undefined),
    ...(stopped === undefined ? {} : { stopped }),
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

const unitEndings: readonly (readonly [RegExp, string])[] = [
  [/Ns$/, 'ns'],
  [/Us$/, 'µs'],
  [/Ms$/, 'ms'],
  [/Seconds$/, 's'],
  [/Percent$/, '%'],
  [/PerSecond$/, '/s'],
  [/Bytes$/, 'bytes'],
  [/KiB$/, 'KiB'],
  [/MiB$/, 'MiB'],
];

/** The unit that a metric's name ends in: `worstWaitMs` is in ms. Empty for plain numbers. */
export function unitOfName(name: string): string {
  return unitEndings.find(([ending]) => ending.test(name))?.[1] ?? '';
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
