import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { addLesson } from '../../../src/authoring/scaffold/addLesson.ts';

const head = 'id: a-pack # its id\ntitle:   "A pack"\n\n# The parts\nmodules: [ {id: io, title: IO} ]\n';

describe('adding a lesson to pack.yaml', () => {
  const layouts: readonly (readonly [before: string, after: string])[] = [
    ['lessons: []\n', 'lessons: [new]\n'],
    ['lessons: [ ]  # none yet\n', 'lessons: [new ]  # none yet\n'],
    ['lessons: [one, two] # in order\n', 'lessons: [one, two, new] # in order\n'],
    ['lessons: [\n  one,\n  two, # the second\n]\n', 'lessons: [\n  one,\n  two, new, # the second\n]\n'],
    [
      'lessons:\n  - one # first\n  # the last one\n',
      'lessons:\n  - one # first\n  - new\n  # the last one\n',
    ],
    ['lessons:\n- one\n-  "two"', 'lessons:\n- one\n-  "two"\n-  new\n'],
    ["lessons:\r\n    - 'one'\r\n", "lessons:\r\n    - 'one'\r\n    - new\r\n"],
    ['lessons:\n  - one\nauthor: ann\n', 'lessons:\n  - one\n  - new\nauthor: ann\n'],
  ];
  for (const [before, after] of layouts) {
    it(`keeps the layout of ${JSON.stringify(before)}`, () =>
      assert.equal(addLesson(head + before, 'new'), head + after));
  }

  it('inserts and changes nothing else, whatever the file looks like', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z]{1,3})?$/);
    const entry = fc.tuple(name, fc.constantFrom('', '"', "'"), fc.constantFrom('', ' # remark', '   #,]-'));
    const file = fc
      .record({
        entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
        flow: fc.boolean(),
        indent: fc.constantFrom('', '  ', '      '),
        gap: fc.constantFrom(' ', '   '),
        lineEnd: fc.constantFrom('\n', '\r\n'),
        tail: fc.constantFrom('', 'more: [1]\n', '# the end', '\n\n'),
      })
      .map(({ entries, flow, indent, gap, lineEnd, tail }) => {
        const quoted = entries.map(([text, quote]) => quote + text + quote);
        const lines = flow
          ? [`lessons:${gap}[${gap}${quoted.join(`,${gap}`)}${gap}]`]
          : [
              'lessons:',
              ...entries.map(([, , remark], index) => `${indent}-${gap}${quoted[index]!}${remark}`),
            ];
        return `${head}${lines.join('\n')}\n${tail}`.replaceAll('\n', lineEnd);
      });
    fc.assert(
      fc.property(file, name, (text, added) => {
        const result = addLesson(text, added)!;
        const before = parse(text) as { lessons: string[] };
        assert.deepEqual(parse(result), { ...before, lessons: [...before.lessons, added] });
        const inserted = result.length - text.length;
        const at = [...text].findIndex((_, index) => text[index] !== result[index]);
        const from = at < 0 ? text.length : at;
        assert.equal(result.slice(0, from) + result.slice(from + inserted), text);
      }),
      { numRuns: 300 },
    );
  });

  it('gives up on a list that it does not understand', () => {
    for (const lessons of ['lessons: one\n', 'lessons:\n', 'lessons: {a: b}\n', 'lessons: [a\n']) {
      assert.equal(addLesson(head + lessons, 'new'), undefined, lessons);
    }
  });
});
