/** `trapframe.json`, which makes a folder a work folder. */
export interface WorkSettings {
  readonly format: 1;
  /** Id of the pack that the folder's tasks belong to. */
  readonly pack: string;
  readonly learner: string;
  /** Root of the seeds of this learner's exercises: an integer in [0, 2^32). */
  readonly seed: number;
}

export const workSettingsFile = 'trapframe.json';
export const answersFile = 'answers.json';

export type WorkSettingsRead =
  | { readonly ok: true; readonly value: WorkSettings }
  /** What was seen, what was expected, and a next step. */
  | { readonly ok: false; readonly problem: string };

export function parseWorkSettings(text: string): WorkSettingsRead {
  const bad = (seen: string, next: string): WorkSettingsRead => ({
    ok: false,
    problem: `trapframe.json ${seen}. ${next}`,
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad(
      `is not JSON: ${(error as Error).message}`,
      'Correct it, or delete it and choose the folder again.',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return bad('is not a JSON object', 'It needs the members format, pack, learner and seed.');
  }
  const { format, pack, learner, seed } = value as Record<string, unknown>;
  if (format !== 1) {
    return typeof format === 'number' && format > 1
      ? bad(`has format ${format}, which a newer Trapframe wrote`, 'Update Trapframe.')
      : bad(`has the format ${JSON.stringify(format)}, but must have "format": 1`, 'Correct it.');
  }
  if (typeof pack !== 'string' || pack === '') return bad('names no pack', 'Add "pack": "trapframe".');
  if (typeof learner !== 'string' || learner === '') {
    return bad(
      'names no learner',
      'Add "learner" with the name or id that your instructor gave you, or any word.',
    );
  }
  if (!Number.isInteger(seed) || (seed as number) < 0 || (seed as number) >= 2 ** 32) {
    return bad(
      `has the seed ${JSON.stringify(seed)}`,
      'It must be a whole number from 0 to 4294967295; correct it, or delete the file and choose the folder again.',
    );
  }
  return { ok: true, value: { format, pack, learner, seed: seed as number } };
}

export const serializeWorkSettings = (settings: WorkSettings): string =>
  `${JSON.stringify(settings, undefined, 2)}\n`;
