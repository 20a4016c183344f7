import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { TextLines, type DataPath, type StructuredReading } from './structuredText.ts';

/** Deeper nesting than any real file; the parser and its readers recurse. */
const deepest = 200;

/** Reads JSON strictly: no comments, no trailing commas, no key twice. Never throws. */
export function readJson(text: string): StructuredReading {
  const source = text.replace(/^\uFEFF/, ' ');
  const lines = new TextLines(source);
  if (nesting(source) > deepest) {
    const message = `The brackets are nested more than ${deepest} deep.`;
    return { ok: false, problems: [{ line: 1, column: 1, message }] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first !== undefined || root === undefined) {
    const offset = first?.offset ?? 0;
    const [message, suggestion] = inPlainWords(
      first === undefined ? '' : printParseErrorCode(first.error),
      source,
      offset,
    );
    return {
      ok: false,
      problems: [{ ...lines.place(offset, offset + (first?.length ?? 1)), message, suggestion }],
    };
  }
  const twice = repeatedKey(root);
  if (twice !== undefined) {
    return {
      ok: false,
      problems: [
        {
          ...lines.place(twice.offset, twice.offset + twice.length),
          message: `The key "${String(twice.value)}" stands here a second time.`,
          suggestion: 'Keep one of the two.',
        },
      ],
    };
  }
  const nearestNode = (path: DataPath): Node => {
    for (let length = path.length; length > 0; length--) {
      const node = nodeAt(root, path.slice(0, length));
      if (node !== undefined) return node;
    }
    return root;
  };
  const place = (node: Node) => lines.place(node.offset, node.offset + node.length);
  return {
    ok: true,
    value: {
      value: getNodeValue(root) as unknown,
      has: (path) => nodeAt(root, path) !== undefined,
      placeOf: (path) => place(nearestNode(path)),
      placeOfKey(path) {
        const node = nearestNode(path);
        const property = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
        return place(property ?? node);
      },
    },
  };
}

/** Steps may be texts that stand for indexes, as in a JSON pointer. */
function nodeAt(root: Node, path: DataPath): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    const key: string | number = node.type === 'array' ? Number(String(step)) : String(step);
    if (typeof key === 'number' && !Number.isInteger(key)) return undefined;
    node = findNodeAtLocation(node, [key]);
  }
  return node;
}

function repeatedKey(node: Node): Node | undefined {
  if (node.type === 'object') {
    const seen = new Set<unknown>();
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (key === undefined) continue;
      if (seen.has(key.value)) return key;
      seen.add(key.value);
    }
  }
  for (const child of node.children ?? []) {
    const found = repeatedKey(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An upper bound of the nesting, without parsing: brackets inside texts count too, closing ones only outside. */
function nesting(text: string): number {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"' || character === '\n') quoted = false;
      continue;
    }
    if (character === '"') quoted = true;
    else if (character === '{' || character === '[') most = Math.max(most, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return most;
}

function inPlainWords(error: string, text: string, offset: number): [string, string] {
  const at = text[offset];
  const seen = at === undefined ? 'the end of the file' : at === '"' ? 'this double quote' : `"${at}"`;
  switch (error) {
    case 'InvalidCommentToken':
    case 'UnexpectedEndOfComment':
      return ['JSON has no comments.', 'Remove the comment.'];
    case 'CommaExpected':
      return [`A comma is missing before ${seen}.`, 'Put a comma after the value before it.'];
    case 'ColonExpected':
      return [`A colon is missing between a key and its value, before ${seen}.`, 'Write "key": value.'];
    case 'PropertyNameExpected':
      return text[offset] === '}'
        ? ['There is a comma after the last entry.', 'Remove the comma before the closing brace.']
        : [`A key was expected, but there is ${seen}.`, 'Keys stand in double quotes.'];
    case 'ValueExpected':
      return text[offset] === ']'
        ? ['There is a comma after the last item.', 'Remove the comma before the closing bracket.']
        : [`A value was expected, but there is ${seen}.`, 'Texts stand in double quotes.'];
    case 'CloseBraceExpected':
      return ['A brace { is not closed.', 'Add the closing brace }.'];
    case 'CloseBracketExpected':
      return ['A bracket [ is not closed.', 'Add the closing bracket ].'];
    case 'EndOfFileExpected':
      return [`After the end of the data there is more: ${seen}.`, 'Look for a brace or bracket too many.'];
    case 'UnexpectedEndOfString':
      return ['A text is not closed on its line.', 'Add the closing double quote.'];
    case 'InvalidEscapeCharacter':
    case 'InvalidUnicode':
    case 'InvalidCharacter':
      return [
        'A text holds a backslash sequence or a character that JSON does not allow.',
        'Write \\\\ for a backslash, \\n for a new line and \\t for a tab.',
      ];
    default:
      return noValue(text, offset, seen);
  }
}

function noValue(text: string, offset: number, seen: string): [string, string] {
  const written = /^[^\s,\]}]{1,20}/.exec(text.slice(offset))?.[0] ?? seen;
  const says = `This is no JSON value: ${written}.`;
  // The parser stops behind the 0.
  if (text[offset - 1] === '0' && /^x[0-9a-f]+$/i.test(written))
    return [
      `This is no JSON value: 0${written}.`,
      `JSON has no hexadecimal numbers: write ${Number(`0${written}`)}.`,
    ];
  if (written.startsWith("'")) return [says, 'Texts and keys stand in double quotes.'];
  if (text.slice(0, offset).trim() === '' && /^[\w-]+:/.test(written))
    return [says, 'This looks like YAML: JSON starts with {, and its keys stand in double quotes.'];
  return [says, 'Values are numbers, true, false, null, "texts", [lists] and {objects}.'];
}
