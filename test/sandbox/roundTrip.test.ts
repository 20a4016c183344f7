import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bytes,
  flag,
  float,
  id,
  int,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  type Codec,
} from '../../src/engine/kernel/codec.ts';
import { definePolicy, type PolicyDefinition } from '../../src/engine/kernel/policy.ts';
import { schedulerTable, type SchedulerView } from './schedulerPolicy.ts';
import { testSandbox } from './testbed.ts';

interface Sample {
  readonly codec: Codec;
  readonly value: fc.Arbitrary<unknown>;
}

const whole = 2 ** 53 - 1;

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -whole, max: whole }), fc.integer({ min: -whole, max: whole }))
    .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }))
    .map((bounds) => ({ codec: int('', bounds), value: fc.integer(bounds) })),
  fc
    .tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }))
    .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }))
    .map((bounds) => ({
      codec: float('', bounds),
      value: fc.double({ ...bounds, noNaN: true }).map((x) => x + 0),
    })),
  fc
    .integer({ min: 0, max: 2 ** 40 })
    .map((max) => ({ codec: id('', 'thing', max), value: fc.integer({ min: 0, max }) })),
  fc.constant({ codec: flag(''), value: fc.boolean() }),
  fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
    .map((values) => ({ codec: oneOf('', values), value: fc.constantFrom(...values) })),
);

const blob: fc.Arbitrary<Sample> = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((max) => ({
    codec: text('', max * 4),
    value: fc.string({ unit: 'binary', maxLength: max }),
  })),
  fc
    .integer({ min: 0, max: 40 })
    .map((max) => ({ codec: bytes('', max), value: fc.uint8Array({ maxLength: max }) })),
);

const { sample } = fc.letrec<{ sample: Sample; record: Sample }>((tie) => ({
  record: fc
    .uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'vcpu', 'value', 'length', 'get', 'then'), tie('sample')),
      {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((fields) => ({
      codec: record('', 'Some', Object.fromEntries(fields.map(([name, { codec }]) => [name, codec]))),
      value: fc.record(Object.fromEntries(fields.map(([name, { value }]) => [name, value])), {
        noNullPrototype: true,
      }),
    })),
  sample: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    blob,
    tie('sample').map(({ codec, value }) => ({
      codec: optional('', codec),
      value: fc.option(value, { nil: undefined }),
    })),
    tie('sample').map(({ codec, value }) => ({
      codec: list('', codec, 5),
      value: fc.array(value, { maxLength: 5 }),
    })),
    tie('record'),
  ),
}));

const cases = sample.chain(({ codec, value }) =>
  fc.record({ codec: fc.constant(codec), values: fc.array(value, { minLength: 1, maxLength: 4 }) }),
);

describe('values of any declared shape', () => {
  it('cross into the sandbox and back unchanged, as inputs and results and through calls', async () => {
    const sandbox = await testSandbox();
    const code = `export const echo = {
      back({ value }) { return { value }; },
      through({ value }, calls) { return calls.double({ value }).second; },
    };`;
    await fc.assert(
      fc.asyncProperty(cases, async ({ codec, values }) => {
        const holder = record('', 'Holder', { value: codec });
        const back = { doc: '', input: holder, output: holder };
        const through = { doc: '', input: holder, output: codec };
        const double = {
          doc: '',
          input: holder,
          output: record('', 'Pair', { first: codec, second: codec }),
          errors: [],
        };
        // Alone, the decision has a message area that fits its values exactly.
        const load = async (definition: PolicyDefinition) => {
          const loaded = await sandbox.load({ file: 'echo.ts', text: code }, { echo: definition });
          assert.ok(loaded.ok);
          return loaded.submission;
        };
        const names = { id: 'echo', typeName: 'EchoPolicy', doc: '' };
        const alone = (await load({ ...names, decisions: { back }, calls: {} })).start({ echo: {} })['echo']!;
        const calling = await load({ ...names, decisions: { through }, calls: { double } });
        const seen: unknown[] = [];
        const { echo } = calling.start({
          echo: {
            double: (input) => {
              const { value } = input as { value: unknown };
              seen.push(value);
              return { ok: true, value: { first: value, second: value } };
            },
          },
        });
        for (const value of values) {
          assert.deepEqual(alone['back']!({ value }), { value });
          assert.deepEqual(echo!['through']!({ value }), value);
        }
        assert.deepEqual(seen, values);
      }),
      { numRuns: 40 },
    );
  });

  it('may be texts that cross again and again, more of them and longer ones than are kept', async () => {
    const sandbox = await testSandbox();
    const some = text('', 300);
    const texts = list('', some, 700);
    const holder = record('', 'Texts', { texts });
    const Echo = definePolicy({
      id: 'echo',
      typeName: 'EchoPolicy',
      doc: '',
      decisions: { back: { doc: '', input: holder, output: texts } },
      calls: { same: { doc: '', input: holder, output: texts, errors: [] } },
    });
    // What a module does to the built-ins changes nothing of what crosses.
    const code = `
      Object.defineProperty(Array.prototype, '3', { set() {}, configurable: true });
      Object.defineProperty(Object.prototype, 'a', { get: () => 0, configurable: true });
      Array.prototype.fill = Map.prototype.get = String.prototype.charCodeAt = () => 0;
      delete Array.prototype[3];
      export const echo = {
        back({ texts }, calls) { return calls.same({ texts: [...texts, 'mine'] }); },
      };`;
    const loaded = await sandbox.load({ file: 'echo.ts', text: code }, { echo: Echo });
    assert.ok(loaded.ok);
    const known = fc.constantFrom(
      '',
      'a',
      '3',
      '__proto__',
      'constructor',
      'é€😀',
      'x'.repeat(64),
      'x'.repeat(65),
    );
    const many = Array.from({ length: 600 }, (_, index) => `pod-${index}`);
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.oneof(known, fc.constantFrom(...many)), { maxLength: 40 }), { maxLength: 4 }),
        fc.nat(4),
        (messages, place) => {
          const asked: (readonly string[])[] = messages.toSpliced(place, 0, many);
          const { echo } = loaded.submission.start({
            echo: {
              same(input) {
                const given = (input as { texts: readonly string[] }).texts;
                assert.equal(given.at(-1), 'mine');
                return { ok: true, value: given.toReversed() };
              },
            },
          });
          for (const texts of asked)
            assert.deepEqual(echo!['back']!({ texts }), ['mine', ...texts.toReversed()]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('may be nothing', async () => {
    const Quiet = definePolicy({
      id: 'quiet',
      typeName: 'QuietPolicy',
      doc: '',
      decisions: {
        tell: { doc: '', input: record('', 'Told', { x: int('', { min: 0, max: 9 }) }), output: nothing },
      },
      calls: { log: { doc: '', input: record('', 'Line', { y: flag('') }), output: nothing, errors: [] } },
    });
    const text = 'export const quiet = { tell({ x }, calls) { return calls.log({ y: x > 5 }) ?? x; } };';
    const loaded = await (await testSandbox()).load({ file: 'quiet.ts', text }, { quiet: Quiet });
    assert.ok(loaded.ok);
    const told: unknown[] = [];
    const { quiet } = loaded.submission.start({
      quiet: { log: (input) => (told.push(input), { ok: true, value: undefined }) },
    });
    assert.equal(quiet!['tell']!({ x: 7 }), undefined);
    assert.deepEqual(told, [{ y: true }]);
  });
});

/** What a learner's module may keep of an input, and let go of again. */
const keeps = {
  nothing: '',
  input: 'kept.push(input);',
  list: 'kept.push(input.waiting);',
  row: 'if (input.waiting.length > 0) kept.push(input.waiting[asked % input.waiting.length]);',
  rows: 'kept.push([...input.waiting]);',
  closure: 'kept.push({ toJSON: () => input.waiting.map((row) => ({ ...row })) });',
  cycle: 'const cycle = { input }; cycle.self = () => cycle; kept.push(input);',
  iterator: 'const rows = input.waiting.values(); rows.next(); open.push(rows);',
  release: 'kept.length = 0; shown.length = 0; open.length = 0;',
} as const;

const row = fc.record({ vcpu: fc.nat(5), waitedNs: fc.nat(2), boosted: fc.boolean() });
const view: fc.Arbitrary<SchedulerView> = fc.oneof(
  fc.record({ nowNs: fc.nat(3), waiting: fc.array(row, { maxLength: 7 }) }),
  fc.record({
    nowNs: fc.nat(3),
    waiting: fc
      .uniqueArray(row, { selector: ({ vcpu }) => vcpu, maxLength: 6 })
      .map((rows) => rows.toSorted((a, b) => a.vcpu - b.vcpu)),
  }),
);

describe('inputs that the sandbox reuses', () => {
  it('show every decision what it was given, and what is kept never changes', async () => {
    const actions = Object.values(keeps).map((code, index) => `case ${index}: { ${code} break; }`);
    // Shows what was given in both ways of reading, and compares everything kept with what it showed when it was kept.
    const text = `const kept = [], shown = [], open = []; let asked = 0;
      export const scheduler = { pickNext(input) {
        asked++;
        console.log(JSON.stringify(input));
        switch (input.nowNs >> 2) { ${actions.join('\n')} }
        while (shown.length < kept.length) shown.push(JSON.stringify(kept[shown.length]));
        for (let i = 0; i < kept.length; i++) if (JSON.stringify(kept[i]) !== shown[i]) throw new Error('kept ' + shown[i] + ' became ' + JSON.stringify(kept[i]));
        for (const { vcpu } of input.waiting) if (typeof vcpu !== 'number') throw new Error('hole');
        return { vcpu: 1 };
      } };`;
    const loaded = await (await testSandbox()).load({ file: 'scheduler.ts', text }, schedulerTable);
    assert.ok(loaded.ok);
    const step = fc.record({ view, keep: fc.nat(Object.keys(keeps).length - 1) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const { scheduler } = loaded.submission.start({ scheduler: {} });
        for (const {
          view: { nowNs, waiting },
          keep,
        } of steps) {
          const input = { nowNs: keep * 4 + nowNs, waiting };
          assert.deepEqual(scheduler!['pickNext']!(input), { vcpu: 1 });
          assert.equal(loaded.submission.output().at(-1), JSON.stringify(input));
        }
      }),
      { numRuns: 100 },
    );
  });
});
