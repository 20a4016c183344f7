import { openPack, type OpenPack } from '../../authoring/scaffold/openPack.ts';
import { formatProblem } from '../../course/problemList.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { UsageError } from '../command.ts';
import { diskFiles } from '../diskFiles.ts';

/** @throws UsageError when its `pack.yaml` has a mistake */
export async function openPackAt(root: string): Promise<OpenPack> {
  const opened = await openPack(diskFiles(root), scenarios);
  if (!opened.ok) throw new UsageError(`${formatProblem(opened.problem, root)}\nMend it first.`);
  return opened.value;
}
