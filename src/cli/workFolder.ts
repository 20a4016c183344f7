import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exerciseSeed } from '../course/seeds.ts';
import { parseWorkSettings, workSettingsFile, type WorkSettings } from '../course/workSettings.ts';
import { UsageError } from './command.ts';

/** The settings of the nearest work folder at or above a folder; undefined when there is none. */
export const nearestWorkSettings = async (from: string): Promise<WorkSettings | undefined> =>
  (await nearestWorkFolder(from))?.settings;

/** The nearest work folder at or above a folder. @throws UsageError when its settings cannot be understood */
export async function nearestWorkFolder(
  from: string,
): Promise<{ readonly folder: string; readonly settings: WorkSettings } | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = join(folder, workSettingsFile);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new UsageError(`${file} cannot be read (${error.code ?? error.message}). Check its permissions.`);
    });
    if (text !== undefined) {
      const read = parseWorkSettings(text);
      if (!read.ok) throw new UsageError(`${file}: ${read.problem}`);
      return { folder, settings: read.value };
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Seed of a task's cases outside a work folder. */
const homeworkSeed = 1;

/** The seed that a task's cases are drawn from, for one learner. */
export const taskSeed = (learner: number | undefined, taskId: string): number =>
  exerciseSeed(learner ?? homeworkSeed, taskId);
