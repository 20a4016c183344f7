/**
 * Typed parameters with units: from one schema come command-line flags, the controls of a figure,
 * validation messages and the reference page. The unit stands in the parameter's name (`sliceMs`).
 */

export type Unit = 'ns' | 'us' | 'ms' | 's' | 'percent' | 'bytes' | 'KiB' | 'MiB' | 'none';

interface Common<T> {
  /** One or two sentences: meaning, and what its ends mean. */
  readonly doc: string;
  /** Short text beside a control. */
  readonly label: string;
  /** The value when none is given; it may depend on the parameters declared before it. */
  readonly default: T | ((earlier: Readonly<Record<string, ParameterValue>>) => T);
  /** The value in words, inside a list of the case: `4 VMs`. Without it the label and value are used. */
  say?(value: T): string;
}

export interface CountParameter extends Common<number> {
  readonly kind: 'count';
  readonly min: number;
  readonly max: number;
  readonly unit: 'none';
}

/** A span of time, a share or a size: a number in `unit`, finite, within [min, max]. */
export interface QuantityParameter extends Common<number> {
  readonly kind: 'quantity';
  readonly unit: Exclude<Unit, 'none'>;
  readonly min: number;
  readonly max: number;
  /** Step of a slider. */
  readonly step: number;
}

export interface ChoiceParameter<V extends string = string> extends Common<V> {
  readonly kind: 'choice';
  readonly unit: 'none';
  /** Each value with what it means. */
  readonly values: Readonly<Record<V, string>>;
}

export interface FlagParameter extends Common<boolean> {
  readonly kind: 'flag';
  readonly unit: 'none';
}

export type Parameter = CountParameter | QuantityParameter | ChoiceParameter | FlagParameter;
export type ParameterValue = number | string | boolean;
export interface ParameterSchema {
  readonly [name: string]: Parameter;
}

/** The TypeScript type of a schema's values. */
export type ParametersOf<S> = {
  readonly [K in keyof S]: S[K] extends ChoiceParameter<infer V>
    ? V
    : S[K] extends FlagParameter
      ? boolean
      : number;
};

export type ParameterInput = Readonly<Record<string, ParameterValue>>;

export const count = (p: Omit<CountParameter, 'kind' | 'unit'>): CountParameter => ({
  kind: 'count',
  unit: 'none',
  ...p,
});
export const quantity = (
  unit: QuantityParameter['unit'],
  p: Omit<QuantityParameter, 'kind' | 'unit'>,
): QuantityParameter => ({ kind: 'quantity', unit, ...p });
export const choice = <const V extends string>(
  p: Omit<ChoiceParameter<V>, 'kind' | 'unit' | 'default'> & { readonly default: NoInfer<V> },
): ChoiceParameter<V> => ({ kind: 'choice', unit: 'none', ...p });
export const flagParameter = (p: Omit<FlagParameter, 'kind' | 'unit'>): FlagParameter => ({
  kind: 'flag',
  unit: 'none',
  ...p,
});

/** What is wrong with one given parameter, in a sentence with a next step. */
export interface ParameterProblem {
  readonly name: string;
  readonly message: string;
}

export type ResolvedParameters<S extends ParameterSchema> =
  | { readonly ok: true; readonly value: ParametersOf<S> }
  | { readonly ok: false; readonly problems: readonly ParameterProblem[] };

/** Fills in defaults and validates. Keys come out in the schema's order, so equal inputs give equal bytes. */
export function resolveParameters<S extends ParameterSchema>(
  schema: S,
  given: ParameterInput,
): ResolvedParameters<S> {
  const problems: ParameterProblem[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema, name))
      problems.push({ name, message: unknownName(name, Object.keys(schema)) });
  }
  const value: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(schema)) {
    const seen = Object.hasOwn(given, name) ? given[name]! : defaultOf(parameter, value);
    const message = problemWith(name, parameter, seen);
    if (message !== undefined) problems.push({ name, message });
    value[name] = seen;
  }
  return problems.length === 0 ? { ok: true, value: value as ParametersOf<S> } : { ok: false, problems };
}

export function defaultOf(
  parameter: Parameter,
  earlier: Readonly<Record<string, ParameterValue>>,
): ParameterValue {
  return typeof parameter.default === 'function' ? parameter.default(earlier) : parameter.default;
}

/** Reads a parameter from text, as typed on a command line. `30`, `30ms` and `0.03s` are all a `sliceMs` of 30. */
export function parseParameter(
  name: string,
  parameter: Parameter,
  textValue: string,
): { readonly ok: true; readonly value: ParameterValue } | { readonly ok: false; readonly message: string } {
  const value = readText(parameter, textValue.trim());
  const message = problemWith(name, parameter, value);
  return message === undefined ? { ok: true, value } : { ok: false, message };
}

const nsPerTimeUnit: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 };

function readText(parameter: Parameter, textValue: string): ParameterValue {
  switch (parameter.kind) {
    case 'count':
      return /^[+-]?\d[\d_]*$/.test(textValue) ? Number(textValue.replaceAll('_', '')) : textValue;
    case 'quantity': {
      const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-zµ%]*)$/i.exec(textValue);
      if (match === null) return textValue;
      const number = Number(match[1]);
      const unit = match[2]!;
      if (unit === '' || unit === parameter.unit || (unit === '%' && parameter.unit === 'percent'))
        return number;
      const from = nsPerTimeUnit[unit];
      const to = nsPerTimeUnit[parameter.unit];
      if (from === undefined || to === undefined) return textValue;
      return from >= to ? number * (from / to) : number / (to / from);
    }
    case 'choice':
      return textValue;
    case 'flag':
      return textValue === 'true' ? true : textValue === 'false' ? false : textValue;
  }
}

function problemWith(name: string, parameter: Parameter, seen: ParameterValue): string | undefined {
  const shown = typeof seen === 'string' ? `"${seen}"` : String(seen);
  switch (parameter.kind) {
    case 'count':
      if (
        typeof seen === 'number' &&
        Number.isInteger(seen) &&
        seen >= parameter.min &&
        seen <= parameter.max
      )
        return undefined;
      return `${name} is ${shown}, but must be a whole number from ${parameter.min} to ${parameter.max}.`;
    case 'quantity':
      if (typeof seen === 'number' && seen >= parameter.min && seen <= parameter.max) return undefined;
      return `${name} is ${shown}, but must be a number of ${unitWord(parameter.unit)} from ${parameter.min} to ${parameter.max}.`;
    case 'choice':
      if (typeof seen === 'string' && Object.hasOwn(parameter.values, seen)) return undefined;
      return `${name} is ${shown}, but must be one of: ${Object.keys(parameter.values).join(', ')}.`;
    case 'flag':
      return typeof seen === 'boolean' ? undefined : `${name} is ${shown}, but must be true or false.`;
  }
}

const unitWords: Readonly<Record<Unit, string>> = {
  ns: 'nanoseconds',
  us: 'microseconds',
  ms: 'milliseconds',
  s: 'seconds',
  percent: 'percent',
  bytes: 'bytes',
  KiB: 'KiB',
  MiB: 'MiB',
  none: 'units',
};
export const unitWord = (unit: Unit): string => unitWords[unit];

function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `Parameters: ${known.join(', ')}.` : `Did you mean ${near}?`;
  return `There is no parameter ${name}. ${hint}`;
}

/** The candidate that a mistyped name most likely means, or undefined when none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
