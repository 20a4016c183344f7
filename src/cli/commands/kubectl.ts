import { resolve } from 'node:path';
import { readDocument, type ReadDocument } from '../../engine/kernel/document.ts';
import type { ParameterInput } from '../../engine/kernel/parameters.ts';
import type { Run, Scenario } from '../../engine/kernel/scenario.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { exitCode, seedOption, textOption, textOptions, UsageError, type Command } from '../command.ts';
import { documentNamed, parametersBeside } from '../documentArgument.ts';
import { readSubmission } from '../namedFile.ts';
import { parametersFrom, scenarioNamed } from '../scenarioArgument.ts';

/** What people ask kubectl before they know that a scenario has to be named. */
const verbs: ReadonlySet<string> = new Set(['get', 'describe', 'rollout', 'events', 'help']);

export const kubectl: Command = {
  name: 'kubectl',
  usage: '<scenario> [--set k=v]… [--seed N] [--set-file F] [--at T | --event N] -- <what kubectl is asked>',
  summary: 'Look at a simulated cluster with kubectl: get, describe, top, rollout status, events.',
  operands: 100,
  options: {
    set: { multiple: true, doc: 'A parameter, as in --set nodes=4. May be given several times.' },
    seed: { doc: 'Root of the random streams, a whole number. Default 1.' },
    'set-file': { doc: "Manifests in place of the scenario's own." },
    at: { doc: 'The instant: 90, 90s, 2m, 2m30s. Default: the end of the run.' },
    event: { doc: 'The event right after which it is, from 1, in place of --at.' },
  },
  async run(args, terminal) {
    const [id, ...words] = args.operands;
    if (id !== undefined && verbs.has(id))
      throw new UsageError(
        `The simulated cluster comes first: trapframe kubectl cluster.rollout -- ${args.operands.join(' ')}.`,
      );
    const scenario = scenarioNamed(id);
    if (scenario.console?.program !== 'kubectl') {
      const have = Object.values(scenarios).filter((each) => each.console?.program === 'kubectl');
      throw new UsageError(
        `${scenario.id} runs no cluster. These do: ${have.map((each) => each.id).join(', ')}.`,
      );
    }
    const file = textOption(args, 'set-file');
    const run = await runOf(scenario, {
      params: parametersFrom(scenario, textOptions(args, 'set')),
      seed: seedOption(args) ?? 1,
      file,
      cwd: terminal.cwd,
    });
    const at = textOption(args, 'at');
    const event = textOption(args, 'event');
    if (at !== undefined && event !== undefined)
      throw new UsageError('--at and --event both say when. Give one of them.');
    const answer = scenario.console.open(run, ...instantOf(run, at, event)).execute(words);
    if (answer.out !== '') terminal.out(answer.out);
    if (answer.err !== '') terminal.err(answer.err);
    return answer.code === 0 ? exitCode.holds : exitCode.doesNotHold;
  },
};

async function runOf(
  scenario: Scenario,
  options: {
    readonly params: ParameterInput;
    readonly seed: number;
    readonly file: string | undefined;
    readonly cwd: string;
  },
): Promise<Run> {
  const { params, seed, file, cwd } = options;
  const given = file === undefined ? undefined : await givenDocument(scenario, file, cwd);
  const outcome = scenario.execute({
    params: given === undefined ? params : parametersBeside(scenario, given.name, given.text, params),
    seed,
    ...(given === undefined
      ? {}
      : { submission: { ...scenario.builtInSubmission, documents: { [given.name]: given.document } } }),
  });
  if (!outcome.ok) throw new UsageError(outcome.problems.map(({ message }) => message).join('\n'));
  const { run } = outcome;
  if (run.end.kind !== 'finished' || run.trace.length === 0)
    throw new UsageError(`The run of ${scenario.id} did not finish, so there is no cluster to look at.`);
  return run;
}

async function givenDocument(
  scenario: Scenario,
  given: string,
  cwd: string,
): Promise<{ readonly name: string; readonly text: string; readonly document: ReadDocument }> {
  const { name, path: file } = documentNamed(scenario, given);
  const text = await readSubmission(resolve(cwd, file), file);
  const reading = readDocument(scenario.documents[name]!, text);
  if (reading.ok) return { name, text, document: reading.value };
  throw new UsageError(
    reading.problems
      .map(
        ({ line, column, message, suggestion }) =>
          `${file}:${line}:${column}: ${message}${suggestion === undefined ? '' : ` ${suggestion}`}`,
      )
      .join('\n'),
  );
}

/** The row right after which, and the time, at which the cluster is looked at. */
function instantOf(
  run: Run,
  at: string | undefined,
  event: string | undefined,
): readonly [event: number, untilNs: number | undefined] {
  const last = run.trace.length - 1;
  if (event !== undefined) {
    if (!/^[1-9]\d{0,8}$/.test(event))
      throw new UsageError(`--event is "${event}", but must be a whole number from 1.`);
    return [Math.min(last, Number(event) - 1), undefined];
  }
  if (at === undefined) return [last, undefined];
  const match = /^(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(at.trim());
  if (match === null || at.trim() === '')
    throw new UsageError(`--at is "${at}", but must be a time such as 90s or 2m30s.`);
  const atNs = (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 1e9;
  let row = 0;
  while (row < last && run.trace.timeNs(row + 1) <= atNs) row++;
  return [row, row === last ? undefined : atNs];
}
