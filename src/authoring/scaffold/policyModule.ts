import type { Codec, RecordCodec } from '../../engine/kernel/codec.ts';
import type { DecisionDefinition, PolicyDefinition, PolicyTable } from '../../engine/kernel/policy.ts';
import { wrap } from '../wrap.ts';

const width = 100;
/** A statement may be a little longer. */
const statementWidth = 110;

/**
 * A module that exports the policies with every decision, documented, each with the least answer that it may give: it
 * compiles, loads and runs, and does as good as nothing.
 * @param remarks lines of comment above the policies
 */
export function policyModule(policies: PolicyTable, remarks: readonly string[]): string {
  const types = Object.values(policies).map((policy) => policy.typeName);
  const parts = [
    `import type { ${types.join(', ')} } from 'trapframe';`,
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `// ${remark}`).join('\n')]),
    ...Object.values(policies).map(policyObject),
  ];
  return `${parts.join('\n\n')}\n`;
}

function policyObject(policy: PolicyDefinition): string {
  const calls = Object.entries(policy.calls).map(([name, call]) => `calls.${name}: ${call.doc}`);
  const decisions = Object.entries(policy.decisions).map(([name, decision]) =>
    method(name, decision, calls.length > 0),
  );
  return [
    ...comment([policy.doc, ...(calls.length === 0 ? [] : ['While it decides it may ask:', ...calls])], ''),
    `export const ${policy.id}: ${policy.typeName} = {`,
    decisions.join('\n\n'),
    '};',
  ].join('\n');
}

function method(name: string, decision: DecisionDefinition, mayCall: boolean): string {
  const fields = Object.keys(decision.input.fields).map((field) => `input.${field}`);
  const doc = [decision.doc, ...(fields.length === 0 ? [] : [`Given: ${fields.join(', ')}.`])];
  const answer = leastLiteral(decision.output);
  const body = answer === undefined ? [] : returning(answer);
  const parameters = mayCall ? 'input, calls' : 'input';
  return [
    ...comment(doc, '  '),
    ...(body.length === 0
      ? [`  ${name}(${parameters}) {},`]
      : [`  ${name}(${parameters}) {`, ...body, '  },']),
  ].join('\n');
}

const comment = (paragraphs: readonly string[], indent: string): readonly string[] =>
  paragraphs.map((paragraph) => wrap(paragraph, width, `${indent}// `));

/** The statement that returns a value, a field on each line where one line is too short. */
function returning(answer: string): readonly string[] {
  const line = `    return ${answer};`;
  if (line.length <= statementWidth || !answer.startsWith('{ ')) return [line];
  const fields = answer.slice(2, -2).split(/, (?![^{]*\})/);
  return ['    return {', ...fields.map((field) => `      ${field},`), '    };'];
}

/** The simplest value that a codec allows, as TypeScript; undefined for the codec of nothing. */
function leastLiteral(codec: Codec): string | undefined {
  switch (codec.kind) {
    case 'int':
    case 'float':
      return String(Math.min(Math.max(0, codec.min), codec.max));
    case 'id':
      return '0';
    case 'flag':
      return 'false';
    case 'oneOf':
      return `'${codec.values[0]!}'`;
    case 'text':
      return "''";
    case 'bytes':
      return 'new Uint8Array()';
    case 'optional':
      return 'undefined';
    case 'list':
      return '[]';
    case 'record':
      return recordLiteral(codec);
    case 'nothing':
      return undefined;
  }
}

function recordLiteral(codec: RecordCodec): string {
  const fields = Object.entries(codec.fields).map(([name, field]) => `${name}: ${leastLiteral(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
