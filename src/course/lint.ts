import { authorNotes } from './authorNotes.ts';
import { nearest } from '../engine/kernel/parameters.ts';
import { decoded, isAllowedAddress, isRelative, outlineOf, type MarkdownOutline } from './markdownOutline.ts';
import { isSameLanguage } from './languageTag.ts';
import { localesAmong, translationOf } from './locales.ts';
import type {
  Advice,
  Lesson,
  LessonPart,
  Loaded,
  Pack,
  PackFiles,
  Problem,
  SourcePosition,
  TaskPart,
} from './model.ts';
import { loadPack, type LessonCache } from './packLoader.ts';
import { addingKey, inReadingOrder, ProblemList, replacing, suggest } from './problemList.ts';
import { documentProblems } from './taskDocument.ts';
import type { ScenarioTable } from './variants.ts';

/** Fewer known-wrong solutions than this leave too many mistakes without words of their own. */
export const fewestKnownWrong = 3;

/** Everything that `trapframe lint` says of a pack: all problems of loading, and what makes a lesson poor though it loads. */
export async function lintPack(
  files: PackFiles,
  scenarios: ScenarioTable,
  known?: LessonCache,
): Promise<Loaded<Pack>> {
  const options = known === undefined ? {} : { known };
  const { value: pack, problems } = await loadPack(files, scenarios, options);
  const found = new ProblemList();
  found.addAll(problems);
  const paths = await files.list().catch((): readonly string[] => []);
  found.addAll(await notesLeft(files, paths));
  for (const { parts } of pack.lessons) {
    for (const part of parts) {
      checkTeaching(part, found);
      if (part.kind === 'task') found.addAll(documentProblems(part.task, scenarios));
    }
  }
  found.addAll(readingProblems(pack, paths));
  for (const locale of localesAmong(paths)) {
    if (isSameLanguage(locale, pack.language)) continue; // refused
    const { value, problems: own } = await loadPack(files, scenarios, { ...options, locale });
    // What a translation takes from its original was looked at there.
    found.addAll(
      [...own, ...readingProblems(value, paths)].filter(
        ({ at }) => translationOf(at.file)?.locale === locale,
      ),
    );
  }
  return { value: pack, problems: inReadingOrder(found.problems) };
}

/** Links, pictures and headings. */
function readingProblems(pack: Pack, paths: readonly string[]): readonly Problem[] {
  const found = new ProblemList();
  const anchors = new Map(pack.lessons.map((lesson) => [lesson.id, anchorsOf(lesson)]));
  const known = new Set(paths);
  for (const lesson of pack.lessons) {
    const pointers = new PointerCheck(lesson, anchors, known, found);
    for (const part of lesson.parts)
      for (const [outline, at, isProse] of outlinesOf(part)) pointers.check(outline, at, isProse);
    checkHeadings(lesson, found);
  }
  return found.problems;
}

/** Notes of generated files that their author has not yet replaced. */
async function notesLeft(files: PackFiles, paths: readonly string[]): Promise<readonly Problem[]> {
  const texts = paths.filter((path) => /\.(?:md|yaml|ts)$/.test(path));
  const notes = await Promise.all(
    // A file that cannot be read was reported by the loader.
    texts.map(async (path) => authorNotes(path, await files.read(path).catch(() => ''))),
  );
  return notes.flat();
}

/** Every answer deserves an explanation, and every exercise help. */
function checkTeaching(part: LessonPart, found: ProblemList): void {
  switch (part.kind) {
    case 'prose':
      return;
    case 'figure':
      if (part.caption === undefined) {
        found.warning(
          part.at,
          'This figure has no caption.',
          addingKey('caption', 'Add "caption: …" for people who cannot see it.'),
        );
      }
      return;
    case 'question':
      checkExplained(part, found);
      if (part.hints.length === 0)
        found.warning(
          part.at,
          `The question ${part.id} has no hint.`,
          addingKey('hints', 'Add "hints: […]".'),
        );
      if (part.form !== 'choice' && part.misconceptions.length === 0) {
        found.warning(
          part.at,
          `The question ${part.id} has no misconception.`,
          addingKey(
            'misconceptions',
            `Add the wrong ${part.form} that learners give most, with its feedback.`,
          ),
        );
      }
      return;
    case 'prediction':
    case 'critique':
      checkExplained(part, found);
      return;
    case 'task':
      checkTask(part, found);
  }
}

function checkExplained(
  part: { readonly kind: string; readonly id: string; readonly explain: string; readonly at: SourcePosition },
  found: ProblemList,
): void {
  if (part.explain.trim() === '')
    found.warning(part.at, `The ${part.kind} ${part.id} explains nothing.`, addingKey('explain'));
}

function checkTask({ task }: TaskPart, found: ProblemList): void {
  if (task.wrong.length < fewestKnownWrong) {
    const have =
      task.wrong.length === 0
        ? 'no known-wrong solution'
        : `only ${task.wrong.length} known-wrong ${task.wrong.length === 1 ? 'solution' : 'solutions'}`;
    found.warning(
      task.at,
      `The task ${task.id} has ${have}.`,
      `Add at least ${fewestKnownWrong}, each with its feedback, to "wrong".`,
    );
  }
  if (task.hints.length === 0)
    found.warning(task.at, `The task ${task.id} has no hint.`, addingKey('hints', 'Add "hints: […]".'));
  if (task.brief.trim() === '')
    found.warning(task.at, `The task ${task.id} does not say what to do.`, addingKey('brief'));
  if (task.checks.every((check) => check.points === 0))
    found.warning(task.at, `The task ${task.id} gives no points.`, 'Give its checks points.');
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
    const at = (line: number): SourcePosition => (isProse ? { ...start, line: start.line + line } : start);
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
