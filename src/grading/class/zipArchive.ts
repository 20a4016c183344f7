import { Inflate } from 'fflate';
import { compareText } from '../../course/problemList.ts';
import { TooLarge, type FolderTree, type SubmittedFile, type TreeEntry } from './folderTree.ts';

/**
 * Zip archives of people whom nobody trusts (PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4). The directory at the end is
 * read, and single files when they are asked for, in steps with a limit on what comes out: no bomb unfolds, whatever size
 * it claims. Nothing is unpacked to disk, and a name that leads out of the archive, or a link, is refused by name.
 */

/** What an archive is when it cannot be read. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const maxComment = 0xffff;
/** A class of 500 with a checkout each has fewer. */
const maxEntries = 200_000;
const maxDirectoryBytes = 64_000_000;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
  readonly headerOffset: number;
  /** The Unix mode where one was stored. */
  readonly mode: number;
}

type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** The files of an archive as a folder. @throws BadArchive */
export async function zipTree(archive: SubmittedFile, maxBytes: number): Promise<FolderTree> {
  const readAt = await randomAccess(archive, maxBytes);
  return treeOf(await directoryOf(readAt, archive.size), readAt);
}

async function randomAccess(archive: SubmittedFile, maxBytes: number): Promise<ReadAt> {
  if (archive.readAt !== undefined) return (offset, length) => archive.readAt!(offset, length);
  const bytes = await archive.read(maxBytes);
  return (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length));
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The central directory. @throws BadArchive */
async function directoryOf(readAt: ReadAt, size: number): Promise<readonly ZipEntry[]> {
  const tailLength = Math.min(size, endLength + maxComment);
  const tail = await readAt(size - tailLength, tailLength);
  const view = viewOf(tail);
  let end = tail.length - endLength;
  while (end >= 0 && view.getUint32(end, true) !== endSignature) end--;
  if (end < 0) throw new BadArchive('it is no zip archive, or a part of it is missing');
  const count = view.getUint16(end + 10, true);
  const length = view.getUint32(end + 12, true);
  const offset = view.getUint32(end + 16, true);
  if (count === 0xffff || offset === 0xffffffff) throw new BadArchive('it is in the zip64 format');
  if (count > maxEntries || length > maxDirectoryBytes)
    throw new BadArchive(`it lists ${count} files in ${length} bytes`);
  if (offset + length > size) throw new BadArchive('its directory leads beyond its end');
  const directory = await readAt(offset, length);
  return entriesOf(directory, count);
}

function entriesOf(directory: Uint8Array, count: number): readonly ZipEntry[] {
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== entrySignature)
      throw new BadArchive('its directory is damaged');
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const madeByUnix = view.getUint8(at + 5) === 3;
    const name = directory.subarray(at + 46, at + 46 + nameLength);
    entries.push({
      name: new TextDecoder().decode(name),
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0,
      crc: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      mode: madeByUnix ? view.getUint32(at + 38, true) >>> 16 : 0,
      headerOffset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

class ZipFolder implements FolderTree {
  readonly folders = new Map<string, ZipFolder>();
  readonly files = new Map<string, TreeEntry>();

  entries(): Promise<readonly TreeEntry[]> {
    const folders = [...this.folders].map(([name, tree]) => ({ kind: 'folder' as const, name, tree }));
    const all = [...folders, ...this.files.values()];
    return Promise.resolve(all.toSorted((a, b) => compareText(a.name, b.name)));
  }
}

const symbolicLink = 0o120000;
const fileTypeMask = 0o170000;

function treeOf(entries: readonly ZipEntry[], readAt: ReadAt): FolderTree {
  const root = new ZipFolder();
  for (const entry of entries) {
    const path = entry.name.replaceAll('\\', '/');
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    if (/^\/|^[A-Za-z]:/.test(path) || parts.includes('..')) {
      root.files.set(entry.name, {
        kind: 'refused',
        name: entry.name,
        why: 'its name leads out of the archive',
      });
      continue;
    }
    const name = path.endsWith('/') ? undefined : parts.pop();
    let folder = root;
    for (const part of parts) {
      const inner = folder.folders.get(part) ?? new ZipFolder();
      folder.folders.set(part, inner);
      folder = inner;
    }
    if (name === undefined) continue;
    folder.files.set(name, folder.files.has(name) ? twice(name) : fileEntry(name, entry, readAt));
  }
  return root;
}

/** Programs differ in which of the two they show, so that a grader and a person could see different work. */
const twice = (name: string): TreeEntry => ({
  kind: 'refused',
  name,
  why: 'the archive has two files of this name',
});

function fileEntry(name: string, entry: ZipEntry, readAt: ReadAt): TreeEntry {
  if ((entry.mode & fileTypeMask) === symbolicLink)
    return { kind: 'refused', name, why: 'it is a symbolic link' };
  return {
    kind: 'file',
    name,
    file: { size: entry.size, read: (limit) => inflated(entry, readAt, limit) },
  };
}

/** A step unfolds to at most a thousand times as much before its bytes are counted. */
const stepBytes = 8192;

async function inflated(entry: ZipEntry, readAt: ReadAt, limit: number): Promise<Uint8Array> {
  if (entry.encrypted) throw new BadArchive('it is encrypted');
  if (entry.method !== 0 && entry.method !== 8)
    throw new BadArchive(`it is compressed by method ${entry.method}, which is not supported`);
  // What does not compress takes a few bytes more than it holds.
  if (entry.size > limit || entry.compressedSize > 1.01 * limit + 1000) throw new TooLarge(limit);
  const local = await readAt(entry.headerOffset, 30);
  if (local.length < 30 || viewOf(local).getUint32(0, true) !== localSignature)
    throw new BadArchive('the archive is damaged');
  const start =
    entry.headerOffset + 30 + viewOf(local).getUint16(26, true) + viewOf(local).getUint16(28, true);
  const parts: Uint8Array[] = [];
  let length = 0;
  const take = (part: Uint8Array): void => {
    length += part.length;
    if (length > limit) throw new TooLarge(limit);
    parts.push(part);
  };
  const inflate = entry.method === 8 ? new Inflate(take) : undefined;
  for (let at = 0; at < entry.compressedSize; at += stepBytes) {
    const step = await readAt(start + at, Math.min(stepBytes, entry.compressedSize - at));
    if (step.length === 0) throw new BadArchive('the archive is damaged');
    if (inflate === undefined) take(step.slice());
    else push(inflate, step, at + stepBytes >= entry.compressedSize);
  }
  const bytes = joined(parts, length);
  if (length !== entry.size || crc32(bytes) !== entry.crc) throw new BadArchive('the archive is damaged');
  return bytes;
}

function push(inflate: Inflate, step: Uint8Array, last: boolean): void {
  try {
    inflate.push(step.slice(), last);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    throw new BadArchive('the archive is damaged');
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
