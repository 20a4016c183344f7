import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../grading/class/folderTree.ts';
import { makeFolder } from '../makeFolder.ts';

/** Where reports go. A report that cannot be written is named, and the others are written. */
export interface ReportSink {
  write(name: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void>;
  /** What could not be written, and why. */
  readonly failures: readonly string[];
}

/** How one file is written whole. Rejects when it is not. */
export type WriteWhole = (path: string, parts: Iterable<string> | AsyncIterable<string>) => Promise<void>;

/** Files of a folder. @param writeWhole another one for a disk that is full */
export function folderSink(folder: string, writeWhole: WriteWhole = writeAtomically): ReportSink {
  const failures: string[] = [];
  return {
    failures,
    async write(name, parts) {
      try {
        await writeWhole(join(folder, name), parts);
      } catch (error) {
        failures.push(`${name} was not written (${codeOf(error)}).`);
      }
    },
  };
}

/** Writes beside the file and then takes its place, so that there is never half a report. */
async function writeAtomically(path: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await makeFolder(dirname(path));
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(beside, 'w');
    try {
      let waiting = '';
      for await (const part of parts) {
        waiting += part;
        if (waiting.length < 1 << 16) continue;
        await file.appendFile(waiting);
        waiting = '';
      }
      await file.appendFile(waiting);
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
