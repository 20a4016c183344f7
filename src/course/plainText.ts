/**
 * Words of an author where no Markdown is shown, as in a terminal: without the marks of emphasis. Backticks stay, since
 * they tell code from words there too.
 */
export const withoutEmphasis = (text: string): string =>
  text
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll(/(?<![\w*\\])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])/g, '$1');
