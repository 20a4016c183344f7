import type { ClassItem, LearnerResult } from '../classReport.ts';
import { gradedTests } from './gradedTests.ts';

/**
 * What GitHub Classroom's `autograding-grading-reporter` reads: a list of runners, and of each a result in Base64 in the
 * variable `<RUNNER>_RESULTS`. Every test is a runner of its own. The reporter has shown points both as their sum and as the
 * share of tests that passed, and with one test to a runner both are the same.
 * Source: classroom-resources/autograding-grading-reporter, `src/main.js` and `src/notify-classroom.js`.
 */
export interface ClassroomReport {
  /** The reporter's input `runners`: names of letters and digits, with commas between. */
  readonly runners: string;
  /** The reporter's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly points: number;
  readonly maxPoints: number;
}

export interface ClassroomResult {
  readonly version: 1;
  readonly status: 'pass' | 'fail' | 'error';
  readonly max_score: number;
  readonly tests: readonly ClassroomTest[];
}

export interface ClassroomTest {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'error';
  readonly score: number;
  readonly message: string | null;
  readonly test_code: string;
  readonly filename: string;
  /** 0: no line is shown. */
  readonly line_no: number;
}

/** The runner takes its results from the environment, which has limits. */
const longestMessage = 4000;

export function classroomReport(items: readonly ClassItem[], result: LearnerResult): ClassroomReport {
  const taken = new Set<string>();
  const named = gradedTests(items, result).map((test) => ({ test, runner: runnerName(test.id, taken) }));
  return {
    runners: named.map(({ runner }) => runner).join(','),
    env: Object.fromEntries(
      named.map(({ test, runner }) => {
        const status = test.verdict === 'passed' ? 'pass' : test.verdict === 'ungradable' ? 'error' : 'fail';
        const encoded: ClassroomResult = {
          version: 1,
          status,
          max_score: test.maxPoints,
          tests: [
            {
              name: test.name,
              status,
              score: test.points,
              message: test.output === '' ? null : test.output.slice(0, longestMessage),
              test_code: '',
              filename: '',
              line_no: 0,
            },
          ],
        };
        return [`${runner.toUpperCase()}_RESULTS`, base64(JSON.stringify(encoded))];
      }),
    ),
    points: result.points,
    maxPoints: result.maxPoints,
  };
}

/** Letters and digits alone, and no two that differ only in their case. */
function runnerName(id: string, taken: Set<string>): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const base = words
    .map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
    .join('');
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}${count}`;
    if (taken.has(name.toUpperCase())) continue;
    taken.add(name.toUpperCase());
    return name;
  }
}

const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
