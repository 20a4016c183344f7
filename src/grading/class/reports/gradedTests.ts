import { withoutEmphasis } from '../../../course/plainText.ts';
import type { CheckReport } from '../../report.ts';
import { failureLines } from '../../reportText.ts';
import type { ClassItem, ExerciseResult, LearnerResult } from '../classReport.ts';
import { oneLine } from '../csv.ts';

/** The unit of every grading system: a check of a task, or a question. */
export interface GradedTest {
  /** Unique in a report: `round-robin/finishes`, `wait-of-last`. */
  readonly id: string;
  /** `1.2`: of the exercise, and of its check. */
  readonly number: string;
  readonly name: string;
  readonly exercise: string;
  /**
   * - `missing`: nothing was handed in for it.
   * - `not reached`: an earlier check has to pass first.
   */
  readonly verdict: 'passed' | 'failed' | 'not reached' | 'ungradable' | 'missing';
  readonly points: number;
  readonly maxPoints: number;
  /** As plain text: why a check failed, and of a question the answer, what is said of it, and what was asked. */
  readonly output: string;
}

/** What one learner is told, test by test. The points of the tests sum to those of the result. */
export function gradedTests(
  items: readonly ClassItem[],
  { exercises }: Pick<LearnerResult, 'exercises'>,
): readonly GradedTest[] {
  return items.flatMap((item, index) => {
    const result = exercises[index]!;
    const number = String(index + 1);
    return item.checks === undefined
      ? [questionTest(item, result, number)]
      : item.checks.map((check, place) => {
          const report = result.report?.checks.find(({ id }) => id === check.id);
          return {
            id: `${item.id}/${check.id}`,
            number: `${number}.${place + 1}`,
            name: `${item.title}: ${check.title}`,
            exercise: item.id,
            verdict: report?.verdict ?? 'missing',
            points: report?.points ?? 0,
            maxPoints: check.maxPoints,
            output:
              report === undefined
                ? `No file was handed in: ${item.file ?? item.id}.`
                : checkOutput(report, result),
          };
        });
  });
}

function questionTest(item: ClassItem, result: ExerciseResult, number: string): GradedTest {
  const { verdict, points, maxPoints, asked, feedback } = result;
  const question = asked === undefined ? '' : `The question: ${withoutEmphasis(asked)}`;
  const said = [answered(result), withoutEmphasis(feedback ?? ''), question];
  return {
    id: item.id,
    number,
    name: item.title,
    exercise: item.id,
    verdict,
    points,
    maxPoints,
    output: verdict === 'missing' ? 'Not answered.' : said.filter((text) => text !== '').join('\n\n'),
  };
}

function answered({ response, chosen, order }: ExerciseResult): string {
  const text = (order ?? chosen)?.map((each) => withoutEmphasis(oneLine(each))).join('; ') ?? response;
  return text === undefined ? '' : `Answered: ${text}`;
}

function checkOutput(check: CheckReport, { file = '', report }: ExerciseResult): string {
  if (check.failure !== undefined) return failureLines(check.failure, file).join('\n');
  if (check.verdict === 'not reached') return 'Not reached: an earlier check has to pass first.';
  if (check.verdict === 'passed') return '';
  const { line, column, message = 'It could not be run.' } = report?.fault ?? {};
  return line === undefined ? message : `${file}:${line}:${column ?? 1}: ${message}`;
}
