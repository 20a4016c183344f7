import type { DataPath } from '../engine/kernel/structuredText.ts';
import { keysOf, schemaAt, schemaOf } from './schemaShape.ts';
import { keySnippet } from './snippetText.ts';
import { emptyRange, type TextEdit } from './textRange.ts';
import { dataOf, mapAt, parseYaml } from './yamlNodes.ts';
import type { YamlRegion } from './yamlRegion.ts';

/**
 * An edit of a file that adds a key at the end of a map of a region, with a place for its value: a snippet. Undefined
 * where there is no such map or no such key.
 */
export function addKey(file: string, region: YamlRegion, path: DataPath, key: string): TextEdit | undefined {
  const document = parseYaml(region.yaml);
  const data = dataOf(document);
  const map = schemaAt(schemaOf(region.kind), path, data);
  const schema = map === undefined ? undefined : keysOf(map, valueAt(data, path))?.get(key);
  if (schema === undefined) return undefined;
  const at = (offset: number, text: string): TextEdit => ({
    range: emptyRange(region.start + offset),
    text,
  });
  if (document.contents === null && path.length === 0) return at(0, `${keySnippet(key, schema, false)}\n`);
  const node = mapAt(document, path);
  const first = node?.items[0];
  const last = node?.items.at(-1);
  if (node === undefined || !node.range) return undefined;
  if (node.flow === true) {
    const close = node.range[1] - 1;
    const end = region.yaml.slice(0, close).trimEnd().length;
    const separator = last === undefined || region.yaml[end - 1] === ',' ? ' ' : ', ';
    return at(end, `${separator}${keySnippet(key, schema, true)}`);
  }
  const keyStart = (first?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0];
  if (keyStart === undefined) return undefined;
  const column = keyStart - (region.yaml.lastIndexOf('\n', keyStart - 1) + 1);
  const contentEnd = region.yaml.slice(0, node.range[1]).trimEnd().length;
  const newline = file.indexOf('\n', region.start + contentEnd);
  const indent = ' '.repeat(column);
  const snippet = keySnippet(key, schema, false).replaceAll('\n', `\n${indent}`);
  // At the start of a line, where editors add no indentation of their own to a snippet.
  return newline < 0
    ? { range: emptyRange(file.length), text: `\n${indent}${snippet}` }
    : { range: emptyRange(newline + 1), text: `${indent}${snippet}\n` };
}

function valueAt(data: unknown, path: DataPath): unknown {
  let at = data;
  for (const step of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[step];
  return at;
}
