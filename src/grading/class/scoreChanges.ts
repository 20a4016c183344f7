import { compareText } from '../../course/problemList.ts';
import type { ClassHeader, ClassReport, ClassResults, ExerciseResult, LearnerResult } from './classReport.ts';

/** Whose points differ from an earlier report of the class. */
export interface ScoreChanges {
  readonly compared: number;
  /** What differs in how the class was graded: `course seed 1 → 2`. */
  readonly differences: readonly string[];
  readonly changes: readonly LearnerChange[];
  /** Learners in the earlier report alone, and in this one alone. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

export interface LearnerChange {
  readonly learner: string;
  readonly before: number;
  readonly after: number;
  readonly exercises: readonly ExerciseChange[];
}

export interface ExerciseChange {
  readonly id: string;
  /** Undefined where the exercise is new, or gone. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** What is judged otherwise than before: `finishes: failed → passed`, `finishes: worth 2 → 3`. */
  readonly because: readonly string[];
}

/** Compares results with an earlier report, learner by learner. Losses come first, the greatest on top, since somebody has to be told. */
export async function scoreChanges(
  earlier: ClassReport,
  header: ClassHeader,
  results: ClassResults,
): Promise<ScoreChanges> {
  const before = new Map(earlier.learners.map((result) => [result.learner.id, result]));
  const changes: LearnerChange[] = [];
  const added: string[] = [];
  let compared = 0;
  for await (const result of results) {
    const old = before.get(result.learner.id);
    before.delete(result.learner.id);
    if (old === undefined) {
      added.push(result.learner.id);
      continue;
    }
    compared++;
    const change = changeOf(old, result);
    if (change.exercises.length > 0) changes.push(change);
  }
  const gain = ({ before: from, after }: LearnerChange): number => after - from;
  return {
    compared,
    differences: differencesOf(earlier, header),
    changes: changes.toSorted((a, b) => gain(a) - gain(b) || compareText(a.learner, b.learner)),
    gone: [...before.keys()],
    added,
  };
}

function differencesOf(earlier: ClassHeader, now: ClassHeader): readonly string[] {
  const points = ({ items }: ClassHeader): number => items.reduce((sum, { maxPoints }) => sum + maxPoints, 0);
  const pairs: readonly (readonly [string, string | number, string | number])[] = [
    ['pack', earlier.pack.id, now.pack.id],
    ['Trapframe', earlier.engineVersion, now.engineVersion],
    ['course seed', earlier.courseSeed, now.courseSeed],
    ['hidden seed', earlier.hiddenSeed ?? 'none', now.hiddenSeed ?? 'none'],
    ['points in all', points(earlier), points(now)],
  ];
  const isEdited = earlier.pack.id === now.pack.id && earlier.pack.contentHash !== now.pack.contentHash;
  return [
    ...(isEdited ? ['the pack was edited'] : []),
    ...pairs.flatMap(([what, from, to]) => (from === to ? [] : [`${what} ${from} → ${to}`])),
  ];
}

function changeOf(old: LearnerResult, now: LearnerResult): LearnerChange {
  const ids = new Set([...now.exercises, ...old.exercises].map(({ id }) => id));
  const exercises = [...ids].flatMap((id) => {
    const [before, after] = [old, now].map((result) => result.exercises.find((each) => each.id === id));
    const change = {
      id,
      before: before?.points,
      after: after?.points,
      because: before === undefined || after === undefined ? [] : becauseOf(before, after),
    };
    return change.before === change.after && change.because.length === 0 ? [] : [change];
  });
  return { learner: now.learner.id, before: old.points, after: now.points, exercises };
}

function becauseOf(before: ExerciseResult, after: ExerciseResult): readonly string[] {
  const said: string[] = [];
  if (before.report?.provenance.submissionHash !== after.report?.provenance.submissionHash)
    said.push('other file');
  if (before.response !== after.response) said.push('other answer');
  if (before.verdict !== after.verdict && (before.report === undefined || after.report === undefined))
    said.push(`${before.verdict} → ${after.verdict}`);
  if (before.report === undefined || after.report === undefined) return [...said, ...worth(before, after)];
  const { checks } = after.report;
  for (const check of checks) {
    const old = before.report.checks.find(({ id }) => id === check.id);
    const reasons =
      old?.verdict === check.verdict ? worth(old, check) : [`${old?.verdict ?? 'new'} → ${check.verdict}`];
    said.push(...reasons.map((each) => `${check.id}: ${each}`));
  }
  const gone = before.report.checks.filter((old) => checks.every(({ id }) => id !== old.id));
  return [...said, ...gone.map(({ id, verdict }) => `${id}: ${verdict} → gone`)];
}

type Scored = Pick<ExerciseResult, 'points' | 'maxPoints'>;

/** Why what is judged alike earns other points. */
const worth = (before: Scored, after: Scored): readonly string[] =>
  before.points === after.points || before.maxPoints === after.maxPoints
    ? []
    : [`worth ${before.maxPoints} → ${after.maxPoints}`];

/** How many learners have more points than before, and how many fewer. */
export const moved = ({ changes }: ScoreChanges): { readonly higher: number; readonly lower: number } => ({
  higher: changes.filter(({ before, after }) => after > before).length,
  lower: changes.filter(({ before, after }) => after < before).length,
});

/** `Graded otherwise than before: course seed 1 → 2.`; undefined where nothing differs. */
export const differencesText = ({ differences }: ScoreChanges): string | undefined =>
  differences.length === 0 ? undefined : `Graded otherwise than before: ${differences.join('; ')}.`;

/** `3 → 2 (ends: passed → failed)` */
export const exerciseText = ({ before, after, because }: ExerciseChange): string =>
  `${before ?? '–'} → ${after ?? '–'}${because.length === 0 ? '' : ` (${because.join('; ')})`}`;

/** A line for each learner and exercise that changed, and a sum. */
export function changesText(all: ScoreChanges): string {
  const { compared, changes, gone, added } = all;
  const { higher, lower } = moved(all);
  const differences = differencesText(all);
  const lines = changes.flatMap(({ learner, before, after, exercises }) => [
    `${learner}: ${before} → ${after} (${signed(after - before)})`,
    ...exercises.map((each) => `  ${each.id}: ${exerciseText(each)}`),
  ]);
  const sum = `${compared} compared: ${higher} with more points, ${lower} with fewer, ${compared - higher - lower} with as many.`;
  return [
    sum,
    ...(differences === undefined ? [] : [differences]),
    ...lines,
    ...(gone.length === 0 ? [] : [`No longer there: ${gone.join(', ')}`]),
    ...(added.length === 0 ? [] : [`New: ${added.join(', ')}`]),
  ].join('\n');
}

export const signed = (points: number): string =>
  points > 0 ? `+${points}` : String(points).replace('-', '−');
