/**
 * A document: a file that a learner writes as a submission, and that a scenario reads as data. An OCI `config.json`, a
 * Kubernetes manifest, a guest's assembly source.
 *
 * A scenario declares each with a reader, a pure function from text to a value that remembers where its parts stand. The
 * same declaration serves grading, the command line (`--set-file`), the editor's completion and the reference page.
 */

import type { ParameterInput, ParameterValue } from './parameters.ts';

/** A place in a document's text. Lines and columns count from 1; the end is exclusive. */
export interface DocumentPlace {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Something to say about a place of a document. */
export interface DocumentProblem extends DocumentPlace {
  /** What was seen and what was expected, in one or two sentences. */
  readonly message: string;
  /** One next step, tentative: `Did you mean "namespaces"?` */
  readonly suggestion?: string;
}

/** A document that was read. */
export interface ReadDocument<V = unknown> {
  readonly value: V;
  /**
   * Where a part of it stands; undefined for a part that it does not have.
   * @param pointer a JSON pointer (RFC 6901), in YAML files of several documents with the document's index before it
   *   (`/0/spec/replicas`); readers of other languages choose their own
   */
  at(pointer: string): DocumentPlace | undefined;
  /** What the simulation does not use, and other things worth knowing that are no mistakes. */
  readonly notes?: readonly DocumentProblem[];
}

export type DocumentReading<V = unknown> =
  | { readonly ok: true; readonly value: ReadDocument<V> }
  | {
      readonly ok: false;
      /** True when the text is not of its language at all, so that nothing can be said of the work. */
      readonly malformed: boolean;
      /** At least one, in the order of the text. */
      readonly problems: readonly DocumentProblem[];
    };

export interface DocumentDefinition<V = unknown> {
  readonly doc: string;
  /** What such a file is usually called: `config.json`. */
  readonly file: string;
  readonly language: DocumentLanguage;
  /** JSON Schema of the value, for completion and hovers in the editor; of each document in a YAML file of several. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** What runs when no document is given. It must read without problems. */
  readonly builtIn: string;
  /**
   * Values of parameters with which alone a run reads it. Absent: every run does. On the command line, giving the document sets them.
   */
  readonly readWith?: ParameterInput;
  /** Parameters that a run takes from the document in place of their values. Giving both is a contradiction. */
  readonly inPlaceOf?: readonly string[] | 'all';
  /** Whether a text stands for none: parameters then count, also those that it would stand in place of. Absent: no text does. */
  isNone?(text: string): boolean;
  /** What the tools of the field need beside the file, to use it outside of here. */
  readonly bundle?: DocumentBundle;
  /** Never throws, whatever the text. */
  read(text: string): DocumentReading<V>;
}

/** A folder in which a document is used by a real tool: `trapframe export-bundle` writes it. */
export interface DocumentBundle {
  /** Folders beside the file. */
  readonly folders: readonly string[];
  /** Files beside the file, by path. */
  readonly files: Readonly<Record<string, { readonly text: string; readonly executable?: boolean }>>;
  /** What to do with it, as lines for a person. */
  readonly next: readonly string[];
}

export type DocumentLanguage = 'json' | 'yaml' | 'asm' | 'text';

export interface DocumentTable {
  readonly [name: string]: DocumentDefinition;
}

/** What a scenario's run is given: every document, read. */
export type DocumentsOf<D extends DocumentTable> = {
  readonly [K in keyof D]: D[K] extends DocumentDefinition<infer V> ? ReadDocument<V> : never;
};

/** Identity that keeps the value's type. */
export const defineDocument = <V>(definition: DocumentDefinition<V>): DocumentDefinition<V> => definition;

/** The longest text that is read, in UTF-16 units: no task needs more, and a reader may take long for it. */
export const longestDocument = 1_000_000;

/** Reads a text, and refuses what no reader should be bothered with. */
export function readDocument<V>(definition: DocumentDefinition<V>, text: string): DocumentReading<V> {
  if (text.length > longestDocument) {
    return refused(
      true,
      `The file has ${text.length} characters; at most ${longestDocument} are read.`,
      'Is it the right file?',
    );
  }
  if (text.trim() === '') {
    return refused(false, 'The file is empty.', `Write ${article(definition)} ${definition.file} into it.`);
  }
  return definition.read(text);
}

/** A parameter whose value and a given document say two things. */
export interface Contradiction {
  readonly parameter: string;
  /** The value with which alone the document is read; absent where the document stands in place of the parameter. */
  readonly readWith?: ParameterValue;
}

/** What parameters that somebody set say against a document that is given as well, first what keeps it from being read. */
export function contradictions(
  definition: DocumentDefinition,
  set: ParameterInput,
): readonly Contradiction[] {
  return [
    ...Object.entries(definition.readWith ?? {})
      .filter(([parameter, value]) => Object.hasOwn(set, parameter) && set[parameter] !== value)
      .map(([parameter, value]) => ({ parameter, readWith: value })),
    ...Object.keys(set)
      .filter((parameter) => standsInPlaceOf(definition, parameter))
      .map((parameter) => ({ parameter })),
  ];
}

/** Whether a run that is given the document takes this parameter from it. */
export const standsInPlaceOf = ({ inPlaceOf = [] }: DocumentDefinition, parameter: string): boolean =>
  inPlaceOf === 'all' || inPlaceOf.includes(parameter);

const article = ({ file }: DocumentDefinition): string => (/^[aeiou]/i.test(file) ? 'an' : 'a');

const refused = (malformed: boolean, message: string, suggestion: string): DocumentReading<never> => ({
  ok: false,
  malformed,
  problems: [{ line: 1, column: 1, message, suggestion }],
});

const builtInDocuments = new WeakMap<DocumentDefinition, ReadDocument>();

/** Every document that a scenario declares: those given, and its own for the rest, each of which is read once. */
export function documentsWith(
  table: DocumentTable,
  given: Readonly<Record<string, ReadDocument>> = {},
): Readonly<Record<string, ReadDocument>> {
  const all: Record<string, ReadDocument> = {};
  for (const [name, definition] of Object.entries(table)) {
    all[name] = given[name] ?? builtInDocument(name, definition);
  }
  return all;
}

function builtInDocument(name: string, definition: DocumentDefinition): ReadDocument {
  const known = builtInDocuments.get(definition);
  if (known !== undefined) return known;
  const reading = readDocument(definition, definition.builtIn);
  if (!reading.ok) {
    const { line, message } = reading.problems[0]!;
    throw new Error(`The built-in document ${name} cannot be read: line ${line}: ${message}`);
  }
  builtInDocuments.set(definition, reading.value);
  return reading.value;
}

/** The same from texts that were read before; the table's own stand for those that cannot be read. */
export function documentsFromTexts(
  table: DocumentTable,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, ReadDocument>> {
  const given = Object.entries(table).flatMap(([name, definition]) => {
    const reading = texts[name] === undefined ? undefined : readDocument(definition, texts[name]);
    return reading?.ok === true ? [[name, reading.value] as const] : [];
  });
  return documentsWith(table, Object.fromEntries(given));
}
