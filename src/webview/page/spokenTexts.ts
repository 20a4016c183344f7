import { isEnglish, spoken } from './messages.ts';

/** Members of what a run gives whose texts are shown as they are, and which the engine takes from lists of its own. */
const shown: ReadonlySet<string> = new Set(['label', 'title', 'doc', 'whenEmpty', 'columns']);

/**
 * What a run gives, with the engine's own labels, titles and explanations in the reader's language, where all of them are
 * translated: no figure mixes two languages. What the engine puts together for one run, such as an event in words, stays
 * English. Columns of numbers are shared, not copied.
 */
export function inReadersLanguage<Given>(given: Given): Given {
  if (isEnglish()) return given;
  return engineTexts(given).every((text) => spoken(text) !== undefined)
    ? (walk(given, false, (text) => spoken(text)!) as Given)
    : given;
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
