import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownItFactory from 'markdown-it';
import { lessonMarkdown, renderInlineMarkdown, renderMarkdown } from '../../../src/course/markdown.ts';

const values = { vms: 4, sliceMs: 0.1 + 0.2, phase: '<b>*now*</b>', busy: true };

describe('Markdown', () => {
  const cases: readonly (readonly [what: string, text: string, html: string])[] = [
    [
      'fills in values',
      '{vms} VMs, **{sliceMs} ms**, `{vms}`, {busy}',
      '<p>4 VMs, <strong>0.3 ms</strong>, <code>4</code>, true</p>',
    ],
    ['shows a value as text', '{phase}', '<p>&lt;b&gt;*now*&lt;/b&gt;</p>'],
    [
      'keeps braces that name nothing',
      '{unknown} {{vms} \\{vms} {} { vms }',
      '<p>{unknown} {vms} {vms} {} { vms }</p>',
    ],
    [
      'lets no HTML through',
      '<script>alert(1)</script> <b>x</b>',
      '<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;x&lt;/b&gt;</p>',
    ],
    ['links to the web', '[a](https://x.org)', '<p><a href="https://x.org" rel="noreferrer">a</a></p>'],
    ['links to a lesson', '[a](trapframe:other#top)', '<p><a href="trapframe:other#top">a</a></p>'],
    ['links to a heading', '[a](#gains--losses)', '<p><a href="#section-gains--losses">a</a></p>'],
    ['links to no script', '[a](javascript:alert%281%29)', '<p>[a](javascript:alert%281%29)</p>'],
    ['links to no data', '[a](data:text/html,x)', '<p>[a](data:text/html,x)</p>'],
    [
      'links to no command',
      '[a](command:workbench.x) [b](vscode:x)',
      '<p>[a](command:workbench.x) [b](vscode:x)</p>',
    ],
    ['links to no other root', '[a](//x.org) [b](/etc)', '<p>[a](//x.org) [b](/etc)</p>'],
    [
      'shows pictures of the pack',
      '![A **timeline**](pic.png "t")',
      '<p><img src="at:pic.png" alt="A timeline" title="t"></p>',
    ],
    ['shows no other pictures', '![A](https://x.org/a.png)', '<p>A</p>'],
    [
      'starts headings at h2',
      '# One\n\n## Two & three\n\n## Two & three',
      '<h2 id="section-one">One</h2>\n<h2 id="section-two--three">Two &amp; three</h2>\n<h2 id="section-two--three-1">Two &amp; three</h2>',
    ],
    [
      'names the language of code',
      '```ts\nlet a = {vms};\n```',
      '<pre><code class="language-ts">let a = 4;\n</code></pre>',
    ],
    [
      'aligns columns without styles',
      '| a |\n|--:|\n| 1 |',
      '<table>\n<thead>\n<tr>\n<th scope="col" class="align-right">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class="align-right">1</td>\n</tr>\n</tbody>\n</table>',
    ],
  ];
  for (const [what, text, html] of cases) {
    it(what, () => assert.equal(renderMarkdown(text, values, (path) => `at:${path}`).trim(), html));
  }

  it('leaves braces alone where there are no values', () => {
    assert.equal(renderMarkdown('{vms} {{').trim(), '<p>{vms} {{</p>');
    assert.equal(renderMarkdown('{vms} {{', {}).trim(), '<p>{vms} {{</p>');
  });

  it('renders a label without a paragraph', () => {
    assert.equal(renderInlineMarkdown('*{vms}* VMs'.replace('{vms}', '{vms}'), values), '<em>4</em> VMs');
  });

  it('gives no tag and no attribute that a page must not have', () => {
    const allowed =
      /^<\/?(?:p|h[2-6]|ul|ol|li|strong|em|s|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|a|img)(?: (?:id|class|scope|href|rel|src|alt|title|start)="[^"<>]*")*>$/;
    const words = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '[',
      ']',
      '(',
      ')',
      '!',
      '`',
      '*',
      '_',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '1. ',
      '> ',
      '|',
      '{vms}',
      '{phase}',
      'javascript:',
      'data:',
      'onload=',
      '<img src=x>',
      'x',
      '\\',
      '&lt;',
      '&#x6a;',
      '<https://x.org>',
      '```',
      '~~',
      ':',
      '/',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: words }, fc.string({ maxLength: 4 })), { maxLength: 30 }),
        (parts) => {
          const html = renderMarkdown(parts.join(''), values);
          for (const [tag] of html.matchAll(/<[^>]*>?/g)) assert.match(tag, allowed);
          for (const [, address] of html.matchAll(/href="([^"]*)"/g))
            assert.match(address!, /^(?:https?:|trapframe:|(?![a-z][a-z0-9+.-]*:|\/))/i);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('works as a plugin of another renderer', () => {
    const preview = MarkdownItFactory({ html: true });
    preview.use(lessonMarkdown);
    assert.equal(preview.render('# A {vms}').trim(), '<h2 id="section-a-vms">A {vms}</h2>');
  });
});
