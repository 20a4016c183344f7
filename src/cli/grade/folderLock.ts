import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../command.ts';

/** A process that writes into a folder of reports. */
interface Holder {
  readonly host: string;
  readonly pid: number;
}

/** Every run has a file of its own name, so that none can take another's away by mistake. */
const fileOf = ({ host, pid }: Holder): string => `grading.${pid}.${host}.lock`;

function holderIn(file: string): Holder | undefined {
  const match = /^grading\.(\d{1,10})\.(.+)\.lock$/.exec(file);
  return match === null ? undefined : { pid: Number(match[1]), host: match[2]! };
}

/**
 * Marks a folder as being written by this process, so that two runs never mix their journals and reports. A mark of a process of this
 * machine that has ended is taken away, and one of another machine stands until a person deletes it. Where no mark can be made, nothing can
 * be written either, which the journal and the reports say.
 * @param shown what messages call the folder
 * @returns gives the folder back
 * @throws UsageError when another run writes into it
 */
export async function lockFolder(folder: string, shown: string): Promise<() => Promise<void>> {
  const own: Holder = { host: hostname().replaceAll(/[^A-Za-z0-9._-]/g, '-'), pid: process.pid };
  const mark = join(folder, fileOf(own));
  const release = (): Promise<void> => rm(mark, { force: true });
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(mark, '');
  } catch {
    return () => Promise.resolve();
  }
  for (const file of await readdir(folder)) {
    const other = holderIn(file);
    if (other === undefined || (other.host === own.host && other.pid === own.pid)) continue;
    if (other.host === own.host && !isAlive(other.pid)) {
      await rm(join(folder, file), { force: true });
      continue;
    }
    await release();
    throw new UsageError(
      other.host === own.host
        ? `Another run of trapframe (process ${other.pid}) is writing into ${shown}. Wait until it ends, or name another folder: --out <folder>`
        : `${shown}/${file} says that a run on ${other.host} is writing into this folder. Wait until it ends, delete that file if it was killed, or name another folder: --out <folder>`,
    );
  }
  return release;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
