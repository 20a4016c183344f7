/** Members of a contribution that VS Code shows to people. */
const shown = new Set([
  'title',
  'name',
  'contextualTitle',
  'contents',
  'description',
  'markdownDescription',
  'altText',
  'accessibilityHelpContent',
]);
/** The name of the product is the same in every language. */
const sameEverywhere = 'Trapframe';
/** What tells the entries of a list apart, and so names them in the key of a text. */
const names = ['command', 'id', 'view'] as const;

/** A manifest with `%keys%` in place of its texts, and the texts by these keys, as `package.nls.json` has them. */
export interface ManifestTexts {
  readonly contributes: unknown;
  readonly texts: Readonly<Record<string, string>>;
}

/** Takes the texts out of what a manifest contributes. */
export function takeTexts(contributes: unknown): ManifestTexts {
  const texts: Record<string, string> = {};
  const taken = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value))
      return value.map((each, index) => taken(each, [...path, nameOf(each) ?? String(index)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, inside]) => {
        const at = [...path, member];
        if (typeof inside !== 'string' || !shown.has(member) || inside === sameEverywhere)
          return [member, taken(inside, at)];
        const key = at.join('.');
        texts[key] = inside;
        return [member, `%${key}%`];
      }),
    );
  };
  return { contributes: taken(contributes, []), texts };
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const named = entry as Readonly<Record<string, unknown>>;
  const name = names.map((member) => named[member]).find((value) => typeof value === 'string');
  return typeof name === 'string' ? name : undefined;
}
