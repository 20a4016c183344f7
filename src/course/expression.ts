import { Environment, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import { nearest, type ParameterSchema, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { Advice } from './model.ts';
import { replacing, suggest } from './problemList.ts';

/**
 * Expressions over a run in CEL, the Common Expression Language (github.com/google/cel-spec), reduced to arithmetic,
 * comparison, choice and six functions. No loops, lists or methods: an expression's cost is bounded by its length.
 *
 * All numbers are doubles, also `1` and a count: `(vms - 1) * sliceMs` and `1 / 2` mean what a person expects, where
 * plain CEL would refuse the first and give 0 for the second.
 */

/** The names that an expression may use. */
export interface ExpressionScope {
  readonly params: ParameterSchema;
  readonly metrics: Readonly<Record<string, unknown>>;
}

export interface ExpressionProblem {
  /** Character of the expression, from 0. */
  readonly offset: number;
  readonly message: string;
  readonly advice?: Advice;
}

export type CompileOutcome =
  | { readonly ok: true; readonly value: CompiledExpression }
  | { readonly ok: false; readonly error: ExpressionProblem };

export interface CompiledExpression {
  /** The metrics that it reads. */
  readonly metrics: ReadonlySet<string>;
  evaluate(
    params: Readonly<Record<string, ParameterValue>>,
    metrics: Readonly<Record<string, number>>,
  ): { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };
}

/** Half away from zero, as CEL's `math.round`. */
const roundAway = (x: number): number => (x < 0 ? -Math.round(-x) : Math.round(x));

const base = new Environment({
  limits: { maxAstNodes: 500, maxDepth: 40, maxCallArguments: 8 },
})
  .registerOperator('double % double', (a: number, b: number) => a % b)
  .registerFunction('ceil(double): double', Math.ceil)
  .registerFunction('floor(double): double', Math.floor)
  .registerFunction('round(double): double', roundAway)
  .registerFunction('abs(double): double', Math.abs);
for (const [name, pick] of [
  ['min', Math.min],
  ['max', Math.max],
] as const) {
  for (let count = 2; count <= 8; count++) {
    base.registerFunction(`${name}(${Array(count).fill('double').join(', ')}): double`, pick);
  }
}
/** What an expression may call. */
export const expressionFunctions = ['ceil', 'floor', 'round', 'abs', 'min', 'max'];

/** Checks names, types and size, so that evaluating can only fail by a result that is no number. */
export function compileExpression(text: string, scope: ExpressionScope): CompileOutcome {
  const environment = base.clone();
  for (const [name, parameter] of Object.entries(scope.params)) {
    environment.registerVariable(name, celTypes[parameter.kind]);
  }
  environment.registerVariable('metrics', 'map<string, double>');

  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (thrown) {
    return { ok: false, error: inPlainWords(thrown, text) };
  }
  const metrics = new Set<string>();
  const refused = prepare(parsed.ast, scope, metrics);
  if (refused !== undefined) return { ok: false, error: refused };
  const checked = parsed.check();
  if (!checked.valid) return { ok: false, error: inPlainWords(checked.error, text) };
  if (checked.type !== 'double') {
    return {
      ok: false,
      error: {
        offset: 0,
        message: `The expression gives ${typeWords[checked.type ?? ''] ?? checked.type}, but a number is expected.`,
      },
    };
  }
  return { ok: true, value: { metrics, evaluate: (params, values) => evaluate(parsed, params, values) } };
}

/** The number that an expression over parameters alone gives. Compiled anew each time: it is short. */
export function evaluateOnce(
  text: string,
  schema: ParameterSchema,
  params: Readonly<Record<string, ParameterValue>>,
): { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string } {
  const compiled = compileExpression(text, { params: schema, metrics: {} });
  return compiled.ok ? compiled.value.evaluate(params, {}) : { ok: false, error: compiled.error.message };
}

const celTypes = { count: 'double', quantity: 'double', choice: 'string', flag: 'bool' } as const;
const typeWords: Readonly<Record<string, string>> = {
  double: 'a number',
  string: 'a text',
  bool: 'true or false',
  'map<string, double>': 'all metrics together',
  map: 'all metrics together',
  uint: 'an unsigned number',
};

function evaluate(
  parsed: ParseResult,
  params: Readonly<Record<string, ParameterValue>>,
  metrics: Readonly<Record<string, number>>,
): { ok: true; value: number } | { ok: false; error: string } {
  try {
    const value: unknown = parsed({ ...params, metrics });
    if (typeof value === 'number' && Number.isFinite(value))
      return { ok: true, value: value === 0 ? 0 : value };
    return { ok: false, error: 'The expression gives no finite number here; does it divide by zero?' };
  } catch (thrown) {
    return { ok: false, error: thrown instanceof Error ? summaryOf(thrown) : String(thrown) };
  }
}

/**
 * Makes whole-number literals doubles, collects metrics, and refuses everything outside the reduced language.
 * Literals are replaced in the parsed tree, before the library has given it types, because CEL has no mode without
 * integers and a rewritten text would move every column.
 */
function prepare(node: ASTNode, scope: ExpressionScope, metrics: Set<string>): ExpressionProblem | undefined {
  const each = (nodes: readonly ASTNode[]): ExpressionProblem | undefined => {
    for (const inner of nodes) {
      const refused = prepare(inner, scope, metrics);
      if (refused !== undefined) return refused;
    }
    return undefined;
  };
  switch (node.op) {
    case 'value':
      if (typeof node.args === 'bigint') (node as { args: unknown }).args = Number(node.args);
      return undefined;
    case 'id':
      if (node.args === 'metrics' || Object.hasOwn(scope.params, node.args)) return undefined;
      return unknownName(node.start, node.args, scope);
    case '.': {
      const [from, name] = node.args;
      if (from.op !== 'id' || from.args !== 'metrics') {
        return { offset: node.pos, message: 'Only metrics has parts: metrics.<name>.' };
      }
      if (Object.hasOwn(scope.metrics, name)) {
        metrics.add(name);
        return undefined;
      }
      const known = Object.keys(scope.metrics);
      return problem(node.pos, `There is no metric ${name}.`, suggest(name, nearest(name, known), known));
    }
    case 'call': {
      const [name, given] = node.args;
      if (expressionFunctions.includes(name)) return each(given);
      return problem(
        node.start,
        `There is no function ${name}.`,
        suggest(name, nearest(name, expressionFunctions), expressionFunctions),
      );
    }
    case '!_':
    case '-_':
      return each([node.args]);
    case '?:':
      return each(node.args);
    case '||':
    case '&&':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return each(node.args);
    default:
      return problem(
        node.start,
        'Lists, maps and methods are not part of these expressions.',
        `Use arithmetic, comparisons, a ? b : c, and ${expressionFunctions.join(', ')}.`,
      );
  }
}

function unknownName(offset: number, name: string, scope: ExpressionScope): ExpressionProblem {
  const parameters = Object.keys(scope.params);
  if (Object.hasOwn(scope.metrics, name)) {
    return problem(
      offset,
      `There is no parameter ${name}.`,
      replacing(name, `metrics.${name}`, `The metric is metrics.${name}.`),
    );
  }
  return problem(
    offset,
    `There is no parameter ${name}.`,
    suggest(name, nearest(name, parameters), parameters),
  );
}

const problem = (offset: number, message: string, advice: Advice | undefined): ExpressionProblem => ({
  offset,
  message,
  ...(advice === undefined ? {} : { advice }),
});

const tokenWords: Readonly<Record<string, string>> = {
  EOF: 'the end',
  NUMBER: 'a number',
  STRING: 'a text',
  IDENTIFIER: 'a name',
  PLUS: '+',
  MINUS: '-',
  MULTIPLY: '*',
  DIVIDE: '/',
  MODULO: '%',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  DOT: '.',
  COMMA: ',',
  COLON: ':',
  QUESTION: '?',
};

function inPlainWords(thrown: unknown, text: string): ExpressionProblem {
  const error = thrown as { readonly code?: string; readonly range?: { readonly start: number } };
  const offset = Math.min(error.range?.start ?? 0, text.length);
  const summary = summaryOf(thrown).replace(/\b[A-Z]{2,}\b/g, (word) => tokenWords[word] ?? word);
  if (error.code === 'limit_exceeded')
    return { offset, message: 'The expression is too long or too deeply nested.' };
  if (error.code === 'unexpected_character' && text[offset] === '=') {
    return { offset, message: 'A single = compares nothing.', advice: replacing('=', '==') };
  }
  if (error.code === 'unexpected_token' && offset >= text.length) {
    return { offset, message: 'The expression ends too early.' };
  }
  const overload = /^(?:no such overload|found no matching overload for): (.+)$/.exec(
    summary.replace(/for '(.*)'$/, 'for: $1'),
  );
  if (overload !== null) {
    const seen = overload[1]!.replace(
      /map<string, double>|double|string|bool|uint/g,
      (type) => typeWords[type] ?? type,
    );
    return { offset, message: `This does not fit together: ${seen}.` };
  }
  return { offset, message: `${summary.replace(/[.]$/, '')}.` };
}

const summaryOf = (thrown: unknown): string =>
  (thrown as { readonly summary?: string }).summary ??
  (thrown instanceof Error ? thrown.message : String(thrown));
