import type { Task, TaskPart } from '../course/model.ts';
import type { CheckReport, TaskReport } from './report.ts';

/** What is graded, recorded and handed in is the same in every language: the task as it was written. */
export const gradedTask = ({ task, original }: TaskPart): Task => original?.task ?? task;

/**
 * A report of the graded task as it is shown to readers of a translation: titles of checks and what is said of mistakes.
 * Texts that the translation does not have stay as they are.
 */
export function translatedReport({ task, original }: TaskPart, report: TaskReport): TaskReport {
  if (original === undefined) return report;
  const says = new Map(textsOf(original.task).map((text, index) => [text, textsOf(task)[index]]));
  const titles = new Map(task.checks.map(({ id, title }) => [id, title]));
  const translated = (check: CheckReport): CheckReport => {
    const { failure } = check;
    const say = failure?.say === undefined ? undefined : (says.get(failure.say) ?? failure.say);
    return {
      ...check,
      title: titles.get(check.id) ?? check.title,
      ...(failure === undefined ? {} : { failure: { ...failure, ...(say === undefined ? {} : { say }) } }),
    };
  };
  return { ...report, checks: report.checks.map(translated) };
}

/** Everything that grading may say in the author's words, in the same order in every language. */
const textsOf = ({ checks, wrong }: Task): readonly string[] => [
  ...checks.flatMap(({ say, feedback }) => [say ?? '', ...feedback.map((kind) => kind.say)]),
  ...wrong.map((known) => known.say),
];
