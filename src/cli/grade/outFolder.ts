import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassHeader, ClassReport, Shard } from '../../grading/class/classReport.ts';
import { fewNames } from '../../grading/class/fewNames.ts';
import { parseClassReport } from '../../grading/class/reports/classJson.ts';
import { UsageError } from '../command.ts';
import { lockFolder } from './folderLock.ts';

/** A folder that a run writes into. */
export interface OutFolder {
  readonly folder: string;
  /** What messages call it. */
  readonly shown: string;
  /** Whose reports are written; absent where it is the journal alone. */
  readonly reports?: ReportsOf;
}

/** What a class is graded on, and the ids of all its learners, whatever part of them is graded here. */
export interface ReportsOf {
  readonly header: ClassHeader;
  readonly learners: readonly string[];
}

/**
 * Does the work while no other run writes into the folder, and only where it overwrites no report of something else.
 * @throws UsageError, before anything is done
 */
export async function holdingFolder<T>(out: OutFolder, work: () => Promise<T>): Promise<T> {
  const release = await lockFolder(out.folder, out.shown, out.reports !== undefined);
  try {
    await refuseOtherReport(out);
    return await work();
  } finally {
    await release();
  }
}

/** What {@link differenceOf} finds, and a file that is no report, stay as they are. */
async function refuseOtherReport({ folder, shown, reports }: OutFolder): Promise<void> {
  if (reports === undefined) return;
  const text = await readFile(join(folder, 'class.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const read = parseClassReport(text);
  const difference = read.ok
    ? differenceOf(read.value, reports)
    : 'is there already, and is no report that trapframe can read';
  if (difference !== undefined)
    throw new UsageError(
      `${shown}/class.json ${difference}. It was left as it is. Name another folder: --out <folder>`,
    );
}

/**
 * Why the report that is there is not one of the same class before: it is of another part, another pack, exercises that are not graded
 * now, or learners of whom most are not there now. Who joins or leaves a class, and a pack that was edited, make no other one.
 */
function differenceOf(there: ClassReport, { header, learners }: ReportsOf): string | undefined {
  const [part, now] = [partName(there.shard), partName(header.shard)];
  if (part !== now) return `is ${part}, and ${now} would overwrite it`;
  if (there.pack.id !== header.pack.id)
    return `is about the pack ${there.pack.title}, and a report about ${header.pack.title} would overwrite it`;
  const itemsNow = new Set(header.items.map(({ id }) => id));
  const otherItems = there.items.map(({ id }) => id).filter((id) => !itemsNow.has(id));
  const isSamePack = there.pack.contentHash === header.pack.contentHash;
  if (otherItems.length > 0 && (isSamePack || otherItems.length === there.items.length))
    return `is about ${fewNames(otherItems)} too, which a report without would overwrite`;
  const learnersNow = new Set(learners);
  const otherLearners = there.learners.map(({ learner }) => learner.id).filter((id) => !learnersNow.has(id));
  if (2 * otherLearners.length > there.learners.length)
    return `is of another class: ${fewNames(otherLearners)} ${otherLearners.length === 1 ? 'is' : 'are'} not in this one`;
  return undefined;
}

const partName = (part: Shard | undefined): string =>
  part === undefined ? 'a whole class' : `part ${part.index} of ${part.of}`;
