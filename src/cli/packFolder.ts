import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from './command.ts';

const packFile = 'pack.yaml';

/** The nearest folder at or above one that has a `pack.yaml`; undefined when there is none. */
export async function packFolderAround(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    // What may not be looked at is no reason to stop: folders above one's own can be somebody else's.
    if ((await seen(join(folder, packFile))).is === 'file') return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A pack that a person named by its folder, its `pack.yaml`, or anything inside it. */
export interface NamedPack {
  /** The pack's folder, absolute. */
  readonly root: string;
  /** What of it was named, as a path in it; empty for the whole pack. */
  readonly part: string;
}

/** @throws UsageError when there is no such thing, when it may not be read, or when no pack is around it */
export async function packFolderNamed(shown: string, cwd: string): Promise<NamedPack> {
  const path = resolve(cwd, shown);
  const itself = await seen(path);
  if (itself.is === 'unreadable') throw unreadable(path, itself.code);
  if (itself.is === 'missing') throw noPack(path, 'does not exist');
  const own = itself.is === 'folder' ? await seen(join(path, packFile)) : itself;
  if (own.is === 'unreadable') throw unreadable(path, own.code);
  const root = await packFolderAround(itself.is === 'folder' ? path : dirname(path));
  if (root === undefined)
    throw noPack(path, itself.is === 'folder' ? `has no ${packFile}` : `is not in a pack`);
  const part = relative(root, path);
  return { root, part: part === packFile ? '' : part };
}

/** @param reason such as `EACCES` */
export const unreadable = (path: string, reason: string): UsageError =>
  new UsageError(
    `${path} cannot be read (${reason}). Check its permissions, and those of the folders above it.`,
  );

const noPack = (path: string, what: string): UsageError =>
  new UsageError(`${path} ${what}. A pack is a folder with a ${packFile}: name one, or its ${packFile}.`);

type Seen =
  { readonly is: 'file' | 'folder' | 'missing' } | { readonly is: 'unreadable'; readonly code: string };

const seen = (path: string): Promise<Seen> =>
  stat(path).then(
    (stats): Seen => ({ is: stats.isDirectory() ? 'folder' : 'file' }),
    ({ code = '', message }: NodeJS.ErrnoException): Seen =>
      code === 'ENOENT' || code === 'ENOTDIR'
        ? { is: 'missing' }
        : { is: 'unreadable', code: code === '' ? message : code },
  );
