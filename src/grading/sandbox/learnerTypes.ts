import type { ScenarioTable } from '../../course/variants.ts';
import type { Codec, RecordCodec } from '../../engine/kernel/codec.ts';
import type { PolicyDefinition, PolicyTable } from '../../engine/kernel/policy.ts';
import { maxLogCharacters, maxLogLines } from './sandboxLimits.ts';

/**
 * The text of `trapframe.d.ts`, which teaches a learner's editor the module 'trapframe': a type per policy and per
 * record, with the declarations' documentation, units and ranges.
 */
export function learnerTypes(policies: PolicyTable): string {
  const records = new Map<string, string>();
  const parts = Object.values(policies).map((policy) => policyType(policy, records));
  const makesCalls = Object.values(policies).some((policy) => Object.keys(policy.calls).length > 0);
  return [
    '// Written by Trapframe for this task, and rewritten when the engine changes. Your work goes in the task file.',
    `declare module 'trapframe' {`,
    indented([...parts, ...records.values(), ...(makesCalls ? [callErrorType] : [])].join('\n\n')),
    '}',
    '',
    consoleType,
    '',
  ].join('\n');
}

/** The only global of the sandbox that is not part of the language. */
const consoleType = [
  docComment([
    `What is printed is shown with the result of a check: the first ${maxLogLines} lines of a run, ${maxLogCharacters} characters of each.`,
  ]),
  `declare const console: Readonly<Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>>;`,
].join('\n');

const callErrorType = [
  docComment(['Thrown by a call that failed. The call says which names `errno` can have.']),
  'export class CallError extends Error {',
  '  /** The name of the error, as the field writes it: `ENOENT`. */',
  '  readonly errno: string;',
  '}',
].join('\n');

function policyType(policy: PolicyDefinition, records: Map<string, string>): string {
  const hasCalls = Object.keys(policy.calls).length > 0;
  const callsName = `${policy.typeName}Calls`;
  const decisions = Object.entries(policy.decisions).map(([name, decision]) => {
    const input = recordName(decision.input, records);
    const output = typeOf(decision.output, records);
    const tags = [`@param input ${decision.input.doc}`, ...returns(decision.output)];
    const parameters = hasCalls ? `input: ${input}, calls: ${callsName}` : `input: ${input}`;
    const mark = decision.mayBeAbsent === true ? '?' : '';
    return `${docComment([decision.doc, ...tags])}\n${name}${mark}(${parameters}): ${output};`;
  });
  const policyInterface = `${docComment([policy.doc])}\nexport interface ${policy.typeName} {\n${indented(decisions.join('\n\n'))}\n}`;
  if (!hasCalls) return policyInterface;
  const calls = Object.entries(policy.calls).map(([name, call]) => {
    const input = recordName(call.input, records);
    const failures =
      call.errors.length === 0 ? [] : [`@throws {CallError} whose \`errno\` is ${orList(call.errors)}.`];
    return `${docComment([call.doc, ...returns(call.output), ...failures])}\n${name}(input: ${input}): ${typeOf(call.output, records)};`;
  });
  const doc = `What a ${policy.typeName} may ask of the engine while it decides.`;
  return `${policyInterface}\n\n${docComment([doc])}\nexport interface ${callsName} {\n${indented(calls.join('\n\n'))}\n}`;
}

const returns = (codec: Codec): string[] => (codec.kind === 'nothing' ? [] : [`@returns ${fieldDoc(codec)}`]);

/** The name of a record's interface, after making sure that it is declared. */
function recordName(codec: RecordCodec, records: Map<string, string>): string {
  const known = records.get(codec.name);
  // Holds the record's place among the declarations while its parts are written.
  if (known === undefined) records.set(codec.name, '');
  const fields = Object.entries(codec.fields).map(([field, fieldCodec]) => {
    const mark = fieldCodec.kind === 'optional' ? '?' : '';
    return `${docComment([fieldDoc(fieldCodec)])}\nreadonly ${field}${mark}: ${typeOf(fieldCodec, records)};`;
  });
  const declaration = `${docComment([codec.doc])}\nexport interface ${codec.name} {\n${indented(fields.join('\n\n'))}\n}`;
  if (known !== undefined && known !== '' && known !== declaration) {
    throw new Error(
      `Two different records are called ${codec.name}: a learner's types need a name for each.`,
    );
  }
  records.set(codec.name, declaration);
  return codec.name;
}

function typeOf(codec: Codec, records: Map<string, string>): string {
  switch (codec.kind) {
    case 'int':
    case 'float':
    case 'id':
      return 'number';
    case 'flag':
      return 'boolean';
    case 'oneOf':
      return codec.values.map((value) => `'${value}'`).join(' | ');
    case 'text':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'optional':
      return `${typeOf(codec.of, records)} | undefined`;
    case 'list': {
      const item = typeOf(codec.of, records);
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`;
    }
    case 'record':
      return recordName(codec, records);
    case 'nothing':
      return 'void';
  }
}

/** The declaration's own words, and the bounds that its type cannot show. */
function fieldDoc(codec: Codec): string {
  const bounds = boundsOf(codec);
  return bounds === undefined ? codec.doc : `${codec.doc} ${bounds}`;
}

function boundsOf(codec: Codec): string | undefined {
  switch (codec.kind) {
    case 'int':
      return codec.max < unremarkable
        ? `A whole number from ${codec.min} to ${codec.max}.`
        : `A whole number, at least ${codec.min}.`;
    case 'float':
      return codec.max < unremarkable ? `From ${codec.min} to ${codec.max}.` : `At least ${codec.min}.`;
    case 'id':
      return `A whole number from 0 to ${codec.max}.`;
    case 'text':
      return `At most ${codec.maxBytes} bytes of UTF-8.`;
    case 'bytes':
      return `At most ${codec.maxBytes} bytes.`;
    case 'list':
      return `At most ${codec.max} items.`;
    case 'optional':
      return boundsOf(codec.of);
    case 'flag':
    case 'oneOf':
    case 'record':
    case 'nothing':
      return undefined;
  }
}

/** From here on a bound is a guard of the boundary, and tells a learner nothing. */
const unremarkable = 1e9;

function docComment(paragraphs: readonly string[]): string {
  const lines = paragraphs.flatMap((paragraph) => wrapped(paragraph.replaceAll('*/', '* /'), 96));
  return lines.length === 1
    ? `/** ${lines[0]!} */`
    : ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n');
}

function wrapped(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of paragraph.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const indented = (block: string): string => block.replaceAll(/^(?=.)/gm, '  ');

const orList = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' or ');

/** The types of every policy of every scenario: one work folder holds many tasks. */
export function typesOfAll(scenarios: ScenarioTable): string {
  const policies = Object.values(scenarios).flatMap((scenario) => Object.values(scenario.policies));
  return learnerTypes(Object.fromEntries(policies.map((policy) => [policy.typeName, policy])));
}
