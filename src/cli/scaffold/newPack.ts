import { firstLesson, newPack } from '../../authoring/scaffold/newPack.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { nameOf, requireFree } from './packPlace.ts';
import type { PlanOnDisk } from './plan.ts';

/** A pack with one lesson. @param path its folder, absolute; @param shown the folder as it was named */
export async function planPack(path: string, shown: string, scenario: Scenario): Promise<PlanOnDisk> {
  const id = nameOf(path);
  await requireFree(path, shown);
  return {
    root: path,
    plan: newPack(id, scenario),
    next: (shown) => `trapframe new task ${firstLesson}/<name> --in ${shown()}`,
  };
}
