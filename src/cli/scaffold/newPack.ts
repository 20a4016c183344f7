import type { Scenario } from '../../engine/kernel/scenario.ts';
import { lessonText } from './lessonText.ts';
import { nameOf, requireFree } from './packPlace.ts';
import { firstModule, packText } from './packText.ts';
import type { Plan } from './plan.ts';

const firstLesson = 'first-lesson';

/** A pack with one lesson. @param path its folder, absolute; @param shown the folder as it was named */
export async function newPack(path: string, shown: string, scenario: Scenario): Promise<Plan> {
  const id = nameOf(path, 'pack');
  await requireFree(path, shown);
  return {
    root: path,
    made: new Map([
      ['pack.yaml', packText(id, firstLesson)],
      [`${firstLesson}/lesson.md`, lessonText(firstLesson, firstModule, scenario)],
    ]),
    changed: [],
    remarks: [],
    next: (shown) => `trapframe new task ${firstLesson}/<name> --in ${shown()}`,
  };
}
