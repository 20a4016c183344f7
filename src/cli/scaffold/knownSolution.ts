import type { Pack, Task, TaskPart } from '../../course/model.ts';
import type { PolicyTable } from '../../engine/kernel/policy.ts';
import { nodeGrader } from '../../grading/nodeWorker.ts';
import type { Verdict } from '../../grading/report.ts';
import { distFolder } from '../packArgument.ts';
import { version } from '../version.ts';
import { taskSeed } from '../workFolder.ts';
import type { KnownSolution } from './taskFiles.ts';

/** Solutions of a course's tasks over exactly these policies. */
export const solutionsFor = (policies: PolicyTable, course: Pack): readonly KnownSolution[] => {
  const wanted = Object.keys(policies).toSorted().join();
  return course.lessons
    .flatMap((lesson) => lesson.parts.filter((part): part is TaskPart => part.kind === 'task'))
    .filter(({ task }) => task.work.kind === 'policies' && task.work.policies.toSorted().join() === wanted)
    .map(({ task }) => ({ task: task.id, text: task.solution.text }));
};

/** The verdict on each text as a submission of the task. */
export async function verdicts(task: Task, texts: readonly string[]): Promise<readonly Verdict[]> {
  const grader = nodeGrader(distFolder, version);
  const found: Verdict[] = [];
  for (const source of texts) {
    const seed = taskSeed(undefined, task.id);
    const { report } = await grader.grade({ task, source, seed, lessonHash: '' });
    found.push(report.verdict);
  }
  grader.dispose();
  return found;
}
