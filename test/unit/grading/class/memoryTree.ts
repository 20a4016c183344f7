import { compareText } from '../../../../src/course/problemList.ts';
import type { FolderTree, SubmittedFile, TreeEntry } from '../../../../src/grading/class/folderTree.ts';
import { TooLarge } from '../../../../src/grading/class/folderTree.ts';

/** What files of a test are: text or bytes. */
export type Content = string | Uint8Array;

export const memoryFile = (content: Content): SubmittedFile => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    read: (limit) => (bytes.length > limit ? Promise.reject(new TooLarge(limit)) : Promise.resolve(bytes)),
  };
};

/** A folder of a test: paths to contents. */
export function memoryTree(files: Readonly<Record<string, Content>>): FolderTree {
  const entries: TreeEntry[] = [];
  const folders = new Map<string, Record<string, Content>>();
  for (const [path, content] of Object.entries(files)) {
    const slash = path.indexOf('/');
    if (slash === -1) entries.push({ kind: 'file', name: path, file: memoryFile(content) });
    else {
      const inner = folders.get(path.slice(0, slash)) ?? {};
      inner[path.slice(slash + 1)] = content;
      folders.set(path.slice(0, slash), inner);
    }
  }
  for (const [name, inner] of folders) entries.push({ kind: 'folder', name, tree: memoryTree(inner) });
  return { entries: () => Promise.resolve(entries.toSorted((a, b) => compareText(a.name, b.name))) };
}
