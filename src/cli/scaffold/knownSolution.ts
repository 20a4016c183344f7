import type { Task } from '../../course/model.ts';
import { nodeGrader } from '../../grading/nodeWorker.ts';
import { distFolder } from '../packArgument.ts';
import { version } from '../version.ts';
import { taskSeed } from '../workFolder.ts';

/** For each text, whether it passes as a submission of the task. */
export async function passes(task: Task, texts: readonly string[]): Promise<readonly boolean[]> {
  const grader = nodeGrader(distFolder, version);
  const found: boolean[] = [];
  for (const source of texts) {
    const seed = taskSeed(undefined, task.id);
    const { report } = await grader.grade({ task, source, seed, lessonHash: '' });
    found.push(report.verdict === 'passed');
  }
  grader.dispose();
  return found;
}
