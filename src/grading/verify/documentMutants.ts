import { isMap, isScalar, isSeq, parseAllDocuments, type Node } from 'yaml';
import type { DocumentLanguage } from '../../engine/kernel/document.ts';
import type { Change, MutantKind } from './mutant.ts';

/** Simple changes of a document, in the order of its text. */
export function documentChanges(language: DocumentLanguage, text: string): readonly Change[] {
  return language === 'json' || language === 'yaml' ? structuredChanges(text) : lineChanges(text);
}

/** JSON is YAML, as far as this looks at it. */
function structuredChanges(text: string): readonly Change[] {
  const found: Change[] = [];
  const walk = (node: unknown): void => {
    if (isMap(node)) {
      const pairs = node.items.map(({ key, value }) => ({
        start: (key as Node | null)?.range?.[0],
        end: ((value ?? key) as Node | null)?.range?.[1],
      }));
      found.push(...drops('drops-a-key', pairs, text));
      for (const { value } of node.items) walk(value);
    } else if (isSeq(node)) {
      const items = (node.items as readonly (Node | null)[]).map((item) => ({
        start: item?.range?.[0],
        end: item?.range?.[1],
      }));
      found.push(...drops('drops-an-item', items, text));
      for (const item of node.items) walk(item);
    } else if (isScalar(node) && node.range) {
      for (const by of otherValues(node.value)) {
        found.push({ kind: 'changes-a-value', start: node.range[0], end: node.range[1], by });
      }
    }
  };
  for (const document of parseAllDocuments(text, { prettyErrors: false })) walk(document.contents);
  return found.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

interface Extent {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Each part but an only one left out: up to the next part, or back to the one before. */
function drops(kind: MutantKind, parts: readonly Extent[], text: string): readonly Change[] {
  /** Lists and maps in block style reach to the line after them. */
  const endOf = (end: number | undefined): number | undefined =>
    end === undefined ? undefined : text.slice(0, end).trimEnd().length;
  return parts.flatMap(({ start, end }, index) => {
    const before = parts[index - 1];
    const after = parts[index + 1];
    const from = after === undefined ? endOf(before?.end) : start;
    const to = after === undefined ? endOf(end) : after.start;
    return from === undefined || to === undefined || parts.length === 1
      ? []
      : [{ kind, start: from, end: to, by: '' }];
  });
}

function otherValues(value: unknown): readonly string[] {
  if (typeof value === 'boolean') return [String(!value)];
  if (typeof value !== 'number' || !Number.isFinite(value)) return [];
  return [String(value + 1), ...(value > 0 ? [String(value - 1)] : [])];
}

/** Assembly and prose: each line that says something left out. */
function lineChanges(text: string): readonly Change[] {
  const found: Change[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = Math.min(start + line.length + 1, text.length);
    if (/^\s*[a-z]/i.test(line) && !line.trimEnd().endsWith(':'))
      found.push({ kind: 'drops-a-line', start, end, by: '' });
    start = end;
  }
  return found;
}
