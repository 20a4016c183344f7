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
  /** The value in words, inside a list of the case: `4 VMs`; empty for what need not be said. Without it the label and value are used. */
  say?(value: T): string;
}

export interface CountParameter extends Common<number> {
  readonly kind: 'count';
  readonly min: number;
  readonly max: number;
  readonly unit: 'none';
}

/** A span of time, a share, a size or a plain ratio: a number in `unit`, within [min, max]. */
export interface QuantityParameter extends Common<number> {
  readonly kind: 'quantity';
  readonly unit: Unit;
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
    const isGiven = Object.hasOwn(given, name);
    const seen = isGiven ? given[name]! : defaultOf(parameter, value);
    const message = problemWith(name, parameter, seen);
    // A default that follows from a wrong value is not a second mistake.
    if (message !== undefined && (isGiven || problems.length === 0)) problems.push({ name, message });
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
  const typed = textValue.trim();
  const value = readText(parameter, typed);
  const message = problemWith(name, parameter, value, typed);
  return message === undefined ? { ok: true, value } : { ok: false, message };
}

/** Powers of ten of a nanosecond. The micro sign has two code points. */
const timeExponents: ReadonlyMap<string, number> = new Map([
  ['ns', 0],
  ['us', 3],
  ['\u00b5s', 3],
  ['\u03bcs', 3],
  ['ms', 6],
  ['s', 9],
]);

function readText(parameter: Parameter, typed: string): ParameterValue {
  switch (parameter.kind) {
    case 'count':
      return /^[+-]?\d+(_\d+)*$/.test(plainMinus(typed))
        ? Number(plainMinus(typed).replaceAll('_', ''))
        : typed;
    case 'quantity':
      return readQuantity(parameter.unit, plainMinus(typed)) ?? typed;
    case 'choice':
      return typed;
    case 'flag':
      return typed === 'true' ? true : typed === 'false' ? false : typed;
  }
}

/** Word processors and web pages turn a typed minus into U+2212. */
export const plainMinus = (typed: string): string => typed.replaceAll('\u2212', '-');

function readQuantity(unit: QuantityParameter['unit'], typed: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:e([+-]?\d+))?\s*([a-z\u00b5\u03bc%]*)$/i.exec(typed);
  if (match === null) return undefined;
  const [, digits, exponent = '0', suffix] = match;
  // Moving the decimal point in the text is exact where a multiplication rounds: 0.07s is 70 ms and not 70.00000000000001.
  const moved = (places: number): number => Number(`${digits}e${Number(exponent) + places}`);
  if (suffix === '' || suffix === unit || (suffix === '%' && unit === 'percent')) return moved(0);
  const from = timeExponents.get(suffix!);
  const to = timeExponents.get(unit);
  return from === undefined || to === undefined ? undefined : moved(from - to);
}

/** The sentence that refuses a value; undefined when it is allowed. @param typed the text that it was read from */
function problemWith(
  name: string,
  parameter: Parameter,
  seen: ParameterValue,
  typed?: string,
): string | undefined {
  const expected = expectation(parameter, seen);
  if (expected === undefined) return undefined;
  const sentence = `${name} is ${shown(seen, typed)}, but must be ${expected}`;
  return sentence.endsWith('?') ? sentence : `${sentence}.`;
}

function shown(seen: ParameterValue, typed: string | undefined): string {
  if (typeof seen === 'string') return `"${seen}"`;
  if (typed === undefined || typed === String(seen)) return String(seen);
  return Number.isFinite(seen) ? `"${typed}" (${seen})` : `"${typed}"`;
}

/** What the parameter must be; undefined when `seen` is that. */
function expectation(parameter: Parameter, seen: ParameterValue): string | undefined {
  switch (parameter.kind) {
    case 'count': {
      const { min, max } = parameter;
      const allowed = typeof seen === 'number' && Number.isInteger(seen) && seen >= min && seen <= max;
      return allowed ? undefined : `a whole number from ${min} to ${max}`;
    }
    case 'quantity': {
      const { min, max, unit } = parameter;
      if (typeof seen === 'number' && seen >= min && seen <= max) return undefined;
      const number =
        unit === 'percent' ? 'a percentage' : unit === 'none' ? 'a number' : `a number of ${unitWord(unit)}`;
      return min === -Infinity && max === Infinity ? number : `${number} from ${min} to ${max}`;
    }
    case 'choice': {
      const allowed = typeof seen === 'string' && Object.hasOwn(parameter.values, seen);
      if (allowed) return undefined;
      const values = Object.keys(parameter.values);
      const near = typeof seen === 'string' ? nearest(seen, values) : undefined;
      return `one of: ${values.join(', ')}${near === undefined ? '' : `. Did you mean ${near}?`}`;
    }
    case 'flag':
      return typeof seen === 'boolean' ? undefined : 'true or false';
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

const unitSymbols: Partial<Record<Unit, string>> = { us: 'µs', percent: '%', none: '' };
/** The unit as it stands behind a number: `30 ms`. Empty for a plain number. */
export const unitSymbol = (unit: Unit): string => unitSymbols[unit] ?? unit;

function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? `Parameters: ${known.join(', ')}.` : `Did you mean ${near}?`;
  return `There is no parameter ${name}. ${hint}`;
}

/**
 * The candidate that a mistyped name most likely means: the one that few edits away, else the only one that contains it
 * (`round-robin` for `scheduling.round-robin`). Undefined when there is none.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const typed = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(typed, candidate.toLowerCase());
    // A short word is a few edits away from anything.
    if (distance < bestDistance && distance < Math.max(typed.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== undefined || typed.length < 3) return best;
  const containing = candidates.filter((candidate) => candidate.toLowerCase().includes(typed));
  return containing.length === 1 ? containing[0] : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(last[j]! + 1, row[j - 1]! + 1, replaced, swapped ? beforeLast[j - 2]! + 1 : Infinity),
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
