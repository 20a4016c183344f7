import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { AuthoringPack } from '../../../src/authoring/authoringPack.ts';
import type { Lesson } from '../../../src/course/model.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import * as courseHost from '../../../src/extension/courseHost.ts';
import { showBlockCards, type BlockCard } from '../../../src/extension/markdownCards.ts';
import { inGerman } from './inGerman.ts';

const packYaml = 'id: mine\ntitle: Mine\nmodules:\n  - { id: io, title: I/O }\nlessons: [lesson-one]\n';
const path = 'lesson-one/lesson.md';
const front = '---\nid: lesson-one\ntitle: One\nmodule: io\nformat: 1\n---\n\n';

/** A lesson with this body, as VS Code's preview renders it: with HTML, and with its front matter in the text. */
async function rendered(
  body: string,
  head = packYaml,
  translated: (lesson: Lesson) => Lesson = (lesson) => lesson,
): Promise<{ html: string; cards: readonly BlockCard[]; said: string }> {
  const text = front + body;
  const files: Readonly<Record<string, string>> = { 'pack.yaml': head, [path]: text };
  const pack = new AuthoringPack(
    {
      list: () => Promise.resolve(Object.keys(files)),
      read: (name) =>
        files[name] === undefined ? Promise.reject(new Error(name)) : Promise.resolve(files[name]),
    },
    scenarios,
  );
  const { value, problems } = await pack.lint();
  const session = courseHost.newPreview(undefined);
  session.show(value, translated(value.lessons[0]!));
  const cards = courseHost.cardsOf(session, path, text);
  const html = showBlockCards(new MarkdownIt({ html: true }), () => cards).render(text);
  return { html, cards, said: problems.map(({ message }) => message).join('\n') };
}

const question = (ask: string, option: string): string =>
  [
    '```question',
    'id: q-one',
    'title: Which one?',
    'kind: one',
    `ask: ${JSON.stringify(ask)}`,
    'options:',
    `  - { text: ${JSON.stringify(option)}, right: true, say: Indeed. }`,
    '  - { text: The other, say: No. }',
    '```',
    '',
  ].join('\n');

describe('blocks of lessons in the Markdown preview of VS Code', () => {
  it('shows a figure with its scenario and parameters', async () => {
    const { html } = await rendered(
      '```figure\nscenario: scheduling.round-robin\ntitle: Turns\ncaption: Four *VMs*.\nset: { vms: 4 }\ncontrols: [sliceMs]\nmetrics: [waitMs]\n```\n',
    );
    for (const text of [
      'Figure',
      'Turns',
      'scheduling.round-robin',
      '4 VMs',
      'Four <em>VMs</em>.',
      'Trapframe: Preview Lesson',
    ])
      assert.ok(html.includes(text), `${text} in ${html}`);
    assert.doesNotMatch(html, /<pre>/);
  });

  it('shows a question with its options, the right one marked, and the feedback folded away', async () => {
    const { html } = await rendered(`Before.\n\n${question('Which?', 'This')}\nAfter.\n`);
    assert.match(html, /Question · 1 point/);
    assert.match(
      html,
      /<li class="trapframe-right"><span lang="en">This<\/span> <small>\(right\)<\/small><\/li>/,
    );
    assert.match(html, /<li class="trapframe-other"><span lang="en">The other<\/span><\/li>/);
    assert.match(html, /<details><summary>Answer key and feedback<\/summary>.*Indeed\./s);
    assert.match(html, /<p>Before\.<\/p>.*<section.*<\/section>.*<p>After\.<\/p>/s);
  });

  it('computes the key of a number for the values that the homework gives', async () => {
    const { html } = await rendered(
      '```question\nid: q-wait\nkind: number\nask: "{vms} VMs, {sliceMs} ms?"\nscenario: scheduling.round-robin\nset: { vms: 4, sliceMs: 10 }\nanswer: metrics.worstWaitMs\n```\n',
    );
    assert.match(html, /4 VMs, 10 ms\?/);
    assert.match(html, /Right: 30 ms/);
  });

  it('speaks the language of the editor around what the author wrote', async () => {
    const { html } = await inGerman(() => rendered(question('Which?', 'This')));
    assert.match(html, /Frage · 1 Punkt/);
    assert.match(
      html,
      /This<\/span> <small>\(richtig\)<\/small>.*<summary>Lösung und Rückmeldungen<\/summary>/s,
    );
  });

  it('asks in the language of the editor where the author left that out', async () => {
    const critique =
      '```critique\nid: c-one\nclaim: It is fast.\noptions:\n' +
      '  - { text: This., right: true, say: Indeed. }\n  - { text: That., say: No. }\n```\n';
    assert.match((await rendered(critique)).html, /What is wrong with this answer\?/);
    assert.match((await inGerman(() => rendered(critique))).html, /Was ist an dieser Antwort falsch\?/);
  });

  it('says in which language the lesson is', async () => {
    const { html } = await rendered(
      question('Welche?', 'Diese'),
      packYaml.replace('title', 'language: de\ntitle'),
    );
    assert.match(
      html,
      /<p class="trapframe-title" lang="de">Which one\?<\/p><div lang="de"><p>Welche\?<\/p>\s*<\/div>/,
    );
    assert.match(html, /<p class="trapframe-kind">Question · 1 point<\/p>/);
  });

  it('says of what a translation lacks that it is in the language of the original', async () => {
    const { html } = await rendered(question('Which?', 'This'), packYaml, (lesson) => ({
      ...lesson,
      language: 'de',
      parts: lesson.parts.map((part) => ({ ...part, language: 'en' })),
    }));
    assert.match(html, /<p class="trapframe-title" lang="en">Which one\?<\/p><div lang="en"><p>Which\?<\/p>/);
    assert.doesNotMatch(html, /lang="de"/);
  });

  it('shows what an author writes as text, never as HTML', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const { html } = await rendered(
      `${question(evil, evil).replace('title: Which one?', `title: ${JSON.stringify(`"${evil}`)}`)}\n` +
        `\`\`\`figure\nscenario: scheduling.round-robin\ntitle: ${JSON.stringify(evil)}\ncaption: ${JSON.stringify(evil)}\n\`\`\`\n`,
    );
    assert.doesNotMatch(html, /<img/);
    assert.match(html, /aria-label="Question: &quot;&lt;img/);
  });

  it('says of a block that cannot be read what lint says of it', async () => {
    const { html, said } = await rendered('```figure\nscenario: scheduling.nothing\n```\n\nAfter.\n');
    const message = said.split('\n').find((line) => line.includes('scheduling.nothing'))!;
    assert.ok(text(html).includes(message), html);
    assert.ok(html.includes('trapframe-broken'));
    for (const yaml of ['', ': : :', '- a\n- b', 'id: [', '{{{', 'a: &a [*a]'])
      assert.match((await rendered(`\`\`\`question\n${yaml}\n\`\`\`\n`)).html, /trapframe-broken/, yaml);
  });

  it('says that a block cannot stand in a list, and leaves a fence inside a fence as code', async () => {
    const nested = await rendered('- A list:\n\n  ```figure\n  scenario: scheduling.round-robin\n  ```\n');
    assert.match(text(nested.html), /cannot stand inside a list/);
    const example =
      '````markdown\n```figure\nscenario: scheduling.round-robin\n```\n````\n\n```ts\nlet a;\n```\n';
    const { html, cards } = await rendered(example);
    assert.deepEqual(cards, []);
    assert.equal(html, new MarkdownIt({ html: true }).render(front + example));
  });

  it('reads a block that is not closed to its end', async () => {
    const { html } = await rendered('```figure\nscenario: scheduling.round-robin\n');
    assert.match(html, /trapframe-card/);
  });

  it('leaves a document without cards as it is, and gives a card its line for scrolling', () => {
    const plain = '# Title\n\n```question\nid: a\n```\n';
    const none = showBlockCards(new MarkdownIt(), () => []);
    assert.equal(none.render(plain), new MarkdownIt().render(plain));
    const one = showBlockCards(new MarkdownIt(), () => [{ line: 3, html: '<b>card</b>' }]);
    one.core.ruler.push('lines', ({ tokens }) => {
      for (const token of tokens) if (token.map !== null) token.attrSet('data-line', String(token.map[0]));
    });
    assert.match(one.render(plain), /<div data-line="2"><b>card<\/b><\/div>/);
  });
});

/** What a reader of the HTML reads. */
const text = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
