import type { ClassHeader, ClassItem, LearnerResult, SubmissionProblem } from './classReport.ts';
import { itemStatistics, type ItemStatistics } from './itemStatistics.ts';

/** What a class did, exercise by exercise. */
export interface ClassSummary {
  readonly learners: readonly LearnerRow[];
  readonly handedIn: number;
  readonly maxPoints: number;
  readonly exercises: readonly ExerciseSummary[];
  readonly problems: readonly SubmissionProblem[];
}

export interface LearnerRow {
  readonly id: string;
  readonly name?: string;
  readonly points: number;
  readonly handedIn: boolean;
  /** Exercises of which nothing was handed in. */
  readonly missing: number;
  readonly problems: number;
}

export interface ExerciseSummary {
  readonly item: ClassItem;
  readonly passed: number;
  readonly failed: number;
  readonly missing: number;
  readonly ungradable: number;
  readonly checks: readonly CheckSummary[];
  /** The most frequent first; only those that were seen. */
  readonly mistakes: readonly { readonly id: string; readonly learners: number }[];
  /** Means over the learners who used any; undefined when nobody's record says. */
  readonly attempts: number | undefined;
  readonly hints: HintUse | undefined;
  readonly statistics: ItemStatistics;
}

export interface CheckSummary {
  readonly id: string;
  readonly title: string;
  readonly passed: number;
  readonly failed: number;
  readonly notReached: number;
}

export interface HintUse {
  /** Learners who took any. */
  readonly learners: number;
  readonly hints: number;
}

/** Sums up results one at a time. Of each learner it keeps a few numbers. */
export class ClassTally {
  readonly #header: ClassHeader;
  readonly #learners: LearnerRow[] = [];
  readonly #problems: SubmissionProblem[];
  readonly #exercises: ExerciseTally[];
  #handedIn = 0;

  constructor(header: ClassHeader) {
    this.#header = header;
    this.#problems = [...header.problems];
    this.#exercises = header.items.map((item) => new ExerciseTally(item));
  }

  add({ learner, place, points, exercises, problems }: LearnerResult): void {
    const handedIn = place !== undefined;
    const missing = exercises.filter(({ verdict }) => verdict === 'missing').length;
    this.#learners.push({
      id: learner.id,
      ...(learner.name === undefined ? {} : { name: learner.name }),
      points,
      handedIn,
      missing,
      problems: problems.length,
    });
    this.#problems.push(...problems);
    if (!handedIn) return;
    this.#handedIn++;
    for (const [index, exercise] of exercises.entries()) this.#exercises[index]!.add(exercise);
  }

  summary(): ClassSummary {
    const statistics = itemStatistics(
      this.#exercises.map(({ points }) => points),
      this.#header.items.map(({ maxPoints }) => maxPoints),
    );
    return {
      learners: this.#learners,
      handedIn: this.#handedIn,
      maxPoints: this.#header.items.reduce((sum, { maxPoints }) => sum + maxPoints, 0),
      exercises: this.#exercises.map((tally, index) => tally.summary(statistics[index]!)),
      problems: this.#problems,
    };
  }
}

type ExerciseResult = LearnerResult['exercises'][number];

class ExerciseTally {
  readonly #item: ClassItem;
  readonly points: number[] = [];
  readonly #verdicts = { passed: 0, failed: 0, missing: 0, ungradable: 0 };
  readonly #checks = new Map<string, { passed: number; failed: number; notReached: number }>();
  readonly #mistakes = new Map<string, number>();
  readonly #attempts: number[] = [];
  readonly #hints: number[] = [];

  constructor(item: ClassItem) {
    this.#item = item;
    for (const { id } of item.checks ?? []) this.#checks.set(id, { passed: 0, failed: 0, notReached: 0 });
  }

  add({ verdict, points, mistakes, attempts, hints, report }: ExerciseResult): void {
    this.points.push(points);
    this.#verdicts[verdict]++;
    for (const id of mistakes) this.#mistakes.set(id, (this.#mistakes.get(id) ?? 0) + 1);
    if (attempts !== undefined) this.#attempts.push(attempts);
    if (hints !== undefined && hints > 0) this.#hints.push(hints);
    for (const check of report?.checks ?? []) {
      const count = this.#checks.get(check.id);
      if (count === undefined) continue;
      if (check.verdict === 'passed') count.passed++;
      else if (check.verdict === 'failed') count.failed++;
      else if (check.verdict === 'not reached') count.notReached++;
    }
  }

  summary(statistics: ItemStatistics): ExerciseSummary {
    const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
    return {
      item: this.#item,
      ...this.#verdicts,
      checks: (this.#item.checks ?? []).map(({ id, title }) => ({ id, title, ...this.#checks.get(id)! })),
      mistakes: [...this.#mistakes]
        .map(([id, learners]) => ({ id, learners }))
        .toSorted((a, b) => b.learners - a.learners || (a.id < b.id ? -1 : 1)),
      attempts: this.#attempts.length === 0 ? undefined : sum(this.#attempts) / this.#attempts.length,
      hints: this.#hints.length === 0 ? undefined : { learners: this.#hints.length, hints: sum(this.#hints) },
      statistics,
    };
  }
}
