import {
  readCritique,
  readFigure,
  readPrediction,
  readQuestion,
  exerciseId,
  type BlockInput,
} from './blocks.ts';
import { inNewestFormat, lessonFormats } from './lessonFormat.ts';
import { splitLesson, type BlockKind, type LessonPiece, type LessonText } from './lessonText.ts';
import type { Lesson, LessonPart, Loaded, Problem, ProsePart, SourcePosition, TaskPart } from './model.ts';
import { nearest } from '../engine/kernel/parameters.ts';
import { orCreate, ProblemList, suggest } from './problemList.ts';
import { readWith } from './schemaReader.ts';
import { frontMatterSchema, taskBlockSchema } from './schemas.ts';
import type { LoadedTask } from './taskLoader.ts';
import type { ScenarioTable } from './variants.ts';
import { readYaml, type YamlSource } from './yamlSource.ts';

export interface LessonSource {
  /** Path inside the pack: `round-robin/lesson.md`. */
  readonly path: string;
  /** The text, with LF alone. */
  readonly text: string;
  /** See {@link Lesson.contentHash}. */
  readonly contentHash: string;
  /** See {@link Lesson.language}. */
  readonly language: string;
  /** Tasks of the lesson's folder by folder name. */
  readonly tasks: ReadonlyMap<string, LoadedTask>;
}

/**
 * Reads one lesson. Never throws: what cannot be read is missing visibly, and `problems` says why.
 *
 * A block with an error becomes a prose part that says so; the rest of the lesson is there.
 */
export function parseLesson(lesson: LessonSource, scenarios: ScenarioTable): Loaded<Lesson> {
  const problems = new ProblemList();
  const text = splitLesson(lesson.path, inNewestFormat(lesson.text), problems);
  const front = readFrontMatter(lesson.path, text, problems);
  const reader = new BlockReader(lesson, scenarios, problems);
  const parts = text.pieces.map((piece) => readPiece(lesson.path, piece, reader));
  const value: Lesson = {
    id: front.id,
    title: front.title,
    module: front.module,
    summary: front.summary ?? firstSentence(parts),
    minutes: front.minutes ?? estimatedMinutes(parts),
    format: 1,
    path: lesson.path,
    parts,
    contentHash: lesson.contentHash,
    language: lesson.language,
  };
  return { value, problems: problems.problems };
}

function readPiece(file: string, piece: LessonPiece, reader: BlockReader): LessonPart {
  const at = { file, line: piece.line, column: 1 };
  if (piece.kind === 'prose') return { kind: 'prose', markdown: piece.markdown, at };
  const { part, error } = reader.read(piece.block, readYaml(file, piece.yaml, piece.yamlLine), at);
  return part ?? missingPart(piece.block, at, error);
}

/** Reads the blocks of one lesson in order, and keeps their ids apart. */
export class BlockReader {
  readonly #lesson: Pick<LessonSource, 'path' | 'tasks'>;
  readonly #scenarios: ScenarioTable;
  readonly #problems: ProblemList;
  readonly #ids = new Map<string, SourcePosition>();
  #figures = 0;

  constructor(lesson: Pick<LessonSource, 'path' | 'tasks'>, scenarios: ScenarioTable, problems: ProblemList) {
    this.#lesson = lesson;
    this.#scenarios = scenarios;
    this.#problems = problems;
  }

  /** The block, or the error for which there is none. */
  read(
    kind: BlockKind,
    source: YamlSource,
    at: SourcePosition,
  ): { readonly part?: Exclude<LessonPart, ProsePart>; readonly error?: Problem | undefined } {
    const problems = new ProblemList();
    const part = this.#readBlock(kind, { source, at, problems, scenarios: this.#scenarios });
    if (part !== undefined) this.#checkId(part, source, problems);
    this.#problems.addAll(problems.problems);
    const error = problems.problems.find((problem) => problem.severity === 'error');
    return part !== undefined && error === undefined ? { part } : { error };
  }

  #readBlock(kind: BlockKind, input: BlockInput): Exclude<LessonPart, ProsePart> | undefined {
    switch (kind) {
      case 'figure':
        return readFigure(input, ++this.#figures);
      case 'question':
        return readQuestion(input);
      case 'prediction':
        return readPrediction(input);
      case 'critique':
        return readCritique(input);
      case 'task':
        return this.#readTask(input);
    }
  }

  #readTask({ source, at, problems }: BlockInput): TaskPart | undefined {
    const data = readWith(taskBlockSchema, source, problems);
    if (data === undefined) return undefined;
    const loaded = this.#lesson.tasks.get(data.id);
    if (loaded === undefined) {
      const known = [...this.#lesson.tasks.keys()];
      const path = this.#lesson.path.replace(/[^/]*$/, `tasks/${data.id}/task.yaml`);
      problems.error(
        source.positionOf(['id']),
        `There is no file ${path}.`,
        orCreate(path, suggest(data.id, nearest(data.id, known), known)),
      );
      return undefined;
    }
    // Problems inside the task's folder are reported there, once.
    if (loaded.task === undefined) {
      problems.error(
        source.positionOf(['id']),
        `The task ${data.id} cannot be read.`,
        'Mend its task.yaml first.',
      );
      return undefined;
    }
    return { kind: 'task', id: data.id, task: loaded.task, at };
  }

  #checkId(part: LessonPart, source: YamlSource, problems: ProblemList): void {
    const id = part.kind === 'figure' ? part.id : exerciseId(part);
    if (id === undefined) return;
    const first = this.#ids.get(id);
    if (first === undefined) this.#ids.set(id, part.at);
    else
      problems.error(
        source.positionOf(['id']),
        duplicateId(id, first, this.#lesson.path),
        'Give each an id of its own.',
      );
  }
}

/** The message for an id that was taken at another place. */
export function duplicateId(id: string, first: SourcePosition, file: string): string {
  const place = first.file === file ? `on line ${first.line}` : `in ${first.file}, line ${first.line}`;
  return `The id ${id} is already used ${place}.`;
}

/** What a learner sees where a block could not be read. */
export function missingPart(kind: string, at: SourcePosition, error: Problem | undefined): ProsePart {
  const where =
    error === undefined ? '' : `${error.at.file}:${error.at.line}:${error.at.column}: ${error.message}`;
  return {
    kind: 'prose',
    markdown: `> **A ${kind} is missing here** because it could not be read.\n>\n> ${literal(where)}`,
    at,
  };
}

/** Text as Markdown that shows exactly this text. */
const literal = (text: string): string =>
  text.replace(/[\\`*_{}[\]()#+\-.!<>&|~:]/g, '\\$&').replace(/\s+/g, ' ');

interface FrontMatter {
  readonly id: string;
  readonly title: string;
  readonly module: string;
  readonly summary?: string | undefined;
  readonly minutes?: number | undefined;
}

/** What could be read; the folder's name stands in for an id or a title that could not. */
function readFrontMatter(path: string, text: LessonText, problems: ProblemList): FrontMatter {
  const folder = path.split('/').at(-2) ?? path;
  const fallback = { id: folder, title: folder, module: '' };
  if (text.frontMatter === undefined) return fallback;
  const source = readYaml(path, text.frontMatter.yaml, text.frontMatter.line);
  const seen = (source.value ?? {}) as Record<string, unknown>;
  const isNewer = typeof seen.format === 'number' && seen.format > lessonFormats.newest;
  if (isNewer) {
    problems.error(
      source.positionOf(['format']),
      `This lesson is of format ${String(seen.format)}, and this Trapframe reads up to format ${lessonFormats.newest}.`,
      'Update Trapframe.',
    );
  }
  // What else a newer format says is nothing to complain about.
  const data = isNewer ? undefined : readWith(frontMatterSchema, source, problems);
  if (data !== undefined) return data;
  const { shape } = frontMatterSchema;
  const id = shape.id.safeParse(seen.id);
  const title = shape.title.safeParse(seen.title);
  const module = shape.module.safeParse(seen.module);
  return {
    id: id.success ? id.data : fallback.id,
    title: title.success ? title.data : fallback.title,
    module: module.success ? module.data : fallback.module,
  };
}

export function firstSentence(parts: readonly LessonPart[]): string {
  for (const part of parts) {
    if (part.kind !== 'prose') continue;
    const paragraph = part.markdown
      .split(/\n\s*\n/)
      .find((block) => /^[\p{L}\p{N}*_"„“[(]/u.test(block.trim()));
    if (paragraph === undefined) continue;
    const plain = paragraph
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[*_`]/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    return /^.*?[.!?…](?=\s|$)/.exec(plain)?.[0] ?? plain;
  }
  return '';
}

/** Reading at 200 words per minute, and what learners need for each kind of exercise. */
function estimatedMinutes(parts: readonly LessonPart[]): number {
  const minutesOf = (part: LessonPart): number => {
    switch (part.kind) {
      case 'prose':
        return part.markdown.split(/\s+/).length / 200;
      case 'figure':
      case 'question':
      case 'prediction':
      case 'critique':
        return 2;
      case 'task':
        return 20;
    }
  };
  return Math.max(1, Math.ceil(parts.reduce((sum, part) => sum + minutesOf(part), 0)));
}
