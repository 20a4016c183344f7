import { dirname, join } from 'node:path';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { UsageError } from '../command.ts';
import { shellWord } from '../shellWord.ts';
import { addLesson } from './addLesson.ts';
import { lessonText } from './lessonText.ts';
import { openPack } from './openPack.ts';
import { nameOf, placeOf, requireFree } from './packPlace.ts';
import type { Plan } from './plan.ts';

/** A lesson in the pack around `path`, at the end of its list. */
export async function newLesson(path: string, cwd: string, scenario: Scenario): Promise<Plan> {
  const id = nameOf(path, 'lesson');
  const { root } = await placeOf(path, cwd);
  const parent = dirname(path);
  if (parent !== root && parent !== cwd) {
    throw new UsageError(
      `A lesson's folder stands beside pack.yaml, not in ${parent}. Write: trapframe new lesson ${id} --in ${shellWord(root)}`,
    );
  }
  const { pack, head } = await openPack(root);
  const other = pack.lessons.find((lesson) => lesson.id === id);
  if (other !== undefined) {
    throw new UsageError(`The lesson id ${id} is already used in ${other.path}. Choose another name.`);
  }
  await requireFree(join(root, id), join(root, id));
  const text = addLesson(head, id);
  if (text === undefined) {
    throw new UsageError(
      `${join(root, 'pack.yaml')} has a list of lessons that cannot be added to. Write it as: lessons: [first, second]`,
    );
  }
  const module = pack.modules[0]!;
  return {
    root,
    made: new Map([[`${id}/lesson.md`, lessonText(id, module.id, scenario)]]),
    changed: [
      { path: 'pack.yaml', text, how: 'the lesson is the last of its list; the order is that of the course' },
    ],
    remarks:
      pack.modules.length === 1
        ? []
        : [
            `The lesson stands in the module ${module.id}. There are: ${pack.modules.map((each) => each.id).join(', ')}.`,
          ],
    next: (shown) => `trapframe new task ${id}/<name> --in ${shown()}`,
  };
}
