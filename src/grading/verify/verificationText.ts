import type { Problem } from '../../course/model.ts';
import { formatProblem } from '../../course/problemList.ts';
import { hasError, type ExerciseVerification, type Verification } from './verification.ts';

/**
 * A verification as lines for a terminal: the problems of the files, then each exercise with what was found.
 * @param root where the pack lies, put in front of its paths
 */
export function verificationText({ problems, exercises }: Verification, root: string): string {
  const width = Math.max(0, ...exercises.map(({ id }) => id.length));
  return [
    ...problems.map((problem) => formatProblem(problem, root)),
    ...exercises.flatMap((exercise) => [
      `${mark(exercise.findings)} ${exercise.id.padEnd(width)}  ${tried(exercise)}`,
      ...exercise.findings.map((finding) => `    ${formatProblem(finding, root)}`),
    ]),
  ].join('\n');
}

/** `11 exercises and figures, 0 errors, 2 warnings`. */
export function verificationSummary({ problems, exercises }: Verification): string {
  const all = [...problems, ...exercises.flatMap((exercise) => exercise.findings)];
  const errors = all.filter(({ severity }) => severity === 'error').length;
  return [
    counted(exercises.length, 'exercise or figure', 'exercises and figures'),
    counted(errors, 'error', 'errors'),
    counted(all.length - errors, 'warning', 'warnings'),
  ].join(', ');
}

const mark = (findings: readonly Problem[]): string =>
  findings.length === 0 ? '✓' : hasError(findings) ? '✗' : '!';

function tried({ kind, runs }: ExerciseVerification): string {
  switch (kind) {
    case 'figure':
      return `figure, ${counted(runs, 'setting', 'settings')}`;
    case 'task':
      return `task, ${counted(runs, 'case', 'cases')}`;
    case 'question':
    case 'prediction':
    case 'critique':
      return runs === 0 ? kind : `${kind}, ${counted(runs, 'variant', 'variants')}`;
  }
}

const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;
