import type { Fix, Problem } from '../course/model.ts';
import { TextLines } from '../engine/kernel/structuredText.ts';
import type { TextRange } from './textRange.ts';
import { endOfNodeAt, parseYaml } from './yamlNodes.ts';
import { regionAround, yamlRegions, type YamlRegion } from './yamlRegion.ts';

/** What is wrong with a file of a pack, as an editor underlines it. */
export interface Diagnosis extends TextRange {
  readonly severity: Problem['severity'];
  /** What was seen and expected, and what to do. */
  readonly message: string;
  readonly problem: Problem;
}

/** The problems of one file, each with the text that it is about. */
export function diagnoses(path: string, text: string, problems: readonly Problem[]): readonly Diagnosis[] {
  const own = problems.filter(({ at }) => at.file === path);
  if (own.length === 0) return [];
  const lines = new TextLines(text);
  const regions = yamlRegions(path, text);
  return own.map((problem): Diagnosis => {
    const start = lines.offset(problem.at.line, problem.at.column);
    return {
      ...(problem.end === undefined
        ? extentOf(text, regions, start, problem.fixes)
        : { start, end: endWithin(text, start, lines.offset(problem.end.line, problem.end.column)) }),
      severity: problem.severity,
      message:
        problem.suggestion === undefined ? problem.message : `${problem.message} ${problem.suggestion}`,
      problem,
    };
  });
}

/** Of several lines the first is underlined. */
const endWithin = (text: string, start: number, end: number): number =>
  Math.max(start, Math.min(end, endOfLine(text, start)));

function extentOf(
  text: string,
  regions: readonly YamlRegion[],
  start: number,
  fixes: readonly Fix[] = [],
): TextRange {
  const region = regionAround(regions, start);
  const lineEnd = text.slice(0, endOfLine(text, start)).trimEnd().length;
  const fix = fixes.find(({ kind }) => kind === 'replace');
  if (fix?.kind === 'replace') {
    const limit = region?.end ?? endOfLine(text, start);
    const found = findWord(text, fix.seen, start, limit);
    if (found !== undefined) return found;
  }
  if (region !== undefined) {
    if (start === region.outerStart && region.word !== undefined) return region.word;
    const end = endOfNodeAt(parseYaml(region.yaml), start - region.start);
    if (end !== undefined) return { start, end: Math.min(region.start + end, Math.max(lineEnd, start)) };
  }
  return { start, end: Math.max(lineEnd, start) };
}

/** The first place of a text that is no part of a longer name. */
export function findWord(text: string, word: string, from: number, to: number): TextRange | undefined {
  const isPart = (at: number): boolean => /[\p{L}\p{N}_-]/u.test(text[at] ?? '');
  for (let at = text.indexOf(word, from); at >= 0 && at < to; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (!(isPart(at) && isPart(at - 1)) && !(isPart(end - 1) && isPart(end))) return { start: at, end };
  }
  return undefined;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
