import { failureLines } from '../../reportText.ts';
import {
  learnersProblems,
  problemLine,
  type ClassHeader,
  type ClassItem,
  type ExerciseResult,
  type LearnerResult,
} from '../classReport.ts';
import { oneLine } from '../csv.ts';

/**
 * What one learner is told, as Markdown: points of every exercise, what was asked with the learner's own numbers, and why the
 * answer is not right. What the learner wrote stands in fences and code spans, where it means nothing. Of problems there are only
 * those with the learner's files.
 */
export function studentReport({ pack, lessons, items }: ClassHeader, result: LearnerResult): string {
  const { learner, points, maxPoints, exercises } = result;
  const who = learner.name ?? learner.id;
  const problems = learnersProblems(result);
  const graded = items.map((item, index) => ({ item, result: exercises[index]! }));
  const byLesson = lessons.map(({ id, title }) => ({
    title: escaped(title),
    graded: graded.filter(({ item }) => item.lesson === id),
  }));
  return [
    `# ${escaped(pack.title)}: ${escaped(who)}`,
    `**${points} of ${maxPoints} points**`,
    ...(problems.length === 0 ? [] : [problems.map((each) => `- ${escaped(problemLine(each))}`).join('\n')]),
    [
      '| Exercise | Points | |',
      '| --- | ---: | --- |',
      ...byLesson.flatMap((lesson) => [
        `| **${lesson.title}** | **${pointsOf(sum(lesson.graded))}** | |`,
        ...lesson.graded.map(
          ({ item, result: own }) => `| ${escaped(item.title)} | ${pointsOf(own)} | ${markOf(own)} |`,
        ),
      ]),
    ].join('\n'),
    ...byLesson.flatMap((lesson) => {
      const texts = lesson.graded.flatMap(({ item, result: own }) => exerciseText(item, own));
      return texts.length === 0 ? [] : [`## ${lesson.title}`, ...texts];
    }),
  ]
    .join('\n\n')
    .concat('\n');
}

interface Points {
  readonly points: number;
  readonly maxPoints: number;
}

const pointsOf = ({ points, maxPoints }: Points): string => `${points} of ${maxPoints}`;

const sum = (graded: readonly { readonly result: Points }[]): Points => ({
  points: graded.reduce((total, { result }) => total + result.points, 0),
  maxPoints: graded.reduce((total, { result }) => total + result.maxPoints, 0),
});

function markOf({ verdict, points }: ExerciseResult): string {
  switch (verdict) {
    case 'passed':
      return '✓ right';
    case 'failed':
      return points > 0 ? '✗ partly right' : '✗ not right';
    case 'missing':
      return '– missing';
    case 'ungradable':
      return '? not graded';
  }
}

function exerciseText(item: ClassItem, result: ExerciseResult): readonly string[] {
  if (result.verdict === 'missing') return [];
  const heading = `### ${escaped(item.title)}: ${pointsOf(result)}`;
  const { asked, feedback, report, file = item.id } = result;
  if (report === undefined) {
    return [heading, ...(asked === undefined ? [] : [asked]), ...answerText(result), feedback ?? ''].filter(
      (text) => text !== '',
    );
  }
  const fault = report.fault === undefined ? [] : [fenced(faultLine(report.fault, file))];
  const checks = report.checks.map((check) => {
    const line = `- ${checkMarks[check.verdict]}: ${escaped(check.title)} (${pointsOf(check)})`;
    if (check.failure === undefined) return line;
    const { say, ...failure } = check.failure;
    const words = say === undefined ? '' : `\n\n${indented(say)}`;
    return `${line}${words}\n\n${indented(fenced(failureLines(failure, file).join('\n')))}`;
  });
  return [heading, ...fault, checks.join('\n')];
}

/** What was chosen and put into an order in the words of the lesson, anything else as it was typed. */
function answerText({ response, chosen, order }: ExerciseResult): readonly string[] {
  const list = order ?? chosen;
  if (list !== undefined && list.length > 0) {
    const lines = list.map(
      (text, index) => `${order === undefined ? '-' : `${index + 1}.`} ${oneLine(text)}`,
    );
    return ['Your answer:', lines.join('\n')];
  }
  return response === undefined ? [] : [`Your answer: ${codeSpan(response)}`];
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
  const line = oneLine(text);
  if (!line.includes('`') && line !== '') return `\`${line}\``;
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}
