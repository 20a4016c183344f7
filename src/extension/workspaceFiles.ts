import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import type { FileStore } from './progressStore.ts';

/** A file's text, or undefined when there is no such file. Other failures reject. */
export async function readText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export async function writeText(uri: Uri, text: string): Promise<void> {
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

export async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof FileSystemError && (error.code === 'FileNotFound' || error.code === 'FileNotADirectory');

/** True when the file system refused to write: a read-only folder, no permission. */
export const isRefused = (error: unknown): boolean =>
  error instanceof FileSystemError && ['NoPermissions', 'Unavailable', 'Unknown'].includes(error.code);

/** One folder of files, wherever VS Code keeps it: disk, remote machine, or browser storage. */
export function workspaceFileStore(folder: Uri): FileStore {
  const at = (name: string): Uri => Uri.joinPath(folder, name);
  return {
    async list() {
      try {
        const entries = await workspace.fs.readDirectory(folder);
        return entries.filter(([, type]) => (type & FileType.File) !== 0).map(([name]) => name);
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    },
    read: (name) => readText(at(name)),
    write: (name, text) => writeText(at(name), text),
    rename: async (from, to) => workspace.fs.rename(at(from), at(to), { overwrite: true }),
    async delete(name) {
      try {
        await workspace.fs.delete(at(name));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
