import { withoutEmphasis } from '../course/plainText.ts';
import type { CheckFailure, CheckReport, TaskReport } from './report.ts';

const marks = { passed: '✓', failed: '✗', 'not reached': '·', ungradable: '?' } as const;

/** A report as lines for a terminal. */
export function reportText(report: TaskReport, file: string): string {
  const blocks: (readonly string[])[] = [];
  if (report.fault !== undefined) {
    const { line, column, message, others = [] } = report.fault;
    const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    blocks.push([
      `${place}: ${message}`,
      ...others.map((other) => `${file}:${other.line}:${other.column}: ${other.message}`),
    ]);
  }
  // A file that could not be run says so once; a line for every check would only repeat it.
  if (report.verdict !== 'ungradable' || report.fault === undefined) {
    blocks.push(report.checks.flatMap((check) => checkLines(check, file)));
  }
  if (report.output.length > 0)
    blocks.push(['Your code printed:', ...report.output.map((line) => `  ${line}`)]);
  const { notes = [] } = report;
  if (notes.length > 0)
    blocks.push(notes.map(({ line, column, message }) => `${file}:${line}:${column}: note: ${message}`));
  blocks.push([`${report.task}: ${report.verdict}, ${report.points} of ${report.maxPoints} points`]);
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

function checkLines(check: CheckReport, file: string): string[] {
  const points = `${check.points}/${check.maxPoints}`;
  const { failure } = check;
  return [
    `${marks[check.verdict]} ${check.title} (${points})${check.verdict === 'not reached' ? ', not reached' : ''}`,
    ...(check.pinned ?? []).map(({ case: kept, verdict }) => `    pinned ${marks[verdict]} ${kept.words}`),
    ...(failure === undefined ? [] : failureLines(failure, file).map((line) => `    ${line}`)),
  ];
}

/** Why a check failed, as lines of text that say everything there is to see. */
export function failureLines(failure: CheckFailure, file: string): readonly string[] {
  const { decision, fault, place } = failure;
  const lines = [
    `with ${failure.case.words}, at ${Number((failure.atNs / 1e6).toFixed(6))} ms`,
    `expected  ${failure.expected}`,
    `actual    ${failure.actual}`,
    `because   ${failure.because}`,
  ];
  if (failure.say !== undefined) lines.push(withoutEmphasis(failure.say));
  if (place !== undefined) lines.push(`decided at ${file}:${place.line}:${place.column} (${place.pointer})`);
  const line = decision?.line ?? fault?.line;
  if (line !== undefined) lines.push(`decided at ${file}:${line}`);
  if (decision !== undefined)
    lines.push(
      `${decision.decision}(${decision.input})${decision.output === undefined ? '' : ` returned ${decision.output}`}`,
    );
  return lines;
}
