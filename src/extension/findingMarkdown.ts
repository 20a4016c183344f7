import type { CheckReport } from '../grading/report.ts';

/** A failed check for a hover or a test message: the author's words, the evidence, the decision. */
export function findingMarkdown({ title, failure }: CheckReport): string {
  if (failure === undefined) return '';
  const { decision } = failure;
  return [
    `**${escapeMarkdown(title)}**`,
    ...(failure.say === undefined ? [] : [failure.say.trim()]),
    [
      `- Expected: ${escapeMarkdown(failure.expected)}`,
      `- Seen: ${escapeMarkdown(failure.actual)}`,
      `- Smallest case that fails: ${escapeMarkdown(failure.case.words)}`,
    ].join('\n'),
    escapeMarkdown(failure.because),
    ...(decision === undefined
      ? []
      : [
          codeBlock(
            `${decision.policy}.${decision.decision}(${decision.input})${decision.output === undefined ? '' : `\n// returned ${decision.output}`}`,
          ),
        ]),
  ].join('\n\n');
}

const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+!|<>~-]/g, String.raw`\$&`);

/** The fence is longer than any run of backticks inside. */
function codeBlock(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}ts\n${code}\n${fence}`;
}
