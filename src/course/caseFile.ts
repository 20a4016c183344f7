import { nearest, type ParameterValue } from '../engine/kernel/parameters.ts';

/** One run of a scenario that can be repeated anywhere: the file `<name>.case.json`. */
export interface CaseFile {
  readonly format: 1;
  /** Id of a scenario. */
  readonly scenario: string;
  /** The parameters that differ from the scenario's defaults. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  /** Root of the run's random streams, a whole number within ±2^53. */
  readonly seed: number;
  /** Seed of a random order of simultaneous events; absent for the usual one. */
  readonly ties?: number;
}

export const caseFileEnding = '.case.json';

/**
 * The name of a check's failing case beside a submission: `scheduler.rotates.case.json`.
 * @param submission the name of the submission's file
 * @param attempt from 1; the next ones are for when the name before holds another case
 */
export const caseFileName = (submission: string, checkId: string, attempt: number): string =>
  `${submission.replace(/\.[^.]+$/, '')}.${checkId}${attempt === 1 ? '' : `-${attempt}`}${caseFileEnding}`;

export type CaseFileRead =
  | { readonly ok: true; readonly value: CaseFile }
  /** What was seen, what was expected, and a next step: a sentence that follows the file's name. */
  | { readonly ok: false; readonly problem: string };

const keys = ['format', 'scenario', 'params', 'seed', 'ties'] as const;
const example = '{ "format": 1, "scenario": "scheduling.host", "params": { "vms": 2 }, "seed": 1 }';

/** Reads a case file. Whether its scenario and parameters exist, the scenario table knows. */
export function parseCaseFile(text: string): CaseFileRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return bad(`is not JSON: ${(error as Error).message}. A case file looks like this: ${example}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return bad(`is not a JSON object. A case file looks like this: ${example}`);
  }
  const { format, scenario, params = {}, seed = 1, ties } = value as Record<string, unknown>;
  if (typeof format === 'number' && Number.isInteger(format) && format > 1) {
    return bad(`has format ${format}, which a newer Trapframe wrote. Update Trapframe.`);
  }
  const unknown = Object.keys(value).find((key) => !keys.some((known) => known === key));
  if (unknown !== undefined) {
    const near = nearest(
      unknown,
      keys.filter((key) => !Object.hasOwn(value, key)),
    );
    const next = near === undefined ? `It may have: ${keys.join(', ')}.` : `Did you mean "${near}"?`;
    return bad(`has an unknown member "${unknown}". ${next}`);
  }
  if (format !== 1) {
    return bad(
      format === undefined
        ? 'does not say its format. Add "format": 1.'
        : `has the format ${JSON.stringify(format)}. Write "format": 1.`,
    );
  }
  if (typeof scenario !== 'string' || scenario === '') {
    return bad('names no scenario. Add "scenario" with one that `trapframe scenarios` lists.');
  }
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    return bad(
      'has "params" that are not an object. Write them by name, as in "params": { "vms": 2 }, or leave them out.',
    );
  }
  for (const [name, given] of Object.entries(params)) {
    if (!isParameterValue(given)) {
      return bad(
        `gives the parameter ${name} as ${JSON.stringify(given)}. It must be a number, a text, or true or false.`,
      );
    }
  }
  if (!Number.isSafeInteger(seed)) {
    return bad(`has the seed ${JSON.stringify(seed)}. It must be a whole number within ±2^53.`);
  }
  if (ties !== undefined && !Number.isSafeInteger(ties)) {
    return bad(
      `has the ties ${JSON.stringify(ties)}. They must be a whole number within ±2^53, or be left out.`,
    );
  }
  return {
    ok: true,
    value: {
      format,
      scenario,
      params: params as Readonly<Record<string, ParameterValue>>,
      seed: seed as number,
      ...(ties === undefined ? {} : { ties: ties as number }),
    },
  };
}

const bad = (problem: string): CaseFileRead => ({ ok: false, problem });

const isParameterValue = (value: unknown): value is ParameterValue =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';

/** Equal cases give equal bytes: parameters stand in the order in which they are given. */
export const serializeCaseFile = ({ format, scenario, params, seed, ties }: CaseFile): string =>
  `${JSON.stringify({ format, scenario, params, seed, ties }, undefined, 2)}\n`;
