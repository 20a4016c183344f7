import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from '../../course/model.ts';
import { loadPack } from '../../course/packLoader.ts';
import { formatProblem } from '../../course/problemList.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { UsageError } from '../command.ts';
import { diskFiles } from '../diskFiles.ts';

/** A pack that is about to get a part more. Its lessons may have mistakes; its head may not. */
export interface OpenPack {
  readonly pack: Pack;
  /** The text of `pack.yaml`. */
  readonly head: string;
}

export async function openPack(root: string): Promise<OpenPack> {
  const { value: pack, problems } = await loadPack(diskFiles(root), scenarios);
  const wrong = problems.find(({ severity, at }) => severity === 'error' && at.file === 'pack.yaml');
  if (wrong !== undefined) throw new UsageError(`${formatProblem(wrong, root)}\nMend it first.`);
  return { pack, head: await readFile(join(root, 'pack.yaml'), 'utf8') };
}
