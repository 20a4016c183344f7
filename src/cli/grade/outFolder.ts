import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard } from '../../grading/class/classReport.ts';
import { parseClassReport } from '../../grading/class/reports/classJson.ts';
import { UsageError } from '../command.ts';
import { lockFolder } from './folderLock.ts';

/** A folder that a run writes into. */
export interface OutFolder {
  readonly folder: string;
  /** What messages call it. */
  readonly shown: string;
  /** The part of a class whose reports are written, `whole`, or the journal alone. */
  readonly writes: Shard | 'whole' | 'journal';
}

/**
 * Does the work while no other run writes into the folder, and only where it overwrites no report of something else.
 * @throws UsageError, before anything is done
 */
export async function holdingFolder<T>(out: OutFolder, work: () => Promise<T>): Promise<T> {
  const release = await lockFolder(out.folder, out.shown);
  try {
    await refuseOtherReport(out);
    return await work();
  } finally {
    await release();
  }
}

/** Another part of a class, the whole of which a part is, and a file that is no report stay as they are. */
async function refuseOtherReport({ folder, shown, writes }: OutFolder): Promise<void> {
  if (writes === 'journal') return;
  const text = await readFile(join(folder, 'class.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const read = parseClassReport(text);
  const next = 'It was left as it is. Name another folder: --out <folder>';
  if (!read.ok)
    throw new UsageError(
      `${shown}/class.json is there already, and is no report that trapframe can read. ${next}`,
    );
  const there = partName(read.value.shard ?? 'whole');
  const now = partName(writes);
  if (there !== now)
    throw new UsageError(`${shown}/class.json is ${there}, and ${now} would overwrite it. ${next}`);
}

const partName = (part: Shard | 'whole'): string =>
  part === 'whole' ? 'a whole class' : `part ${part.index} of ${part.of}`;
