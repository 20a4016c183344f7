import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  stringify,
  visit,
  type Node,
  type YAMLError,
} from 'yaml';
import type { DocumentProblem } from './document.ts';
import { TextLines, type DataPath, type StructuredText } from './structuredText.ts';

/** One document of a YAML text. */
export interface YamlText extends StructuredText {
  /** The offset in the text of a character of the text value at `path`; of the value's start where quoting hides it. */
  offsetIn(path: DataPath, character: number): number;
}

export interface YamlReading {
  /** What could be read, in order. Where there is a problem, values are undefined; places are as good as they can be. */
  readonly documents: readonly YamlText[];
  readonly problems: readonly DocumentProblem[];
  readonly lines: TextLines;
}

/** Aliases let a short text mean a long one; more than this is no file of a person. */
const mostAliases = 100;

/** Reads YAML 1.2, whatever the number of documents in it; an empty text is one that says nothing. Never throws. */
export function readYaml(text: string): YamlReading {
  const lines = new TextLines(text);
  const parsed = parseAllDocuments(text, { prettyErrors: false, version: '1.2' });
  // Of an empty text the parser makes no document at all.
  const documents: readonly Document[] =
    parsed.length > 0 ? (parsed as readonly Document[]) : [new Document(null)];
  const problems: DocumentProblem[] = [];
  const values = documents.map((document): unknown => {
    const [first] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
    if (first !== undefined) {
      problems.push({ ...lines.position(first.pos[0]), ...inPlainWords(first, text) });
      return undefined;
    }
    const misplaced = firstMisplaced(document);
    if (misplaced !== undefined) {
      const { offset, words } = misplaced;
      const opens = offset - 1;
      problems.push(
        text.startsWith('{{', opens)
          ? { ...lines.position(opens), ...template }
          : { ...lines.position(offset), ...words },
      );
      return undefined;
    }
    try {
      return document.toJS({ maxAliasCount: mostAliases });
    } catch (error) {
      const tooMany = error instanceof Error && error.message.startsWith('Excessive alias count');
      problems.push({
        ...lines.position(firstAlias(document)),
        ...(tooMany ? tooManyAliases : specialStart),
      });
      return undefined;
    }
  });
  return {
    documents: documents.map((document, index) => yamlText(text, lines, document, values[index])),
    problems,
    lines,
  };
}

/** What YAML allows and plain data has not: a list or a map in the place of a key, or an alias inside what it stands for. */
function firstMisplaced(
  document: Document,
): { readonly offset: number; readonly words: Pick<DocumentProblem, 'message' | 'suggestion'> } | undefined {
  const anchored = new Map<string, Node>();
  let found: ReturnType<typeof firstMisplaced>;
  visit(document, {
    Pair(_key, { key }) {
      const meant = isAlias(key) ? anchored.get(key.source) : key;
      if (!isMap(meant) && !isSeq(meant)) return undefined;
      found = { offset: (key as Node).range?.[0] ?? 0, words: collectionKey };
      return visit.BREAK;
    },
    Node(_key, node, around) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchored.set(node.anchor, node);
        return undefined;
      }
      const meant = anchored.get(node.source);
      if (meant === undefined || !around.includes(meant)) return undefined;
      found = { offset: node.range?.[0] ?? 0, words: endlessAlias };
      return visit.BREAK;
    },
  });
  return found;
}

/** Where an alias of nothing, or of too much, stands first. */
function firstAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias(_key, alias) {
      if (alias.range) offset = alias.range[0];
      return visit.BREAK;
    },
  });
  return offset;
}

function yamlText(text: string, lines: TextLines, document: Document, value: unknown): YamlText {
  const nodeAt = (path: DataPath): { readonly node: Node | undefined; readonly whole: boolean } => {
    let node: unknown = document.contents;
    let found: Node | undefined = isNode(node) ? node : undefined;
    for (const step of path) {
      node = isNode(node) ? child(node, step) : undefined;
      if (!isNode(node)) return { node: found, whole: false };
      found = node;
    }
    return { node: found, whole: found !== undefined };
  };
  const placeOf = (path: DataPath) => {
    const range = nodeAt(path).node?.range;
    const start = range?.[0] ?? 0;
    return lines.place(start, range?.[1] ?? start);
  };
  return {
    value,
    has: (path) => nodeAt(path).whole,
    placeOf,
    placeOfKey(path) {
      const range = keyNode(document, path)?.range;
      return range ? lines.place(range[0], range[1]) : placeOf(path);
    },
    offsetIn(path, character) {
      const { node } = nodeAt(path);
      if (!isScalar(node) || !node.range || typeof node.value !== 'string') return node?.range?.[0] ?? 0;
      return offsetInScalar(text, node.value, node.range, character);
    },
  };
}

function child(node: Node, step: PropertyKey): unknown {
  if (!('get' in node) || typeof node.get !== 'function') return undefined;
  const get = node.get.bind(node) as (key: unknown, keepScalar: boolean) => unknown;
  // Keys that look like numbers are numbers in YAML, and a JSON pointer has texts alone.
  return get(step, true) ?? (/^\d+$/.test(String(step)) ? get(Number(String(step)), true) : undefined);
}

function keyNode(document: Document, path: DataPath): Node | undefined {
  if (path.length === 0) return undefined;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === path.at(-1))?.key;
  return isNode(key) ? key : undefined;
}

function offsetInScalar(
  source: string,
  value: string,
  range: readonly [number, number, number],
  offset: number,
): number {
  const raw = source.slice(range[0], range[1]);
  if (raw === value) return range[0] + offset;
  if (raw.slice(1, -1) === value) return range[0] + 1 + offset;
  if (raw.startsWith('|')) {
    const before = value.slice(0, offset).split('\n');
    const line = raw.split('\n').slice(0, before.length + 1);
    const indent = /^ */.exec(line.at(-1) ?? '')![0].length;
    const lineStart = line.slice(0, -1).reduce((sum, text) => sum + text.length + 1, range[0]);
    return Math.min(lineStart + indent + before.at(-1)!.length, range[1]);
  }
  return range[0];
}

const specialStart = {
  message: 'A text here starts with * or &, which has a meaning of its own in YAML.',
  suggestion: 'Put the text in quotes: "*How* many …".',
};

const collectionKey = {
  message: 'A list or a map stands here where a key should be.',
  suggestion: 'Write a single word or text before the colon; put a text that starts with { or [ in quotes.',
};

const endlessAlias = {
  message: 'This alias stands inside what it stands for, so that it would never end.',
  suggestion: 'Write out what is meant here.',
};

const template = {
  message: 'This is a template: {{ … }} is to be filled in before it is YAML.',
  suggestion:
    'Render it first (helm template), or write the value itself; put braces that are meant as text in quotes.',
};

const tooManyAliases = {
  message: `The aliases (*name) of this text stand for more than ${mostAliases} copies of something.`,
  suggestion: 'Write out what the aliases stand for, or repeat less.',
};

const tabIndent = {
  message: 'This line is indented with a tab, but YAML takes only spaces.',
  suggestion: 'Replace the tab with two spaces.',
};

const badIndent = {
  message: 'The indentation of this line fits no line above it.',
  suggestion: 'Give the entries of one list or map the same number of spaces.',
};

function lineAround(source: string, offset: number): string {
  const start = source.lastIndexOf('\n', offset - 1) + 1;
  const end = source.indexOf('\n', start);
  return source.slice(start, end < 0 ? source.length : end);
}

function inPlainWords(error: YAMLError, source: string): { message: string; suggestion: string } {
  const seen = source[error.pos[0]] ?? '';
  const line = lineAround(source, error.pos[0]);
  // The parser's own codes for these two depend on what stands around them.
  if (/^ *\t/.test(line)) return tabIndent;
  if (/^ *(?:- )?[\w-]+: +[*&]/.test(line)) return specialStart;
  if (error.message.includes('call stack'))
    return {
      message: 'Lists or maps stand inside each other here, deeper than can be read.',
      suggestion: 'Use fewer levels.',
    };
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tabIndent;
    case 'BAD_INDENT':
      return error.message.includes('end with a')
        ? {
            message: 'A bracket or brace was opened before, and is not closed here.',
            suggestion: 'Close it with ] or }, or indent this line further.',
          }
        : badIndent;
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:]+/.exec(source.slice(error.pos[0]))?.[0] ?? seen;
      return { message: `The key ${key} stands here a second time.`, suggestion: 'Keep one of the two.' };
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'There is a second colon on this line, and YAML reads it as a key.',
        suggestion: 'Put the text in quotes if the colon belongs to it.',
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'This line should be "key: value", but no colon follows the key.',
        suggestion: 'Add the colon, or indent the line if it continues the text above.',
      };
    case 'MISSING_CHAR':
      if (error.message.startsWith('Sequence item without')) return badIndent;
      if (error.message.startsWith('Missing closing')) {
        return {
          message: 'A quote was opened before, and is not closed here.',
          suggestion: 'Add the closing quote.',
        };
      }
      return {
        message: `Something is not closed here: ${lowerFirst(error.message)}.`,
        suggestion: 'Look for a missing quote, bracket, brace, comma or colon.',
      };
    case 'BAD_SCALAR_START':
      return { message: `A text may not start with ${seen} in YAML.`, suggestion: 'Put the text in quotes.' };
    case 'BAD_DQ_ESCAPE':
      return {
        message: 'A backslash inside double quotes starts an escape, and there is none like this.',
        suggestion: 'Write \\\\ for a backslash, or use single quotes.',
      };
    case 'BAD_ALIAS':
      return specialStart;
    case 'MULTIPLE_DOCS':
      return { message: 'A line of --- starts a second document here.', suggestion: 'Remove the line.' };
    default:
      return {
        message: `This cannot be read as YAML: ${lowerFirst(error.message)}.`,
        suggestion: 'A text that starts with {, [, !, % or a quote has to stand in quotes as a whole.',
      };
  }
}

const lowerFirst = (text: string): string =>
  text.charAt(0).toLowerCase() + text.slice(1).replace(/[.:]+$/, '');

/** Plain data as YAML in the way of Kubernetes' tools: keys in alphabetical order, lists at the level of their key. Ends with a line break. */
export const yamlOf = (value: unknown): string =>
  stringify(value, { sortMapEntries: true, indentSeq: false, aliasDuplicateObjects: false, lineWidth: 0 });
