import type { Task, TaskCheck, TaskPart } from './model.ts';
import { addingKey, type ProblemList } from './problemList.ts';
import { checkVariants } from './variants.ts';

/** Fewer known-wrong solutions than this leave too many mistakes without words of their own. */
export const fewestKnownWrong = 3;

/** What makes a task poor though it loads. @param paths every file of the pack */
export function checkTask({ task }: TaskPart, paths: readonly string[], found: ProblemList): void {
  if (task.wrong.length < fewestKnownWrong) {
    const have =
      task.wrong.length === 0
        ? 'no known-wrong solution'
        : `only ${task.wrong.length} known-wrong ${task.wrong.length === 1 ? 'solution' : 'solutions'}`;
    found.warning(
      task.at,
      `The task ${task.id} has ${have}.`,
      `Add at least ${fewestKnownWrong}, each with its feedback, to "wrong".`,
    );
  }
  if (task.hints.length === 0)
    found.warning(task.at, `The task ${task.id} has no hint.`, addingKey('hints', 'Add "hints: […]".'));
  if (task.brief.trim() === '')
    found.warning(task.at, `The task ${task.id} does not say what to do.`, addingKey('brief'));
  if (task.checks.every((check) => check.points === 0))
    found.warning(task.at, `The task ${task.id} gives no points.`, 'Give its checks points.');
  for (const check of task.checks) checkCases(check, found);
  checkListed(task, paths, found);
}

function checkCases({ id, cases, at }: TaskCheck, found: ProblemList): void {
  if (cases <= checkVariants) return;
  const tried = Math.ceil(cases / checkVariants) * checkVariants;
  found.warning(
    at,
    `The check ${id} has ${cases} cases: each grading of each learner waits for them all, and \`trapframe verify\` tries the solution in ${tried}.`,
    `There are ${checkVariants} variants to draw them from: 20 are usual, and more than ${checkVariants} add nothing.`,
  );
}

/** Whoever writes a known-wrong solution wants it tried. */
function checkListed(task: Task, paths: readonly string[], found: ProblemList): void {
  const listed = new Set(task.wrong.map(({ file }) => file.path));
  const extension = task.file.slice(task.file.lastIndexOf('.'));
  for (const path of paths) {
    if (!path.startsWith(`${task.path}/wrong/`) || !path.endsWith(extension) || listed.has(path)) continue;
    found.warning(
      { file: path, line: 1, column: 1 },
      'Nothing tries this file, and it has no words for learners: "wrong" in task.yaml does not list it.',
      `Add "{ file: ${path.slice(task.path.length + 1)}, say: …, fails: […] }" there, or delete the file.`,
    );
  }
}
