import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseReceipt, receiptEnding, receiptOf, serializeReceipt } from '../grading/receipt.ts';
import type { TaskReport } from '../grading/report.ts';
import { UsageError } from './command.ts';

/** The value of `--receipt` when it names no file. */
export const besideSubmission = '';

/**
 * Writes the receipt of a report, over nothing but an older receipt.
 * @param wanted the value of `--receipt`
 * @param shown the submission as it was named
 * @returns what to tell the person
 */
export async function saveReceipt(
  pack: string,
  source: string,
  report: TaskReport,
  wanted: string,
  shown: string,
  cwd: string,
): Promise<string> {
  if (report.verdict === 'ungradable') return 'No receipt was written: nothing was judged.';
  const name = wanted === besideSubmission ? `${shown}${receiptEnding}` : wanted;
  const file = resolve(cwd, name);
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there !== undefined && !parseReceipt(there).ok) {
    throw new UsageError(`${name} is there already and is no receipt. Name another file: --receipt <file>`);
  }
  await writeFile(file, serializeReceipt(receiptOf(pack, source, report))).catch(
    (error: NodeJS.ErrnoException) => {
      throw new UsageError(
        `${name} cannot be written (${error.code ?? error.message}). Name a place where you may write: --receipt <file>`,
      );
    },
  );
  return `Wrote the receipt ${name}. Anybody can repeat it: trapframe verify-receipt ${name}`;
}
