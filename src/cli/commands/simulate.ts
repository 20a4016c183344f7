import { basename, resolve } from 'node:path';
import { resolveParameters } from '../../engine/kernel/parameters.ts';
import type { PolicyFaultDetail } from '../../engine/kernel/policy.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { viewsOf } from '../../engine/kernel/views.ts';
import type { Case } from '../../grading/drawnCases.ts';
import { nodeGrader } from '../../grading/nodeWorker.ts';
import { summaryOf, type RunResult, type ViewsAsked } from '../../grading/runSubmission.ts';
import { isUngradable } from '../../grading/violation.ts';
import { caseAt, type NamedCase } from '../caseArgument.ts';
import {
  exitCode,
  formatOption,
  seedOption,
  textOption,
  textOptions,
  UsageError,
  type Command,
  type CommandArguments,
  type ExitCode,
  type Terminal,
} from '../command.ts';
import { documentNamed, parametersBeside } from '../documentArgument.ts';
import { readSubmission } from '../namedFile.ts';
import { distFolder } from '../packArgument.ts';
import { endText, runFormats, runText, type RunFormat } from '../runText.ts';
import { parametersFrom, scenarioNamed } from '../scenarioArgument.ts';
import { version } from '../version.ts';

export const simulate: Command = {
  name: 'simulate',
  usage:
    '<scenario> | --case F [--set k=v]… [--seed N] [--with F] [--set-file F] [--view V]… [--event N] [--format F]',
  summary: 'Run a simulated experiment and print its numbers.',
  operands: 1,
  options: {
    case: { doc: 'A case file in place of a scenario; `trapframe check … --save-case` writes one.' },
    set: {
      multiple: true,
      doc: 'A parameter, as in --set vms=4 or --set sliceMs=10ms. May be given several times.',
    },
    seed: { doc: 'Root of the random streams, a whole number. Default: that of the case, else 1.' },
    with: {
      doc: 'A file of your own whose policies take the place of the built-in ones. It runs in a sandbox.',
    },
    'set-file': {
      doc: "A configuration, manifest or source in place of the scenario's own; name=file where it takes several.",
    },
    view: {
      multiple: true,
      doc: 'Also print a view of the run: timeline, bars, curve, graph, listing or state. May be given several times.',
    },
    event: { doc: 'The event after which graph, listing and state are printed, from 1. Default: the last.' },
    format: { doc: 'table (default), json, or perfetto: a timeline to open at https://ui.perfetto.dev.' },
  },
  async run(args, terminal) {
    const format = formatOption(args, runFormats);
    const named = await runNamed(args, terminal);
    const views = viewsAsked(args, named.scenario, format);
    const file = textOption(args, 'with');
    const document = textOption(args, 'set-file');
    if (file !== undefined && document !== undefined) {
      throw new UsageError('--with and --set-file do not go together. Give one of them.');
    }
    if (document !== undefined) {
      const { name, path } = documentNamed(named.scenario, document);
      const source = await sourceAt(path, terminal.cwd);
      const set = parametersFrom(named.scenario, textOptions(args, 'set'));
      const beside = parametersBeside(named.scenario, name, source.text, set);
      const params = { ...named.case.params, ...beside };
      return runWith(source, { ...named, case: { ...named.case, params } }, views, format, terminal, name);
    }
    if (file === undefined) return runBuiltIn(named, views, format, terminal);
    requirePolicies(named.scenario, file);
    return runWith(await sourceAt(file, terminal.cwd), named, views, format, terminal);
  },
};

/** The run that the options describe: a case or a scenario's defaults, and over them `--set` and `--seed`. */
async function runNamed(args: CommandArguments, terminal: Terminal): Promise<NamedCase> {
  const [operand] = args.operands;
  const file = textOption(args, 'case');
  if (file !== undefined && operand !== undefined) {
    throw new UsageError(`"${operand}" is one too many: the case ${file} already names its scenario.`);
  }
  const named: NamedCase =
    file === undefined
      ? { scenario: scenarioOperand(operand), case: { params: {}, seed: 1 } }
      : await caseAt(file, terminal.cwd);
  const { scenario } = named;
  const set = parametersFrom(scenario, textOptions(args, 'set'));
  return {
    scenario,
    case: {
      ...named.case,
      params: { ...named.case.params, ...set },
      seed: seedOption(args) ?? named.case.seed,
    },
  };
}

function scenarioOperand(operand: string | undefined): Scenario {
  if (operand?.endsWith('.json') === true) {
    throw new UsageError(`"${operand}" is a file and no scenario. Did you mean --case ${operand}?`);
  }
  if (operand?.endsWith('.ts') === true) {
    throw new UsageError(
      `"${operand}" is a file and no scenario. Name the scenario too: trapframe simulate <scenario> --with ${operand}`,
    );
  }
  return scenarioNamed(operand);
}

/** What `--view`, `--event` and `--format` ask for; Perfetto takes the timeline. @throws {UsageError} for what the scenario does not have */
function viewsAsked(args: CommandArguments, scenario: Scenario, format: RunFormat): ViewsAsked {
  const known = viewsOf(scenario);
  const kinds = textOptions(args, 'view').map((given) => {
    const kind = known.find((each) => each === given);
    if (kind !== undefined) return kind;
    const has = known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`;
    throw new UsageError(`${scenario.id} has no view "${given}". ${has}`);
  });
  const given = textOption(args, 'event');
  if (given !== undefined && !/^[1-9]\d{0,8}$/.test(given.trim())) {
    throw new UsageError(`--event is "${given}", but must be a whole number from 1.`);
  }
  if (format === 'perfetto' && !known.includes('timeline')) {
    throw new UsageError(
      `--format perfetto shows the timeline of a run, and ${scenario.id} has none. Next: --format json${known.length === 0 ? '' : `, or --view ${known[0]}`}.`,
    );
  }
  return {
    kinds: format === 'perfetto' ? known.filter((kind) => kind === 'timeline') : kinds,
    ...(given === undefined ? {} : { event: Number(given) - 1 }),
  };
}

function runBuiltIn(
  { scenario, case: asked }: NamedCase,
  views: ViewsAsked,
  format: RunFormat,
  terminal: Terminal,
): ExitCode {
  const outcome = scenario.execute(asked);
  if (!outcome.ok) throw new UsageError(outcome.problems.map((problem) => problem.message).join('\n'));
  const { run } = outcome;
  // Built-in policies do not fail: the parameters do not fit together.
  if (run.end.kind !== 'finished') throw new UsageError(endText(run.end));
  terminal.out(runText(scenario, summaryOf(scenario, run, views), format));
  return exitCode.holds;
}

function requirePolicies(scenario: Scenario, shown: string): void {
  if (Object.keys(scenario.policies).length > 0) return;
  const hint = Object.keys(scenario.documents).length > 0 ? 'Did you mean --set-file?' : 'Leave out --with.';
  throw new UsageError(`${scenario.id} asks no policy, so ${shown} has nothing to decide. ${hint}`);
}

/** A file that a person named. */
interface Source {
  readonly shown: string;
  readonly text: string;
}

const sourceAt = async (shown: string, cwd: string): Promise<Source> => ({
  shown,
  text: await readSubmission(resolve(cwd, shown), shown),
});

/**
 * Runs a learner's file in the grading worker: never on this thread, which nothing could stop.
 * @param document name of the scenario's document that the file is; absent for a module of policies
 */
async function runWith(
  { shown, text }: Source,
  { scenario, case: asked }: NamedCase,
  views: ViewsAsked,
  format: RunFormat,
  terminal: Terminal,
  document?: string,
): Promise<ExitCode> {
  requireAllowed(scenario, asked);
  const grader = nodeGrader(distFolder, version);
  const result = await grader.run({
    scenario: scenario.id,
    case: asked,
    source: { file: basename(shown), text },
    views,
    ...(document === undefined ? {} : { document }),
  });
  grader.dispose();
  const counts = document !== undefined && scenario.documents[document]!.isNone?.(text) !== true;
  return say(shown, scenario, result, format, terminal, counts ? document : undefined);
}

/** Before a worker is started for it. */
function requireAllowed(scenario: Scenario, { params }: Case): void {
  const resolved = resolveParameters(scenario.params, params);
  if (!resolved.ok) throw new UsageError(resolved.problems.map((problem) => problem.message).join('\n'));
}

function say(
  file: string,
  scenario: Scenario,
  result: RunResult,
  format: RunFormat,
  terminal: Terminal,
  document?: string,
): ExitCode {
  if (!result.ok) {
    terminal.err(endText({ kind: 'fault', fault: result.fault }, file));
    return exitOf(result.fault);
  }
  const { run, output, notes = [] } = result;
  terminal.out(runText(scenario, run, format, document));
  if (output.length > 0)
    terminal.err(['Your code printed:', ...output.map((line) => `  ${line}`)].join('\n'));
  for (const { line, column, message } of notes) terminal.err(`${file}:${line}:${column}: note: ${message}`);
  if (run.end.kind === 'finished') return exitCode.holds;
  terminal.err(endText(run.end, file));
  return run.end.kind === 'fault' ? exitOf(run.end.fault) : exitCode.doesNotHold;
}

const exitOf = (fault: PolicyFaultDetail): ExitCode =>
  isUngradable(fault) ? exitCode.unusable : exitCode.doesNotHold;
