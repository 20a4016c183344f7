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

/** Where the author is typing: the text around need not be whole. Undefined outside of YAML, and in comments. */
export function spotTyped(path: string, text: string, offset: number): Spot | undefined {
  const region = regionAt(yamlRegions(path, text), offset);
  if (region === undefined) return undefined;
  const at = offset - region.start;
  const { yaml } = region;
  const lineStart = yaml.lastIndexOf('\n', at - 1) + 1;
  const newline = yaml.indexOf('\n', at);
  const lineEnd = newline < 0 ? yaml.length : newline;
  // A word alone on its line is a key that gets its colon next; without one it would swallow the line after it.
  const alone =
    /^\s*(?:- +)*[\w.-]*$/.test(yaml.slice(lineStart, at)) && yaml.slice(at, lineEnd).trim() === '';
  const document = parseYaml(`${yaml.slice(0, at)}${mark}${alone ? ':' : ''}${yaml.slice(at)}`);
  const place = placesOf(document).find(({ written }) => written.includes(mark));
  if (place === undefined) return undefined;
  const data = dataOf(document);
  const range = {
    start: region.start + place.range.start,
    end: region.start + place.range.end - mark.length,
  };
  const before = place.written.slice(0, place.written.indexOf(mark));
  const written = place.written.replace(mark, '');
  const spot = { region, range, written, before, data };
  if (place.role === 'value')
    return { ...spot, role: 'value', path: place.path, siblings: [], inFlow: false, hasColon: false };
  const path_ = place.path.slice(0, -1);
  if (alone && isScalarSchema(schemaAt(schemaOf(region.kind), path_, data)))
    return { ...spot, role: 'value', path: path_, siblings: [], inFlow: false, hasColon: false };
  const map = mapAt(document, path_);
  const siblings = (map?.items ?? []).flatMap(({ key }) => {
    const name = keyName(key);
    return name === undefined || name.includes(mark) ? [] : [name];
  });
  return {
    ...spot,
    role: 'key',
    path: path_,
    siblings,
    inFlow: map?.flow === true,
    hasColon: !alone && /^\s*:/.test(text.slice(range.end)),
  };
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
