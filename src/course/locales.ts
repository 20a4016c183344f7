/**
 * Languages of a pack. A translation of `lesson.md` lies beside it as `lesson.de.md`, one of `task.yaml` as `task.de.yaml`,
 * one of `pack.yaml` as `pack.de.yaml`.
 */

const locale = String.raw`[a-z]{2,3}(?:-[a-z0-9]{2,8})*`;
const translated = new RegExp(
  String.raw`^(?<stem>(?:.*/)?(?:lesson|task|pack))\.(?<locale>${locale})\.(?<ending>md|yaml)$`,
);

export const localePattern = new RegExp(`^${locale}$`);

/** What a file translates, and into which language; undefined for all that is no translation. */
export function translationOf(
  path: string,
): { readonly original: string; readonly locale: string } | undefined {
  const groups = translated.exec(path)?.groups;
  return groups === undefined
    ? undefined
    : { original: `${groups['stem']}.${groups['ending']}`, locale: groups['locale']! };
}

/** A file in the language in which it was written. */
export const originalOf = (path: string): string => translationOf(path)?.original ?? path;

/** Where the translation of a file lies: `round-robin/lesson.de.md`. */
export const translationPath = (original: string, into: string): string =>
  original.replace(/\.(?=[^.]*$)/, `.${into}.`);

/** The languages that serve a reader, the best first: `pt-BR` reads `pt-br`, and else `pt`. */
export function readableLocales(wanted: string): readonly string[] {
  const subtags = wanted.toLowerCase().replaceAll('_', '-').split('-');
  return subtags
    .map((_, index) => subtags.slice(0, subtags.length - index).join('-'))
    .filter((each) => localePattern.test(each));
}

/** The languages that any file of a pack is translated into, in order. */
export const localesAmong = (paths: Iterable<string>): readonly string[] =>
  [...new Set([...paths].flatMap((path) => translationOf(path)?.locale ?? []))].toSorted();
