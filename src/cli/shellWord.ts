/** A file's name as it is typed into a shell: in quotes where it has to be. */
export const shellWord = (text: string): string => (/^[\w./:@%+,=-]+$/.test(text) ? text : `"${text}"`);
