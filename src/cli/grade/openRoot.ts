import { stat } from 'node:fs/promises';
import type { Task } from '../../course/model.ts';
import {
  archiveTree,
  findSubmissions,
  type Finding,
  type OpenedSubmission,
} from '../../grading/class/findSubmissions.ts';
import { codeOf, type FolderTree } from '../../grading/class/folderTree.ts';
import { BadArchive } from '../../grading/class/zipArchive.ts';
import { UsageError } from '../command.ts';
import { diskFile, diskTree } from './diskTree.ts';

/** The folder or archive of a class. @throws UsageError when it cannot be read */
export async function openRoot(path: string, shown: string): Promise<OpenedSubmission> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new UsageError(
      `${shown} cannot be read (${codeOf(error)}). Name the folder of what was handed in.`,
    );
  });
  if (stats.isDirectory()) return { tree: diskTree(path), close: () => Promise.resolve() };
  try {
    return await archiveTree(await diskFile(path));
  } catch (error) {
    const why = error instanceof BadArchive ? error.message : codeOf(error);
    throw new UsageError(`${shown} cannot be read: ${why}. Name a folder or a zip archive.`);
  }
}

/** @throws UsageError when the folder cannot be listed */
export async function submissionsIn(
  tree: FolderTree,
  tasks: readonly Task[],
  shown: string,
): Promise<Finding> {
  try {
    return await findSubmissions(tree, tasks);
  } catch (error) {
    throw new UsageError(`${shown} cannot be read (${codeOf(error)}). Check its permissions.`);
  }
}
