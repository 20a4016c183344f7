import assert from 'node:assert/strict';
import type { PolicyFaultDetail } from '../../src/engine/kernel/policy.ts';
import { runScheduler, runServer, schedulerModule, serverModule } from './testbed.ts';

const loadFaults: readonly (readonly [what: string, code: string, fault: PolicyFaultDetail])[] = [
  [
    'an empty file',
    '',
    {
      kind: 'load',
      message: 'scheduler.ts does not export scheduler. Add: export const scheduler: SchedulerPolicy = { … }',
    },
  ],
  [
    'a mistyped export',
    'export const schedular = {};',
    {
      kind: 'load',
      message:
        'scheduler.ts does not export scheduler. Did you mean to rename schedular? Add: export const scheduler: SchedulerPolicy = { … }',
    },
  ],
  [
    'a constant that is not exported',
    'const scheduler = {};',
    {
      kind: 'load',
      message: 'scheduler.ts does not export scheduler. Add: export const scheduler: SchedulerPolicy = { … }',
    },
  ],
  [
    'a default export',
    'export default { pickNext() {} };',
    {
      kind: 'load',
      message:
        'scheduler.ts does not export scheduler. A default export is not found: give it its name. Add: export const scheduler: SchedulerPolicy = { … }',
    },
  ],
  [
    'a function',
    'export function scheduler() {}',
    {
      kind: 'load',
      message:
        'The scheduler that scheduler.ts exports is not an object. Write: export const scheduler: SchedulerPolicy = { … }',
    },
  ],
  [
    'a missing method',
    'export const scheduler = { picknext() {} };',
    {
      kind: 'load',
      message: 'The scheduler that scheduler.ts exports has no method pickNext. Add: pickNext(input) { … }',
    },
  ],
  [
    'an exception at the top level',
    'export const scheduler = {};\n  null.x;',
    {
      kind: 'load',
      message: "Loading scheduler.ts threw TypeError: cannot read property 'x' of null.",
      line: 2,
      column: 3,
    },
  ],
  [
    'an await that never ends',
    'await new Promise(() => {}); export const scheduler = {};',
    {
      kind: 'load',
      message:
        'scheduler.ts never finished loading: it awaits something that never comes. Remove the top-level await.',
    },
  ],
  [
    'a loop at the top level',
    'for (let i = 0; i < 10; i--) {\n}',
    {
      kind: 'steps',
      message: 'Loading scheduler.ts took too many steps. Is there a loop that never ends?',
      line: 1,
    },
  ],
  [
    'a syntax error',
    'export const scheduler = {\n  pickNext( { return 1 }\n};',
    {
      kind: 'syntax',
      message: "Syntax error: ':' expected.",
      line: 2,
      column: 22,
    },
  ],
];

describe('a module that cannot be loaded', () => {
  for (const [what, code, fault] of loadFaults) {
    it(`is told of ${what}`, async () => {
      assert.deepEqual((await runScheduler(code, 1, { loadTicks: 20 })).fault, fault);
    });
  }
});

const choice = 'an object like { vcpu }';
const vcpu = 'vcpu must be a whole number from 0 to 63.';
const wrongChoices: readonly (readonly [expression: string, message: string])[] = [
  ['undefined', `undefined: it must be ${choice}. Does every path through the method end in a return?`],
  ['null', `null: it must be ${choice}.`],
  ['7', `7: it must be ${choice}.`],
  ["'5'", `'5': it must be ${choice}.`],
  ['() => 5', `a function: it must be ${choice}.`],
  ['Symbol("s")', `Symbol(s): it must be ${choice}.`],
  ['{}', `{}: ${vcpu}`],
  ['[]', `[]: ${vcpu}`],
  ['{ cpu: 3 }', `{ cpu: 3 }: ${vcpu}`],
  ['{ vcpu: "3" }', `{ vcpu: '3' }: ${vcpu}`],
  ['{ vcpu: 7.5 }', `{ vcpu: 7.5 }: ${vcpu}`],
  ['{ vcpu: 64 }', `{ vcpu: 64 }: ${vcpu}`],
  ['{ vcpu: -1 }', `{ vcpu: -1 }: ${vcpu}`],
  ['{ vcpu: NaN }', `{ vcpu: NaN }: ${vcpu}`],
  ['{ vcpu: 1e309 }', `{ vcpu: Infinity }: ${vcpu}`],
  ['{ vcpu: 2 ** 53 }', `{ vcpu: 9007199254740992 }: ${vcpu}`],
  ['{ vcpu: 7n }', `{ vcpu: 7n }: ${vcpu} Write a plain number, without the n.`],
  ['{ vcpu: 10n ** 400n }', `{ vcpu: a large BigInt }: ${vcpu} Write a plain number, without the n.`],
  ['{ vcpu: true }', `{ vcpu: true }: ${vcpu}`],
  ['{ vcpu: { valueOf() { return 3 } } }', `{ vcpu: { valueOf: function valueOf } }: ${vcpu}`],
  ['{ vcpu: [3] }', `{ vcpu: [3] }: ${vcpu}`],
  ['{ vcpu: new Number(3) }', `{ vcpu: {} }: ${vcpu}`],
  ['{ get vcpu() { return 99 } }', `{ vcpu: [getter] }: ${vcpu}`],
  ['new Proxy({}, { get: () => 99 })', `{}: ${vcpu}`],
  ['new Proxy({}, { get: () => 99, ownKeys() { throw 1 } })', `a value that cannot be shown: ${vcpu}`],
  ['new Map([[1, new Set(["a"])]])', `Map(1) {1 => Set(1) {'a'}}: ${vcpu}`],
  ['new Date(0)', `1970-01-01T00:00:00.000Z: ${vcpu}`],
  ['new Error("no")', `[Error: no]: ${vcpu}`],
  ['Promise.resolve({ vcpu: 3 })', 'a Promise. A policy answers at once: remove async, await and promises.'],
];

describe('a decision that returns the wrong thing', () => {
  for (const [expression, message] of wrongChoices) {
    it(`is told about ${expression}`, async () => {
      const { fault, answers } = await runScheduler(schedulerModule(`return ${expression};`));
      assert.deepEqual(answers, []);
      assert.deepEqual(fault, {
        kind: 'value',
        message: `pickNext returned ${message}`,
        policy: 'scheduler',
        decision: 'pickNext',
        ordinal: 0,
      });
    });
  }

  it('is told how many decisions came before', async () => {
    const code = schedulerModule('return { vcpu: asked++ < 2 ? 1 : -1 };', 'let asked = 0;\n');
    const { fault, answers } = await runScheduler(code, 5);
    assert.deepEqual(answers, [{ vcpu: 1 }, { vcpu: 1 }]);
    assert.equal(fault?.ordinal, 2);
  });

  it('is told of a large value in bounded words', async () => {
    const { fault } = await runScheduler(
      schedulerModule(
        'let deep = []; for (let i = 0; i < 9; i++) deep = ["x".repeat(1e6), deep]; return { vcpu: [deep, new Array(4294967295)] };',
      ),
    );
    assert.ok(fault!.message.length < 500, fault!.message);
    assert.match(fault!.message, /^pickNext returned \{ vcpu: \[\['xxx.*… 4294967283 more\]/);
  });
});

const reply = {
  verdict: "'done'",
  body: "''",
  data: 'new Uint8Array()',
  sizes: '[]',
  share: '0',
  note: 'undefined',
};
const wrongReplies: readonly (readonly [field: keyof typeof reply, expression: string, message: string])[] = [
  ['verdict', '"Done"', "verdict must be one of 'done', 'refused'."],
  ['verdict', '0', "verdict must be one of 'done', 'refused'."],
  ['body', '5', 'body must be a string of at most 48 bytes of UTF-8.'],
  ['body', '"x".repeat(49)', 'body must be a string of at most 48 bytes of UTF-8.'],
  ['body', '"é".repeat(25)', 'body must be a string of at most 48 bytes of UTF-8.'],
  ['body', '"\\ud83d!"', 'body must be well-formed Unicode: half of a surrogate pair stands alone.'],
  ['body', 'new String("x")', 'body must be a string of at most 48 bytes of UTF-8.'],
  ['data', '[1, 2]', 'data must be a Uint8Array of at most 32 bytes.'],
  ['data', 'new Uint8Array(33)', 'data must be a Uint8Array of at most 32 bytes.'],
  ['data', 'new Uint16Array(3)', 'data must be a Uint8Array of at most 32 bytes.'],
  [
    'data',
    '({ [Symbol.toStringTag]: "Uint8Array", length: 3 })',
    'data must be a Uint8Array of at most 32 bytes.',
  ],
  ['sizes', '[1, 2, 3, 4, 5]', 'sizes must be an array of at most 4 items.'],
  ['sizes', 'new Array(4294967295)', 'sizes must be an array of at most 4 items.'],
  ['sizes', '[1, , 3]', 'sizes[1] must be a whole number from -5 to 500.'],
  ['sizes', '{ length: 1, 0: 1 }', 'sizes must be an array of at most 4 items.'],
  [
    'sizes',
    'new Proxy([], { get: () => ({ valueOf: () => 2 }) })',
    'sizes must be an array of at most 4 items.',
  ],
  ['share', '1.0001', 'share must be a number from 0 to 1.'],
  ['share', 'NaN', 'share must be a number from 0 to 1.'],
  ['note', 'null', 'note must be a string of at most 16 bytes of UTF-8.'],
];

describe('a record that is not as declared', () => {
  for (const [field, expression, message] of wrongReplies) {
    it(`is told about ${field}: ${expression}`, async () => {
      const fields = Object.entries({ ...reply, [field]: expression }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      const { fault } = await runServer(serverModule(`return { ${fields.join(', ')} };`));
      assert.equal(fault?.kind, 'value');
      assert.ok(
        fault.message.startsWith('answer returned {') && fault.message.endsWith(`: ${message}`),
        fault.message,
      );
    });
  }
});

const wrongArguments: readonly (readonly [call: string, message: string, line?: number])[] = [
  ['calls.readBlock()', 'calls.readBlock was given undefined: it must be an object like { block, label }.'],
  [
    'calls.readBlock({ block: 1.5 })',
    'calls.readBlock was given { block: 1.5 }: block must be a whole number from 0 to 7.',
  ],
  [
    'calls.readBlock({ block: 1, label: "too long a label" })',
    "calls.readBlock was given { block: 1, label: 'too long a label' }: label must be a string of at most 8 bytes of UTF-8.",
  ],
  [
    'calls.stat({ path: 5 })',
    'calls.stat was given { path: 5 }: path must be a string of at most 64 bytes of UTF-8.',
  ],
];

describe('a call with a wrong argument', () => {
  for (const [call, message] of wrongArguments) {
    it(`ends the run at ${call}, whatever catches`, async () => {
      const { fault } = await runServer(serverModule(`try {\n  ${call};\n} catch {}\nfor (;;);`));
      assert.deepEqual(fault, {
        kind: 'value',
        message,
        line: 3,
        column: 3 + 'calls.'.length,
        policy: 'server',
        decision: 'answer',
        ordinal: 0,
      });
    });
  }

  it('is refused outside a decision', async () => {
    const good = `return { ${Object.entries(reply)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')} };`;
    const places = [
      [
        `let kept; setTimeout: ;`,
        `if (kept) kept.stat({ path: '' }); kept = calls; queueMicrotask(() => { try { kept.stat({ path: '' }) } catch (e) { console.log(e.message) } }); ${good}`,
      ],
      [
        '',
        `return { ${Object.entries(reply)
          .filter(([name]) => name !== 'body')
          .map(([name, value]) => `${name}: ${value}`)
          .join(
            ', ',
          )}, get body() { try { calls.stat({ path: '' }) } catch (e) { console.log(e.message) } return '' } };`,
      ],
      [
        '',
        `try { calls.stat({ get path() { return calls.stat({ path: '' }) } }) } catch (e) { console.log(e.message) } ${good}`,
      ],
    ] as const;
    for (const [above, body] of places) {
      const { fault, output } = await runServer(serverModule(body, `${above}\n`));
      assert.equal(fault, undefined);
      assert.deepEqual(output, ['calls.stat can be used only inside a decision, while it is being made.']);
    }
  });
});

const throwing: readonly (readonly [body: string, fault: Partial<PolicyFaultDetail>])[] = [
  [
    'throw new Error("no vCPU");',
    { kind: 'throw', message: 'pickNext threw Error: no vCPU.', line: 2, column: 11 },
  ],
  [
    'return input.waiting[9].vcpu;',
    {
      kind: 'throw',
      message: "pickNext threw TypeError: cannot read property 'vcpu' of undefined.",
      line: 2,
    },
  ],
  [
    'return missing;',
    { kind: 'throw', message: 'pickNext threw ReferenceError: missing is not defined.', line: 2 },
  ],
  [
    'throw "busy";',
    {
      kind: 'throw',
      message: "pickNext threw 'busy', which is not an Error: throw new Error('…') shows the line.",
    },
  ],
  [
    'throw null;',
    {
      kind: 'throw',
      message: "pickNext threw null, which is not an Error: throw new Error('…') shows the line.",
    },
  ],
  [
    'function f() { return f() + 1 }\nreturn f();',
    {
      kind: 'throw',
      message: 'pickNext called functions too deeply. Does a function call itself without end?',
      line: 2,
    },
  ],
  [
    'const all = [];\nfor (;;) all.push(new Uint8Array(1e6));',
    {
      kind: 'memory',
      message: 'pickNext needed more than 48 MiB of memory. Does a list or a string grow without end?',
      line: 3,
    },
  ],
  [
    'let i = 0;\nwhile (input.waiting.length > 0) i++;',
    { kind: 'steps', message: 'pickNext took too many steps. Is there a loop that never ends?', line: 3 },
  ],
  [
    'input.nowNs = 5;',
    {
      kind: 'throw',
      message:
        'pickNext threw TypeError: inputs are read-only: you cannot set "nowNs". Work on a copy: { ...entry, nowNs: value }.',
      line: 2,
    },
  ],
  [
    'input.waiting[0].waitedNs -= 5;',
    {
      kind: 'throw',
      message:
        'pickNext threw TypeError: inputs are read-only: you cannot set "waitedNs". Work on a copy: { ...entry, waitedNs: value }.',
      line: 2,
    },
  ],
  [
    'delete input.nowNs;',
    {
      kind: 'throw',
      message:
        'pickNext threw TypeError: inputs are read-only: you cannot set "nowNs". Work on a copy: { ...entry, nowNs: value }.',
      line: 2,
    },
  ],
  [
    'input.waiting.sort((a, b) => b.waitedNs - a.waitedNs);',
    {
      kind: 'throw',
      message:
        'pickNext threw TypeError: inputs are read-only: this list cannot be changed in place. Work on a copy: [...list], list.toSorted(...), list.filter(...).',
      line: 2,
    },
  ],
  [
    'input.waiting.shift();',
    {
      kind: 'throw',
      message:
        'pickNext threw TypeError: inputs are read-only: this list cannot be changed in place. Work on a copy: [...list], list.toSorted(...), list.filter(...).',
      line: 2,
    },
  ],
  [
    'Object.freeze(input);',
    {
      kind: 'throw',
      message: 'pickNext threw TypeError: inputs are read-only: work on a copy: { ...entry }.',
      line: 2,
    },
  ],
  [
    'Object.setPrototypeOf(input, null);',
    {
      kind: 'throw',
      message: 'pickNext threw TypeError: inputs are read-only: work on a copy: { ...entry }.',
      line: 2,
    },
  ],
  [
    '(async () => { for (;;) await 0; })(); return { vcpu: 1 };',
    {
      kind: 'steps',
      message:
        'pickNext left more than 100 promise callbacks behind. A policy answers at once: remove async, await and promises.',
    },
  ],
];

describe('a decision that does not answer', () => {
  for (const [body, expected] of throwing) {
    it(`is told about ${body.replaceAll('\n', ' ')}`, async () => {
      const { fault } = await runScheduler(schedulerModule(body), 1, { decisionTicks: 40 });
      const { kind, message, line, column } = fault!;
      const seen = {
        kind,
        message,
        ...(line === undefined ? {} : { line }),
        ...('column' in expected ? { column } : {}),
      };
      assert.deepEqual(seen, expected);
      assert.deepEqual([fault!.policy, fault!.decision, fault!.ordinal], ['scheduler', 'pickNext', 0]);
    });
  }

  it('is placed in the file of the learner, behind types and wide characters', async () => {
    const code = `export const scheduler = { pickNext(input: Record<string, any>): { vcpu: number } {\n  /* 😀é */ return (input as any).missing.vcpu;\n} };`;
    const { fault } = await runScheduler(code);
    assert.deepEqual([fault?.line, fault?.column], [2, '  /* 😀é */ return ('.length + 1]);
  });
});
