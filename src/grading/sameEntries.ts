/** Whether two objects have the same properties, in whatever order, with the same values. */
export function sameEntries(a: object, b: object): boolean {
  const ours = Object.entries(a);
  const theirs = new Map<string, unknown>(Object.entries(b));
  return (
    ours.length === theirs.size &&
    ours.every(([name, value]) => theirs.has(name) && theirs.get(name) === value)
  );
}
