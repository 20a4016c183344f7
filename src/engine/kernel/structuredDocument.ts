import type { DocumentPlace, DocumentProblem, DocumentReading } from './document.ts';
import { readJson } from './jsonText.ts';
import { nearest } from './parameters.ts';
import { insideOf, pathOf, pointerOf, type DataPath, type StructuredText } from './structuredText.ts';
import { readYaml } from './yamlText.ts';

/** What a validator compiled by Ajv says is wrong; see `build/validators.ts`. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer of the value that is wrong. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The schema's value of the keyword, with Ajv's `verbose`. */
  readonly schema?: unknown;
  /** The schema around the keyword, with Ajv's `verbose`. */
  readonly parentSchema?: unknown;
  readonly data?: unknown;
}

export interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

interface FoundProblem extends DocumentProblem {
  /** Pointer of the key that is missing. */
  readonly missing?: string;
}

/** In the order of the text. */
const byPlace = (a: DocumentPlace, b: DocumentPlace): number => a.line - b.line || a.column - b.column;

/** Collects what is wrong with one structured text, and what is worth knowing of it, each at its place. */
export class DocumentProblems {
  /** What is no mistake, in the order in which it was found. */
  readonly notes: DocumentProblem[];
  readonly #text: StructuredText;
  /** From the whole text to this part of it. */
  readonly #base: DataPath;
  readonly #found: FoundProblem[];
  /** Pointers of keys that are not there, and that some unknown key most likely means. */
  readonly #meant: Set<string>;

  /**
   * @param parent whose problems and notes these are, too
   * @param inside from the parent's text to this one
   */
  constructor(text: StructuredText, parent?: DocumentProblems, inside: DataPath = []) {
    this.#text = text;
    this.#base = parent === undefined ? [] : [...parent.#base, ...inside];
    this.notes = parent?.notes ?? [];
    this.#found = parent === undefined ? [] : parent.#found;
    this.#meant = parent === undefined ? new Set() : parent.#meant;
  }

  /** For a value inside that is checked as if it stood alone. */
  inside(path: DataPath): DocumentProblems {
    return new DocumentProblems(insideOf(this.#text, path), this, path);
  }

  /** A problem with the value at a path. */
  value(path: DataPath, message: string, suggestion?: string): void {
    this.#add(this.#text.placeOf(path), message, suggestion);
  }

  /** A problem with the key whose value is at a path. */
  key(path: DataPath, message: string, suggestion?: string): void {
    this.#add(this.#text.placeOfKey(path), message, suggestion);
  }

  /**
   * A problem with a key that its map may not have. The key that it most likely means is then not reported as missing.
   * @param known keys that the map may have
   * @param otherwise what to do where none of them is near
   */
  unknownKey(path: DataPath, known: readonly string[], message: string, otherwise?: string): void {
    const map = path.slice(0, -1);
    const key = String(path.at(-1));
    const free = known.filter((name) => !this.#text.has([...map, name]));
    const near = nearest(key, free) ?? nearest(key, known);
    if (near !== undefined) this.means([...map, near]);
    this.key(path, message, near === undefined ? otherwise : `Did you mean "${near}"?`);
  }

  /** Some unknown key was reported that most likely means the key at this path. */
  means(path: DataPath): void {
    this.#meant.add(pointerOf([...this.#base, ...path]));
  }

  /**
   * The key at a path is missing in its map, or what stands there is no answer. Not reported where an unknown key means
   * it: one mistake, one message.
   */
  missing(path: DataPath, message: string, suggestion?: string): void {
    const place = this.#text.has(path) ? this.#text.placeOf(path) : this.#text.placeOfKey(path.slice(0, -1));
    this.#found.push({ ...said(place, message, suggestion), missing: pointerOf([...this.#base, ...path]) });
  }

  /** Something worth knowing about the value at a path, which is no mistake. */
  note(path: DataPath, message: string, suggestion?: string): void {
    this.notes.push(said(this.#text.placeOf(path), message, suggestion));
  }

  /** The same about the key whose value is at a path. */
  noteKey(path: DataPath, message: string): void {
    this.notes.push(said(this.#text.placeOfKey(path), message, undefined));
  }

  /** What a schema's validator found in the text's value, or in what of it counts; true when that is nothing. */
  schema(validate: Validator, value = this.#text.value): boolean {
    if (validate(value)) return true;
    const before = this.#found.length;
    for (const error of validate.errors ?? []) this.#schemaError(error);
    if (this.#found.length === before) this.value([], 'This is not what the schema allows.');
    return false;
  }

  /** In the order of the text, each place once. */
  get found(): readonly DocumentProblem[] {
    const first = new Map<string, DocumentProblem>();
    for (const { missing, ...problem } of this.#found) {
      if (missing !== undefined && this.#meant.has(missing)) continue;
      const key = `${problem.line}:${problem.column}`;
      if (!first.has(key)) first.set(key, problem);
    }
    return [...first.values()].toSorted(byPlace);
  }

  #add(place: DocumentPlace, message: string, suggestion: string | undefined): void {
    this.#found.push(said(place, message, suggestion));
  }

  #schemaError({
    keyword,
    instancePath,
    params,
    message = 'is not allowed',
    parentSchema,
    data,
  }: SchemaError): void {
    const path = pathOf(instancePath);
    const name = path.at(-1) ?? 'The file';
    const of = (value: unknown): string => JSON.stringify(value) ?? String(value);
    switch (keyword) {
      case 'additionalProperties':
      case 'unevaluatedProperties': {
        const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
        const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});
        this.unknownKey(
          [...path, key],
          known,
          `There is no field "${key}" here.`,
          known.length > 0 && known.length <= 12 ? `Fields: ${known.join(', ')}.` : undefined,
        );
        return;
      }
      case 'required': {
        const missing = String(params['missingProperty']);
        this.missing(
          [...path, missing],
          `${path.length === 0 ? name : `"${name}"`} lacks the field "${missing}".`,
          `Add "${missing}".`,
        );
        return;
      }
      case 'enum':
      case 'const': {
        const allowed = (
          keyword === 'enum' ? params['allowedValues'] : [params['allowedValue']]
        ) as readonly unknown[];
        const near = typeof data === 'string' ? nearest(data, allowed.map(String)) : undefined;
        const list = allowed.length <= 12 ? `Allowed: ${allowed.map(of).join(', ')}.` : undefined;
        this.value(
          path,
          `"${name}" is ${of(data)}, which is not allowed here.`,
          near === undefined ? list : `Did you mean "${near}"?`,
        );
        return;
      }
      case 'type': {
        const type = [params['type']].flat().join(' or ');
        this.value(
          path,
          `"${name}" is ${data === undefined ? 'missing' : of(data).slice(0, 60)}, but must be of type ${type}.`,
          quoting(data, type),
        );
        return;
      }
      // Their parts say what is wrong.
      case 'if':
      case 'anyOf':
      case 'oneOf':
      case 'allOf':
        return;
      default:
        this.value(path, `"${name}" ${message}.`);
    }
  }
}

const said = (place: DocumentPlace, message: string, suggestion: string | undefined): DocumentProblem => ({
  ...place,
  message,
  ...(suggestion === undefined ? {} : { suggestion }),
});

/** Reads a JSON file; `check` adds what is wrong with its value and returns what the scenario takes. */
export function readJsonDocument<V>(
  text: string,
  check: (json: StructuredText, problems: DocumentProblems) => V | undefined,
): DocumentReading<V> {
  const reading = readJson(text);
  if (!reading.ok) return { ok: false, malformed: true, problems: reading.problems };
  return readSingle(reading.value, check);
}

/** The same for a YAML file of one document. */
export function readYamlDocument<V>(
  text: string,
  check: (yaml: StructuredText, problems: DocumentProblems) => V | undefined,
): DocumentReading<V> {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return { ok: false, malformed: true, problems };
  const [first, second] = documents;
  // An empty text is read as a document of nothing.
  if (first === undefined || (first.value === null && second === undefined)) {
    return notRead({
      line: 1,
      column: 1,
      message: 'The file has only comments.',
      suggestion: 'Write what the task asks for.',
    });
  }
  if (second !== undefined) {
    return notRead({
      ...second.placeOf([]),
      message: 'A line of --- starts a second document here.',
      suggestion: 'Remove the line.',
    });
  }
  return readSingle(first, check);
}

function readSingle<V>(
  text: StructuredText,
  check: (text: StructuredText, problems: DocumentProblems) => V | undefined,
): DocumentReading<V> {
  const problems = new DocumentProblems(text);
  const value = check(text, problems);
  return finished([text], problems.found, problems.notes, value, false);
}

const notRead = (problem: DocumentProblem): DocumentReading<never> => ({
  ok: false,
  malformed: false,
  problems: [problem],
});

/** The same for a YAML file of several documents (`---`); pointers start with the document's index. */
export function readYamlDocuments<V>(
  text: string,
  check: (
    documents: readonly StructuredText[],
    problemsOf: (index: number) => DocumentProblems,
  ) => V | undefined,
): DocumentReading<V> {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return { ok: false, malformed: true, problems };
  const collectors = documents.map((document) => new DocumentProblems(document));
  const value = check(documents, (index) => collectors[index]!);
  const found = collectors.flatMap((collector) => collector.found).toSorted(byPlace);
  const notes = collectors.flatMap((collector) => collector.notes);
  return finished(documents, found, notes, value, true);
}

function finished<V>(
  documents: readonly StructuredText[],
  found: readonly DocumentProblem[],
  notes: readonly DocumentProblem[],
  value: V | undefined,
  several: boolean,
): DocumentReading<V> {
  if (found.length > 0) return { ok: false, malformed: false, problems: found };
  if (value === undefined) throw new Error('A document reader gave neither a value nor a problem.');
  return {
    ok: true,
    value: {
      value,
      notes: notes.toSorted(byPlace),
      at(pointer) {
        const path = pathOf(pointer);
        const document = several ? documents[Number(path[0])] : documents[0];
        const inside = several ? path.slice(1) : path;
        return document?.has(inside) === true ? document.placeOf(inside) : undefined;
      },
    },
  };
}

/** What makes a value the type that is asked for, where only quotes stand between the two. */
function quoting(data: unknown, type: string): string | undefined {
  if (typeof data === 'string' && /^(integer|number)$/.test(type) && /^-?\d+$/.test(data))
    return `Write it without quotes: ${data}.`;
  if (typeof data === 'string' && type === 'boolean' && /^(true|false)$/.test(data))
    return `Write it without quotes: ${data}.`;
  if ((typeof data === 'number' || typeof data === 'boolean') && type === 'string')
    return `Put it in quotes: "${data}".`;
  return undefined;
}
