import { nearest } from '../engine/kernel/parameters.ts';
import { BlockReader, firstSentence } from './lessonParser.ts';
import { splitLesson, type LessonPiece } from './lessonText.ts';
import type { Lesson, LessonPart, Loaded, SourcePosition } from './model.ts';
import { ProblemList, suggest } from './problemList.ts';
import { readWith } from './schemaReader.ts';
import { frontMatterSchema } from './schemas.ts';
import type { LoadedTask } from './taskLoader.ts';
import { checkedState, stateOfText, translatedYaml, translatesKey } from './translatedYaml.ts';
import type { ScenarioTable } from './variants.ts';
import { readYaml, type YamlSource } from './yamlSource.ts';

type BlockPiece = Extract<LessonPiece, { readonly kind: 'block' }>;

/** A block of the original, and what became of it. */
interface Original {
  readonly kind: BlockPiece['block'];
  readonly id: string | undefined;
  readonly part: LessonPart;
  readonly source: YamlSource;
}

export interface TranslationSource {
  readonly locale: string;
  /** Path inside the pack: `round-robin/lesson.de.md`. */
  readonly path: string;
  readonly text: string;
  /** The text of the original, and the lesson that it gives. */
  readonly originalText: string;
  readonly original: Lesson;
  /** Tasks of the lesson's folder in this language, by folder name. */
  readonly tasks: ReadonlyMap<string, LoadedTask>;
}

/**
 * Reads the translation of a lesson: its own prose, and the blocks of the original with other texts. Never throws. A block
 * that cannot be read, or that the translation lacks, is there in the original's language, so that no exercise is lost.
 */
export function translateLesson(translation: TranslationSource, scenarios: ScenarioTable): Loaded<Lesson> {
  const { original, path } = translation;
  const problems = new ProblemList();
  const text = splitLesson(path, translation.text, problems);
  const front = readFront(translation, text.frontMatter, problems);
  const parts = new PartTranslator(translation, scenarios, problems).translate(text.pieces);
  const value: Lesson = {
    ...original,
    ...front,
    summary: front.summary ?? firstSentence(parts),
    language: translation.locale,
    path,
    parts,
  };
  return { value, problems: problems.problems };
}

function readFront(
  { path, original, originalText }: TranslationSource,
  front: { readonly yaml: string; readonly line: number } | undefined,
  problems: ProblemList,
): { readonly title: string; readonly summary?: string | undefined } {
  const known = splitLesson(original.path, originalText, new ProblemList()).frontMatter;
  if (front === undefined) {
    problems.error(
      { file: path, line: 1, column: 1 },
      'The translation has no front matter.',
      `Start it with a line of ---, "title: …", "${translatesKey}: ${stateOfText(originalText)}" and a line of ---.`,
    );
    return original;
  }
  if (known === undefined) return original;
  const source = checkedState(originalText, readYaml(path, front.yaml, front.line), problems);
  const merged = translatedYaml(readYaml(original.path, known.yaml, known.line), source, problems);
  // The original's own mistakes were reported where they stand.
  if (!frontMatterSchema.safeParse(merged.value).success && merged.value === source.value) return original;
  return readWith(frontMatterSchema, merged, problems) ?? original;
}

class PartTranslator {
  readonly #translation: TranslationSource;
  readonly #problems: ProblemList;
  readonly #reader: BlockReader;
  readonly #originals: readonly Original[];
  readonly #used = new Set<Original>();
  #last = -1;

  constructor(translation: TranslationSource, scenarios: ScenarioTable, problems: ProblemList) {
    this.#translation = translation;
    this.#problems = problems;
    this.#reader = new BlockReader(translation, scenarios, problems);
    this.#originals = originalsOf(translation);
  }

  translate(pieces: readonly LessonPiece[]): readonly LessonPart[] {
    const { path } = this.#translation;
    const parts = pieces.flatMap((piece): readonly LessonPart[] => {
      const at = { file: path, line: piece.line, column: 1 };
      if (piece.kind === 'prose') return [{ kind: 'prose', markdown: piece.markdown, at }];
      const part = this.#block(piece, at);
      return part === undefined ? [] : [part];
    });
    const end = {
      file: path,
      line: Math.max(1, this.#translation.text.trimEnd().split('\n').length),
      column: 1,
    };
    const missing = this.#originals.filter((original) => !this.#used.has(original));
    for (const original of missing) this.#reportMissing(original, end);
    return [...parts, ...missing.map(({ part }) => this.#asItIs(part))];
  }

  #block(piece: BlockPiece, at: SourcePosition): LessonPart | undefined {
    const source = readYaml(this.#translation.path, piece.yaml, piece.yamlLine);
    const found = this.#originalOf(piece, source, at);
    if (found === undefined) return undefined;
    this.#used.add(found);
    const place = this.#originals.indexOf(found);
    if (place < this.#last) {
      this.#problems.error(
        at,
        `This ${named(found)} stands later here than in the original.`,
        'Keep the order of the blocks.',
      );
    }
    this.#last = Math.max(place, this.#last);
    const { part: original } = found;
    // The original has a mistake there, which is reported there.
    if (original.kind === 'prose') return this.#asItIs(original);
    const merged = translatedYaml(found.source, source, this.#problems);
    const { part } = this.#reader.read(piece.block, merged, at);
    if (part === undefined) return { ...this.#asItIs(original), at };
    const translated = { ...part, ...idOf(original), original } as LessonPart;
    // A task's texts stand in a file of their own.
    const isUntranslated =
      translated.kind === 'task' && original.kind === 'task' && translated.task === original.task;
    return isUntranslated ? this.#asItIs(translated) : translated;
  }

  #asItIs(part: LessonPart): LessonPart {
    return { ...part, language: this.#translation.original.language };
  }

  #originalOf(piece: BlockPiece, source: YamlSource, at: SourcePosition): Original | undefined {
    const ofKind = this.#originals.filter(({ kind }) => kind === piece.block);
    const id = writtenId(source);
    if (id === undefined) {
      // Figures without an id are known by their place among figures.
      const next = ofKind.find((original) => original.id === undefined && !this.#used.has(original));
      if (next !== undefined && piece.block === 'figure') return next;
      const ids = ofKind.flatMap((original) => original.id ?? []);
      this.#problems.error(
        at,
        `Nothing says which ${piece.block} this translates.`,
        `Add its id: ${ids.join(', ')}.`,
      );
      return undefined;
    }
    const found = ofKind.find((original) => original.id === id);
    if (found === undefined) {
      const ids = ofKind.flatMap((original) => original.id ?? []);
      const other = this.#originals.find((original) => original.id === id);
      this.#problems.error(
        source.positionOf(['id']),
        other === undefined
          ? `The original has no ${piece.block} ${id}.`
          : `${id} is a ${other.kind} in the original, and a ${piece.block} here.`,
        other === undefined
          ? suggest(id, nearest(id, ids), ids)
          : `Begin the block with \`\`\`${other.kind}.`,
      );
      return undefined;
    }
    if (!this.#used.has(found)) return found;
    this.#problems.error(
      source.positionOf(['id']),
      `The ${named(found)} is translated twice.`,
      'Keep one of the two.',
    );
    return undefined;
  }

  #reportMissing(original: Original, end: SourcePosition): void {
    const { file, line } = original.part.at;
    this.#problems.error(
      end,
      `The ${named(original)} is not translated: it stands in ${file}, line ${line}.`,
      'Add the block with its id and its texts.',
    );
  }
}

const named = ({ kind, id }: Original): string => (id === undefined ? kind : `${kind} ${id}`);

/** A figure without an id has one by its place, which a translation does not change. */
const idOf = (part: Exclude<LessonPart, { readonly kind: 'prose' }>): { readonly id: string } => ({
  id: part.id,
});

function originalsOf({ original, originalText }: TranslationSource): readonly Original[] {
  const { pieces } = splitLesson(original.path, originalText, new ProblemList());
  return pieces.flatMap((piece, index): readonly Original[] => {
    if (piece.kind === 'prose') return [];
    const source = readYaml(original.path, piece.yaml, piece.yamlLine);
    return [{ kind: piece.block, id: writtenId(source), part: original.parts[index]!, source }];
  });
}

const writtenId = ({ value }: YamlSource): string | undefined => {
  const id: unknown =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
};
