const mostNamed = 3;

/** The first three names, and how many more there are: `ann, bob, cyd and 4 more`. */
export function fewNames(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ');
}
