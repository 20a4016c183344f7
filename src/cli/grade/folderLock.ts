import { readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../grading/class/folderTree.ts';
import { UsageError } from '../command.ts';
import { makeFolder } from '../makeFolder.ts';

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
 * machine that has ended is taken away, and one of another machine stands until a person deletes it.
 * @param shown what messages call the folder
 * @param isNeeded whether the work is worth nothing when nothing can be written there. A disk that is full may have space again when it is done.
 * @returns gives the folder back
 * @throws UsageError when another run writes into it, or when it is needed and nobody can
 */
export async function lockFolder(
  folder: string,
  shown: string,
  isNeeded: boolean,
): Promise<() => Promise<void>> {
  const own: Holder = { host: hostname().replaceAll(/[^A-Za-z0-9._-]/g, '-'), pid: process.pid };
  const mark = join(folder, fileOf(own));
  const release = (): Promise<void> => rm(mark, { force: true });
  try {
    await makeFolder(folder);
    await writeFile(mark, '');
  } catch (error) {
    const code = codeOf(error);
    if (isNeeded && code !== 'ENOSPC' && code !== 'EDQUOT')
      throw new UsageError(
        `${shown} ${code === 'EEXIST' ? 'cannot be made, because a file is in its way' : `cannot be written into (${code})`}. Name another folder, where you may write: --out <folder>`,
      );
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
