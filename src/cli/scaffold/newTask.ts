import { dirname, join } from 'node:path';
import { newTask, taskFolder, type NewTask } from '../../authoring/scaffold/newTask.ts';
import type { Lesson, Pack } from '../../course/model.ts';
import { nearest } from '../../engine/kernel/parameters.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { UsageError } from '../command.ts';
import { checksNotPassed } from '../../grading/checksNotPassed.ts';
import { nodeGrader } from '../../grading/nodeWorker.ts';
import { distFolder, packAt } from '../packArgument.ts';
import { version } from '../version.ts';
import { shellWord } from '../shellWord.ts';
import { openPackAt } from './openPack.ts';
import { nameOf, placeOf, requireFree } from './packPlace.ts';
import { orRefuse, type PlanOnDisk } from './plan.ts';

/**
 * A task in the lesson around `path`.
 * @param base the folder in which the person works; it may lie deeper in the lesson
 * @param wanted the scenario that was asked for; without it, the one that the lesson shows
 */
export async function planTask(
  path: string,
  base: string,
  cwd: string,
  wanted: Scenario | undefined,
): Promise<PlanOnDisk> {
  const id = nameOf(path);
  const place = await placeOf(path, cwd);
  const { root } = place;
  const open = await openPackAt(root);
  const lesson = lessonFor(open.pack, place.lesson, id);
  if (place.deeper.length > 0 && dirname(path) !== base) {
    throw new UsageError(
      `A task stands in the folder of its lesson, not in ${[place.lesson, ...place.deeper].join('/')}. Write: trapframe new task ${place.lesson}/${id} --in ${shellWord(root)}`,
    );
  }
  const folder = taskFolder(lesson, id);
  const { pack: course } = await packAt(undefined, cwd, false);
  const grader = nodeGrader(distFolder, version);
  const notPassed: NewTask['notPassed'] = (task, texts) => checksNotPassed(grader, task, texts);
  const planned = newTask({ open, lesson, id, wanted, scenarios, course, notPassed });
  const plan = orRefuse(await planned.finally(() => grader.dispose()));
  await requireFree(join(root, folder), join(root, folder));
  const solution = [...plan.made.keys()].find((file) => file.startsWith(`${folder}/solution/`))!;
  return {
    root,
    plan,
    next: (shown) => `trapframe check ${id} ${shown(solution)} --pack ${shown()}`,
  };
}

function lessonFor(pack: Pack, folder: string | undefined, task: string): Lesson {
  const folders = pack.lessons.map((lesson) => lesson.path.split('/')[0]!);
  if (folder === undefined) {
    if (pack.lessons.length === 1) return pack.lessons[0]!;
    throw new UsageError(
      folders.length === 0
        ? 'The pack has no lesson that a task could belong to. Make one: trapframe new lesson <name>'
        : `Which lesson does the task belong to? Write one of: ${folders.map((name) => `${name}/${task}`).join(', ')}.`,
    );
  }
  const lesson = pack.lessons[folders.indexOf(folder)];
  if (lesson !== undefined) return lesson;
  const near = nearest(folder, folders);
  throw new UsageError(
    `There is no lesson "${folder}" in pack.yaml. ${near === undefined ? `There are: ${folders.join(', ')}.` : `Did you mean ${near}?`}`,
  );
}
