/** A mistake in an assembly source. Lines and columns count from 1. */
export interface AsmProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** Thrown inside the assembler for one mistake of a line; caught where the line's number is known. */
export class AsmError extends Error {
  readonly column: number;
  readonly suggestion: string | undefined;
  constructor(message: string, column: number, suggestion?: string) {
    super(message);
    this.column = column;
    this.suggestion = suggestion;
  }
}
