import { zipSync } from 'fflate';
import { compareText } from '../course/problemList.ts';
import { answersFile, workSettingsFile } from '../course/workSettings.ts';
import { receiptEnding, receiptOf, serializeReceipt } from '../grading/receipt.ts';
import type { TaskReport } from '../grading/report.ts';

/** What a learner hands in. */
export interface Submission {
  /** Id of the pack that the tasks belong to. */
  readonly pack: string;
  /** The text of `trapframe.json`. */
  readonly settings: string;
  /** The text of `answers.json`, where questions were answered. */
  readonly answers?: string;
  readonly tasks: readonly SubmittedTask[];
}

export interface SubmittedTask {
  /** Path in the work folder: `round-robin/scheduler.ts`. */
  readonly path: string;
  readonly source: string;
  /** Of this very source; absent where it was never checked. */
  readonly report?: TaskReport;
}

/** The files of a submission, by path: the learner's own, and a receipt beside each task that was judged. */
export function submissionFiles({ pack, settings, answers, tasks }: Submission): ReadonlyMap<string, string> {
  const files = new Map([[workSettingsFile, settings]]);
  if (answers !== undefined) files.set(answersFile, answers);
  for (const { path, source, report } of tasks) {
    files.set(path, source);
    if (report === undefined || report.verdict === 'ungradable') continue;
    files.set(`${path}${receiptEnding}`, serializeReceipt(receiptOf(pack, source, report)));
  }
  return files;
}

/** A zip archive. Equal submissions give equal bytes: names are sorted, and every time is the first that zip knows. */
export function submissionArchive(submission: Submission): Uint8Array {
  const files = [...submissionFiles(submission)].toSorted(([a], [b]) => compareText(a, b));
  const encoder = new TextEncoder();
  // Zip keeps local time without a zone, so this is the same everywhere.
  const mtime = new Date(1980, 0, 1);
  return zipSync(Object.fromEntries(files.map(([path, text]) => [path, encoder.encode(text)])), { mtime });
}
