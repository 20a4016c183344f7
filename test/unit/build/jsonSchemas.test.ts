import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { jsonSchemas } from '../../../build/jsonSchemas.ts';
import { parseCaseFile } from '../../../src/course/caseFile.ts';
import { parseWorkSettings } from '../../../src/course/workSettings.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { serializeAnswers } from '../../../src/extension/answers.ts';
import { manifestContributes } from '../../../src/extension/contributions.ts';
import { assertGolden } from '../../golden.ts';

const root = new URL('../../../', import.meta.url);
const folder = new URL('media/schemas/', root);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const ajv = new Ajv({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false });
ajv.addKeyword('enumDescriptions');
const compiled = new Map<string, ValidateFunction>();
function accepts(name: string, value: unknown): boolean {
  const known = compiled.get(name);
  const validate = known ?? ajv.compile(JSON.parse(read(`media/schemas/${name}.schema.json`)) as object);
  compiled.set(name, validate);
  return validate(value);
}
const problems = (name: string): readonly string[] =>
  (compiled.get(name)?.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

const taskYaml = `id: fair
title: Fair
policy: scheduler
file: scheduler.ts
deterministic: true
checks:
  - { id: a, use: strictRotation, scenario: scheduling.round-robin }
  - { id: b, use: fullSlices }
  - id: c
    use: workConserving
    scenario: scheduling.host
    set: { durationMs: 300 }
    vary: { ioVms: { int: [1, 2] } }
`;

describe('the JSON schemas', () => {
  it('are what the lesson format and the scenarios say: `npm run docs` writes them', async () => {
    const texts = await jsonSchemas(Object.values(scenarios), folder.pathname);
    for (const [name, text] of texts) assertGolden(new URL(name, folder), text);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.json')),
      [...texts.keys()].toSorted(),
    );
  });

  it('explain every key', () => {
    const unexplained: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, member] of Object.entries(value)) {
        // What stands under a condition only adds to what was explained above it.
        if (key === 'if' || key === 'allOf') continue;
        if (key === 'properties') {
          for (const [name, schema] of Object.entries(member as Record<string, Record<string, unknown>>)) {
            if (!('description' in schema) && !('$ref' in schema)) unexplained.push(`${path}/${name}`);
          }
        }
        walk(member, `${path}/${key}`);
      }
    };
    for (const name of readdirSync(folder))
      walk(JSON.parse(readFileSync(new URL(name, folder), 'utf8')), name);
    assert.deepEqual(unexplained, []);
  });

  it('accept the bundled course', () => {
    assert.ok(accepts('pack', parse(read('lessons/pack.yaml'))), problems('pack').join('\n'));
    const task = parse(read('lessons/round-robin/tasks/round-robin/task.yaml')) as unknown;
    assert.ok(accepts('task', task), problems('task').join('\n'));
    const blocks = [
      ...read('lessons/round-robin/lesson.md').matchAll(
        /^```(figure|question|prediction|critique)\n([^]*?)^```/gm,
      ),
    ];
    assert.ok(blocks.length >= 10);
    for (const [, kind, yaml] of blocks) {
      assert.ok(accepts(kind!, parse(yaml!)), `${yaml}\n${problems(kind!).join('\n')}`);
    }
  });

  const inTask: readonly (readonly [from: string | RegExp, to: string, said: string])[] = [
    [
      'scenario: scheduling.host',
      'scenario: scheduling.hst',
      '/checks/2/scenario must be equal to one of the allowed values',
    ],
    ['durationMs: 300', 'duration: 300', '/checks/2/set must NOT have additional properties'],
    ['durationMs: 300', 'durationMs: 0', '/checks/2/set/durationMs must be >= 1'],
    ['ioVms: { int: [1, 2] }', 'ioVms: { int: [1, 99] }', '/checks/2/vary/ioVms/int/1 must be <= 64'],
    [
      'ioVms: { int: [1, 2] }',
      'ioVms: { int: [1] }',
      '/checks/2/vary/ioVms/int must NOT have fewer than 2 items',
    ],
    ['use: fullSlices', 'use: fullSlice', '/checks/1/use must be equal to one of the allowed values'],
    [
      'use: fullSlices',
      'use: maxWait, with: { below: 3 }',
      '/checks/1/with must NOT have additional properties',
    ],
    ['policy: scheduler', 'policy: schedulr', '/policy must be equal to one of the allowed values'],
    ['deterministic: true', 'deterministik: true', ' must NOT have additional properties'],
  ];
  for (const [from, to, said] of inTask) {
    it(`find ${to.replaceAll(/\s+/g, ' ')} in a task`, () => {
      const text = taskYaml.replace(from, to);
      assert.notEqual(text, taskYaml);
      assert.ok(!accepts('task', parse(text)));
      assert.ok(problems('task').includes(said), problems('task').join('\n'));
    });
  }

  it('leave files of other tools alone that have the same names', () => {
    assert.ok(accepts('task', parse('apiVersion: tekton.dev/v1\nkind: Task\nspec: {}')));
    assert.ok(accepts('pack', parse('ref: examples\nname: Examples\nversion: 1.0.0\nauthor: StackStorm')));
    assert.ok(accepts('answers', { questions: [], answers: ['a'] }));
    assert.ok(accepts('answers', ['a', 'c']));
    assert.ok(accepts('case', { input: 1, expected: 2 }));
  });

  it('accept a case file or a trapframe.json exactly when the reader does', () => {
    const some = fc.oneof(
      fc.constantFrom(1, 2, 'a', '', 1.5, -1, 2 ** 32, 2 ** 53, true, null),
      fc.constant({}),
    );
    const value = fc.record(
      {
        format: fc.constantFrom(1, 1, 1, 2, '1'),
        scenario: fc.oneof(fc.constant('scheduling.host'), some),
        params: fc.oneof(fc.constantFrom<unknown>({}, { vms: 3 }, { vms: [] }, []), some),
        pack: fc.oneof(fc.constant('trapframe'), some),
        learner: fc.oneof(fc.constant('ada'), some),
        seed: fc.oneof(fc.integer(), some),
        more: some,
      },
      { requiredKeys: ['format', 'scenario'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(value, (given) => {
        const text = JSON.stringify(given);
        const known =
          given.scenario === 'scheduling.host' || typeof given.scenario !== 'string' || given.scenario === '';
        if (known) assert.equal(accepts('case', given), parseCaseFile(text).ok, text);
        assert.equal(accepts('trapframe', given), parseWorkSettings(text).ok, text);
      }),
      { numRuns: 2000 },
    );
  });

  it('accept an answers.json as the extension writes it', () => {
    const answer = { right: true, points: 1, attempts: 2 };
    const text = serializeAnswers({
      format: 1,
      answers: {
        a: { response: { form: 'number', text: '90 ms' }, ...answer },
        b: { response: { form: 'choice', chosen: [0, 2] }, ...answer },
        c: { response: { form: 'prediction', text: '20', confidence: 70 }, ...answer },
      },
    });
    assert.ok(accepts('answers', JSON.parse(text)), problems('answers').join('\n'));
    assert.ok(!accepts('answers', JSON.parse(text.replace('70', '71'))));
  });

  it('are packaged where the manifest names them', () => {
    const { jsonValidation, yamlValidation } = manifestContributes() as Record<string, { url: string }[]>;
    const packaged = read('.vscodeignore').split('\n');
    for (const { url } of [...jsonValidation!, ...yamlValidation!]) {
      assert.ok(existsSync(new URL(url, root)), url);
      assert.ok(packaged.includes(url.replace('./', '!')), url);
    }
  });
});
