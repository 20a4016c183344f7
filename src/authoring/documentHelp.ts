import { readDocument, type DocumentDefinition } from '../engine/kernel/document.ts';
import type { Completion } from './completion.ts';
import type { HoverText } from './hover.ts';
import {
  descriptionOf,
  isRequiredBy,
  propertiesOf,
  schemasAt,
  shapeText,
  wordsOf,
  type JsonSchema,
} from './jsonSchema.ts';
import { literal } from './snippetText.ts';
import { typedAt, type Typed } from './spot.ts';
import { TextLines, type DataPath } from '../engine/kernel/structuredText.ts';
import type { TextRange } from './textRange.ts';
import { dataOf, parseYaml, placesOf } from './yamlNodes.ts';

/** Help in the documents that learners write, and authors for them, from the schema that the scenario declares. */

/** The keys and values that fit at the cursor. */
export function completeDocument(
  definition: DocumentDefinition,
  text: string,
  offset: number,
): readonly Completion[] {
  const { schema, language } = definition;
  if (schema === undefined || (language !== 'json' && language !== 'yaml')) return [];
  const part = language === 'yaml' ? documentAt(text, offset) : { start: 0, end: text.length };
  const typed = typedAt(text.slice(part.start, part.end), offset - part.start, (path, data) =>
    isScalar(schemasAt(schema, path, data)),
  );
  if (typed === undefined) return [];
  const range = { start: typed.range.start + part.start, end: typed.range.end + part.start };
  const offers = typed.role === 'key' ? keys(schema, typed, language) : values(schema, typed, language);
  return offers.map((offer) => ({ ...offer, range }));
}

type Offer = Omit<Completion, 'range'>;

function keys(schema: JsonSchema, typed: Typed, language: 'json' | 'yaml'): readonly Offer[] {
  const within = schemasAt(schema, typed.path, typed.data);
  return [...propertiesOf(within)]
    .filter(([name]) => !typed.siblings.includes(name))
    .map(([name, property]) => {
      const inner = schemasAt(schema, [...typed.path, name], typed.data);
      const described = inner.length > 0 ? inner : [property];
      const doc = descriptionOf(described);
      const shape = shapeText(described);
      return {
        label: name,
        kind: 'key' as const,
        detail: isRequiredBy(within, name) ? `required, ${shape}` : shape,
        ...(doc === undefined ? {} : { doc }),
        insert: typed.hasColon
          ? literal(language === 'json' ? JSON.stringify(name) : name)
          : keyText(name, described, language, typed.inFlow),
        ...(wordsOf(described).length > 0 && !typed.hasColon ? { more: true as const } : {}),
      };
    });
}

function keyText(
  name: string,
  schemas: readonly JsonSchema[],
  language: 'json' | 'yaml',
  inFlow: boolean,
): string {
  const types = new Set(schemas.flatMap(({ type }) => type ?? []));
  const isMap = types.has('object') || propertiesOf(schemas).size > 0;
  const isList = types.has('array');
  if (language === 'json') {
    const value = isMap ? '{$1\\}' : isList ? '[$1]' : types.has('string') ? '"$1"' : '$1';
    return `${literal(JSON.stringify(name))}: ${value}`;
  }
  if (inFlow) return `${literal(name)}: ${isMap ? '{ $1 \\}' : isList ? '[$1]' : '$1'}`;
  return isMap ? `${literal(name)}:\n  $1` : isList ? `${literal(name)}:\n  - $1` : `${literal(name)}: $1`;
}

const values = (schema: JsonSchema, typed: Typed, language: 'json' | 'yaml'): readonly Offer[] =>
  wordsOf(schemasAt(schema, typed.path, typed.data)).map((word) => ({
    label: String(word),
    kind: 'value',
    insert: literal(language === 'json' ? JSON.stringify(word) : String(word)),
  }));

function isScalar(schemas: readonly JsonSchema[]): boolean {
  const types = new Set(schemas.flatMap(({ type }) => type ?? []));
  return types.size > 0 && !types.has('object') && !types.has('array');
}

/** What the key or value at a place means. */
export function hoverDocument(
  { schema, language }: DocumentDefinition,
  text: string,
  offset: number,
): HoverText | undefined {
  if (schema === undefined || (language !== 'json' && language !== 'yaml')) return undefined;
  const part = language === 'yaml' ? documentAt(text, offset) : { start: 0, end: text.length };
  const document = parseYaml(text.slice(part.start, part.end));
  const at = offset - part.start;
  const place = placesOf(document).find(({ range }) => at >= range.start && at <= range.end);
  if (place === undefined) return undefined;
  const found = schemasAt(schema, place.path, dataOf(document));
  if (found.length === 0) return undefined;
  const name = nameOf(place.path);
  const doc = descriptionOf(found);
  const lines = [`\`${name}\`: ${shapeText(found)}`, ...(doc === undefined ? [] : [doc])];
  const range = { start: place.range.start + part.start, end: place.range.end + part.start };
  return { range, text: lines.join('\n\n') };
}

const nameOf = (path: DataPath): string => path.findLast((step) => typeof step === 'string') ?? 'document';

/** The document of a YAML text of several (`---`) in which an offset is. */
function documentAt(text: string, offset: number): TextRange {
  const ends = [...text.matchAll(/^---[^\n]*(?:\n|$)/gm)].map(({ index, 0: line }) => ({
    end: index,
    next: index + line.length,
  }));
  const start = ends.findLast(({ next }) => next <= offset)?.next ?? 0;
  const end = ends.find(({ end: at }) => at >= offset && at >= start)?.end ?? text.length;
  return { start, end };
}

/** Something to underline while it is typed. */
export interface DocumentFinding extends TextRange {
  readonly message: string;
}

/** What the reader of the scenario says of the text: the same that a check would refuse it for. */
export function findingsIn(definition: DocumentDefinition, text: string): readonly DocumentFinding[] {
  const reading = readDocument(definition, text);
  if (reading.ok) return [];
  const lines = new TextLines(text);
  return reading.problems.map(({ line, column, endLine, endColumn, message, suggestion }) => {
    const start = lines.offset(line, column);
    const end =
      endLine === undefined || endColumn === undefined
        ? endOfLine(text, start)
        : Math.min(lines.offset(endLine, endColumn), endOfLine(text, start));
    return {
      start,
      end: Math.max(start, end),
      message: suggestion === undefined ? message : `${message} ${suggestion}`,
    };
  });
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
