import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { findingMarkdown } from '../../../src/extension/findingMarkdown.ts';
import { workLine } from '../../../src/extension/workLine.ts';
import { taskFindings } from '../../../src/extension/taskFindings.ts';
import { failedCheck, reportOf } from './reports.ts';

describe('what a report says about the file', () => {
  it('is nothing when it passed', () => {
    assert.deepEqual(taskFindings(reportOf({ verdict: 'passed' })), []);
  });

  it('is the line that decided, with the evidence', () => {
    const [finding, ...more] = taskFindings(reportOf({ verdict: 'failed' }));
    assert.deepEqual(more, []);
    assert.equal(finding!.line, 3);
    assert.equal(
      finding!.message,
      'Takes turns. Expected: VM 2, which has waited longest. Seen: VM 1 for 10 ms. VM 2 became ready first.',
    );
    assert.deepEqual(finding!.evidence, [
      'Smallest case that fails: 2 VMs, 10 ms slices.',
      'scheduler.pickNext was given { waiting: [] }, and returned { vcpu: 0 }.',
    ]);
  });

  it('is the syntax error and nothing else', () => {
    const fault = { kind: 'syntax', message: "',' expected.", line: 4, column: 9 } as const;
    const report = reportOf({ verdict: 'ungradable', fault, checks: [failedCheck()] });
    assert.deepEqual(taskFindings(report), [
      { line: 4, column: 9, message: "',' expected.", severity: 'error', evidence: [] },
    ]);
  });

  it('is the place of a fault rather than of the decision before it', () => {
    const fault = { kind: 'throw', message: 'pickNext threw: boom.', line: 8, column: 5 } as const;
    const [finding] = taskFindings(reportOf({ verdict: 'failed', checks: [failedCheck({ fault })] }));
    assert.deepEqual(
      [finding!.line, finding!.column, finding!.message],
      [8, 5, 'Takes turns: pickNext threw: boom.'],
    );
  });
});

describe('a failed check as Markdown', () => {
  it('shows text of programs as text, whatever is in it', () => {
    const md = new MarkdownIt({ html: true });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'`*_[]()<>#!|\\~ab\n'.split('')) }), (text) => {
        const check = failedCheck({
          actual: `x${text.replaceAll('\n', ' ')}`,
          decision: { policy: 'p', decision: 'd', ordinal: 0, input: text, output: '1' },
        });
        const html = md.render(findingMarkdown(check));
        assert.equal(html.match(/<(?:a|img|em|code|strong|script)\b/g)?.join(), '<strong,<code');
      }),
    );
  });
});

describe('the line of a policy', () => {
  it('is where it is exported, or the first', () => {
    assert.equal(
      workLine('import x;\n\nexport const scheduler = {}', { kind: 'policies', policies: ['scheduler'] }),
      2,
    );
    assert.equal(
      workLine('\r\n  export class scheduler {}', { kind: 'policies', policies: ['scheduler'] }),
      1,
    );
    assert.equal(
      workLine('// export const schedulers\nexport const schedulers = 1', {
        kind: 'policies',
        policies: ['scheduler'],
      }),
      0,
    );
  });
});
