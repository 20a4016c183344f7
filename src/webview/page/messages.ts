/** Texts of the page in the reader's language, by their English ones; absent where that is English. */
let translated: Readonly<Record<string, string>> | undefined;

/**
 * A text of the page in the language of the editor. The extension hands over what it has in that language with the page, as
 * VS Code gave it; a text that is missing there stays English.
 * @param text in English, with `{0}`, `{1}`, … for the values
 */
export function t(text: string, ...values: readonly (string | number)[]): string {
  translated ??= handedOver();
  return (translated[text] ?? text).replaceAll(/\{(\d+)\}/g, (_, index: string) =>
    String(values[Number(index)]),
  );
}

/** Tests of parts run without a page. */
function handedOver(): Readonly<Record<string, string>> {
  const page = (globalThis as { readonly document?: Document }).document;
  const given = page?.querySelector<HTMLElement>('[data-messages]')?.dataset['messages'];
  return given === undefined ? {} : (JSON.parse(given) as Record<string, string>);
}
