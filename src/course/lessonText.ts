import MarkdownIt from 'markdown-it';
import { nearest } from '../engine/kernel/parameters.ts';
import { suggest, type ProblemList } from './problemList.ts';

/** A lesson's text cut into front matter, Markdown and blocks. Lines count from 1 in the whole file. */

export const blockKinds = ['figure', 'question', 'prediction', 'critique', 'task'] as const;
export type BlockKind = (typeof blockKinds)[number];

export type LessonPiece =
  | { readonly kind: 'prose'; readonly line: number; readonly markdown: string }
  | {
      readonly kind: 'block';
      readonly block: BlockKind;
      /** Line of the opening fence. */
      readonly line: number;
      /** The YAML between the fences, and the line on which it starts. */
      readonly yaml: string;
      readonly yamlLine: number;
    };

export interface LessonText {
  /** The YAML between the lines of `---`, or undefined when there is none. */
  readonly frontMatter: { readonly yaml: string; readonly line: number } | undefined;
  readonly pieces: readonly LessonPiece[];
}

const markdown = new MarkdownIt({ html: false });

export function splitLesson(file: string, text: string, problems: ProblemList): LessonText {
  const lines = text.split('\n');
  const bodyStart = frontMatterEnd(file, lines, problems);
  const pieces: LessonPiece[] = [];
  let proseStart = bodyStart;
  const addProse = (end: number): void => {
    let first = proseStart;
    while (first < end && lines[first]!.trim() === '') first++;
    if (first < end)
      pieces.push({ kind: 'prose', line: first + 1, markdown: lines.slice(first, end).join('\n').trimEnd() });
  };

  for (const token of markdown.parse(lines.slice(bodyStart).join('\n'), {})) {
    if (token.type !== 'fence' || token.map === null) continue;
    const language = token.info.trim().split(/\s+/)[0] ?? '';
    const open = bodyStart + token.map[0];
    const end = bodyStart + token.map[1];
    const at = { file, line: open + 1, column: 1 };
    if (!isBlockKind(language)) {
      if (looksLikeBlock(language, token.content)) {
        problems.warning(
          at,
          `"${language}" is no kind of block, so this is shown as code.`,
          suggest(language, nearest(language, blockKinds), blockKinds, 'Blocks are'),
        );
      }
      continue;
    }
    if (token.level > 0) {
      problems.error(
        at,
        `A ${language} block cannot stand inside a list or a quote.`,
        'Start it at the beginning of a line.',
      );
      continue;
    }
    const closed = end > open + 1 && lines[end - 1]!.trim().startsWith(token.markup);
    if (!closed)
      problems.error(at, `This ${language} block is not closed.`, `Add a line of ${token.markup} after it.`);
    addProse(open);
    const yaml = lines.slice(open + 1, closed ? end - 1 : end).join('\n');
    pieces.push({
      kind: 'block',
      block: language,
      line: open + 1,
      yaml,
      yamlLine: Math.min(open + 2, lines.length),
    });
    proseStart = end;
  }
  addProse(lines.length);
  return {
    frontMatter: bodyStart === 0 ? undefined : { yaml: lines.slice(1, bodyStart - 1).join('\n'), line: 2 },
    pieces,
  };
}

/** Index of the first line of the body. */
function frontMatterEnd(file: string, lines: readonly string[], problems: ProblemList): number {
  const at = { file, line: 1, column: 1 };
  if (lines[0]?.trimEnd() !== '---') {
    problems.error(
      at,
      'The lesson does not start with front matter.',
      'Start with a line of ---, then id, title, module and format.',
    );
    return 0;
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end >= 0) return end + 1;
  problems.error(at, 'The front matter is not closed.', 'Add a line of --- after it.');
  return 0;
}

const isBlockKind = (language: string): language is BlockKind =>
  (blockKinds as readonly string[]).includes(language);

/** A block's YAML under a language that nobody knows: a misspelt block, not code. */
function looksLikeBlock(language: string, content: string): boolean {
  if (!/^[a-z]+$/i.test(language) || /^(?:ya?ml|text|txt)$/i.test(language)) return false;
  const [first = ''] = content.split('\n');
  return nearest(language, blockKinds) === undefined
    ? /^\s*(?:id|scenario|kind): [\w.-]+\s*$/.test(first)
    : /^\s*[a-z]+:(?:\s|$)/i.test(first);
}
