/**
 * Language tags (BCP 47): `de`, `pt-BR`. Those that file names of translations can have: a language of two or three letters,
 * and subtags.
 */
export const languagePattern = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

/** The language of a pack that does not say which it is written in. */
export const usualLanguage = 'en';

/** Whether two tags name the same: case means nothing in them. */
export const isSameLanguage = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The tag that is meant by a text that is none (`de_AT`); undefined where there is no telling. */
export function tagMeant(written: string): string | undefined {
  const tag = written.trim().replaceAll('_', '-');
  return tag !== written && languagePattern.test(tag) ? tag : undefined;
}

/**
 * What is strange about a tag of the right form: undefined when a language is known by it.
 * @see https://www.rfc-editor.org/rfc/rfc5646, by the tables of the host's own Unicode library
 */
export function strangeTag(
  tag: string,
): { readonly message: string; readonly meant: string | undefined } | undefined {
  const [language = ''] = tag.split('-');
  const usual = Intl.getCanonicalLocales(language)[0]!;
  if (!isSameLanguage(usual, language))
    return { message: `"${language}" is written "${usual}".`, meant: usual + tag.slice(language.length) };
  if (nameOf('language', usual) !== undefined) return undefined;
  return { message: `No language is known by the tag "${language}".`, meant: spokenIn(language) };
}

/** The language of the country that a tag names by mistake: `cs` for `cz`. */
const spokenIn = (country: string): string | undefined =>
  nameOf('region', country.toUpperCase()) === undefined
    ? undefined
    : new Intl.Locale(`und-${country}`).maximize().language;

function nameOf(type: 'language' | 'region', code: string): string | undefined {
  try {
    return new Intl.DisplayNames(['en'], { type, fallback: 'none' }).of(code);
  } catch {
    return undefined; // no code of that type
  }
}
