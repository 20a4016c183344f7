import { chromeTrace } from '../../engine/kernel/perfetto.ts';
import { unitSymbol, type ParameterValue } from '../../engine/kernel/parameters.ts';
import type { Run, RunEnd, Scenario } from '../../engine/kernel/scenario.ts';
import { exitCode, formatOption, seedOption, textOptions, UsageError, type Command } from '../command.ts';
import { parametersFrom, scenarioNamed } from '../scenarioArgument.ts';
import { textTable } from '../textTable.ts';

export const simulate: Command = {
  name: 'simulate',
  usage: '<scenario> [--set name=value]… [--seed N] [--format table|json|perfetto]',
  summary: 'Run a simulated experiment and print its numbers.',
  operands: 1,
  options: {
    set: {
      multiple: true,
      doc: 'A parameter, as in --set vms=4 or --set sliceMs=10ms. May be given several times.',
    },
    seed: { doc: 'Root of the random streams, a whole number. Default 1.' },
    format: { doc: 'table (default), json, or perfetto: a timeline to open at https://ui.perfetto.dev.' },
  },
  async run(args, terminal) {
    const format = formatOption(args, ['table', 'json', 'perfetto']);
    const scenario = scenarioNamed(args.operands[0]);
    const params = parametersFrom(scenario, textOptions(args, 'set'));
    const seed = seedOption(args);
    const outcome = scenario.execute({ params, ...(seed === undefined ? {} : { seed }) });
    if (!outcome.ok) throw new UsageError(outcome.problems.map((problem) => problem.message).join('\n'));
    const { run } = outcome;
    if (run.end.kind !== 'finished') throw new UsageError(sayEnd(run.end));
    terminal.out(formatRun(scenario, run, format));
    return exitCode.holds;
  },
};

/** Why a run of built-in policies gave no result: its parameters do not fit together. */
function sayEnd(end: Exclude<RunEnd, { kind: 'finished' }>): string {
  switch (end.kind) {
    case 'refused':
      return `The run was refused. Expected ${end.witness.expected}, but there was ${end.witness.actual}. ${end.witness.because}`;
    case 'steps':
      return `The run did not finish in ${end.steps} steps. Try fewer VMs, a shorter duration or longer slices.`;
    case 'fault':
      return end.fault.message;
  }
}

function formatRun(scenario: Scenario, run: Run, format: 'table' | 'json' | 'perfetto'): string {
  switch (format) {
    case 'json':
      return JSON.stringify(
        {
          scenario: run.scenario,
          params: run.params,
          seed: run.seed,
          metrics: run.metrics,
          traceHash: run.trace.hash(),
        },
        undefined,
        2,
      );
    case 'perfetto': {
      const timeline = scenario.views.timeline?.model(run);
      return JSON.stringify(chromeTrace(timeline === undefined ? [] : [timeline]));
    }
    case 'table':
      return [
        `${scenario.title} (${scenario.id}, seed ${run.seed})`,
        '',
        textTable(
          Object.entries(scenario.params).map(([name, parameter]) => [
            name,
            `${shown(run.params[name]!)} ${unitSymbol(parameter.unit)}`.trimEnd(),
          ]),
          '  ',
        ),
        '',
        textTable(
          Object.entries(scenario.metrics).map(([name, metric]) => [
            name,
            shown(run.metrics[name]!),
            metric.label,
          ]),
          '  ',
        ),
      ].join('\n');
  }
}

/** At most six decimals: the rest is the double's, not the model's. */
const shown = (value: ParameterValue): string =>
  typeof value === 'number' ? String(Number(value.toFixed(6))) : String(value);
