import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import type { DataPath } from '../engine/kernel/structuredText.ts';
import type { TextRange } from './textRange.ts';

/** A key or a value of a YAML text, with where it stands. */
export interface YamlPlace {
  readonly role: 'key' | 'value';
  /** Of the value; of a key, that of its value. */
  readonly path: DataPath;
  readonly range: TextRange;
  /** The text of a scalar as YAML reads it. */
  readonly written: string;
}

/** Says nothing of what is wrong with the text, on the console neither: the reader of packs does. */
export const parseYaml = (text: string): Document =>
  parseDocument(text, { prettyErrors: false, logLevel: 'error' });

/** The data as far as the text can be read, in the middle of typing too. */
export function dataOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** Every scalar of a document with its role and path, in the order of the text. */
export function placesOf(document: Document): readonly YamlPlace[] {
  const places: YamlPlace[] = [];
  const walk = (node: unknown, path: DataPath): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (isScalar(key) && key.range) places.push(placeOf('key', key, [...path, name]));
        walk(value, [...path, name]);
      }
    } else if (isSeq(node)) node.items.forEach((item, index) => walk(item, [...path, index]));
    else if (isScalar(node) && node.range) places.push(placeOf('value', node, path));
  };
  walk(document.contents, []);
  return places;
}

const scalarText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

const placeOf = (
  role: YamlPlace['role'],
  node: { readonly value: unknown; readonly range?: readonly [number, number, number] | null },
  path: DataPath,
): YamlPlace => ({
  role,
  path,
  range: { start: node.range![0], end: node.range![1] },
  written: scalarText(node.value),
});

/** Where the node that starts at an offset ends: a scalar's own end; of a map or list, that of its first scalar. */
export function endOfNodeAt(document: Document, offset: number): number | undefined {
  return placesOf(document).find(({ range }) => range.start === offset && range.end > offset)?.range.end;
}

export function mapAt(document: Document, path: DataPath): YAMLMap | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isMap(node) ? node : undefined;
}
