import { readdir } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { nameProblem } from '../../authoring/scaffold/nameProblem.ts';
import { UsageError } from '../command.ts';
import { packFolderAround } from '../packFolder.ts';

/** Where a new part of a pack goes. */
export interface PackPlace {
  /** The pack's folder, absolute. */
  readonly root: string;
  /** The lesson's folder in the pack, where the place is inside one. */
  readonly lesson: string | undefined;
  /** Folders in the lesson's folder above the path, but `tasks`: none where all is in its place. */
  readonly deeper: readonly string[];
}

/** The name of what is made: the last part of the operand, `queues` of `my-pack/queues`. */
export function nameOf(path: string): string {
  const name = basename(path);
  const problem = nameProblem(name);
  if (problem !== undefined) throw new UsageError(problem);
  return name;
}

/** The pack and the lesson around a path; it need not exist. */
export async function placeOf(path: string, cwd: string): Promise<PackPlace> {
  const around = basename(dirname(path)) === 'tasks' ? dirname(dirname(path)) : dirname(path);
  const root = await packFolderAround(around);
  if (root !== undefined) {
    const [lesson, ...deeper] = relative(root, around).split(sep);
    return { root, lesson: lesson === '' ? undefined : lesson, deeper };
  }
  const here = around === resolve(cwd) ? 'this folder' : around;
  throw new UsageError(
    `There is no pack here: neither ${here} nor a folder above it has a pack.yaml. Name one with --in, or make one: trapframe new pack <folder>`,
  );
}

/** @throws UsageError when something stands in the way: what is there is never written over */
export async function requireFree(folder: string, shown: string): Promise<void> {
  const inTheWay = await readdir(folder).then(
    (entries) => (entries.length === 0 ? undefined : 'is not empty'),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      return error.code === 'ENOTDIR' ? 'is a file' : `cannot be read (${error.code ?? error.message})`;
    },
  );
  if (inTheWay !== undefined) {
    throw new UsageError(`${shown} ${inTheWay}, and nothing is ever written over. Choose another name.`);
  }
}
