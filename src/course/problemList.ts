import type { Advice, Fix, Problem, SourcePosition } from './model.ts';

/** Collects what is wrong while a file is read, in the order of discovery. */
export class ProblemList {
  readonly problems: Problem[] = [];

  error(at: SourcePosition, message: string, advice?: Advice): void {
    this.#add('error', at, message, advice);
  }

  warning(at: SourcePosition, message: string, advice?: Advice): void {
    this.#add('warning', at, message, advice);
  }

  addAll(problems: readonly Problem[]): void {
    this.problems.push(...problems);
  }

  get errorCount(): number {
    return this.problems.filter((problem) => problem.severity === 'error').length;
  }

  #add(severity: Problem['severity'], at: SourcePosition, message: string, advice: Advice | undefined): void {
    this.problems.push({ severity, at, message, ...adviceFields(advice) });
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

/** Advice as the fields of a problem. */
export const adviceFields = (
  advice: Advice | undefined,
): { readonly suggestion?: string; readonly fixes?: readonly Fix[] } =>
  advice === undefined
    ? {}
    : typeof advice === 'string'
      ? { suggestion: advice }
      : { suggestion: advice.text, fixes: advice.fixes };

/** To write `by` in place of `seen`. */
export const replacing = (seen: string, by: string, text = `Did you mean "${by}"?`): Advice => ({
  text,
  fixes: [{ kind: 'replace', seen, by }],
});

/** To add a key to the map at `path`, of which the problem says that something is missing. */
export const addingKey = (
  key: string,
  text = `Add "${key}: …".`,
  path: readonly PropertyKey[] = [],
): Advice => ({
  text,
  fixes: [{ kind: 'addKey', path, key }],
});

/**
 * `Did you mean "x"?`, or the list of what there is when nothing is near and the list is short.
 * @param seen what was written in place of it
 * @param thereIs what the list begins with
 */
export function suggest(
  seen: string,
  near: string | undefined,
  known: readonly string[],
  thereIs = 'There is',
): Advice | undefined {
  if (near !== undefined) return replacing(seen, near);
  if (known.length === 0 || known.length > 12) return undefined;
  return `${thereIs}: ${known.join(', ')}.`;
}

/** Advice about a file that does not exist: what it was probably meant to be, and to create it. */
export const orCreate = (file: string, advice: Advice | undefined): Advice => {
  const create: Fix = { kind: 'createFile', file };
  return advice === undefined || typeof advice === 'string'
    ? { text: advice ?? 'Create it, or name another.', fixes: [create] }
    : { ...advice, fixes: [...advice.fixes, create] };
};
