import type { DataPath } from '../engine/kernel/structuredText.ts';
import type { TextRange } from './textRange.ts';
import { dataOf, mapAt, parseYaml, placesOf, type YamlPlace } from './yamlNodes.ts';
import { schemaAt, schemaOf, keysOf, isScalarSchema } from './schemaShape.ts';
import { regionAt, yamlRegions, type YamlRegion } from './yamlRegion.ts';

/** A key or a value in a file's YAML at which the author's cursor is. */
export interface Spot {
  readonly region: YamlRegion;
  readonly role: 'key' | 'value';
  /** Of the value; of a key, of the map that it is in. */
  readonly path: DataPath;
  /** The scalar in the file, with its quotes. */
  readonly range: TextRange;
  /** The scalar's text, and the part of it before the cursor. */
  readonly written: string;
  readonly before: string;
  /** Of a key: the other keys of its map, whether it stands in braces, and whether it has a colon already. */
  readonly siblings: readonly string[];
  readonly inFlow: boolean;
  readonly hasColon: boolean;
  /** The region as data, as far as it can be read. */
  readonly data: unknown;
}

/** Stands for the cursor while the text is parsed; nobody writes a character of the private use area. */
const mark = '\uE000';

/** Where somebody is typing in a YAML text, which JSON is too; offsets are those of the text. */
export type Typed = Omit<Spot, 'region'>;

/**
 * Where somebody is typing: the text around need not be whole. Undefined in comments.
 * @param isScalar whether a place takes no map, so that a lone word is a value there and not a key
 */
export function typedAt(
  text: string,
  at: number,
  isScalar: (path: DataPath, data: unknown) => boolean,
): Typed | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const lineEnd = newline < 0 ? text.length : newline;
  // A word alone on its line is a key that gets its colon next; without one it would swallow the line after it.
  const alone =
    /^\s*(?:- +)*[\w.-]*$/.test(text.slice(lineStart, at)) &&
    text.slice(at, lineEnd).trim() === '' &&
    !isInBraces(text.slice(0, at));
  const document = parseYaml(`${text.slice(0, at)}${mark}${alone ? ':' : ''}${text.slice(at)}`);
  const place = placesOf(document).find(({ written }) => written.includes(mark));
  if (place === undefined) return undefined;
  const data = withoutMark(dataOf(document));
  const range = { start: place.range.start, end: place.range.end - mark.length };
  const before = place.written.slice(0, place.written.indexOf(mark));
  const written = place.written.replace(mark, '');
  const common = { range, written, before, data };
  const value = { role: 'value', siblings: [], inFlow: false, hasColon: false } as const;
  if (place.role === 'value') return { ...common, ...value, path: place.path };
  const path = place.path.slice(0, -1);
  if (alone && isScalar(path, data)) return { ...common, ...value, path };
  const map = mapAt(document, path);
  const siblings = (map?.items ?? []).flatMap(({ key }) => {
    const name = keyName(key);
    return name === undefined || name.includes(mark) ? [] : [name];
  });
  return {
    ...common,
    role: 'key',
    path,
    siblings,
    inFlow: map?.flow === true,
    hasColon: !alone && /^\s*:/.test(text.slice(range.end)),
  };
}

/** Data as it would be without the cursor in it. */
function withoutMark(data: unknown): unknown {
  if (typeof data === 'string') return data.replace(mark, '');
  if (Array.isArray(data)) return data.map(withoutMark);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.replace(mark, ''), withoutMark(value)]),
  );
}

/** Whether a brace or a bracket is open at the end of a text; those in quotes do not count. */
function isInBraces(text: string): boolean {
  let open = 0;
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\\n])*"|'[^'\n]*'|(?:^|\s)#.*|[[\]{}]/gm)) {
    if (token === '{' || token === '[') open++;
    else if (token === '}' || token === ']') open = Math.max(0, open - 1);
  }
  return open > 0;
}

/** Where the author is typing. Undefined outside of YAML, and in comments. */
export function spotTyped(path: string, text: string, offset: number): Spot | undefined {
  const region = regionAt(yamlRegions(path, text), offset);
  if (region === undefined) return undefined;
  const typed = typedAt(region.yaml, offset - region.start, (at, data) =>
    isScalarSchema(schemaAt(schemaOf(region.kind), at, data)),
  );
  if (typed === undefined) return undefined;
  const { start, end } = typed.range;
  return { ...typed, region, range: { start: region.start + start, end: region.start + end } };
}

/** What the author points at in a text as it stands. */
export function spotPointedAt(path: string, text: string, offset: number): Spot | undefined {
  const region = regionAt(yamlRegions(path, text), offset);
  if (region === undefined) return undefined;
  const document = parseYaml(region.yaml);
  const at = offset - region.start;
  const place = placesOf(document).find(({ range }) => at >= range.start && at <= range.end);
  if (place === undefined) return undefined;
  return {
    region,
    role: place.role,
    path: place.role === 'key' ? place.path.slice(0, -1) : place.path,
    range: { start: region.start + place.range.start, end: region.start + place.range.end },
    written: place.written,
    before: place.written,
    siblings: [],
    inFlow: false,
    hasColon: true,
    data: dataOf(document),
  };
}

/** Every scalar of a region. */
export const placesIn = (region: YamlRegion): readonly YamlPlace[] =>
  placesOf(parseYaml(region.yaml)).map(({ range, ...place }) => ({
    ...place,
    range: { start: region.start + range.start, end: region.start + range.end },
  }));

function keyName(key: unknown): string | undefined {
  const value = (key as { readonly value?: unknown } | null)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The part of data at a path. */
export function dataAt(data: unknown, path: DataPath): unknown {
  let at = data;
  for (const step of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined;
  return at;
}

/** The keys that the map of a key may have. */
export const keysAt = ({ region, path, data }: Spot): ReturnType<typeof keysOf> => {
  const schema = schemaAt(schemaOf(region.kind), path, data);
  return schema === undefined ? undefined : keysOf(schema, dataAt(data, path));
};
