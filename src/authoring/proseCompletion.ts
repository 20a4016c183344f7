import type { Lesson } from '../course/model.ts';
import { headingAnchor } from '../course/markdownOutline.ts';
import { blockSnippets } from './blockSnippets.ts';
import type { Completion, CompletionContext } from './completion.ts';
import { lessonText } from './referenceText.ts';
import { literal } from './snippetText.ts';
import { yamlRegions } from './yamlRegion.ts';

/** In the Markdown of a lesson: blocks at the start of a line, and where links may lead. */
export function completeProse(
  path: string,
  text: string,
  offset: number,
  { pack, paths, scenarios }: CompletionContext,
): readonly Completion[] {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  const link = /(!?)\[[^\]]*\]\(([^)\s]*)$/.exec(line);
  if (link !== null) {
    const [, picture, address] = link;
    const range = { start: offset - address!.length, end: offset };
    const at = (label: string, kind: Completion['kind'], lesson?: Lesson): Completion => ({
      label,
      kind,
      ...(lesson === undefined ? {} : { detail: lesson.title, doc: lessonText(lesson) }),
      insert: literal(label),
      range,
    });
    if (picture === '!') return picturesBeside(path, paths).map((file) => at(file, 'file'));
    const heading = /^trapframe:([^#]*)#/.exec(address!);
    const target = pack.lessons.find((lesson) =>
      heading === null ? lesson.path === path : lesson.id === heading[1],
    );
    const headings = target === undefined ? [] : headingsOf(target);
    if (heading !== null) return headings.map((anchor) => at(`trapframe:${target!.id}#${anchor}`, 'value'));
    return [
      ...headings.map((anchor) => at(`#${anchor}`, 'value')),
      ...pack.lessons
        .filter((lesson) => lesson !== target)
        .map((lesson) => at(`trapframe:${lesson.id}`, 'value', lesson)),
    ];
  }
  return completeBlock(path, text, offset, lineStart, line, scenarios);
}

function completeBlock(
  path: string,
  text: string,
  offset: number,
  lineStart: number,
  line: string,
  scenarios: CompletionContext['scenarios'],
): readonly Completion[] {
  const newline = text.indexOf('\n', offset);
  const rest = text.slice(offset, newline < 0 ? text.length : newline);
  if (!/^(?:`{0,3}|`{3}[\w ]+|\w+)$/.test(line) || rest.trim() !== '') return [];
  if (lineStart === 0 || isInFence(path, text, lineStart)) return [];
  return blockSnippets(scenarios, lastScenario(text.slice(0, lineStart))).map(
    ({ label, detail, doc, snippet }): Completion => ({
      label,
      kind: 'snippet',
      detail,
      doc,
      insert: snippet,
      range: { start: lineStart, end: offset },
    }),
  );
}

/** Inside a fence that is open above the line, or in front matter. */
function isInFence(path: string, text: string, lineStart: number): boolean {
  if (yamlRegions(path, text).some(({ outerStart, end }) => lineStart > outerStart && lineStart <= end))
    return true;
  const fences = text.slice(0, lineStart).match(/^(?:```|~~~)/gm) ?? [];
  return fences.length % 2 === 1;
}

/** The scenario that the lesson used last: the next block is probably over it too. */
const lastScenario = (before: string): string | undefined =>
  [...before.matchAll(/^scenario: *(\S+)/gm)].at(-1)?.[1];

function picturesBeside(path: string, paths: readonly string[]): readonly string[] {
  const folder = path.slice(0, -'lesson.md'.length);
  return paths.flatMap((file) =>
    file.startsWith(folder) && /\.(?:png|svg|jpe?g|gif|webp)$/i.test(file) ? [file.slice(folder.length)] : [],
  );
}

export const headingsOf = (lesson: Lesson): readonly string[] =>
  lesson.parts.flatMap((part) =>
    part.kind === 'prose'
      ? [...part.markdown.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, words]) => headingAnchor(words!))
      : [],
  );
