import { isEnglish, spoken } from './messages.ts';

/** Members of what a run gives whose texts are shown as they are, and which the engine takes from lists of its own. */
const shown: ReadonlySet<string> = new Set(['label', 'title', 'doc', 'whenEmpty', 'columns', 'rows']);

/** What a run gives, as a page shows it. */
export interface Told<Given> {
  readonly told: Given;
  /** The `lang` of an element that shows it; undefined where it is in the reader's language. */
  readonly lang: 'en' | undefined;
}

/**
 * What a run gives, with the engine's own labels, titles and explanations in the reader's language, where all of them are
 * translated: no figure mixes two languages. Sentences about one run, such as an event in words, are told one by one. Columns of
 * numbers are shared, not copied.
 */
export function inReadersLanguage<Given>(given: Given): Told<Given> {
  if (isEnglish()) return { told: given, lang: undefined };
  return engineTexts(given).every((text) => spoken(text) !== undefined)
    ? { told: walk(given, false, (text) => spoken(text)!) as Given, lang: undefined }
    : { told: given, lang: 'en' };
}

/** All texts that {@link inReadersLanguage} would translate. */
export function engineTexts(given: unknown): readonly string[] {
  const found: string[] = [];
  walk(given, false, (text) => {
    found.push(text);
    return text;
  });
  return found;
}

function walk(value: unknown, isShown: boolean, say: (text: string) => string): unknown {
  if (typeof value === 'string') return isShown ? say(value) : value;
  if (Array.isArray(value)) return value.map((each: unknown) => walk(each, isShown, say));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, walk(each, shown.has(name), say)]),
  );
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
