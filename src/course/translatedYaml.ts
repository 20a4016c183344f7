import { contentHash } from './contentHash.ts';
import { addingKey, replacing, type ProblemList } from './problemList.ts';
import type { YamlPath, YamlSource } from './yamlSource.ts';

/** What learners read. Everything else of a block or a file says what is asked and what is right, and is the same in all languages. */
const proseKeys: ReadonlySet<string> = new Set([
  'title',
  'summary',
  'caption',
  'ask',
  'claim',
  'text',
  'say',
  'explain',
  'hints',
  'brief',
]);
/** Where the original has none of these, words of ours stand for it, and they may need a translation. */
const withDefault: ReadonlySet<string> = new Set(['title', 'ask']);
/** Below these, names are a scenario's, whatever they are. */
const named: ReadonlySet<string> = new Set(['set', 'vary', 'with', 'compare']);

/**
 * YAML of an original with the texts of its translation. A translation need not repeat what is no text; what it does
 * repeat has to be the same. Lists are matched entry by entry.
 * @param original has been read without errors
 * @returns the original's value with other texts; its places are those of the translation
 */
export function translatedYaml(
  original: YamlSource,
  translation: YamlSource,
  problems: ProblemList,
): YamlSource {
  problems.addAll(translation.problems);
  if (translation.value === undefined) return { ...translation, value: original.value, problems: [] };
  const overlay = new Overlay(translation, problems);
  return { ...translation, value: overlay.merge(original.value, translation.value, []), problems: [] };
}

type YamlMap = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class Overlay {
  readonly #translation: YamlSource;
  readonly #problems: ProblemList;

  constructor(translation: YamlSource, problems: ProblemList) {
    this.#translation = translation;
    this.#problems = problems;
  }

  merge(original: unknown, translation: unknown, path: YamlPath): unknown {
    if (isMap(original) && isMap(translation)) return this.#mergeMaps(original, translation, path);
    if (Array.isArray(original) && Array.isArray(translation) && original.some(isMap))
      return this.#mergeLists(original, translation, path);
    this.#mustEqual(original, translation, path);
    return original;
  }

  #mergeMaps(original: YamlMap, translation: YamlMap, path: YamlPath): YamlMap {
    const merged: Record<string, unknown> = { ...original };
    for (const [key, value] of Object.entries(translation)) {
      const at: YamlPath = [...path, key];
      const own = Object.hasOwn(original, key) ? original[key] : undefined;
      if (proseKeys.has(key)) {
        if (own === undefined && !withDefault.has(key)) {
          this.#problems.error(
            this.#translation.positionOfKey(at),
            `The original has no "${key}" here.`,
            'Add it there first, or leave it out.',
          );
        } else merged[key] = Array.isArray(own) ? this.#texts(own, value, at) : value;
      } else if (own === undefined) {
        this.#problems.error(
          this.#translation.positionOfKey(at),
          `The original has no "${key}" here, and a translation changes texts alone.`,
          'Leave it out.',
        );
      } else if (named.has(key)) this.#mustEqual(own, value, at);
      else merged[key] = this.merge(own, value, at);
    }
    for (const [key, value] of Object.entries(original)) {
      if (!Object.hasOwn(translation, key) && (proseKeys.has(key) || hasProse(value)))
        this.#problems.warning(
          this.#translation.positionOf(path),
          `"${key}" is not translated.`,
          addingKey(key, undefined, path),
        );
    }
    return merged;
  }

  #mergeLists(original: readonly unknown[], translation: readonly unknown[], path: YamlPath): unknown {
    if (!this.#sameLength(original, translation, path)) return original;
    return original.map((entry, index) => this.merge(entry, translation[index], [...path, index]));
  }

  /** A list of texts, such as hints. */
  #texts(original: readonly unknown[], translation: unknown, path: YamlPath): unknown {
    if (!Array.isArray(translation)) return translation; // the schema says what is wrong with it
    return this.#sameLength(original, translation, path) ? translation : original;
  }

  #sameLength(original: readonly unknown[], translation: readonly unknown[], path: YamlPath): boolean {
    if (original.length === translation.length) return true;
    this.#problems.error(
      this.#translation.positionOfKey(path),
      `"${String(path.at(-1))}" has ${entries(translation.length)}, and the original ${original.length}.`,
      'Translate each, in the same order.',
    );
    return false;
  }

  #mustEqual(original: unknown, translation: unknown, path: YamlPath): void {
    if (canonical(original) === canonical(translation)) return;
    const [seen, expected] = [shown(translation), shown(original)];
    const text = 'A translation changes texts alone: write the same, or leave it out.';
    this.#problems.error(
      this.#translation.positionOf(path),
      `"${path.filter((step) => typeof step === 'string').join('.')}" is ${seen} here, and ${expected} in the original.`,
      isScalar(original) && isScalar(translation)
        ? replacing(String(translation), String(original), text)
        : text,
    );
  }
}

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);
const isScalar = (value: unknown): boolean => typeof value !== 'object';

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Whether there is anything to translate in a value. */
const hasProse = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(hasProse)
    : isMap(value) &&
      Object.entries(value).some(
        ([key, inner]) => proseKeys.has(key) || (!named.has(key) && hasProse(inner)),
      );

/** With members by name. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    isMap(each) ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))) : each,
  );

/** Names a state of a text, in 12 hex digits: a translation says of which it is. */
export const stateOfText = (text: string): string => contentHash(new Map([['', text]])).slice(0, 12);

/** The key in which a translation says which state of its original it translates. */
export const translatesKey = 'translates';

/** Takes `translates` from the top of a translation, and says so where the original has changed since. */
export function checkedState(
  originalText: string,
  translation: YamlSource,
  problems: ProblemList,
): YamlSource {
  if (!isMap(translation.value)) return translation;
  const { [translatesKey]: written, ...value } = translation.value;
  // Hexadecimal digits may look like a number to YAML.
  const seen = typeof written === 'string' || written === undefined ? written : JSON.stringify(written);
  const state = stateOfText(originalText);
  if (seen === undefined) {
    problems.warning(
      translation.positionOf([]),
      'Nothing says which state of the original this translates.',
      `Write "${translatesKey}: ${state}" if it is the present one.`,
    );
  } else if (seen !== state) {
    problems.warning(
      translation.positionOf([translatesKey]),
      'The original has changed since it was translated, so this may be out of date.',
      replacing(
        seen,
        state,
        `Compare the two, bring this up to date, and write "${translatesKey}: ${state}".`,
      ),
    );
  }
  return { ...translation, value };
}
