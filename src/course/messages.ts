/** Puts a text into the editor's language, and values into it. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** Puts values into a text and leaves it in its language: English, as `l10n.t` of an editor whose language that is, unless it was translated. */
export const inEnglish: Translate = (text, ...values) =>
  text.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

let translate = inEnglish;

/** Sets who translates: VS Code, where the extension runs, in each of its bundles. Everywhere else all speak English. */
export function speakBy(given: Translate): void {
  translate = given;
}

/**
 * A text that people see, in the editor's language. Translations stand in `l10n/`; one that is missing there stays English.
 * @param text in English, with `{0}`, `{1}`, … for the values
 */
export const t: Translate = (text, ...values) => translate(text, ...values);
