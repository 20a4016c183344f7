import { inEnglish } from '../../course/messages.ts';

/** Texts of the page in the reader's language, by their English ones; absent where that is English. */
let translated: Readonly<Record<string, string>> | undefined;

/**
 * A text of the page in the language of the editor. The extension hands over what it has in that language with the page, as
 * VS Code gave it; a text that is missing there stays English.
 * @param text in English, with `{0}`, `{1}`, … for the values
 */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return inEnglish(translations()[text] ?? text, ...values);
}

/** Whether the editor handed over no translations. */
export const isEnglish = (): boolean => Object.keys(translations()).length === 0;

const translations = (): Readonly<Record<string, string>> => (translated ??= handedOver());

/** Numbers in a text of the engine, not those of a name such as VM 1 or Dom0. */
const numbers = /(?<!\d|\b[A-Z]\w* ?)\d+(?:\.\d+)?/g;
/** What is called the same in every language. */
const sameEverywhere = /^$|^[A-Z]\w* ?\d+$/;

/**
 * A text that the engine gives, such as a label, in the language of the editor; undefined where it is not translated. Numbers
 * stand in the table as `{0}`, `{1}`, …
 */
export function spoken(text: string): string | undefined {
  if (sameEverywhere.test(text)) return text;
  const words = translations()[engineKey(text)];
  return words === undefined ? undefined : inEnglish(words, ...(text.match(numbers) ?? []));
}

/** What stands in the table for a text of the engine. */
export function engineKey(text: string): string {
  let place = 0;
  return text.replaceAll(numbers, () => `{${place++}}`);
}

/** Tests of parts run without a page. */
function handedOver(): Readonly<Record<string, string>> {
  const page = (globalThis as { readonly document?: Document }).document;
  const given = page?.querySelector<HTMLElement>('[data-messages]')?.dataset['messages'];
  return given === undefined ? {} : (JSON.parse(given) as Record<string, string>);
}
