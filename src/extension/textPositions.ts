import { Position, Range } from 'vscode';
import type { TextRange } from '../authoring/textRange.ts';
import { TextLines } from '../engine/kernel/structuredText.ts';

/** Offsets of a text as VS Code counts, whether or not the text is open as a document. */
export class TextPositions {
  readonly #lines: TextLines;

  constructor(text: string) {
    this.#lines = new TextLines(text);
  }

  position(offset: number): Position {
    const { line, column } = this.#lines.position(offset);
    return new Position(line - 1, column - 1);
  }

  range({ start, end }: TextRange): Range {
    return new Range(this.position(start), this.position(end));
  }
}
