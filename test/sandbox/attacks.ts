import type { PolicyFaultKind } from '../../src/engine/kernel/policy.ts';
import type { SandboxLimits } from '../../src/grading/sandbox/sandboxLimits.ts';

/** A module that tries something, and how that must end. */
export interface Attack {
  readonly name: string;
  /** At the top of the module, before its policies. */
  readonly above?: string;
  /** The scheduler's `pickNext(input)`; without it a plain one that answers 3. */
  readonly body?: string;
  /** The kind of fault, or `answers`: every decision is answered as if nothing had been tried. */
  readonly ends: PolicyFaultKind | 'answers';
  /** Must occur in the fault's message. */
  readonly says?: string;
  /** What the module printed, where that shows that it got nowhere. */
  readonly prints?: readonly string[];
  readonly limits?: Partial<SandboxLimits>;
}

const quick: Partial<SandboxLimits> = { decisionTicks: 5, loadTicks: 40 };
const answer = 'return { vcpu: 3 };';

const escapes: readonly Attack[] = [
  {
    name: 'Function constructor',
    body: `console.log(typeof (() => {}).constructor('return this')().process); ${answer}`,
    ends: 'answers',
    prints: ['undefined'],
  },
  {
    name: 'constructor of an input',
    body: `console.log(typeof input.constructor.constructor('return globalThis')().process, typeof input.waiting.constructor.constructor('return typeof require')()); ${answer}`,
    ends: 'answers',
    prints: ['undefined string'],
  },
  {
    name: 'async and generator constructors',
    body: `const A = (async () => {}).constructor, G = (function* () {}).constructor; console.log(typeof G('yield this')().next().value.process, typeof A('return 1')); ${answer}`,
    ends: 'answers',
    prints: ['undefined function'],
  },
  {
    name: 'eval and indirect eval',
    body: `console.log(eval('typeof process'), (0, eval)('typeof require')); ${answer}`,
    ends: 'answers',
    prints: ['undefined undefined'],
  },
  {
    name: 'this of a sloppy function',
    body: `console.log(Object.keys(Function('return this')()).join()); ${answer}`,
    ends: 'answers',
    prints: ['console'],
  },
  {
    name: 'host globals',
    body: `const names = 'process require module fetch XMLHttpRequest WebAssembly setTimeout setInterval setImmediate postMessage self window document importScripts std os bjson scriptArgs print load Atomics SharedArrayBuffer WeakRef FinalizationRegistry performance Intl navigator Worker Deno Bun structuredClone $trapframe $trapframeReturned hostCall words bind'.split(' ');
      console.log(names.filter((name) => name in globalThis).join()); ${answer}`,
    ends: 'answers',
    prints: [''],
  },
  {
    name: 'static import of a host module',
    above: `import fs from 'node:fs';`,
    ends: 'syntax',
    says: "'node:fs' cannot be imported",
  },
  {
    name: 'import from a URL',
    above: `import 'https://example.org/x.js';`,
    ends: 'syntax',
    says: 'cannot be imported',
  },
  { name: 'export from a host module', above: `export * from 'node:fs';`, ends: 'syntax', says: 'one file' },
  {
    name: 'dynamic import',
    body: `import('node:fs'); ${answer}`,
    ends: 'syntax',
    says: 'import() cannot be used',
  },
  {
    name: 'dynamic import inside eval',
    body: `eval("import('node:fs').catch((e) => console.log(e.message))"); ${answer}`,
    ends: 'answers',
    prints: ["could not load module 'node:fs'"],
  },
  {
    name: 'import of std',
    body: `eval("import('qjs:std').catch((e) => console.log(e.message))"); ${answer}`,
    ends: 'answers',
    prints: ["could not load module 'qjs:std'"],
  },
  {
    name: 'import of itself',
    body: `eval("import('scheduler.ts').then((m) => console.log(Object.keys(m).join()))"); ${answer}`,
    ends: 'answers',
    prints: ['scheduler,server'],
  },
  {
    name: 'import of the prelude',
    body: `eval("import('trapframe').then((m) => console.log(Object.keys(m).join()))"); ${answer}`,
    ends: 'answers',
    prints: ['CallError'],
  },
  {
    name: 'import.meta',
    body: `console.log(Object.keys(import.meta).join()); ${answer}`,
    ends: 'answers',
    prints: [''],
  },
  {
    name: 'Error.prepareStackTrace',
    above: `Error.prepareStackTrace = (e, sites) => sites;`,
    ends: 'load',
    says: 'read-only',
  },
  {
    name: 'Error.prepareStackTrace by definition',
    body: `console.log(Reflect.defineProperty(Error, 'prepareStackTrace', { value: (e, s) => s }), typeof new Error().stack); ${answer}`,
    ends: 'answers',
    prints: ['false string'],
  },
  {
    name: 'Error.captureStackTrace',
    body: `const o = {}; Error.captureStackTrace(o); console.log(typeof o.stack); ${answer}`,
    ends: 'answers',
    prints: ['string'],
  },
  {
    name: 'the callers of a method',
    body: `let seen = 'none'; try { seen = this.pickNext.caller; } catch (e) { seen = e.name; } console.log(seen); ${answer}`,
    ends: 'answers',
    prints: ['TypeError'],
  },
  {
    name: 'arguments.callee',
    body: `try { console.log(arguments.callee); } catch (e) { console.log(e.name); } ${answer}`,
    ends: 'answers',
    prints: ['TypeError'],
  },
  {
    name: 'arguments of the method',
    body: `console.log(arguments.length, Object.isFrozen(arguments[1]), Object.keys(arguments[1]).join()); ${answer}`,
    ends: 'answers',
    prints: ['2 true '],
  },
  {
    name: 'the buffer behind the inputs',
    body: `console.log(Object.getOwnPropertySymbols(input).length, typeof input.buffer, typeof input.waiting.buffer); ${answer}`,
    ends: 'answers',
    prints: ['0 undefined undefined'],
  },
  {
    name: 'a forged view',
    body: `return new Proxy(input, { get: (t, k) => (k === 'vcpu' ? 3 : t[k]) });`,
    ends: 'answers',
  },
  {
    name: 'bytecode',
    body: `console.log(typeof globalThis.__loadScript, typeof Function.prototype.toString.call(console.log)); ${answer}`,
    ends: 'answers',
    prints: ['undefined string'],
  },
  {
    name: 'sources of the prelude',
    body: `console.log(console.log.toString().includes('hostCall')); ${answer}`,
    ends: 'answers',
    prints: ['false'],
  },
];

/** Each runs at the top of the module, before both policies are asked in earnest. */
const pollution: readonly (readonly [name: string, code: string])[] = [
  [
    'Object.prototype',
    'Object.prototype.vcpu = 9; Object.prototype.length = 9; Object.prototype.get = () => 9; Object.prototype.set = () => true; Object.prototype.value = 9; Object.prototype.then = (f) => f(9);',
  ],
  [
    '__proto__',
    '({}).__proto__.polluted = 1; Object.assign({}.__proto__, JSON.parse(\'{"isAdmin":true}\'));',
  ],
  [
    'Object.prototype accessors',
    'for (const name of ["vcpu", "verdict", "get", "set", "value", "kind", "detail", "ok"]) Object.defineProperty(Object.prototype, name, { __proto__: null, get() { return 9 }, set() { throw 9 }, configurable: true });',
  ],
  [
    'Array.prototype[0]',
    'Object.defineProperty(Array.prototype, 9, { set() { throw 9 }, get() { return 9 } });',
  ],
  [
    'Array.prototype methods',
    'for (const name of ["push", "pop", "map", "join", "slice", "splice", "forEach", "concat", "toString"]) Array.prototype[name] = () => { throw 9 };',
  ],
  [
    'iteration',
    'Array.prototype[Symbol.iterator] = function* () { throw 9 }; Object.getPrototypeOf([][Symbol.iterator] ?? {}).next = () => { throw 9 };',
  ],
  [
    'Function.prototype',
    'Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw 9 };',
  ],
  [
    'Reflect',
    'for (const name of Reflect.ownKeys(Reflect)) if (typeof Reflect[name] === "function") Reflect[name] = () => { throw 9 };',
  ],
  [
    'Object functions',
    'const names = Object.getOwnPropertyNames(Object); for (const name of names) if (typeof Object[name] === "function") Object[name] = () => { throw 9 };',
  ],
  ['Proxy', 'globalThis.Proxy = class { constructor() { throw 9 } };'],
  [
    'String.prototype',
    'for (const name of ["slice", "charCodeAt", "codePointAt", "includes", "split", "replace", "toString", "valueOf"]) String.prototype[name] = () => { throw 9 }; String.fromCharCode = () => "x"; String = null;',
  ],
  [
    'typed arrays',
    'const T = Object.getPrototypeOf(Uint8Array.prototype); for (const name of ["set", "slice", "subarray", "fill"]) T[name] = () => { throw 9 }; Object.defineProperty(T, "length", { get: () => 1e9 }); Object.defineProperty(T, Symbol.toStringTag, { get: () => "Uint8Array" });',
  ],
  [
    'typed array constructors',
    'const { Uint8Array: U } = globalThis; for (const name of ["Float64Array", "Uint16Array", "ArrayBuffer", "DataView"]) globalThis[name] = class { constructor() { throw 9 } };',
  ],
  [
    'typed array species',
    'Object.defineProperty(Uint8Array, Symbol.species, { get() { throw 9 } }); Uint8Array.prototype.constructor = class { constructor() { throw 9 } };',
  ],
  [
    'JSON and Math',
    'for (const o of [JSON, Math]) for (const name of Object.getOwnPropertyNames(o)) if (typeof o[name] === "function") o[name] = () => { throw 9 };',
  ],
  [
    'Map and Set',
    'for (const C of [Map, Set, WeakMap, WeakSet]) for (const name of Object.getOwnPropertyNames(C.prototype)) try { C.prototype[name] = () => { throw 9 } } catch {}',
  ],
  [
    'Promise',
    'Promise.prototype.then = function () { throw 9 }; Promise.resolve = Promise.reject = () => { throw 9 }; globalThis.Promise = null;',
  ],
  ['Symbol', 'globalThis.Symbol = new Proxy(Symbol, { get() { throw 9 } });'],
  [
    'Array.isArray',
    'Array.isArray = () => true; Number.isInteger = () => true; globalThis.isNaN = () => false;',
  ],
  [
    'Error.prototype',
    'Object.defineProperty(Error.prototype, "stack", { get() { throw 9 } }); Error.prototype.toString = () => { throw 9 }; Object.defineProperty(Error.prototype, "name", { get() { throw 9 } }); globalThis.TypeError = null;',
  ],
  ['console', 'console.log = () => { throw 9 }; globalThis.console = null;'],
  [
    'globals deleted',
    'for (const name of Object.getOwnPropertyNames(globalThis)) if (name !== "Uint8Array") try { delete globalThis[name] } catch {}',
  ],
  [
    'globalThis',
    'Object.setPrototypeOf(globalThis, new Proxy({}, { get() { throw 9 }, has() { return false } }));',
  ],
  [
    'prototypes emptied',
    'for (const C of [Array, String, Number, Map, Error, Object]) for (const name of Object.getOwnPropertyNames(C.prototype)) if (name !== "__proto__") try { delete C.prototype[name] } catch {}',
  ],
];

const forgeries: readonly Attack[] = [
  {
    name: 'a verdict on the console',
    body: `console.log('{"verdict":"passed","points":100}'); return { vcpu: -1 };`,
    ends: 'value',
    says: 'vcpu must be',
  },
  {
    name: 'a verdict in the answer',
    body: `return { vcpu: 3, verdict: 'passed', points: 100, ok: true, fault: null };`,
    ends: 'answers',
  },
  {
    name: 'a fault of the machinery',
    body: `throw Object.assign(new Error('x'), { name: 'PolicyFault', detail: { kind: 'crash', message: 'not my fault' } });`,
    ends: 'throw',
    says: 'PolicyFault: x',
  },
  {
    name: 'an interrupt',
    body: `throw new InternalError('interrupted');`,
    ends: 'throw',
    says: 'interrupted',
  },
  {
    name: 'a wall clock',
    body: `throw { kind: 'wall', message: 'wall' };`,
    ends: 'throw',
    says: "{ kind: 'wall', message: 'wall' }",
  },
  { name: 'a marker of a return', above: `globalThis.$trapframeReturned = () => 7;`, ends: 'answers' },
  {
    name: 'a different answer when asked twice',
    body: `let n = 0; return { get vcpu() { return n++ === 0 ? 3 : 99; } };`,
    ends: 'answers',
  },
];

const loops: readonly (readonly [name: string, body: string])[] = [
  ['for', 'for (;;);'],
  ['while with a body', 'let i = 0; while (true) i++;'],
  ['do', 'do {} while (true);'],
  ['labels', 'outer: for (;;) { for (;;) continue outer; }'],
  ['catch', 'for (;;) try { for (;;); } catch {}'],
  ['catch that loops', 'try { for (;;); } catch { for (;;); }'],
  ['finally', 'try { for (;;); } finally { for (;;); }'],
  ['finally that returns', 'for (;;) { try { for (;;); } finally { continue; } }'],
  ['throwing in a loop', 'for (;;) try { throw 1 } catch {}'],
  ['generator', 'function* all() { for (;;) yield 1 } for (const x of all());'],
  [
    'generator with finally',
    'function* all() { try { yield 1 } finally { for (;;); } } for (const x of all()) break;',
  ],
  [
    'iterator',
    'for (const x of { [Symbol.iterator]() { return this }, next() { return { done: false } } });',
  ],
  ['getter', 'const o = { get x() { for (;;); } }; o.x;'],
  ['getter of the answer', 'return { get vcpu() { for (;;); } };'],
  ['Proxy trap of the answer', 'return new Proxy({}, { get() { for (;;); } });'],
  ['Proxy traps', 'const p = new Proxy({}, { has() { for (;;); } }); "x" in p;'],
  ['valueOf', '+{ valueOf() { for (;;); } };'],
  ['toString in a template', '`${{ toString() { for (;;); } }}`;'],
  ['toPrimitive', '+{ [Symbol.toPrimitive]() { for (;;); } };'],
  ['toJSON', 'JSON.stringify({ toJSON() { for (;;); } });'],
  ['reviver', 'JSON.parse("[1]", () => { for (;;); });'],
  ['comparator', '[1, 2].sort(() => { for (;;); });'],
  ['callback', '[1].map(() => { for (;;); });'],
  ['replacer', '"a".replace(/a/, () => { for (;;); });'],
  ['tagged template', '((s) => { for (;;); })`x`;'],
  ['constructor', 'new (class { constructor() { for (;;); } })();'],
  ['static block', 'class C { static { for (;;); } }'],
  ['default argument', '((x = (() => { for (;;); })()) => x)();'],
  ['eval', 'eval("for (;;);");'],
  ['Function', 'Function("for (;;);")();'],
  ['async function', '(async () => { for (;;); })();'],
  ['promise callback', 'Promise.resolve().then(() => { for (;;); }); return { vcpu: 3 };'],
  ['thenable', 'Promise.resolve({ then() { for (;;); } }); return { vcpu: 3 };'],
  ['microtask', 'queueMicrotask(() => { for (;;); }); return { vcpu: 3 };'],
  ['microtask flood', 'const f = () => queueMicrotask(f); f(); return { vcpu: 3 };'],
  ['await flood', '(async () => { for (;;) await null; })(); return { vcpu: 3 };'],
  [
    'chains that double',
    'const f = () => { Promise.resolve().then(f); Promise.resolve().then(f); }; f(); return { vcpu: 3 };',
  ],
  ['instanceof', '({}) instanceof { [Symbol.hasInstance]() { for (;;); } };'],
  [
    'species',
    'class A extends Array { static get [Symbol.species]() { for (;;); } } new A(3).map((x) => x);',
  ],
  ['printing', 'console.log(new Proxy({}, { ownKeys() { for (;;); } }));'],
  ['mutual recursion by trampoline', 'const a = () => b, b = () => a; let f = a; for (;;) f = f();'],
  ['waiting for the clock', 'const end = Date.now() + 1; while (Date.now() < end);'],
  ['regular expression (a+)+', '/^(a+)+$/.test("a".repeat(40) + "!");'],
  ['regular expression (a|a)*', '/^(a|a)*$/.test("a".repeat(40) + "!");'],
  ['regular expression (.*a){20}', '/(.*a){20}$/.test("a".repeat(60) + "!");'],
  ['regular expression with a back reference', '/^(a*)*\\1$/.test("a".repeat(40) + "b");'],
  ['replace with a slow expression', '("a".repeat(40) + "!").replace(/^(a+)+$/, "");'],
  ['split with a slow expression', '("a".repeat(40) + "!").split(/^(a+)+$/);'],
];

const recursions: readonly (readonly [name: string, body: string])[] = [
  ['function', 'const f = () => f() + 1; f();'],
  ['mutual', 'const a = () => b() + 1, b = () => a() + 1; a();'],
  ['map', 'const f = () => [1].map(f); f();'],
  ['sort', 'const f = () => [2, 1].sort(f); f();'],
  ['replace', 'const f = () => "a".replace("a", f); f();'],
  ['replace with an expression', 'const f = () => "a".replace(/a/, f); f();'],
  ['toString', 'const o = { toString: () => `${o}` }; `${o}`;'],
  ['valueOf', 'const o = { valueOf: () => +o }; +o;'],
  ['toJSON', 'const o = { toJSON: () => JSON.stringify(o) }; JSON.stringify(o);'],
  ['getter', 'const o = { get x() { return o.x + 1 } }; o.x;'],
  ['Proxy of itself', 'const h = {}; const p = new Proxy({}, h); h.get = (t, k) => p[k]; p.x;'],
  ['chain of Proxies', 'let p = {}; for (let i = 0; i < 100000; i++) p = new Proxy(p, {}); p.x;'],
  ['constructor', 'class C { constructor() { new C(); } } new C();'],
  ['generator', 'function* g() { yield* g(); } [...g()];'],
  [
    'async function',
    'const f = async () => { await f(); }; f(); throw new RangeError("Maximum call stack size exceeded");',
  ],
  ['apply', 'const f = () => Reflect.apply(f, null, []); f();'],
  ['instanceof', 'const C = { [Symbol.hasInstance]: () => ({}) instanceof C }; ({}) instanceof C;'],
  ['array in itself to text', 'const f = { toString: () => String([f]) }; String(f);'],
  ['eval', 'globalThis.f = () => eval("f()"); f();'],
  ['deep list to text', 'let a = []; for (let i = 0; i < 100000; i++) a = [a]; String(a);'],
  ['deep list to JSON', 'let a = []; for (let i = 0; i < 100000; i++) a = [a]; JSON.stringify(a);'],
  ['deep list made flat', 'let a = []; for (let i = 0; i < 100000; i++) a = [a]; a.flat(Infinity);'],
  ['nested JSON', 'JSON.parse("[".repeat(100000));'],
  ['nested parentheses', 'eval("(".repeat(100000));'],
  ['nested blocks', 'eval("{".repeat(100000));'],
  ['nested lists', 'eval("[".repeat(100000));'],
  ['nested functions', 'eval("()=>".repeat(100000) + "1");'],
  ['nested operators', 'eval("-".repeat(0) + "!".repeat(100000) + "1");'],
  ['nested groups of an expression', 'new RegExp("(".repeat(100000) + ")".repeat(100000));'],
  ['nested templates', 'eval("`${".repeat(50000));'],
];

const memoryBombs: readonly (readonly [name: string, body: string])[] = [
  ['typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(1 << 20));'],
  ['one large buffer', 'new ArrayBuffer(1e9);'],
  ['large lists', 'const a = []; for (;;) a.push(new Array(100000).fill(0));'],
  ['a list that doubles', 'let a = [1]; for (;;) a = a.concat(a);'],
  ['spread', 'let a = [1]; for (;;) a = [...a, ...a];'],
  ['a list that grows while it is read', 'const a = [1]; for (const x of a) a.push(x, x, x, x);'],
  [
    'an endless iterator spread',
    'const e = { *[Symbol.iterator]() { for (;;) yield "x".repeat(1000); } }; [...e];',
  ],
  ['strings', 'const a = []; for (;;) a.push("x".repeat(1e6) + a.length);'],
  ['a Map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, [i, i, i, i, i, i, i, i]);'],
  ['a Set of objects', 'const s = new Set(); for (;;) s.add({ a: [1, 2, 3, 4, 5, 6, 7, 8] });'],
  ['properties', 'const o = {}; for (let i = 0; ; i++) o["key" + i] = "v".repeat(100) + i;'],
  [
    'closures',
    'let f = null; for (;;) { const g = f; const pad = new Array(100).fill(0); f = () => [g, pad]; }',
  ],
  ['a filled list', 'new Array(1e8).fill(0);'],
  ['symbols', 'const a = []; for (;;) a.push(Symbol("x".repeat(1000) + a.length));'],
  ['errors', 'const a = []; for (;;) a.push(new Error("x".repeat(10000) + a.length));'],
  ['promises', 'const a = []; for (;;) a.push(new Promise(() => {}), new Array(100).fill(1));'],
  ['source text', 'eval("1;".repeat(1e6));'],
  ['a chain of bound functions', 'let f = () => 1; for (;;) f = f.bind(null);'],
  ['BigInt', 'let n = 1n << 1000000n; const a = []; for (;;) a.push(n << BigInt(a.length));'],
];

const oddThrows: readonly (readonly [name: string, thrown: string, says: string])[] = [
  ['null', 'null', 'threw null'],
  ['undefined', 'undefined', 'threw undefined'],
  ['a number', '42', 'threw 42'],
  ['a symbol', 'Symbol("s")', 'threw Symbol(s)'],
  ['a BigInt', '10n', 'threw 10n'],
  ['a function', 'function boom() {}', 'threw function boom'],
  ['a plain object', '{ code: 7 }', 'threw { code: 7 }'],
  ['a promise', 'Promise.resolve()', 'threw a Promise'],
  ['an object that claims to be an Error', '{ __proto__: Error.prototype, message: "m" }', 'threw'],
  [
    'a Proxy whose traps throw',
    'new Proxy({}, { getOwnPropertyDescriptor() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } })',
    'threw a value that cannot be shown',
  ],
  [
    'a Proxy whose traps never end',
    'new Proxy({}, { ownKeys() { for (;;); } })',
    'threw a value that cannot be shown',
  ],
  ['an Error behind a Proxy', 'new Proxy(new Error("inner"), {})', 'threw'],
  [
    'an Error with getters',
    'Object.defineProperties(new Error(), { message: { get() { for (;;); } }, name: { get() { for (;;); } } })',
    'threw Error',
  ],
  ['an Error with a long message', 'new Error("x".repeat(5e6))', 'threw Error: xxx'],
  [
    'an Error whose message is no text',
    'Object.assign(new Error(), { message: { toString() { for (;;); } } })',
    'threw Error',
  ],
  [
    'an Error whose prototype is a Proxy',
    'Object.setPrototypeOf(new Error("p"), new Proxy({}, { getOwnPropertyDescriptor() { throw 1 } }))',
    'threw a value that cannot be shown',
  ],
  [
    'an Error that shows another stack',
    'Object.defineProperty(new Error("mine"), "stack", { value: "    at f (scheduler.ts:999:1)" })',
    'threw Error: mine',
  ],
  ['an aggregate of errors', 'new AggregateError([1, 2], "several")', 'threw AggregateError: several'],
  [
    'an error of its own class',
    'new (class Full extends Error { name = "Full" })("queue")',
    'threw Full: queue',
  ],
];

const printing: readonly Attack[] = [
  {
    name: 'many lines',
    body: `for (let i = 0; i < 5000; i++) console.log('line', i); ${answer}`,
    ends: 'answers',
    prints: Array.from({ length: 200 }, (_, i) => `line ${i}`),
  },
  {
    name: 'one long line',
    body: `console.log('x'.repeat(1e6)); ${answer}`,
    ends: 'answers',
    prints: ['x'.repeat(500)],
  },
  {
    name: 'many arguments',
    body: `console.log(...new Array(5000).fill('y')); ${answer}`,
    ends: 'answers',
    prints: ['y '.repeat(250)],
  },
  {
    name: 'a cycle',
    body: `const o = { name: 'o' }; o.self = o; console.log(o); ${answer}`,
    ends: 'answers',
    prints: ["{ name: 'o', self: { name: 'o', self: { name: 'o', self: { name: 'o', self: {…} } } } }"],
  },
  {
    name: 'hostile values',
    body: `console.log({ toString() { for (;;); } }, { get x() { for (;;); } }, new Proxy({}, { ownKeys() { throw 1 } })); ${answer}`,
    ends: 'answers',
    prints: ['{ toString: function toString } { x: [getter] } a value that cannot be shown'],
  },
  {
    name: 'control characters and markup',
    body: `console.log('\\u0007<b>\\u001b[31mred'); ${answer}`,
    ends: 'answers',
    prints: ['\u0007<b>\u001b[31mred'],
  },
];

const contained: readonly Attack[] = [
  {
    name: 'running out of memory and going on',
    body: `let n = 0; try { const a = []; for (;;) a.push(new Uint8Array(1 << 20)); } catch (e) { console.log(e.message); } ${answer}`,
    ends: 'answers',
    prints: ['out of memory'],
  },
  {
    name: 'recursing too deeply and going on',
    body: `const f = () => f() + 1; try { f(); } catch (e) { console.log(e.name); } ${answer}`,
    ends: 'answers',
    prints: ['RangeError'],
  },
  {
    name: 'a buffer of the guest detached',
    body: `const b = new ArrayBuffer(8); b.transfer(); try { new Uint8Array(b); } catch (e) { console.log(e.name); } ${answer}`,
    ends: 'answers',
    prints: ['TypeError'],
  },
  {
    name: 'an unhandled rejection',
    body: `Promise.reject(new Error('nobody cares')); ${answer}`,
    ends: 'answers',
  },
  {
    name: 'a promise callback that throws',
    body: `queueMicrotask(() => { throw new Error('later'); }); ${answer}`,
    ends: 'throw',
    says: 'Error: later',
  },
];

export const attacks: Readonly<Record<string, readonly Attack[]>> = {
  'to escape': escapes,
  'to pollute': pollution.map(([name, above]) => ({ name, above, ends: 'answers' })),
  'to forge a verdict': forgeries,
  'to loop for ever': loops.map(([name, body]) => ({ name, body, ends: 'steps', limits: quick })),
  'to recurse for ever': recursions.map(([name, body]) => ({ name, body, ends: 'throw' })),
  'to use up the memory': memoryBombs.map(([name, body], index) => ({
    name,
    body,
    ends: 'memory',
    limits: index < 2 ? {} : { memoryBytes: 8 * 1024 * 1024 },
  })),
  'to confuse with what is thrown': oddThrows.map(([name, thrown, says]) => ({
    name,
    body: `throw ${thrown};`,
    ends: 'throw',
    says,
  })),
  'to flood the console': printing,
  'to go on after a failure': contained,
};
