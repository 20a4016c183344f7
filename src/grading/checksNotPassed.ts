import type { Task } from '../course/model.ts';
import { exerciseSeed } from '../course/seeds.ts';
import type { Grader } from './grader.ts';

/** The first learner of those for whom `verify` tries what an author wrote. */
const firstLearner = 1;

/** For each text as a submission of the task, the ids of the checks that it does not pass. */
export async function checksNotPassed(
  grader: Grader,
  task: Task,
  texts: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for (const source of texts) {
    const seed = exerciseSeed(firstLearner, task.id);
    const { report } = await grader.grade({ task, source, seed, lessonHash: '' });
    found.push(report.checks.flatMap(({ id, verdict }) => (verdict === 'passed' ? [] : [id])));
  }
  return found;
}
