import { t } from '../course/messages.ts';
import { caseWords } from '../engine/kernel/caseWords.ts';
import { shellWords, type SystemConsole } from '../engine/kernel/console.ts';
import { readDocument } from '../engine/kernel/document.ts';
import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { Run, Scenario } from '../engine/kernel/scenario.ts';

/** The run whose cluster is looked at. */
export interface RunAtEvent {
  readonly scenario: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  /** Texts of documents by name, where they are not the scenario's own. */
  readonly documents?: Readonly<Record<string, string>>;
  /** Row of the trace at which to look first. Default: the last. */
  readonly event?: number;
  /** Instant at which to look first, where no row says it. */
  readonly atNs?: number;
}

export interface SessionAnswer {
  readonly text: string;
  readonly error: boolean;
  readonly closes: boolean;
}

const say = (text: string, error = false): SessionAnswer => ({ text, error, closes: false });

/** What stands behind the cluster's terminal: a run, an instant of it, and the console over that. */
export class ClusterSession {
  readonly #scenario: Scenario;
  readonly #run: Run;
  /** What was set: empty for the scenario's own values. */
  readonly #settings: string;
  #console: SystemConsole;

  /** Undefined where the scenario runs no cluster, or the run has nothing to look at. */
  static open(scenario: Scenario, asked: RunAtEvent): ClusterSession | undefined {
    const documents: Record<string, NonNullable<ReturnType<typeof readValue>>> = {};
    for (const [name, text] of Object.entries(asked.documents ?? {})) {
      const value = readValue(scenario, name, text);
      if (value === undefined) return undefined;
      documents[name] = value;
    }
    const outcome = scenario.execute({
      params: asked.params,
      seed: asked.seed,
      submission: { ...scenario.builtInSubmission, documents },
    });
    if (scenario.console === undefined || !outcome.ok || outcome.run.trace.length === 0) return undefined;
    return new ClusterSession(scenario, outcome.run, asked);
  }

  private constructor(scenario: Scenario, run: Run, { params, event, atNs }: RunAtEvent) {
    this.#scenario = scenario;
    this.#run = run;
    this.#settings = Object.keys(params).length === 0 ? '' : t(', with {0}', caseWords(scenario, { params }));
    const last = run.trace.length - 1;
    this.#console =
      event === undefined && atNs !== undefined
        ? scenario.console!.open(run, rowAt(run, atNs), atNs)
        : scenario.console!.open(run, Math.min(event ?? last, last));
  }

  get greeting(): string {
    return t(
      '{0}: the simulated cluster {1}{2}. Type help for what you can ask.',
      this.#scenario.title,
      this.#instant,
      this.#settings,
    );
  }

  get #instant(): string {
    return t('{0} s after the start', Number((this.#console.atNs / 1e9).toFixed(3)));
  }

  answer(line: string): SessionAnswer {
    const words = shellWords(line);
    const [first, second] = words;
    if (first === undefined) return say('');
    if (first === 'exit' || first === 'quit') return { text: '', error: false, closes: true };
    if (first === 'time') return this.#moveTo(second);
    const { program } = this.#scenario.console!;
    const isHelp = first === 'help' || first === '--help';
    const answer = this.#console.execute(first === program ? words.slice(1) : words);
    const text = [answer.out, answer.err].filter((each) => each !== '').join('\n');
    return say(isHelp ? `${text}\n\n${ownHelp()}` : text, answer.code !== 0);
  }

  #moveTo(given: string | undefined): SessionAnswer {
    if (given === undefined) return say(t('It is {0}.', this.#instant));
    const match = /^([+-]?)(?=\d)(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(given);
    if (match === null)
      return say(t('"{0}" is no time: time 90s, time 2m30s, time +10s, time -10s', given), true);
    const [, sign, minutes = '0', seconds = '0'] = match;
    const span = (Number(minutes) * 60 + Number(seconds)) * 1e9;
    const { atNs } = this.#console;
    const target = Math.round(sign === '+' ? atNs + span : sign === '-' ? Math.max(0, atNs - span) : span);
    const { trace } = this.#run;
    const row = rowAt(this.#run, target);
    const last = trace.timeNs(trace.length - 1);
    this.#console = this.#scenario.console!.open(this.#run, row, Math.min(target, last));
    const said = [
      t('It is {0}.', this.#instant),
      ...(target > last ? [t('That is where the run has its last event.')] : []),
    ];
    return say(`${said.join(' ')}\n${trace.say(row)}`);
  }
}

/** The last row of the trace that is not later than an instant; the first where all are. */
function rowAt({ trace }: Run, ns: number): number {
  let row = 0;
  while (row + 1 < trace.length && trace.timeNs(row + 1) <= ns) row++;
  return row;
}

const ownHelp = (): string =>
  [
    t('In this terminal you also have'),
    `  time [2m30s|+10s|-10s]              ${t('the instant that is shown, or another one')}`,
    `  exit                                ${t('closes it')}`,
    t('The word kubectl may be left out.'),
  ].join('\n');

function readValue(scenario: Scenario, name: string, text: string) {
  const definition = scenario.documents[name];
  const reading = definition === undefined ? undefined : readDocument(definition, text);
  return reading?.ok === true ? reading.value : undefined;
}
