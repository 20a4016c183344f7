import { chromeTrace } from '../engine/kernel/perfetto.ts';
import { standsInPlaceOf } from '../engine/kernel/document.ts';
import { unitSymbol, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { RunEnd, Scenario } from '../engine/kernel/scenario.ts';
import { sayMs, timelineText } from '../engine/kernel/view.ts';
import { tablesOf } from '../engine/kernel/viewTables.ts';
import type { DrawnView, RunSummary } from '../grading/runSubmission.ts';
import { textTable } from './textTable.ts';

export const runFormats = ['table', 'json', 'perfetto'] as const;
export type RunFormat = (typeof runFormats)[number];

/**
 * A run for a terminal or a program. A run that did not finish has no numbers, but its timeline up to there.
 * @param document the scenario's document that was given; the parameters in whose place it stands have no value
 */
export function runText(scenario: Scenario, run: RunSummary, format: RunFormat, document?: string): string {
  const isReplaced = (parameter: string): boolean =>
    document !== undefined && standsInPlaceOf(scenario.documents[document]!, parameter);
  switch (format) {
    case 'json':
      return JSON.stringify(
        {
          scenario: run.scenario,
          params: Object.fromEntries(Object.entries(run.params).filter(([name]) => !isReplaced(name))),
          seed: run.seed,
          ...(run.end.kind === 'finished' ? { metrics: run.metrics } : { end: run.end }),
          traceHash: run.traceHash,
          ...(run.views.length === 0
            ? {}
            : { views: Object.fromEntries(run.views.map((view) => [view.model.kind, viewData(view)])) }),
        },
        undefined,
        2,
      );
    case 'perfetto':
      return JSON.stringify(
        chromeTrace(run.views.flatMap(({ model }) => (model.kind === 'timeline' ? [model] : []))),
      );
    case 'table':
      return [
        `${scenario.title} (${scenario.id}, seed ${run.seed})`,
        '',
        textTable(
          Object.entries(scenario.params).map(([name, parameter]) => [
            name,
            isReplaced(name)
              ? `as the document ${document} says`
              : `${shown(run.params[name]!)} ${unitSymbol(parameter.unit)}`.trimEnd(),
          ]),
          '  ',
        ),
        ...(run.end.kind === 'finished' ? ['', metricsTable(scenario, run)] : []),
        ...run.views.flatMap((view) => ['', viewLines(view)]),
      ].join('\n');
  }
}

const metricsTable = (scenario: Scenario, run: RunSummary): string =>
  textTable(
    Object.entries(scenario.metrics).map(([name, metric]) => [name, shown(run.metrics[name]!), metric.label]),
    '  ',
  );

/** A view as text: a timeline line by line, all others as their tables. */
function viewLines({ model, after }: DrawnView): string {
  const head =
    after === undefined
      ? []
      : [`After event ${after.event + 1} of ${after.events}, at ${sayMs(after.atNs)}: ${after.said}.`, ''];
  if (model.kind === 'timeline') {
    return [`${model.title}:`, ...timelineText(model).map((line) => `  ${line}`)].join('\n');
  }
  const tables = tablesOf(model).map(({ title, columns, rows, whenEmpty }) =>
    [`${title}:`, rows.length === 0 ? `  ${whenEmpty}` : textTable([columns, ...rows], '  ')].join('\n'),
  );
  return [...head, tables.join('\n\n')].join('\n');
}

const viewData = ({ model, after }: DrawnView): unknown => ({
  ...(after === undefined ? {} : { after }),
  ...(model.kind === 'timeline' ? { lines: timelineText(model) } : { tables: tablesOf(model) }),
});

/** At most six decimals: the rest is the double's, not the model's. */
const shown = (value: ParameterValue): string =>
  typeof value === 'number' ? String(Number(value.toFixed(6))) : String(value);

/**
 * Why a run gave no numbers.
 * @param file the learner's file, when its policies ran
 */
export function endText(end: Exclude<RunEnd, { kind: 'finished' }>, file?: string): string {
  switch (end.kind) {
    case 'refused': {
      const { expected, actual, because } = end.witness;
      const refused = file === undefined ? 'The run was refused.' : `${file}: the run was refused.`;
      return `${refused} Expected ${expected}, but there was ${actual}. ${because}`;
    }
    case 'steps':
      return file === undefined
        ? `The run did not finish in ${end.steps} steps. Try fewer VMs, a shorter duration or longer slices.`
        : `${file}: the run did not finish in ${end.steps} steps. Look for a choice after which no time passes.`;
    case 'fault': {
      const { line, column, message } = end.fault;
      if (file === undefined) return message;
      return line === undefined ? `${file}: ${message}` : `${file}:${line}:${column ?? 1}: ${message}`;
    }
  }
}
