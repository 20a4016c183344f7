import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plan, Planned } from '../../authoring/scaffold/plan.ts';
import { UsageError } from '../command.ts';
import { makeFolder } from '../makeFolder.ts';

/** What `trapframe new` is about to write into a pack. */
export interface PlanOnDisk {
  /** The pack's folder, absolute. */
  readonly root: string;
  readonly plan: Plan;
  /** A command line to go on with. @param shown a path of the pack as the person types it; the pack's own without one */
  readonly next: (shown: (path?: string) => string) => string;
}

/** @throws UsageError where there is no plan */
export function orRefuse(planned: Planned): Plan {
  if (!planned.ok) throw new UsageError(planned.error);
  return planned.value;
}

/** @throws UsageError when the disk refuses; what was written before stays */
export async function carryOut({ root, plan: { made, changed } }: PlanOnDisk): Promise<void> {
  const at = async (path: string, write: (file: string) => Promise<void>): Promise<void> => {
    const file = join(root, path);
    try {
      await makeFolder(dirname(file));
      await write(file);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'EEXIST' ? 'already exists' : `cannot be written (${code ?? message})`;
      throw new UsageError(`${file} ${reason}. Choose a place where you may write.`);
    }
  };
  for (const [path, text] of made) await at(path, (file) => writeFile(file, text, { flag: 'wx' }));
  for (const { path, text } of changed) await at(path, (file) => writeFile(file, text));
}
