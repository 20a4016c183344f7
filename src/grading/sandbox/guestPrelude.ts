import type { Codec, RecordCodec } from '../../engine/kernel/codec.ts';
import type { PolicyTable } from '../../engine/kernel/policy.ts';
import { guestRuntime } from './guestRuntime.ts';
import { poolPlan, type PooledRows, type PoolPlan } from './inputPool.ts';
import {
  expectation,
  firstTextWord,
  messageWord,
  mostKeptTexts,
  mostKeptUnits,
  secondTextWord,
  textUnits,
} from './layout.ts';
import { maxLogCharacters, maxLogLines } from './sandboxLimits.ts';

/** The name of the function that instrumented returns call: `typescriptSource.ts`. */
export const returnMarker = '$trapframeReturned';

/** Names of the functions that the prelude gives to the host. A decision's function is `stepName(index)`. */
export const bindName = 'bind';
export const describeName = 'describeThrown';
export const stepName = (decision: number): string => `step${decision}`;
/** The function that returns an object of a decision's pool: see `inputPool.ts`. */
export const poolName = (decision: number): string => `pool${decision}`;

/** What a learner's module can import from `trapframe` besides types. */
export const trapframeValues: readonly string[] = ['CallError'];

/** The module `trapframe` inside the guest. It takes its values from a global of the prelude, which it removes. */
export const trapframeModule = [
  ...trapframeValues.map((name) => `export const ${name} = globalThis.$trapframe.${name};`),
  'delete globalThis.$trapframe;',
].join('\n');

/**
 * The JavaScript that runs in the guest before the learner's module: a function of the shared buffer and the host's
 * functions. It decodes the inputs of each decision into read-only views, asks the policy, checks what it returned,
 * and encodes it. Written for one set of policies, so that each step is straight code.
 *
 * @param messageWords size of the message area
 */
export function guestPrelude(policies: PolicyTable, messageWords: number): string {
  const code = new CodeWriter();
  const steps: string[] = [];
  let decisionCount = 0;
  const binds: string[] = [];
  Object.entries(policies).forEach(([policyId, policy], policyIndex) => {
    const calls = Object.entries(policy.calls).map(([name, call]) => {
      const index = code.callCount++;
      const errors = JSON.stringify(call.errors);
      code.add(`const errors${index} = ${errors};`);
      return `${JSON.stringify(name)}: (input) => {
  if (phase !== deciding) refuseCall(${JSON.stringify(name)});
  phase = checking;
  try {
    subject = 'calls.${name} was given'; answering = false; root = input; at = firstMessageWord + 1;
    ${code.encode(call.input, 'input', `''`)}
    if (at > endOfMessage) tooLarge();
    root = undefined;
  } finally { phase = deciding; }
  words[firstMessageWord] = ${index};
  hostCall();
  at = firstMessageWord + 1;
  if (words[firstMessageWord] !== 0) throw new CallError(${JSON.stringify(name)}, errors${index}[words[firstMessageWord] - 1]);
  return ${code.decode(call.output)};
},`;
    });
    code.add(`const calls${policyIndex} = freeze({ __proto__: null, ${calls.join('\n')} });`);
    code.add(`let policy${policyIndex};`);
    binds.push(`policy${policyIndex} = module[${JSON.stringify(policyId)}];`);
    for (const [name, decision] of Object.entries(policy.decisions)) {
      const index = decisionCount++;
      binds.push(`words[at++] = presence(policy${policyIndex}, ${JSON.stringify(name)});`);
      steps.push(stepName(index));
      const plan = poolPlan(decision.input);
      const takeInput = plan === undefined ? code.decode(decision.input) : code.pooledInput(plan, index);
      if (plan !== undefined) steps.push(poolName(index));
      code.add(`function ${stepName(index)}() {
  const before = phase;
  at = firstMessageWord;
  const input = ${takeInput};
  phase = deciding;
  words[0] = words[1] = -1;
  const result = policy${policyIndex}[${JSON.stringify(name)}](input, calls${policyIndex});
  words[1] = words[0];
  phase = checking;
  subject = '${name} returned'; answering = true; root = result; at = firstMessageWord;
  ${code.encode(decision.output, 'result', `''`)}
  if (at > endOfMessage) tooLarge();
  root = undefined;
  phase = before;
}`);
    }
  });

  return `(function (buffer, hostCall, hostLog, hostFail, locating) {
'use strict';
const firstMessageWord = ${messageWord};
const endOfMessage = ${messageWord + messageWords};
const textUnits = ${textUnits};
const mostKeptTexts = ${mostKeptTexts};
const mostKeptUnits = ${mostKeptUnits};
const maxLogLines = ${maxLogLines};
const maxLogCharacters = ${maxLogCharacters};
${guestRuntime}
${code.text()}
// 1 a method, 0 no method, -1 no such export, -2 an export that is no object.
function presence(policy, method) {
  if (policy === undefined) return -1;
  if (typeof policy !== 'object' || policy === null) return -2;
  return typeof policy[method] === 'function' ? 1 : 0;
}
function bind(module) {
  at = firstMessageWord;
  ${binds.join('\n  ')}
  let names = '';
  const keys = ownKeys(module);
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] === 'string') names += (names === '' ? '' : ' ') + keys[i];
  putTexts(names, '');
}
if (locating) {
  defineProperty(globalThis, ${JSON.stringify(returnMarker)}, {
    value: (value, marker) => { words[0] = marker; return value; },
  });
}
globalThis.$trapframe = { CallError };
return { ${[bindName, describeName, ...steps].join(', ')} };
})`;
}

/** Collects functions for codecs that need one, and writes code that reads and writes values. */
class CodeWriter {
  readonly #parts: string[] = [];
  #made = 0;
  callCount = 0;

  add(part: string): void {
    this.#parts.push(part);
  }

  text(): string {
    return this.#parts.join('\n');
  }

  /** An expression that reads a value at `at`. */
  decode(codec: Codec): string {
    switch (codec.kind) {
      case 'int':
        // A number from a Float64Array is slow as an index until it is made an integer.
        return codec.min >= -(2 ** 31) && codec.max < 2 ** 31 ? '(words[at++] | 0)' : 'words[at++]';
      case 'id':
        return codec.max < 2 ** 31 ? '(words[at++] | 0)' : 'words[at++]';
      case 'float':
        return 'words[at++]';
      case 'flag':
        return '(words[at++] !== 0)';
      case 'oneOf': {
        const name = `values${this.#made++}`;
        this.add(`const ${name} = ${JSON.stringify(codec.values)};`);
        return `${name}[words[at++] | 0]`;
      }
      case 'text':
        return 'takeText()';
      case 'bytes':
        return 'takeBytes()';
      case 'optional':
        return `(words[at++] !== 0 ? ${this.decode(codec.of)} : undefined)`;
      case 'list': {
        const name = `takeList${this.#made++}`;
        this.add(`function ${name}() {
  const length = words[at++] | 0;
  const items = [];
  for (let i = 0; i < length; i++) items[i] = ${this.decode(codec.of)};
  return view(items);
}`);
        return `${name}()`;
      }
      case 'record':
        return `view(${this.#literal(codec)})`;
      case 'nothing':
        return 'undefined';
    }
  }

  /** An expression that brings the pooled input of a decision up to date and reads it. Protocol: `inputPool.ts`. */
  pooledInput(plan: PoolPlan, decision: number): string {
    const [target, shown] = [`target${decision}`, `view${decision}`];
    const lists: string[] = [];
    const fields = plan.fields.map((field, index) => {
      const local = `field${index}`;
      const read =
        field.kind === 'rows'
          ? this.#pooledRows(field, `${decision}_${lists.length}`, lists)
          : this.decode(field.codec);
      return { local, read, name: JSON.stringify(field.name) };
    });
    this.add(`let ${target} = {}, ${shown};
function takeInput${decision}() {
  const fresh = words[at++] !== 0;
  ${fields.map(({ local, read }) => `const ${local} = ${read};`).join('\n  ')}
  if (fresh) ${shown} = view(${target} = { ${fields.map(({ name, local }) => `${name}: ${local}`).join(', ')} });
  else { ${fields.map(({ name, local }) => `${target}[${name}] = ${local};`).join(' ')} }
  return ${shown};
}
function ${poolName(decision)}() {
  const slot = words[${secondTextWord}];
  switch (words[${firstTextWord}]) {
    ${lists.map((list, index) => `case ${index}: return slot < 0 ? shown${list} : views${list}[slot];`).join('\n    ')}
    default: return ${shown};
  }
}`);
    return `takeInput${decision}()`;
  }

  #pooledRows(rows: PooledRows, name: string, lists: string[]): string {
    lists.push(name);
    const fields = Object.entries(rows.row.fields);
    const [targets, views, items, shown] = [`targets${name}`, `views${name}`, `items${name}`, `shown${name}`];
    this.add(`const ${targets} = [], ${views} = [];
for (let i = 0; i < ${rows.slots}; i++) ${targets}[i] = ${views}[i] = undefined;
let ${items} = [], ${shown};
function takeRows${name}() {
  const length = words[at++] | 0;
  if (words[at++] !== 0) {
    const before = ${items};
    ${items} = [];
    for (let i = 0; i < before.length && i < length; i++) ${items}[i] = before[i];
    ${shown} = view(${items});
  } else if (length < ${items}.length) ${items}.length = length;
  let rows = words[at++] | 0;
  while (rows-- > 0) {
    const slot = words[at++] | 0;
    if (words[at++] === 0) {
      const row = ${targets}[slot];
      ${fields.map(([field, codec]) => `row[${JSON.stringify(field)}] = ${this.decode(codec)};`).join('\n      ')}
    } else ${views}[slot] = view(${targets}[slot] = ${this.#literal(rows.row)});
  }
  let moves = words[at++] | 0;
  while (moves-- > 0) {
    const position = words[at++] | 0;
    ${items}[position] = ${views}[words[at++] | 0];
  }
  return ${shown};
}`);
    return `takeRows${name}()`;
  }

  #literal(codec: RecordCodec): string {
    const fields = Object.entries(codec.fields).map(
      ([name, field]) => `${JSON.stringify(name)}: ${this.decode(field)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }

  /** Statements that check the variable `value` and write it at `at`. `path` is an expression, used only in messages. */
  encode(codec: Codec, value: string, path: string): string {
    const expected = JSON.stringify(expectation(codec));
    const refuse = `bad(${path}, ${value}, ${expected});`;
    switch (codec.kind) {
      case 'int':
      case 'id':
      case 'float': {
        const min = codec.kind === 'id' ? 0 : codec.min;
        const fraction = codec.kind === 'float' ? '' : ` || ${value} % 1 !== 0`;
        return `if (typeof ${value} !== 'number' || !(${value} >= ${min} && ${value} <= ${codec.max})${fraction}) ${refuse}
  words[at++] = ${value} + 0;`;
      }
      case 'flag':
        return `if (typeof ${value} !== 'boolean') ${refuse}
  words[at++] = ${value} ? 1 : 0;`;
      case 'oneOf': {
        const cases = codec.values.map(
          (known, index) => `case ${JSON.stringify(known)}: words[at++] = ${index}; break;`,
        );
        return `switch (${value}) { ${cases.join(' ')} default: ${refuse} }`;
      }
      case 'text':
        return `if (typeof ${value} !== 'string') ${refuse}
  putText(${value}, ${codec.maxBytes}, ${path}, ${expected});`;
      case 'bytes':
        return `if (!isUint8Array(${value})) ${refuse}
  putBytes(${value}, ${codec.maxBytes}, ${path}, ${expected});`;
      case 'optional':
        return `if (${value} === undefined) words[at++] = 0; else { words[at++] = 1; ${this.encode(codec.of, value, path)} }`;
      case 'list': {
        const name = `putList${this.#made++}`;
        this.add(`function ${name}(list, path) {
  if (!isArray(list)) bad(path, list, ${expected});
  const length = list.length;
  if (typeof length !== 'number' || !(length <= ${codec.max}) || at + length >= endOfMessage) bad(path, list, ${expected});
  words[at++] = length;
  for (let i = 0; i < length; i++) {
    const item = list[i];
    ${this.encode(codec.of, 'item', `path + '[' + i + ']'`)}
  }
}`);
        return `${name}(${value}, ${path});`;
      }
      case 'record': {
        const name = `putRecord${this.#made++}`;
        const fields = Object.entries(codec.fields).map(([field, fieldCodec], index) => {
          const local = `field${index}`;
          return `const ${local} = record[${JSON.stringify(field)}];
  ${this.encode(fieldCodec, local, `path + ${JSON.stringify(`.${field}`)}`)}`;
        });
        this.add(`function ${name}(record, path) {
  if (typeof record !== 'object' || record === null) bad(path, record, ${expected});
  ${fields.join('\n  ')}
}`);
        return `${name}(${value}, ${path});`;
      }
      case 'nothing':
        // As in TypeScript, where a method of type void may return anything: `(input) => queue.push(input.vcpu)`.
        return `if (isPromise(${value})) ${refuse}`;
    }
  }
}
