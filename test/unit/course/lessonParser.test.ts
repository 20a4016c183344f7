import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadPack } from '../../../src/course/packLoader.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { goldenFiles, goldenWith, lessonMd } from './goldenPack.ts';
import { scenarios } from './rotationScenario.ts';

const lessonPath = 'round-robin/lesson.md';

async function load(text: string) {
  const { value, problems } = await loadPack(goldenWith({ [lessonPath]: text }), scenarios);
  return { lesson: value.lessons[0]!, problems, lines: problems.map((problem) => formatProblem(problem)) };
}

/** The golden lesson with one replacement, which must hit. */
function edited(from: string, to: string): string {
  assert.ok(lessonMd.includes(from), `the golden lesson has no "${from}"`);
  return lessonMd.replace(from, () => to);
}

describe('lesson', () => {
  it('reads every kind of block, in order and with its place', async () => {
    const { lesson, lines } = await load(lessonMd);
    assert.deepEqual(lines, []);
    assert.deepEqual(
      lesson.parts.map((part) => `${part.kind}:${part.at.line}`),
      [
        'prose:9',
        'figure:13',
        'prose:21',
        'question:23',
        'question:43',
        'prediction:54',
        'critique:64',
        'task:73',
        'prose:77',
      ],
    );
  });

  it('fills in what may be left out', async () => {
    const { lesson } = await load(lessonMd.replace(/^(?:summary|minutes): .*\n/gm, ''));
    assert.equal(lesson.summary, 'Four virtual machines share one CPU.');
    assert.equal(lesson.minutes, 31);
    const [figure, question] = lesson.parts.filter(
      (part) => part.kind === 'figure' || part.kind === 'question',
    );
    assert.equal(figure?.kind === 'figure' && figure.id, 'figure-1');
    assert.ok(question?.kind === 'question' && question.form === 'number');
    assert.equal(question.unit, 'ms');
    assert.equal(question.tolerance, 0);
    assert.equal(question.points, 1);
  });

  const messages: readonly (readonly [what: string, from: string, to: string, said: string])[] = [
    [
      'a metric that does not exist',
      'answer: metrics.worstWaitMs',
      'answer: metrics.worstWiatMs',
      '29:17: error: There is no metric worstWiatMs. Did you mean "worstWaitMs"?',
    ],
    [
      'a parameter in a formula',
      'value: vms * sliceMs',
      'value: vms * sliceM',
      '32:18: error: There is no parameter sliceM. Did you mean "sliceMs"?',
    ],
    [
      'a formula that stops',
      '(vms - 1) * sliceMs',
      '(vms - 1) *',
      '30:24: error: The expression ends too early.',
    ],
    [
      'a scenario',
      'scenario: test.rotation\nvary',
      'scenario: test.rotatoin\nvary',
      '27:11: error: There is no scenario test.rotatoin. Did you mean "test.rotation"?',
    ],
    [
      'a key',
      'misconceptions:',
      'misconception:',
      '31:1: error: There is no key "misconception" here. Did you mean "misconceptions"?',
    ],
    [
      'a misspelt required key, once',
      'ask: What',
      'aks: What',
      '46:1: error: There is no key "aks" here. Did you mean "ask"?',
    ],
    [
      'a nested key',
      'say: "Yes."',
      'sya: "Yes."',
      '68:55: error: There is no key "sya" here. Did you mean "say"?',
    ],
    [
      'a missing key',
      'claim: I set the slice to 0.1 ms, since shorter is better.\n',
      '',
      '65:1: error: The key "claim" is missing. Add "claim: …".',
    ],
    [
      'a value out of range',
      'int: [2, 8] }, sliceMs',
      'int: [2, 80] }, sliceMs',
      '28:25: error: vms is 80, but must be a whole number from 1 to 64.',
    ],
    [
      'a set value out of range',
      'set: { sliceMs: 10 }',
      'set: { sliceMs: 0 }',
      '58:17: error: sliceMs is 0, but must be a number of milliseconds from 0.1 to 1000.',
    ],
    [
      'an axis that ends before it starts',
      'answer: metrics.worstResponseMs\n',
      'answer: metrics.worstResponseMs\naxis: [50, 0]\n',
      '61:7: error: The axis goes from 50 to 0. Write a start, and an end that is later.',
    ],
    [
      'an axis for what is no time',
      'answer: metrics.worstResponseMs\n',
      'answer: metrics.worstResponseMs\nunit: percent\naxis: [0, 50]\n',
      '62:7: error: Only a time can be marked on a time axis, and this prediction is in %. Leave "axis" out, or give a unit of time: ns, µs, ms or s.',
    ],
    [
      'an empty range',
      'int: [2, 8] }, sliceMs',
      'int: [8, 2] }, sliceMs',
      '28:21: error: The range from 8 to 2 is empty. Write [2, 8].',
    ],
    [
      'a variation of no kind',
      '{ int: [2, 8] }, sliceMs',
      '{ }, sliceMs',
      '28:14: error: A variation has exactly one of int and choose. Write { int: [2, 8] } or { choose: [1, 5, 10] }.',
    ],
    [
      'a variation that is a list',
      '{ int: [2, 8] }, sliceMs',
      '[2, 8], sliceMs',
      '28:14: error: vary.vms must be a map of keys and values, but it is a list of 2. Write { int: [2, 8] } or { choose: [1, 5, 10] }.',
    ],
    [
      'a variation of an unknown parameter',
      'vary: { vms:',
      'vary: { vmx:',
      '28:9: error: There is no parameter vmx. Did you mean "vms"?',
    ],
    [
      'a control',
      'controls: [vms, sliceMs]',
      'controls: [vms, sliceUs]',
      '17:17: error: There is no parameter sliceUs. Did you mean "sliceMs"?',
    ],
    [
      'a kind of question',
      'kind: number',
      'kind: nubmer',
      '25:7: error: kind must be number, order, one or several, but it is "nubmer". Did you mean "number"?',
    ],
    [
      'a wrong type',
      'ask: What does a shorter slice give?',
      'ask: 7',
      '46:6: error: ask must be text, but it is 7. Put it in quotes: "7".',
    ],
    [
      'a text that YAML reads as a map',
      'ask: What does a shorter slice give?',
      'ask: {vms}',
      '46:6: error: ask must be text, but it is a map. Put the text in quotes if it starts with { or [.',
    ],
    [
      'an id in other writing',
      'id: rr-worst-wait',
      'id: rrWorstWait',
      '24:5: error: id must be lower-case words joined by hyphens, but it is "rrWorstWait". Did you mean "rr-worst-wait"?',
    ],
    [
      'an id twice',
      'id: gains-and-losses',
      'id: rr-worst-wait',
      '44:5: error: The id rr-worst-wait is already used on line 23. Give each an id of its own.',
    ],
    [
      'a value in a text',
      '{vms} VMs take',
      '{vm} VMs take',
      '37:11: error: There is no value {vm}. Did you mean {vms}?',
    ],
    [
      'a brace in a text',
      'hints:\n  - Who',
      'hints:\n  - {x} Who',
      '39:9: error: This cannot be read as YAML: unexpected scalar at node end. A text that starts with {, [, !, % or a quote has to stand in quotes as a whole.',
    ],
    [
      'the key in a text that is shown before the answer',
      '{sliceMs} ms: when',
      '{answer} ms: when',
      '26:69: error: There is no value {answer}. Write {{ for a brace that stands for itself.',
    ],
    [
      'no right option',
      'right: true, say: "Yes."',
      'say: "Yes."',
      '68:3: error: No option is right. Add "right: true" to the right one.',
    ],
    [
      'two right options of one',
      'kind: several',
      'kind: one',
      '49:31: error: 2 options are right, but only one can be chosen. Keep one, or write a question of "kind: several".',
    ],
    [
      'a tab',
      'hints:',
      '\thints:',
      '38:1: error: This line is indented with a tab, but YAML takes only spaces. Replace the tab with two spaces.',
    ],
    [
      'an indentation',
      'explain: Waits',
      '   explain: Waits',
      '51:1: error: The indentation of this line fits no line above it. Give the entries of one list or map the same number of spaces.',
    ],
    [
      'a colon in a text',
      'ask: What',
      'ask: Now: What',
      '46:6: error: There is a second colon on this line, and YAML reads it as a key. Put the text in quotes if the colon belongs to it.',
    ],
    [
      'emphasis at the start',
      'ask: What',
      'ask: *What*',
      '46:13: error: A text here starts with * or &, which has a meaning of its own in YAML. Put the text in quotes: "*How* many …".',
    ],
    [
      'a lone alias',
      'ask: What does a shorter slice give?',
      'ask: *what',
      '46:6: error: A text here starts with * or &, which has a meaning of its own in YAML. Put the text in quotes: "*How* many …".',
    ],
    [
      'an open quote',
      'caption: Four VMs take turns.',
      'caption: "Four VMs take turns.',
      '18:23: error: A quote was opened before, and is not closed here. Add the closing quote.',
    ],
    [
      'a key twice',
      'kind: several',
      'id: again',
      '45:1: error: The key id stands here a second time. Keep one of the two.',
    ],
    [
      'a task that does not exist',
      '```task\nid: round-robin',
      '```task\nid: round-robbin',
      '74:5: error: There is no file round-robin/tasks/round-robbin/task.yaml. Did you mean "round-robin"?',
    ],
    [
      'a module',
      'module: io',
      'module: oi',
      '4:9: error: There is no module oi in pack.yaml. Did you mean "io"?',
    ],
    ['a format', 'format: 1', 'format: 0', '7:9: error: format must be 1, but it is 0.'],
    [
      'a newer format',
      'format: 1',
      'format: 2',
      '7:9: error: This lesson is of format 2, and this Trapframe reads up to format 1. Update Trapframe.',
    ],
    [
      'an unknown block',
      '```critique',
      '```critic',
      '64:1: warning: "critic" is no kind of block, so this is shown as code. Blocks are: figure, question, prediction, critique, task.',
    ],
    [
      'a block with a capital',
      '```critique',
      '```Critique',
      '64:1: warning: "Critique" is no kind of block, so this is shown as code. Did you mean "critique"?',
    ],
    [
      'a block that begins with another key',
      '```critique\nid: shorter-is-better\n',
      '```critiqe\nclaim: |\n  x\nid: shorter-is-better\n',
      '64:1: warning: "critiqe" is no kind of block, so this is shown as code. Did you mean "critique"?',
    ],
  ];
  for (const [what, from, to, said] of messages) {
    it(`says what is wrong: ${what}`, async () => {
      const { lines } = await load(edited(from, to));
      assert.equal(lines[0], `${lessonPath}:${said}`);
    });
  }

  it('shows where a block is missing and why, and keeps the rest', async () => {
    const { lesson } = await load(edited('answer: metrics.worstWaitMs', 'answer: metrics.*'));
    assert.equal(lesson.parts.length, 9);
    assert.deepEqual(lesson.parts[3], {
      kind: 'prose',
      at: { file: lessonPath, line: 23, column: 1 },
      markdown:
        '> **A question is missing here** because it could not be read.\n>\n' +
        '> round\\-robin/lesson\\.md\\:29\\:17\\: Expected a name, got \\*\\.',
    });
  });

  it('reads a block that is not closed up to the end', async () => {
    const { lines } = await load(
      `---\nid: a\ntitle: A\nmodule: io\nformat: 1\n---\nText.\n\n\`\`\`figure\nscenario: test.rotation\n`,
    );
    assert.equal(
      lines[0],
      `${lessonPath}:9:1: error: This figure block is not closed. Add a line of \`\`\` after it.`,
    );
  });

  it('refuses a block inside a list', async () => {
    const { lines } = await load(
      edited(
        '```figure\nscenario: test.rotation\n',
        '- ```figure\n  scenario: test.rotation\n  ```\n\n```yaml\n',
      ),
    );
    assert.equal(
      lines[0],
      `${lessonPath}:13:1: error: A figure block cannot stand inside a list or a quote. Start it at the beginning of a line.`,
    );
  });

  it('takes the folder as name when the front matter is missing', async () => {
    const { lesson, lines } = await load('Text.\n');
    assert.equal(lesson.id, 'round-robin');
    assert.equal(
      lines[0],
      `${lessonPath}:1:1: error: The lesson does not start with front matter. Start with a line of ---, then id, title, module and format.`,
    );
  });

  it('is the same with the line ends of Windows', async () => {
    const [unix, windows] = [await load(lessonMd), await load(lessonMd.replaceAll('\n', '\r\n'))];
    assert.deepEqual(windows, unix);
  });

  it('never throws, and says a place inside the file, whatever is broken', async () => {
    const path = fc.constantFrom(...Object.keys(goldenFiles).filter((name) => /\.(?:md|yaml)$/.test(name)));
    const junk = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        '\t',
        '\n',
        '```',
        '---\n',
        ': ',
        '*',
        '&a ',
        '*a',
        '{',
        '[',
        '"',
        "'",
        '- ',
        '|',
        '!!js ',
        '__proto__: 1\n',
        '\0',
        '\uFEFF',
        '\r',
        '🙂',
        '1e999',
        '<<: *a',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(30),
        junk,
        async (file, at, cut, inserted) => {
          const text = goldenFiles[file]!;
          const offset = Math.floor(at * text.length);
          const broken = text.slice(0, offset) + inserted + text.slice(offset + cut);
          const { problems } = await loadPack(goldenWith({ [file]: broken }), scenarios);
          for (const problem of problems) {
            const lines = (problem.at.file === file ? broken : goldenFiles[problem.at.file]!)
              .replace(/^\uFEFF/, '')
              .split('\n');
            assert.ok(problem.at.line >= 1 && problem.at.line <= lines.length, formatProblem(problem));
            const length = lines[problem.at.line - 1]!.length;
            assert.ok(
              problem.at.column >= 1 && problem.at.column <= length + 1,
              `${formatProblem(problem)} (${length})`,
            );
            assert.ok(problem.message.endsWith('.'), formatProblem(problem));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
