import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackFiles } from '../course/model.ts';

/** A pack in a folder on disk. Hidden files and folders are not part of it. */
export const diskFiles = (root: string): PackFiles => ({
  async list() {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      )
      .filter((path) => !path.split('/').some((part) => part.startsWith('.')));
    return paths.toSorted((a, b) => (a < b ? -1 : 1));
  },
  read: (path) => readFile(join(root, path), 'utf8'),
});
