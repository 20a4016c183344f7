import type { Problem, SourcePosition } from './model.ts';

/** Collects what is wrong while a file is read, in the order of discovery. */
export class ProblemList {
  readonly problems: Problem[] = [];

  error(at: SourcePosition, message: string, suggestion?: string): void {
    this.#add('error', at, message, suggestion);
  }

  warning(at: SourcePosition, message: string, suggestion?: string): void {
    this.#add('warning', at, message, suggestion);
  }

  addAll(problems: readonly Problem[]): void {
    this.problems.push(...problems);
  }

  get errorCount(): number {
    return this.problems.filter((problem) => problem.severity === 'error').length;
  }

  #add(
    severity: Problem['severity'],
    at: SourcePosition,
    message: string,
    suggestion: string | undefined,
  ): void {
    this.problems.push({ severity, at, message, ...(suggestion === undefined ? {} : { suggestion }) });
  }
}

/**
 * A problem on one line, as compilers print it: `lessons/x/lesson.md:12:5: error: … Did you mean …?`
 * @param root where the pack lies, put in front of its paths: `lessons`
 */
export function formatProblem(problem: Problem, root = ''): string {
  const { at, severity, message, suggestion } = problem;
  const path = root === '' ? at.file : `${root.replace(/\/$/, '')}/${at.file}`;
  return `${path}:${at.line}:${at.column}: ${severity}: ${message}${suggestion === undefined ? '' : ` ${suggestion}`}`;
}

/** By file, then by place: the order in which a person mends them. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => compareText(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column,
  );
}

/** Order by UTF-16 code units, which is the same in every locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `Did you mean "x"?`, or the list of what there is when nothing is near and the list is short. */
export function suggest(near: string | undefined, known: readonly string[]): string | undefined {
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (known.length === 0 || known.length > 12) return undefined;
  return `There is: ${known.join(', ')}.`;
}
