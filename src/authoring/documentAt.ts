import type { Pack, TaskPart } from '../course/model.ts';
import { documentOf } from '../course/taskDocument.ts';
import type { ScenarioTable } from '../course/variants.ts';
import type { DocumentDefinition } from '../engine/kernel/document.ts';
import { authorFileAt } from './authorFile.ts';

/**
 * The document that a file of a pack is: the starter, the solution or a known-wrong one of a task whose learners write a
 * document, also while `task.yaml` does not name it yet.
 * @param path in the pack
 */
export function documentAt(
  path: string,
  { lessons }: Pack,
  scenarios: ScenarioTable,
): DocumentDefinition | undefined {
  if (authorFileAt(path) !== undefined) return undefined;
  const task = lessons
    .flatMap(({ parts }) => parts)
    .find((part): part is TaskPart => part.kind === 'task' && path.startsWith(`${part.task.path}/`))?.task;
  if (task === undefined || endingOf(path) !== endingOf(task.file)) return undefined;
  return documentOf(task, scenarios);
}

const endingOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
