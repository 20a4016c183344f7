/** `{name}` in an exercise's text stands for a value of the learner's variant; `{{` is a brace. */

const pattern = /\{\{|\{([A-Za-z_]\w*)\}/g;

/** Every `{name}` of a text with its offset. */
export function textReferences(text: string): readonly { readonly name: string; readonly offset: number }[] {
  return [...text.matchAll(pattern)].flatMap((match) =>
    match[1] === undefined ? [] : [{ name: match[1], offset: match.index }],
  );
}

/** A Markdown text with blanks for its code, so that every other character keeps its offset. */
export const withoutCode = (text: string): string =>
  text.replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, (code) => ' '.repeat(code.length));

/** Replaces each `{name}` that has a value, and `{{` by a brace. A name without a value stays as it is. */
export function withValues(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(pattern, (seen: string, name: string | undefined) =>
    name === undefined ? '{' : (valueOf(name) ?? seen),
  );
}
