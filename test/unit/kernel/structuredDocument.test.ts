import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { defineDocument, readDocument } from '../../../src/engine/kernel/document.ts';
import { readJson } from '../../../src/engine/kernel/jsonText.ts';
import {
  readJsonDocument,
  readYamlDocument,
  readYamlDocuments,
} from '../../../src/engine/kernel/structuredDocument.ts';
import { pathOf, pointerOf } from '../../../src/engine/kernel/structuredText.ts';
import { readYaml } from '../../../src/engine/kernel/yamlText.ts';

describe('a JSON pointer', () => {
  it('is a path and back, whatever the keys', () => {
    fc.assert(fc.property(fc.array(fc.string()), (path) => assert.deepEqual(pathOf(pointerOf(path)), path)));
  });
});

describe('JSON with places', () => {
  it('gives the value that JSON.parse gives, and finds every part of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, undefined, 1);
        const reading = readJson(text);
        assert.ok(reading.ok);
        assert.equal(JSON.stringify(reading.value.value), JSON.stringify(JSON.parse(text)));
        const visit = (part: unknown, path: string[]): void => {
          assert.ok(reading.value.has(path), `${pointerOf(path)} in ${text}`);
          if (typeof part === 'object' && part !== null) {
            for (const [key, inner] of Object.entries(part)) visit(inner, [...path, key]);
          }
        };
        visit(JSON.parse(text), []);
      }),
    );
  });

  for (const [text, line, column, message, remedy] of [
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'A comma is missing before this double quote.'],
    ['{ "a": 1, }', 1, 11, 'There is a comma after the last entry.'],
    ['[1, 2, ]', 1, 8, 'There is a comma after the last item.'],
    ['{ "a" 1 }', 1, 7, 'A colon is missing between a key and its value, before "1".'],
    ['{\n  // why\n  "a": 1\n}', 2, 3, 'JSON has no comments.'],
    ['{ "a": "b\n}', 1, 8, 'A text is not closed on its line.'],
    ['{ "a": yes }', 1, 8, 'This is no JSON value: yes.'],
    ['{ "a": 1', 1, 9, 'A brace { is not closed.'],
    ['{} {}', 1, 4, 'After the end of the data there is more: "{".'],
    ['{ "a": 1, "a": 2 }', 1, 11, 'The key "a" stands here a second time.'],
    ['{ "a": 0x1f }', 1, 9, 'This is no JSON value: 0x1f.', 'JSON has no hexadecimal numbers: write 31.'],
    ["{ 'a': 1 }", 1, 3, "This is no JSON value: 'a':.", 'Texts and keys stand in double quotes.'],
    [
      'a: 1\nb: 2',
      1,
      1,
      'This is no JSON value: a:.',
      'This looks like YAML: JSON starts with {, and its keys stand in double quotes.',
    ],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      const reading = readJson(text);
      assert.ok(!reading.ok);
      const { line: seenLine, column: seenColumn, message: seen, suggestion } = reading.problems[0]!;
      assert.deepEqual([seenLine, seenColumn, seen], [line, column, message]);
      if (remedy !== undefined) assert.equal(suggestion, remedy);
    });
  }

  it('refuses what is nested too deep for any reader', () => {
    const reading = readJson('['.repeat(100_000));
    assert.ok(!reading.ok);
    assert.equal(reading.problems[0]!.message, 'The brackets are nested more than 200 deep.');
  });
});

describe('a key that a document may not have', () => {
  const read = (text: string): readonly string[] => {
    const reading = readYamlDocument(text, (yaml, problems) => {
      const at = problems.inside(['run']);
      for (const key of Object.keys((yaml.value as { run: object }).run)) {
        if (!['seconds', 'calls'].includes(key))
          at.unknownKey([key], ['seconds', 'calls'], `No "${key}".`, 'Leave it out.');
      }
      for (const key of ['seconds', 'calls'])
        if (!yaml.has(['run', key])) problems.missing(['run', key], `"${key}" is missing.`, 'Add it.');
      return problems.found.length > 0 ? undefined : 'fine';
    });
    return reading.ok
      ? ['fine']
      : reading.problems.map(({ line, column, message, suggestion }) =>
          [line, column, message, suggestion].join(' '),
        );
  };

  it('is told what it most likely means, which is then not missing as well', () =>
    assert.deepEqual(read('run:\n  second: 1\n  calls: 2\n'), ['2 3 No "second". Did you mean "seconds"?']));

  it('is no excuse for another key that is missing', () =>
    assert.deepEqual(read('run:\n  second: 1\n'), [
      '1 1 "calls" is missing. Add it.',
      '2 3 No "second". Did you mean "seconds"?',
    ]));

  it('is told of a near key that stands there already, where none is left', () =>
    assert.deepEqual(read('run:\n  second: 1\n  seconds: 1\n  calls: 2\n  other: 3\n'), [
      '2 3 No "second". Did you mean "seconds"?',
      '5 3 No "other". Leave it out.',
    ]));
});

describe('YAML with places', () => {
  it('reads several documents, each with its own places', () => {
    const { documents, problems } = readYaml('a: 1\n---\nb:\n  - x\n  - y: [1, 2]\n');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      documents.map(({ value }) => value),
      [{ a: 1 }, { b: ['x', { y: [1, 2] }] }],
    );
    assert.deepEqual(documents[1]!.placeOf(['b', '1', 'y', '1']), {
      line: 5,
      column: 12,
      endLine: 5,
      endColumn: 13,
    });
    assert.deepEqual(documents[1]!.placeOfKey(['b', 1, 'y']).column, 5);
  });

  it('ends at aliases that stand for too much', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
    );
    const { problems } = readYaml(['a0: &a0 x', ...levels].join('\n'));
    assert.equal(problems.length, 1);
  });

  it('has no alias inside what it stands for', () => {
    for (const [text, place] of [
      ['a: &x\n  - b: [*x]\n', '2:9'],
      ['&x a: &x { b: *x }\n', '1:15'],
    ] as const) {
      const { documents, problems } = readYaml(text);
      assert.deepEqual(
        problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
        [`${place} This alias stands inside what it stands for, so that it would never end.`],
      );
      assert.equal(documents[0]!.value, undefined);
    }
    assert.deepEqual(readYaml('a: &x [1]\nb: &x [*x]\nc: *x\n').documents[0]!.value, undefined);
  });

  it('has no lists or maps for keys, and names templates that nobody filled in', () => {
    const first = (text: string): string | undefined => {
      const [problem] = readYaml(text).problems;
      return problem && `${problem.line}:${problem.column} ${problem.message.slice(0, 25)}`;
    };
    assert.equal(first('a: &x {b: 1}\nc: { *x : 2 }\n'), '2:6 A list or a map stands he');
    assert.equal(first('a: &x b\n*x : 2\n'), undefined);
    assert.equal(first('a: 1\n? [x, y]\n: 2\n'), '2:3 A list or a map stands he');
    assert.equal(first('a:\n  {b: 1}: 2\n'), '2:3 A list or a map stands he');
    assert.equal(first('a: {[b]: 2}\n'), '1:5 A list or a map stands he');
    assert.equal(first('name: {{ .Values.name }}\n'), '1:7 This is a template: {{ … ');
    assert.equal(first('name: "{{ .Values.name }}"\na: {b: [c]}\n'), undefined);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void readYaml(text)));
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void readJson(text)));
  });
});

describe('a document', () => {
  const definition = defineDocument({
    doc: 'A limit.',
    file: 'limit.yaml',
    language: 'yaml',
    builtIn: 'limit: 5',
    read: (text) =>
      readYamlDocument(text, (yaml, problems) => {
        const { limit } = (yaml.value ?? {}) as { limit?: unknown };
        if (typeof limit === 'number') return limit;
        problems.value(['limit'], 'The limit is no number.');
        return undefined;
      }),
  });

  it('is a value with places', () => {
    const reading = readDocument(definition, '# one\nlimit: 7\n');
    assert.ok(reading.ok);
    assert.equal(reading.value.value, 7);
    assert.deepEqual(reading.value.at('/limit'), { line: 2, column: 8, endLine: 2, endColumn: 9 });
    assert.equal(reading.value.at('/other'), undefined);
  });

  it('says where it is wrong, and whether it is its language at all', () => {
    assert.deepEqual(readDocument(definition, 'limit: many'), {
      ok: false,
      malformed: false,
      problems: [{ line: 1, column: 8, endLine: 1, endColumn: 12, message: 'The limit is no number.' }],
    });
    const malformed = readDocument(definition, 'limit: [1\n');
    assert.ok(!malformed.ok && malformed.malformed);
    const empty = readDocument(definition, ' \n');
    assert.ok(!empty.ok && !empty.malformed);
    assert.equal(empty.problems[0]!.message, 'The file is empty.');
    const long = readDocument(definition, 'x'.repeat(1_000_001));
    assert.ok(!long.ok && long.malformed);
  });

  it('may be several in one file, whose pointers start with an index', () => {
    const reading = readYamlDocuments('kind: A\n---\nkind: B\n', (documents) => documents.length);
    assert.ok(reading.ok);
    assert.equal(reading.value.value, 2);
    assert.equal(reading.value.at('/1/kind')?.line, 3);
  });

  it('of JSON puts problems in the order of the text, one for each place', () => {
    const reading = readJsonDocument('{ "a": 1, "b": 2 }', (_json, problems) => {
      problems.key(['b'], 'second');
      problems.value(['a'], 'first');
      problems.value(['a'], 'the same place again');
      return undefined;
    });
    assert.ok(!reading.ok);
    assert.deepEqual(
      reading.problems.map(({ message }) => message),
      ['first', 'second'],
    );
  });
});
