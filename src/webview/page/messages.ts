import { inEnglish } from '../../course/messages.ts';
import { spokenWith, type Messages, type Spoken } from '../../course/spokenText.ts';

/** Texts of the page in the reader's language, by their English ones; absent where that is English. */
let translated: Messages | undefined;
let speech: Spoken | undefined;

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

/** The language of everything that {@link t} says, as `lang` has it. */
export const pageLanguage = (): string =>
  (globalThis as { readonly document?: Document }).document?.documentElement.lang ?? 'en';

const translations = (): Messages => (translated ??= handedOver());

/** A text that the engine gives in English, in the language of the editor; undefined where it is not translated. */
export function spoken(text: string): string | undefined {
  if (isEnglish()) return text;
  speech ??= spokenWith(translations());
  return speech(text);
}

/** The same for places that cannot say which language they are in, such as names of controls: English where it is not translated. */
export const said = (text: string): string => spoken(text) ?? text;

/** Tests of parts run without a page. */
function handedOver(): Messages {
  const page = (globalThis as { readonly document?: Document }).document;
  const given = page?.querySelector<HTMLElement>('[data-messages]')?.dataset['messages'];
  return given === undefined ? {} : (JSON.parse(given) as Messages);
}
