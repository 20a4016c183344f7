import type { Pack, PackFiles, Problem } from '../../course/model.ts';
import { loadPack } from '../../course/packLoader.ts';
import type { ScenarioTable } from '../../course/variants.ts';

/** A pack that is about to get a part more. Its lessons may have mistakes; its head may not. */
export interface OpenPack {
  readonly files: PackFiles;
  readonly pack: Pack;
  /** The text of `pack.yaml`. */
  readonly head: string;
}

export type OpenedPack =
  | { readonly ok: true; readonly value: OpenPack }
  /** The first mistake of `pack.yaml`. */
  | { readonly ok: false; readonly problem: Problem };

export async function openPack(files: PackFiles, scenarios: ScenarioTable): Promise<OpenedPack> {
  const { value: pack, problems } = await loadPack(files, scenarios);
  const problem = problems.find(({ severity, at }) => severity === 'error' && at.file === 'pack.yaml');
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, value: { files, pack, head: await files.read('pack.yaml') } };
}
