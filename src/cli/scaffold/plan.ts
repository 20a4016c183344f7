import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../command.ts';

/** What `trapframe new` is about to write into a pack. */
export interface Plan {
  /** The pack's folder, absolute. */
  readonly root: string;
  /** New files, by their path in the pack. */
  readonly made: ReadonlyMap<string, string>;
  /** Files of the pack that change, and how, for the person. */
  readonly changed: readonly { readonly path: string; readonly text: string; readonly how: string }[];
  /** What the person should know beside the notes in the files. */
  readonly remarks: readonly string[];
  /** A command line to go on with. @param shown a path of the pack as the person types it; the pack's own without one */
  readonly next: (shown: (path?: string) => string) => string;
}

/** @throws UsageError when the disk refuses; what was written before stays */
export async function carryOut({ root, made, changed }: Plan): Promise<void> {
  const at = async (path: string, write: (file: string) => Promise<void>): Promise<void> => {
    const file = join(root, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await write(file);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'EEXIST' ? 'already exists' : `cannot be written (${code ?? message})`;
      throw new UsageError(`${file} ${reason}. Choose a place where you may write.`);
    }
  };
  for (const [path, text] of made) await at(path, (file) => writeFile(file, text, { flag: 'wx' }));
  for (const { path, text } of changed) await at(path, (file) => writeFile(file, text));
}
