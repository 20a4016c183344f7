import {
  nearest,
  resolveParameters,
  type ParameterSchema,
  type ParameterValue,
} from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { compileExpression, type ExpressionScope } from './expression.ts';
import type { CheckArguments, Expression, Variation, Vary } from './model.ts';
import { replacing, suggest, type ProblemList } from './problemList.ts';
import type { VaryInput } from './schemas.ts';
import { textReferences, withoutCode } from './textValues.ts';
import { endsOf, scenarioOf, type ScenarioTable } from './variants.ts';
import type { YamlPath, YamlSource } from './yamlSource.ts';

/** Resolves what YAML names in a scenario; every name or value that does not exist becomes a problem at its place. */
export class ReferenceReader {
  readonly source: YamlSource;
  readonly problems: ProblemList;
  readonly #scenarios: ScenarioTable;

  constructor(source: YamlSource, problems: ProblemList, scenarios: ScenarioTable) {
    this.source = source;
    this.problems = problems;
    this.#scenarios = scenarios;
  }

  scenario(path: YamlPath, id: string): Scenario | undefined {
    const scenario = scenarioOf(this.#scenarios, id);
    if (scenario === undefined) {
      const known = Object.keys(this.#scenarios);
      this.#unknown(path, `There is no scenario ${id}.`, id, known);
    }
    return scenario;
  }

  /** Reports entries of a list that are not among the known names. */
  names(path: YamlPath, names: readonly string[], known: readonly string[], what: string): void {
    names.forEach((name, index) => {
      if (!known.includes(name)) this.#unknown([...path, index], `There is no ${what} ${name}.`, name, known);
    });
  }

  name(path: YamlPath, name: string, known: readonly string[], what: string): boolean {
    if (known.includes(name)) return true;
    this.#unknown(path, `There is no ${what} ${name}.`, name, known);
    return false;
  }

  /** Values for a schema of parameters: of a scenario, or arguments of a check. */
  values(
    path: YamlPath,
    given: Readonly<Record<string, ParameterValue>>,
    schema: ParameterSchema,
    what: string,
  ): void {
    const known: Record<string, ParameterValue> = {};
    for (const [name, value] of Object.entries(given)) {
      if (this.#key([...path, name], name, schema, what)) known[name] = value;
    }
    const resolved = resolveParameters(schema, known);
    if (resolved.ok) return;
    for (const { name, message } of resolved.problems) {
      this.problems.error(
        this.source.positionOf(Object.hasOwn(known, name) ? [...path, name] : path),
        message,
      );
    }
  }

  /** Arguments of a check: a text where a number belongs is an expression over the scenario's parameters. */
  checkArguments(
    path: YamlPath,
    given: Readonly<Record<string, ParameterValue>>,
    schema: ParameterSchema,
    scenario: Scenario,
  ): CheckArguments {
    const isExpression = (name: string, value: ParameterValue): value is string =>
      typeof value === 'string' &&
      Object.hasOwn(schema, name) &&
      (schema[name]!.kind === 'quantity' || schema[name]!.kind === 'count');
    const entries = Object.entries(given);
    this.values(
      path,
      Object.fromEntries(entries.filter(([name, value]) => !isExpression(name, value))),
      schema,
      'argument',
    );
    const scope = { params: scenario.params, metrics: {} };
    return Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        isExpression(name, value) ? this.expression([...path, name], value, scope) : value,
      ]),
    );
  }

  vary(
    path: YamlPath,
    input: VaryInput,
    set: Readonly<Record<string, ParameterValue>>,
    schema: ParameterSchema,
  ): Vary {
    const vary: Record<string, Variation> = {};
    for (const [name, given] of Object.entries(input)) {
      const at = [...path, name];
      if (!this.#key(at, name, schema, 'parameter')) continue;
      const variation = this.#variation(at, given);
      if (variation === undefined) continue;
      vary[name] = variation;
      this.#checkEnds(at, name, variation, set, schema);
    }
    return vary;
  }

  expression(path: YamlPath, text: string | number, scope: ExpressionScope): Expression {
    const expression: Expression = { text: String(text), at: this.source.positionIn(path, 0) };
    const compiled = compileExpression(expression.text, scope);
    if (!compiled.ok) {
      const { offset, message, advice } = compiled.error;
      this.problems.error(this.source.positionIn(path, offset), message, advice);
    }
    return expression;
  }

  /** Reports `{name}` of a text that stands for nothing. */
  text(path: YamlPath, text: string | undefined, names: readonly string[]): void {
    if (text === undefined) return;
    for (const { name, offset } of textReferences(text)) {
      if (names.includes(name)) continue;
      const near = nearest(name, names);
      this.problems.error(
        this.source.positionIn(path, offset),
        `There is no value {${name}}.`,
        near === undefined
          ? 'Write {{ for a brace that stands for itself.'
          : replacing(`{${name}}`, `{${near}}`, `Did you mean {${near}}?`),
      );
    }
  }

  /**
   * Warns of `{name}` in a text that stays as it is written: a task's, or one of an exercise without a run.
   * @param parameters names that stand for a value even in code, where other braces are meant
   */
  unfilled(path: YamlPath, text: string | undefined, parameters: readonly string[] = []): void {
    if (text === undefined) return;
    const prose = withoutCode(text);
    for (const { name, offset } of textReferences(text)) {
      const isParameter = parameters.includes(name);
      if (!isParameter && prose[offset] !== '{') continue;
      this.problems.warning(
        this.source.positionIn(path, offset),
        `Learners read {${name}} as it stands: no values are filled in here.`,
        isParameter
          ? 'Say it in words; a failed check shows the values of its case.'
          : 'Say it in words, or put braces that are meant in backticks.',
      );
    }
  }

  #variation(at: YamlPath, given: VaryInput[string]): Variation | undefined {
    if ((given.int === undefined) === (given.choose === undefined)) {
      this.problems.error(
        this.source.positionOf(at),
        'A variation has exactly one of int and choose.',
        'Write { int: [2, 8] } or { choose: [1, 5, 10] }.',
      );
      return undefined;
    }
    if (given.choose !== undefined) return { kind: 'choose', from: given.choose };
    const [from, to] = given.int!;
    if (from > to) {
      this.problems.error(
        this.source.positionOf([...at, 'int']),
        `The range from ${from} to ${to} is empty.`,
        replacing(`${from}, ${to}`, `${to}, ${from}`, `Write [${to}, ${from}].`),
      );
      return undefined;
    }
    return { kind: 'int', from, to };
  }

  #checkEnds(
    at: YamlPath,
    name: string,
    variation: Variation,
    set: Readonly<Record<string, ParameterValue>>,
    schema: ParameterSchema,
  ): void {
    const others = Object.fromEntries(Object.entries(set).filter(([key]) => Object.hasOwn(schema, key)));
    endsOf(variation).forEach((value, index) => {
      const resolved = resolveParameters(schema, { ...others, [name]: value });
      const problem = resolved.ok
        ? undefined
        : resolved.problems.find((candidate) => candidate.name === name);
      if (problem !== undefined)
        this.problems.error(this.source.positionOf([...at, variation.kind, index]), problem.message);
    });
  }

  #key(path: YamlPath, name: string, schema: ParameterSchema, what: string): boolean {
    if (Object.hasOwn(schema, name)) return true;
    const known = Object.keys(schema);
    this.problems.error(
      this.source.positionOfKey(path),
      `There is no ${what} ${name}.`,
      suggest(name, nearest(name, known), known),
    );
    return false;
  }

  #unknown(path: YamlPath, message: string, name: string, known: readonly string[]): void {
    this.problems.error(this.source.positionOf(path), message, suggest(name, nearest(name, known), known));
  }
}
