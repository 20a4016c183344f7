import { splitLesson, type BlockKind } from '../course/lessonText.ts';
import { ProblemList } from '../course/problemList.ts';
import { TextLines } from '../engine/kernel/structuredText.ts';
import { authorFileAt } from './authorFile.ts';
import type { TextRange } from './textRange.ts';

/** What a piece of YAML is: a whole file, the front matter of a lesson, or one of its blocks. */
export type RegionKind = 'pack' | 'task.yaml' | 'front matter' | BlockKind;

/** A piece of YAML in a file. */
export interface YamlRegion extends TextRange {
  readonly kind: RegionKind;
  readonly yaml: string;
  /** The word behind the opening fence, of a block. */
  readonly word?: TextRange;
  /** Where the region with its fences starts: problems of a block as a whole stand there. */
  readonly outerStart: number;
}

/** The YAML of a file of a pack, in order. @param path in the pack */
export function yamlRegions(path: string, text: string): readonly YamlRegion[] {
  const file = authorFileAt(path);
  if (file === undefined) return [];
  const whole = { start: 0, end: text.length, yaml: text, outerStart: 0 };
  if (file.kind === 'pack') return [{ kind: 'pack', ...whole }];
  if (file.kind === 'task') return [{ kind: 'task.yaml', ...whole }];
  const lines = new TextLines(text);
  // Lines count the same with any line ends, and only lines are taken from what is split here.
  const { frontMatter, pieces } = splitLesson(path, text.replaceAll('\r\n', '\n'), new ProblemList());
  const region = (kind: RegionKind, firstLine: number, yaml: string, outerLine: number): YamlRegion => {
    const count = yaml === '' ? 0 : yaml.split('\n').length;
    const start = lines.offset(firstLine, 1);
    const end = count === 0 ? start : endOfLine(text, lines.offset(firstLine + count - 1, 1));
    return { kind, start, end, yaml: text.slice(start, end), outerStart: lines.offset(outerLine, 1) };
  };
  const regions: YamlRegion[] = [];
  if (frontMatter !== undefined)
    regions.push(region('front matter', frontMatter.line, frontMatter.yaml, frontMatter.line - 1));
  for (const piece of pieces) {
    if (piece.kind !== 'block') continue;
    const block = region(piece.block, piece.yamlLine, piece.yaml, piece.line);
    const wordStart = text.indexOf(piece.block, block.outerStart);
    regions.push({ ...block, word: { start: wordStart, end: wordStart + piece.block.length } });
  }
  return regions;
}

/** The region whose YAML holds the offset. */
export const regionAt = (regions: readonly YamlRegion[], offset: number): YamlRegion | undefined =>
  regions.find(({ start, end }) => offset >= start && offset <= end);

/** The region that a problem at the offset is about: its fence counts. */
export const regionAround = (regions: readonly YamlRegion[], offset: number): YamlRegion | undefined =>
  regions.find(({ outerStart, end }) => offset >= outerStart && offset <= end);

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  const at = end < 0 ? text.length : end;
  return text[at - 1] === '\r' ? at - 1 : at;
}
