import { said, t } from '../course/messages.ts';
import type { CheckReport, DecisionEvidence } from '../grading/report.ts';

/** What a hover adds to the diagnostic on the line: the author's words, and the decision as code. */
export function decisionMarkdown({ failure }: CheckReport): string {
  return [
    ...(failure?.say === undefined ? [] : [failure.say.trim()]),
    ...decisionCode(failure?.decision),
  ].join('\n\n');
}

/** A failed check for a test message: the author's words, the evidence, the decision. */
export function findingMarkdown({ title, failure }: CheckReport): string {
  if (failure === undefined) return '';
  return [
    `**${escapeMarkdown(title)}**`,
    ...(failure.say === undefined ? [] : [failure.say.trim()]),
    [
      `- ${t('Expected: {0}', escapeMarkdown(said(failure.expected)))}`,
      `- ${t('Seen: {0}', escapeMarkdown(said(failure.actual)))}`,
      `- ${t('Smallest case that fails: {0}', escapeMarkdown(said(failure.case.words)))}`,
    ].join('\n'),
    escapeMarkdown(said(failure.because)),
    ...decisionCode(failure.decision),
  ].join('\n\n');
}

function decisionCode(decision: DecisionEvidence | undefined): readonly string[] {
  if (decision === undefined) return [];
  const { policy, decision: name, input, output } = decision;
  return [
    codeBlock(
      `${policy}.${name}(${input})${output === undefined ? '' : `\n// ${t('returned {0}', output)}`}`,
    ),
  ];
}

const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+!|<>~-]/g, String.raw`\$&`);

/** The fence is longer than any run of backticks inside. */
export function codeBlock(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}ts\n${code}\n${fence}`;
}
