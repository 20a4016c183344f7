import { dirname, join } from 'node:path';
import { newLesson } from '../../authoring/scaffold/newLesson.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { UsageError } from '../command.ts';
import { shellWord } from '../shellWord.ts';
import { openPackAt } from './openPack.ts';
import { nameOf, placeOf, requireFree } from './packPlace.ts';
import { orRefuse, type PlanOnDisk } from './plan.ts';

/** A lesson in the pack around `path`, at the end of its list. */
export async function planLesson(path: string, cwd: string, scenario: Scenario): Promise<PlanOnDisk> {
  const id = nameOf(path);
  const { root } = await placeOf(path, cwd);
  const parent = dirname(path);
  if (parent !== root && parent !== cwd) {
    throw new UsageError(
      `A lesson's folder stands beside pack.yaml, not in ${parent}. Write: trapframe new lesson ${id} --in ${shellWord(root)}`,
    );
  }
  const plan = orRefuse(newLesson(await openPackAt(root), id, scenario));
  await requireFree(join(root, id), join(root, id));
  return { root, plan, next: (shown) => `trapframe new task ${id}/<name> --in ${shown()}` };
}
