import { nearest } from '../engine/kernel/parameters.ts';
import { decoded, isAllowedAddress, isRelative, outlineOf, type MarkdownOutline } from './markdownOutline.ts';
import type { Advice, Lesson, LessonPart, Pack, Problem, SourcePosition } from './model.ts';
import { ProblemList, replacing, suggest } from './problemList.ts';

/** What is wrong with links, pictures, headings and HTML in the texts of a pack. @param paths every file of the pack */
export function readingProblems(pack: Pack, paths: readonly string[]): readonly Problem[] {
  const found = new ProblemList();
  const anchors = new Map(pack.lessons.map((lesson) => [lesson.id, anchorsOf(lesson)]));
  const known = new Set(paths);
  for (const lesson of pack.lessons) {
    const pointers = new PointerCheck(lesson, anchors, known, found);
    for (const part of lesson.parts)
      for (const [outline, at, isProse] of outlinesOf(part)) {
        pointers.check(outline, at, isProse);
        checkHtml(outline, at, isProse, found);
      }
    checkHeadings(lesson, found);
  }
  return found.problems;
}

/** Every Markdown text of a part, where it starts, and whether its lines are lines of the file. */
function textsOf(part: LessonPart): readonly (readonly [string, SourcePosition, boolean])[] {
  switch (part.kind) {
    case 'prose':
      return [[part.markdown, part.at, true]];
    case 'figure':
      return [[part.caption ?? '', part.at, false]];
    case 'question':
      return [
        part.ask,
        part.explain,
        ...part.hints,
        ...(part.form === 'number'
          ? part.misconceptions.map(({ say }) => say)
          : part.form === 'order'
            ? [...part.items, ...part.misconceptions].map((one) => ('say' in one ? one.say : one.text))
            : part.options.flatMap(({ text, say }) => [text, say])),
      ].map((text) => [text, part.at, false] as const);
    case 'prediction':
      return [
        part.ask,
        part.explain,
        ...(part.form === 'order' ? part.items.map(({ text }) => text) : []),
      ].map((text) => [text, part.at, false] as const);
    case 'critique':
      return [
        part.claim,
        part.ask,
        part.explain,
        ...part.options.flatMap(({ text, say }) => [text, say]),
      ].map((text) => [text, part.at, false] as const);
    case 'task': {
      const { task } = part;
      return [
        ...[task.brief, ...task.hints].map((text) => [text, task.at, false] as const),
        ...task.checks.map((check) => [check.say ?? '', check.at, false] as const),
        ...task.wrong.map((wrong) => [wrong.say, wrong.at, false] as const),
      ];
    }
  }
}

type PlacedOutline = readonly [outline: MarkdownOutline, start: SourcePosition, isProse: boolean];

/** Parts are never changed, and whoever lints after every keystroke has most of them from before. */
const knownOutlines = new WeakMap<LessonPart, readonly PlacedOutline[]>();

function outlinesOf(part: LessonPart): readonly PlacedOutline[] {
  const known = knownOutlines.get(part);
  if (known !== undefined) return known;
  const outlines = textsOf(part).map(([text, at, isProse]) => [outlineOf(text), at, isProse] as const);
  knownOutlines.set(part, outlines);
  return outlines;
}

const headingsOf = (part: LessonPart): MarkdownOutline['headings'] =>
  part.kind === 'prose' ? outlinesOf(part).flatMap(([{ headings }]) => headings) : [];

const anchorsOf = (lesson: Lesson): readonly string[] =>
  lesson.parts.flatMap((part) => headingsOf(part).map(({ anchor }) => anchor));

/** Where a line of a text is in its file: blocks say only where they begin. */
const placed = (start: SourcePosition, line: number, isProse: boolean): SourcePosition =>
  isProse ? { ...start, line: start.line + line } : start;

/** What to write in place of HTML. */
const markdownFor: Readonly<Record<string, string>> = {
  '!--': 'Leave the comment out.',
  a: 'Write [text](address).',
  b: 'Write **text**.',
  br: 'End the line with a backslash, or begin a new paragraph.',
  code: 'Write `text`.',
  em: 'Write *text*.',
  i: 'Write *text*.',
  img: 'Write ![words](picture.svg).',
  strong: 'Write **text**.',
  sub: 'Write the character itself, such as ₂.',
  sup: 'Write the character itself, such as ².',
  table: 'Write a table of Markdown: | a | b |.',
};

function checkHtml(
  { html }: MarkdownOutline,
  start: SourcePosition,
  isProse: boolean,
  found: ProblemList,
): void {
  for (const { tag, line } of html) {
    found.warning(
      placed(start, line, isProse),
      `Lessons show no HTML: learners would read <${tag}${tag === '!--' ? ' … --' : ''}> as it stands here.`,
      markdownFor[tag] ?? 'Write it as Markdown, or leave it out.',
    );
  }
}

function checkHeadings(lesson: Lesson, found: ProblemList): void {
  const seen = new Map<string, number>();
  let level = 1;
  for (const part of lesson.parts) {
    for (const heading of headingsOf(part)) {
      const at = { ...part.at, line: part.at.line + heading.line };
      if (heading.level === 1)
        found.warning(
          at,
          "The lesson's title is its only first-level heading.",
          replacing('#', '##', 'Write ## here.'),
        );
      else if (heading.level > level + 1) {
        found.warning(
          at,
          `A heading of level ${heading.level} follows one of level ${level}.`,
          replacing('#'.repeat(heading.level), '#'.repeat(level + 1), `Write ${'#'.repeat(level + 1)} here.`),
        );
      }
      level = Math.max(heading.level, 2);
      const first = seen.get(heading.anchor);
      if (first === undefined) seen.set(heading.anchor, at.line);
      else
        found.warning(
          at,
          `A heading with the same words stands on line ${first}, so links cannot tell them apart.`,
          'Change one of the two.',
        );
    }
  }
}

/** Links and pictures of one lesson. */
class PointerCheck {
  readonly #lesson: Lesson;
  readonly #anchors: ReadonlyMap<string, readonly string[]>;
  readonly #paths: ReadonlySet<string>;
  readonly #found: ProblemList;

  constructor(
    lesson: Lesson,
    anchors: ReadonlyMap<string, readonly string[]>,
    paths: ReadonlySet<string>,
    found: ProblemList,
  ) {
    this.#lesson = lesson;
    this.#anchors = anchors;
    this.#paths = paths;
    this.#found = found;
  }

  check({ links, pictures }: MarkdownOutline, start: SourcePosition, isProse: boolean): void {
    const at = (line: number): SourcePosition => placed(start, line, isProse);
    for (const link of links) this.#checkLink(link.address, at(link.line));
    for (const picture of pictures) {
      if (picture.alt.trim() === '') {
        this.#found.warning(
          at(picture.line),
          `The picture ${decoded(picture.address)} has no text for people who cannot see it.`,
          'Write it between the brackets: ![…](…).',
        );
      }
      if (isRelative(picture.address)) this.#checkFile(picture.address, at(picture.line), 'picture');
      else
        this.#found.error(
          at(picture.line),
          `The picture ${decoded(picture.address)} is not a file of the pack.`,
          'Put the file beside the lesson.',
        );
    }
  }

  #checkLink(address: string, at: SourcePosition): void {
    if (!isAllowedAddress(address)) {
      this.#found.error(
        at,
        `The link ${decoded(address)} leads where lessons may not lead.`,
        'Use https:, trapframe:<lesson>, or a file beside the lesson.',
      );
      return;
    }
    if (/^https?:/i.test(address)) return;
    if (/^trapframe:/i.test(address)) {
      const [id = '', anchor] = decoded(address.slice('trapframe:'.length)).split('#');
      const anchors = this.#anchors.get(id);
      if (anchors === undefined) {
        const known = [...this.#anchors.keys()];
        this.#found.error(at, `There is no lesson ${id}.`, suggest(id, nearest(id, known), known));
      } else if (anchor !== undefined) this.#checkAnchor(anchor, anchors, at);
      return;
    }
    if (address.startsWith('#'))
      this.#checkAnchor(decoded(address.slice(1)), this.#anchors.get(this.#lesson.id) ?? [], at);
    else this.#checkFile(address, at, 'file');
  }

  #checkAnchor(anchor: string, known: readonly string[], at: SourcePosition): void {
    if (!known.includes(anchor))
      this.#found.error(
        at,
        `There is no heading #${anchor}.`,
        suggest(anchor, nearest(anchor, known), known),
      );
  }

  #checkFile(address: string, at: SourcePosition, what: string): void {
    const path = resolvePath(this.#lesson.path, decoded(address).replace(/[?#].*$/, ''));
    if (path !== undefined && this.#paths.has(path)) return;
    const names = [...this.#paths];
    this.#found.error(
      at,
      `There is no ${what} ${path ?? decoded(address)}.`,
      path === undefined
        ? 'A path may not leave the pack.'
        : suggestPath(address, path, nearest(path, names)),
    );
  }
}

/** The near path as an address like the one that was written: both are relative to the same file. */
function suggestPath(address: string, path: string, near: string | undefined): Advice | undefined {
  if (near === undefined) return undefined;
  const text = `Did you mean "${near}"?`;
  const written = decoded(address).replace(/[?#].*$/, '');
  // What both paths end with differs; what they start with is written as it was.
  let shared = 0;
  while (shared < path.length && path[shared] === near[shared]) shared++;
  const wrong = path.slice(shared);
  return written.endsWith(wrong) && wrong !== ''
    ? replacing(written, `${written.slice(0, written.length - wrong.length)}${near.slice(shared)}`, text)
    : text;
}

/** A path relative to a file, from the root of the pack; undefined when it leaves the pack. */
function resolvePath(from: string, relative: string): string | undefined {
  const steps = from.split('/').slice(0, -1);
  for (const step of relative.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
