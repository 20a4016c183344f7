import { learnersProblems, problemLine, type ClassItem, type LearnerResult } from '../classReport.ts';
import { gradedTests } from './gradedTests.ts';

/** `results.json` of a Gradescope autograder. Source: Gradescope, *Autograder Specifications*, "Output Format". */
export interface GradescopeResults {
  readonly score: number;
  readonly output: string;
  readonly output_format: 'text';
  readonly visibility: 'visible';
  readonly stdout_visibility: 'hidden';
  readonly tests: readonly GradescopeTest[];
}

export interface GradescopeTest {
  readonly score: number;
  readonly max_score: number;
  readonly status: 'passed' | 'failed';
  readonly name: string;
  readonly name_format: 'text';
  readonly number: string;
  readonly output: string;
  readonly output_format: 'text';
  /** Absent: as the whole. */
  readonly visibility?: 'hidden';
}

export function gradescopeResults(items: readonly ClassItem[], result: LearnerResult): GradescopeResults {
  return {
    score: result.points,
    output: [
      `${result.points} of ${result.maxPoints} points.`,
      ...learnersProblems(result).map(problemLine),
    ].join('\n'),
    output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: [
      ...gradedTests(items, result).map((test): GradescopeTest => ({
        score: test.points,
        max_score: test.maxPoints,
        status: test.verdict === 'passed' ? 'passed' : 'failed',
        name: test.name,
        name_format: 'text',
        number: test.number,
        output: test.output,
        output_format: 'text',
      })),
      ...forInstructors(items, result),
    ],
  };
}

/** A test without points that Gradescope never shows to students. */
function forInstructors(items: readonly ClassItem[], { problems }: LearnerResult): readonly GradescopeTest[] {
  const own = problems.filter(({ toLearner }) => toLearner !== true);
  if (own.length === 0) return [];
  return [
    {
      score: 0,
      max_score: 0,
      status: 'passed',
      name: 'For instructors: to look at',
      name_format: 'text',
      number: String(items.length + 1),
      output: own.map(problemLine).join('\n'),
      output_format: 'text',
      visibility: 'hidden',
    },
  ];
}
