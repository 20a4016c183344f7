import { spokenWith, type Messages, type Spoken } from './spokenText.ts';

/** Puts a text into the editor's language, and values into it. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** Puts values into a text and leaves it in its language: English, as `l10n.t` of an editor whose language that is, unless it was translated. */
export const inEnglish: Translate = (text, ...values) =>
  text.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

let translate = inEnglish;
let spoken: Spoken = () => undefined;

/**
 * Sets who translates: VS Code, where the extension runs, in each of its bundles. Everywhere else all speak English.
 * @param messages the table behind it, where there is one: with it the engine's sentences are translated as well
 */
export function speakBy(given: Translate, messages?: Messages): void {
  translate = given;
  spoken = messages === undefined ? () => undefined : spokenWith(messages);
}

/**
 * A text that people see, in the editor's language. Translations stand in `l10n/`; one that is missing there stays English.
 * @param text in English, with `{0}`, `{1}`, … for the values
 */
export const t: Translate = (text, ...values) => translate(text, ...values);

/**
 * A sentence that the engine or grading put together in English, in the editor's language. Only where people read it: what is
 * stored, handed in or printed stays English.
 */
export const said = (text: string): string => spoken(text) ?? text;
