import type { DataPath } from '../engine/kernel/structuredText.ts';
import { readYaml as readYamlText } from '../engine/kernel/yamlText.ts';
import type { Problem, SourcePosition } from './model.ts';

/** A path into YAML data: keys and indexes. */
export type YamlPath = DataPath;

/** One YAML document of a pack as plain data that remembers where each value stands in its file. */
export interface YamlSource {
  readonly file: string;
  /** `undefined` when the text is not YAML; then `problems` says why. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at `path` starts, or else the nearest value around it that exists. */
  positionOf(path: YamlPath): SourcePosition;
  /** Where the key stands whose value is at `path`. */
  positionOfKey(path: YamlPath): SourcePosition;
  /** Where a character of the text at `path` stands; the start of the text where quoting hides it. */
  positionIn(path: YamlPath, offset: number): SourcePosition;
}

/**
 * Reads one YAML document. Never throws.
 * @param firstLine line of the file on which `text` starts, from 1
 */
export function readYaml(file: string, text: string, firstLine = 1): YamlSource {
  const { documents, problems, lines } = readYamlText(text);
  const place = ({ line, column }: { readonly line: number; readonly column: number }): SourcePosition => ({
    file,
    line: firstLine + line - 1,
    column,
  });
  const [document, second] = documents;
  const found = problems.slice(0, 1).map(({ message, suggestion, ...at }): Problem => ({
    severity: 'error',
    at: place(at),
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  }));
  if (found.length === 0 && second !== undefined) {
    found.push({
      severity: 'error',
      at: place(second.placeOf([])),
      message: 'A line of --- starts a second document here.',
      suggestion: 'Remove the line.',
    });
  }
  return {
    file,
    value: found.length === 0 ? document?.value : undefined,
    problems: found,
    positionOf: (path) => place(document?.placeOf(path) ?? { line: 1, column: 1 }),
    positionOfKey: (path) => place(document?.placeOfKey(path) ?? { line: 1, column: 1 }),
    positionIn: (path, offset) => place(lines.position(document?.offsetIn(path, offset) ?? 0)),
  };
}
