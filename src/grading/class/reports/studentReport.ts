import { failureLines } from '../../reportText.ts';
import {
  problemLine,
  type ClassHeader,
  type ClassItem,
  type ExerciseResult,
  type LearnerResult,
} from '../classReport.ts';
import { oneLine } from '../csv.ts';

/**
 * What one learner is told, as Markdown: points of every exercise, and why it is not right. What the learner wrote stands in
 * fences and code spans, where it means nothing.
 */
export function studentReport({ pack, items }: ClassHeader, result: LearnerResult): string {
  const { learner, points, maxPoints, exercises, problems } = result;
  const who = learner.name ?? learner.id;
  return [
    `# ${escaped(pack.title)}: ${escaped(who)}`,
    `**${points} of ${maxPoints} points**`,
    ...(problems.length === 0 ? [] : [problems.map((each) => `- ${escaped(problemLine(each))}`).join('\n')]),
    [
      '| | Exercise | Points |',
      '| --- | --- | ---: |',
      ...items.map(
        ({ title }, index) =>
          `| ${marks[exercises[index]!.verdict]} | ${escaped(exercises[index]!.asked ?? title)} | ${exercises[index]!.points} of ${exercises[index]!.maxPoints} |`,
      ),
    ].join('\n'),
    ...items.flatMap((item, index) => exerciseText(item, exercises[index]!)),
  ]
    .join('\n\n')
    .concat('\n');
}

const marks = {
  passed: '✓ right',
  failed: '✗ not right',
  missing: '– missing',
  ungradable: '? not graded',
} as const;

function exerciseText(item: ClassItem, result: ExerciseResult): readonly string[] {
  if (result.verdict === 'missing') return [];
  const heading = `## ${escaped(result.asked ?? item.title)}: ${result.points} of ${result.maxPoints}`;
  const { response, feedback, report, file = item.id } = result;
  if (report === undefined) {
    return [
      heading,
      ...(response === undefined ? [] : [`Your answer: ${codeSpan(response)}`]),
      ...(feedback === undefined ? [] : [feedback]),
    ];
  }
  const fault = report.fault === undefined ? [] : [fenced(faultLine(report.fault, file))];
  const checks = report.checks.map((check) => {
    const line = `- ${checkMarks[check.verdict]}: ${escaped(check.title)} (${check.points} of ${check.maxPoints})`;
    if (check.failure === undefined) return line;
    const { say, ...failure } = check.failure;
    const words = say === undefined ? '' : `\n\n${indented(say)}`;
    return `${line}${words}\n\n${indented(fenced(failureLines(failure, file).join('\n')))}`;
  });
  return [heading, ...fault, checks.join('\n')];
}

const checkMarks = {
  passed: '✓ passed',
  failed: '✗ failed',
  'not reached': '· not reached, because an earlier check has to pass first',
  ungradable: '? not graded',
} as const;

const faultLine = (
  { line, column, message }: { readonly line?: number; readonly column?: number; readonly message: string },
  file: string,
): string => (line === undefined ? `${file}: ${message}` : `${file}:${line}:${column ?? 1}: ${message}`);

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

/** Plain text that Markdown shows as it is. */
const escaped = (text: string): string => oneLine(text).replaceAll(/[\\`*_{}[\]<>#|~!]/g, '\\$&');

/** A fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${oneLine(text)} ${fence}`;
}
