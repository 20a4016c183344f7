import { contentHash } from './contentHash.ts';
import type { Exercise } from './model.ts';

/** What may change without changing what is asked or what counts as right: where it stands, help, examples of mistakes. */
const aside: ReadonlySet<string> = new Set([
  'at',
  'title',
  'hints',
  'explain',
  'say',
  'starter',
  'wrong',
  'path',
]);
/** Below these, names are a scenario's, whatever they are. */
const named: ReadonlySet<string> = new Set(['set', 'vary', 'with']);

/**
 * A fingerprint of what an exercise asks and of what it accepts, 16 hex digits. An answer records it, so that a learner is
 * told when the exercise has changed since. It is the same in every language.
 */
export function exerciseMark(shown: Exercise): string {
  const exercise = shown.original ?? shown;
  const essence = essenceOf(exercise.kind === 'task' ? exercise.task : exercise, false);
  return contentHash(new Map([['exercise', JSON.stringify(essence)]])).slice(0, 16);
}

/** With members by name: the order in which the reader of lessons puts them together means nothing. */
function essenceOf(value: unknown, isNamed: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => essenceOf(one, isNamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => each !== undefined && (isNamed || !aside.has(key)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, essenceOf(each, isNamed || named.has(key))]),
  );
}
