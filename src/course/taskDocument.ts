import { readDocument, type DocumentDefinition, type DocumentProblem } from '../engine/kernel/document.ts';
import type { Problem, Task, TaskFile } from './model.ts';
import type { ScenarioTable } from './variants.ts';

/** The document that learners of a task write; undefined where they write policies. */
export function documentOf({ work, checks }: Task, scenarios: ScenarioTable): DocumentDefinition | undefined {
  if (work.kind !== 'document') return undefined;
  const owners = checks.map(({ scenario }) => scenarios[scenario]?.documents[work.document]);
  return owners.find((definition) => definition !== undefined);
}

/**
 * What the reader of the scenario refuses in the documents of a task: starter, solution and known-wrong ones. None of them
 * could be graded.
 */
export function documentProblems(task: Task, scenarios: ScenarioTable): readonly Problem[] {
  const definition = documentOf(task, scenarios);
  if (definition === undefined) return [];
  const files = [task.starter, task.solution, ...task.wrong.map(({ file }) => file)];
  const different = new Map(files.map((file) => [file.path, file]));
  return [...different.values()].flatMap((file) =>
    refusals(definition, file).map(({ line, column, endLine, endColumn, message, suggestion }): Problem => ({
      severity: 'error',
      at: { file: file.path, line, column },
      ...(endLine === undefined || endColumn === undefined
        ? {}
        : { end: { line: endLine, column: endColumn } }),
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    })),
  );
}

/** Tasks are never changed, and whoever lints after every keystroke has most of them from before. */
const knownRefusals = new WeakMap<TaskFile, readonly DocumentProblem[]>();

function refusals(definition: DocumentDefinition, file: TaskFile): readonly DocumentProblem[] {
  const known = knownRefusals.get(file);
  if (known !== undefined) return known;
  const reading = readDocument(definition, file.text);
  const found = reading.ok ? [] : reading.problems;
  knownRefusals.set(file, found);
  return found;
}
