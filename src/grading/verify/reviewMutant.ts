import type { Task, TaskCheck } from '../../course/model.ts';
import { exerciseSeed } from '../../course/seeds.ts';
import { caseWords } from '../../engine/kernel/caseWords.ts';
import type { Run } from '../../engine/kernel/scenario.ts';
import { TextLines } from '../../engine/kernel/structuredText.ts';
import { drawCase, type Case } from '../drawnCases.ts';
import { gradeTask } from '../gradeTask.ts';
import type { GradingTools } from '../gradingTools.ts';
import type { TaskReport } from '../report.ts';
import { runCase } from '../runCase.ts';
import { behaviourOf, didTheSame } from '../behaviour.ts';
import { loadSubmission, scenarioFor, workOf } from '../submissions.ts';
import { documentChanges } from './documentMutants.ts';
import type { Change, Mutant } from './mutant.ts';

/** Of a longer reference these many are tried, spread over its text. */
export const mostMutants = 60;
/** Learners for whom a mutant must pass before it counts as accepted. */
const acceptingLearners = 3;
/** Cases per check and learner in which behaviours are compared, beyond which nothing new is expected. */
const comparedCases = 30;

/** What became of a mutant. */
export type MutantVerdict =
  /** It does not load, throws or never ends: no misconception. */
  | { readonly kind: 'broken' }
  /** It does what the reference does, in every case that was compared. */
  | { readonly kind: 'same' }
  /** A check rejects it, with words written for it: those of a known-wrong solution or of a property. */
  | { readonly kind: 'known' }
  /** Every check passes although it behaves differently. */
  | { readonly kind: 'accepted'; readonly check: string; readonly words: string; readonly seen: string }
  /** Checks reject it, but no known-wrong solution makes the same mistake. */
  | {
      readonly kind: 'unnamed';
      readonly fails: readonly string[];
      readonly words: string;
      readonly expected: string;
      readonly seen: string;
    };

export interface MutantsRequest {
  readonly task: Task;
}

export interface ReviewRequest {
  readonly task: Task;
  readonly lessonHash: string;
  readonly mutant: Mutant;
}

/** Simple mutants of a task's reference solution, at most {@link mostMutants}, in the order of its text. */
export async function mutantsOf({ task }: MutantsRequest, tools: GradingTools): Promise<readonly Mutant[]> {
  const { text } = task.solution;
  const work = workOf(task, tools.scenarios);
  let changes: readonly Change[];
  if (work.kind === 'document') changes = documentChanges(work.definition.language, text);
  else {
    const { typescriptChanges } = await import('./typescriptMutants.ts');
    changes = typescriptChanges(task.file, text);
  }
  const lines = new TextLines(text);
  const mutants = new Map<string, Mutant>();
  for (const { kind, start, end, by } of spread(changes, mostMutants)) {
    const changed = withoutEmptyLine(text.slice(0, start) + by + text.slice(end), start);
    if (changed !== text) mutants.set(changed, { kind, ...lines.position(start), text: changed });
  }
  return [...mutants.values()];
}

/** Grades a mutant, and compares its runs with the reference's. */
export async function reviewMutant(
  { task, lessonHash, mutant }: ReviewRequest,
  tools: GradingTools,
): Promise<MutantVerdict> {
  for (let learner = 1; learner <= acceptingLearners; learner++) {
    const seed = exerciseSeed(learner, task.id);
    const { report } = await gradeTask({ task, lessonHash, source: mutant.text, seed }, tools);
    if (report.verdict !== 'passed') return rejected(task, report);
  }
  const work = workOf(task, tools.scenarios);
  const load = (text: string) => loadSubmission({ file: task.file, text }, work, tools.sandbox);
  const [reference, loaded] = [await load(task.solution.text), await load(mutant.text)];
  if (!reference.ok || !loaded.ok) return { kind: 'broken' };
  for (const check of task.checks) {
    const scenario = scenarioFor(check, tools.scenarios);
    for (const each of casesOf(check, task)) {
      const right = runCase(scenario, each, reference.submission).run;
      const other = runCase(scenario, each, loaded.submission).run;
      if (didTheSame(other, behaviourOf(right)) === true) continue;
      const words = caseWords(scenario, { params: each.params });
      return { kind: 'accepted', check: check.id, words, seen: differenceText(right, other) };
    }
  }
  return { kind: 'same' };
}

function rejected(task: Task, report: TaskReport): MutantVerdict {
  const failures = report.checks.flatMap(({ id, failure }) =>
    failure === undefined ? [] : [{ id, failure }],
  );
  const [first] = failures;
  if (first === undefined || failures.some(({ failure }) => failure.fault !== undefined))
    return { kind: 'broken' };
  const written = new Set<string | undefined>([
    ...task.wrong.map(({ say }) => say),
    ...task.checks.flatMap(({ feedback }) => feedback.map(({ say }) => say)),
  ]);
  if (failures.some(({ failure }) => written.has(failure.say))) return { kind: 'known' };
  return {
    kind: 'unnamed',
    fails: failures.map(({ id }) => id),
    words: first.failure.case.words,
    expected: first.failure.expected,
    seen: first.failure.actual,
  };
}

/** The cases of some learners. */
function* casesOf(check: TaskCheck, task: Task): Iterable<Case> {
  for (let learner = 1; learner <= acceptingLearners; learner++) {
    const seed = exerciseSeed(learner, task.id);
    const count = Math.min(check.cases, comparedCases);
    for (let index = 0; index < count; index++) yield drawCase(check, index, seed);
  }
}

/** The first measures that differ, or that only events do. */
function differenceText(right: Run, other: Run): string {
  if (other.end.kind !== right.end.kind) return `the run ends otherwise: ${other.end.kind}`;
  const unlike = Object.entries(right.metrics).filter(
    ([name, value]) => !Object.is(value, other.metrics[name]),
  );
  if (unlike.length === 0) return 'other events, with the same measures';
  return unlike
    .slice(0, 3)
    .map(
      ([name, value]) =>
        `${name} is ${shortly(other.metrics[name]!, value)}, and ${shortly(value, other.metrics[name]!)} with the reference`,
    )
    .join('; ');
}

/** A number as far as it can be told from the other. */
function shortly(value: number, other: number): string {
  const short = Number(value.toPrecision(6));
  return String(short === Number(other.toPrecision(6)) ? value : short);
}

/** At most so many, evenly over the whole. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  const length = Math.min(all.length, most);
  return Array.from({ length }, (_, index) => all[Math.floor((index * all.length) / length)]!);
}

/** A line of which nothing is left goes too. */
function withoutEmptyLine(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return end !== -1 && text.slice(start, end).trim() === ''
    ? text.slice(0, start) + text.slice(end + 1)
    : text;
}
