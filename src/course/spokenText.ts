/** Texts of a language by their English ones, as `l10n/bundle.l10n.<locale>.json` has them. */
export type Messages = Readonly<Record<string, string>>;

/** A text of the engine or of grading in another language; undefined where that has none for it. */
export type Spoken = (text: string) => string | undefined;

/** Numbers in a text of the engine, not those of a name such as VM 1 or Dom0. */
const numbers = /(?<!\d|\b[A-Z]\w* ?)\d+(?:\.\d+)?/g;
/** What is called the same in every language: nothing, names, numbers with their units, and hexadecimal ones. */
const sameEverywhere = /^$|^[A-Z]\w* ?\d+$|^-?\d+(?:\.\d+)?(?: (?:ns|µs|ms|s|%))?$|^0x[\da-f]+$/;
const place = /\{(\w+)\}/g;
/** A place whose words are kept, unless they are such a sentence: what learners wrote, a name, a message of JavaScript. */
const verbatim = /^code\d*$/;

/** What stands in the table for a text whose numbers alone differ: `wait of 30 ms` is `wait of {0} ms`. */
export function engineKey(text: string): string {
  let count = 0;
  return text.replaceAll(numbers, () => `{${count++}}`);
}

/**
 * Reads sentences that the engine puts together, such as events, reasons and cases, without knowing how it does. A key with
 * named places is the pattern of such a sentence: `{vcpu} waits ({reason})`. What stands in a place is translated in its turn, and
 * has to be translatable, unless the place is called `code`. Lists with commas are read entry by entry.
 * @param onUse is told of every key that a text was found by
 */
export function spokenWith(messages: Messages, onUse: (key: string) => void = () => {}): Spoken {
  const patterns = Object.keys(messages)
    .filter((key) => /\{[a-z]\w*\}/.test(key))
    .map(patternOf)
    .toSorted((a, b) => b.fixed - a.fixed || a.kept - b.kept);

  const spoken: Spoken = (text) => {
    if (sameEverywhere.test(text)) return text;
    const key = engineKey(text);
    if (Object.hasOwn(messages, key)) {
      onUse(key);
      const found = text.match(numbers) ?? [];
      return fill(messages[key]!, (name) => found[Number(name)]!);
    }
    return bySentence(text) ?? byEntries(text);
  };

  const bySentence: Spoken = (text) => {
    for (const { key, shape } of patterns) {
      const groups = shape.exec(text)?.groups;
      if (groups === undefined) continue;
      const parts = Object.entries(groups).map(
        ([name, part]) => [name, verbatim.test(name) ? (bySentence(part) ?? part) : spoken(part)] as const,
      );
      if (parts.some(([, part]) => part === undefined)) continue;
      onUse(key);
      const said = new Map(parts);
      return fill(messages[key]!, (name) => said.get(name)!);
    }
    return undefined;
  };

  const byEntries: Spoken = (text) => {
    const entries = text.split(', ');
    if (entries.length === 1) return undefined;
    const said = entries.map(spoken);
    return said.includes(undefined) ? undefined : said.join(', ');
  };

  return spoken;
}

interface Pattern {
  readonly key: string;
  readonly shape: RegExp;
  /** Characters outside of places: the pattern that fixes most is tried first. */
  readonly fixed: number;
  /** Places whose words are kept: of two that fix as much, the one that translates more is tried first. */
  readonly kept: number;
}

function patternOf(key: string): Pattern {
  const fixed = key.split(place).filter((_, index) => index % 2 === 0);
  const names = [...key.matchAll(place)].map(([, name]) => name!);
  const shape = fixed
    .map((text, index) => escaped(text) + (index < names.length ? hole(names[index]!) : ''))
    .join('');
  const kept = names.filter((name) => verbatim.test(name)).length;
  return { key, shape: new RegExp(`^${shape}$`, 's'), fixed: fixed.join('').length, kept };
}

/** Code may hold what stands behind it in the sentence, so it reaches as far as it can. */
const hole = (name: string): string => `(?<${name}>.+${verbatim.test(name) ? '' : '?'})`;
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

const fill = (text: string, valueOf: (name: string) => string): string =>
  text.replaceAll(place, (_, name: string) => valueOf(name));
