import { plainMinus } from '../engine/kernel/parameters.ts';

/** The exit codes of every command. */
export const exitCode = {
  /** What was asked for holds, or was done. */
  holds: 0,
  /** It was judged, and does not hold. */
  doesNotHold: 1,
  /** Bad usage, bad input, or work that cannot be graded. */
  unusable: 2,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The world as a command sees it. Results go to `out` alone; progress and errors go to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cwd: string;
  /** Whether a person watches `err`, so that a progress bar makes sense. */
  readonly interactive: boolean;
  /** Shows a line where a person watches, in place of the one before; an empty one takes it away. */
  readonly status: (line: string) => void;
}

export interface Command {
  readonly name: string;
  /** What follows the name: `<scenario> [--set name=value]…`. */
  readonly usage: string;
  readonly summary: string;
  /** How many operands it takes at most: a scenario, a file. */
  readonly operands: number;
  readonly options: Readonly<Record<string, Option>>;
  readonly run: (args: CommandArguments, terminal: Terminal) => Promise<ExitCode>;
}

/** An option that takes a value. */
export interface Option {
  /** A line of help. */
  readonly doc: string;
  /** Its value when it is given without one. */
  readonly bare?: string;
  /** Whether it may be given several times. */
  readonly multiple?: true;
}

export interface CommandArguments {
  readonly operands: readonly string[];
  /** By option; a list for one that may be given several times. */
  readonly values: Readonly<Record<string, string | readonly string[]>>;
}

/** Something a person at the command line can mend: what was seen, what was expected, a next step. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option's text; undefined when it was not given. */
export function textOption(args: CommandArguments, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** An option that may be given several times. */
export function textOptions(args: CommandArguments, name: string): readonly string[] {
  const value = args.values[name] ?? [];
  return typeof value === 'string' ? [value] : value;
}

/** `--format` among the formats that a command knows. */
export function formatOption<F extends string>(args: CommandArguments, formats: readonly [F, ...F[]]): F {
  const given = textOption(args, 'format') ?? formats[0];
  const format = formats.find((each) => each === given);
  if (format === undefined) {
    throw new UsageError(`--format is "${given}", but must be one of: ${formats.join(', ')}.`);
  }
  return format;
}

/** `--jobs`: how many processors to use, by default all. */
export function jobsOption(args: CommandArguments, processors: number): number {
  const given = textOption(args, 'jobs');
  if (given === undefined) return processors;
  if (!/^[1-9]\d{0,2}$/.test(given.trim())) {
    throw new UsageError(`--jobs is "${given}", but must be a whole number from 1 to 999.`);
  }
  return Number(given);
}

/** `--seed`, or another option for one: a whole number within ±2^53, or undefined when it was not given. */
export function seedOption(args: CommandArguments, name = 'seed'): number | undefined {
  const given = textOption(args, name);
  if (given === undefined) return undefined;
  const text = plainMinus(given.trim());
  const seed = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    const { MIN_SAFE_INTEGER: least, MAX_SAFE_INTEGER: most } = Number;
    throw new UsageError(`--${name} is "${given}", but must be a whole number from ${least} to ${most}.`);
  }
  return seed;
}
