import { learnersProblems, problemLine, type ClassItem, type LearnerResult } from '../classReport.ts';
import { gradedTests } from './gradedTests.ts';

/** `results.json` of a PrairieLearn external grader. Source: PrairieLearn documentation, *External grading*, "Grading result". */
export type PrairieLearnResults =
  | {
      readonly gradable: true;
      /** From 0 to 1. */
      readonly score: number;
      readonly message: string;
      readonly tests: readonly PrairieLearnTest[];
    }
  | { readonly gradable: false; readonly message: string; readonly format_errors: readonly string[] };

export interface PrairieLearnTest {
  readonly name: string;
  readonly description: string;
  readonly points: number;
  readonly max_points: number;
  readonly message: string;
  readonly output: string;
}

/** PrairieLearn refuses results of more than a mebibyte. */
const maxBytes = 1_000_000;

/** Work of which nothing could be judged is not gradable, which costs the learner no attempt. */
export function prairieLearnResults(items: readonly ClassItem[], result: LearnerResult): PrairieLearnResults {
  const problems = learnersProblems(result).map(problemLine);
  const judged = result.exercises.some(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  const tests = gradedTests(items, result);
  const broken = tests.filter(({ verdict }) => verdict === 'ungradable');
  if (!judged) {
    const said = [...new Set(broken.map(({ output }) => output))];
    const errors = [...said, ...problems];
    return {
      gradable: false,
      message: 'Nothing could be graded.',
      format_errors: errors.length > 0 ? errors : ['Nothing was handed in.'],
    };
  }
  return fitted({
    gradable: true,
    score: result.maxPoints === 0 ? 0 : result.points / result.maxPoints,
    message: [`${result.points} of ${result.maxPoints} points.`, ...problems].join('\n'),
    tests: tests.map(({ number, name, points, maxPoints, verdict, output }) => ({
      name: `${number} ${name}`,
      description: '',
      points,
      max_points: maxPoints,
      message: verdict,
      output,
    })),
  });
}

/** Cuts the outputs, all alike, until the whole is small enough. */
function fitted(results: Extract<PrairieLearnResults, { gradable: true }>): PrairieLearnResults {
  for (let longest = 32_768; ; longest = Math.floor(longest / 2)) {
    const cut = {
      ...results,
      message: shortened(results.message, longest),
      tests: results.tests.map((test) => ({ ...test, output: shortened(test.output, longest) })),
    };
    if (longest < 64 || new TextEncoder().encode(JSON.stringify(cut)).length <= maxBytes) return cut;
  }
}

const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}…`;
