import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { lstat } from 'node:fs/promises';
import { compareText } from '../../course/problemList.ts';
import {
  TooLarge,
  type FolderTree,
  type SubmittedFile,
  type TreeEntry,
} from '../../grading/class/folderTree.ts';

/** A folder on disk. Links are named and never followed. */
export const diskTree = (root: string): FolderTree => ({
  async entries() {
    const entries = await readdir(root, { withFileTypes: true });
    const found = await Promise.all(
      entries.map(async (entry): Promise<TreeEntry> => {
        const path = join(root, entry.name);
        if (entry.isDirectory()) return { kind: 'folder', name: entry.name, tree: diskTree(path) };
        if (entry.isFile()) return { kind: 'file', name: entry.name, file: await diskFile(path) };
        const why = entry.isSymbolicLink() ? 'it is a symbolic link' : 'it is no regular file';
        return { kind: 'refused', name: entry.name, why };
      }),
    );
    return found.toSorted((a, b) => compareText(a.name, b.name));
  },
});

/** A file on disk, which is opened when it is read and never through a link. */
export async function diskFile(path: string): Promise<SubmittedFile> {
  const size = await lstat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  let handle: Promise<FileHandle> | undefined;
  return {
    size,
    async read(limit) {
      const file = await openAsItIs(path);
      try {
        const { size: now } = await file.stat();
        if (now > limit) throw new TooLarge(limit);
        return await readFrom(file, 0, now);
      } finally {
        await file.close();
      }
    },
    async readAt(offset, length) {
      handle ??= openAsItIs(path);
      return readFrom(await handle, offset, length);
    },
    async close() {
      await (await handle)?.close();
      handle = undefined;
    },
  };
}

/** What was a file when its folder was listed may be a link by now. */
const openAsItIs = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));

async function readFrom(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
