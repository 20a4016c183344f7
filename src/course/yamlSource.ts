import {
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { Problem, SourcePosition } from './model.ts';

/** A path into YAML data: keys and indexes. */
export type YamlPath = readonly PropertyKey[];

/** YAML as plain data that remembers where each value stands in its file. */
export interface YamlSource {
  readonly file: string;
  /** `undefined` when the text is not YAML; then `problems` says why. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at `path` starts, or else the nearest value around it that exists. */
  positionOf(path: YamlPath): SourcePosition;
  /** Where the key stands whose value is at `path`. */
  positionOfKey(path: YamlPath): SourcePosition;
  /** Where a character of the text at `path` stands; the start of the text where quoting hides it. */
  positionIn(path: YamlPath, offset: number): SourcePosition;
}

/**
 * Reads one YAML document. Never throws.
 * @param firstLine line of the file on which `text` starts, from 1
 */
export function readYaml(file: string, text: string, firstLine = 1): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });

  const place = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: firstLine + Math.max(line, 1) - 1, column: Math.max(col, 1) };
  };
  const start = place(0);

  const problems: Problem[] = [];
  const [first] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) {
    problems.push({ severity: 'error', at: place(first.pos[0]), ...inPlainWords(first, text) });
  }
  let value: unknown;
  if (first === undefined) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch {
      // An alias of nothing, or of too much.
      let at = start;
      visit(document, {
        Alias(_key, alias) {
          if (alias.range) at = place(alias.range[0]);
          return visit.BREAK;
        },
      });
      problems.push({ severity: 'error', at, ...specialStart });
    }
  }

  const nodeAt = (path: YamlPath): Node | undefined => {
    let node: unknown = document.contents;
    let found: Node | undefined = isNode(node) ? node : undefined;
    for (const step of path) {
      node = isNode(node) ? child(node, step) : undefined;
      if (!isNode(node)) break;
      found = node;
    }
    return found;
  };
  const positionOf = (path: YamlPath): SourcePosition => {
    const range = nodeAt(path)?.range;
    return range ? place(range[0]) : start;
  };

  return {
    file,
    value,
    problems,
    positionOf,
    positionOfKey(path) {
      const key = keyNode(document, path);
      return key?.range ? place(key.range[0]) : positionOf(path);
    },
    positionIn(path, offset) {
      const node = nodeAt(path);
      if (!isScalar(node) || !node.range || typeof node.value !== 'string') return positionOf(path);
      return place(offsetInScalar(text, node.value, node.range, offset));
    },
  };
}

function child(node: Node, step: PropertyKey): unknown {
  if (!('get' in node) || typeof node.get !== 'function') return undefined;
  return (node.get as (key: unknown, keepScalar: boolean) => unknown)(step, true);
}

function keyNode(document: Document, path: YamlPath): Node | undefined {
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
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tabIndent;
    case 'BAD_INDENT':
      return badIndent;
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
