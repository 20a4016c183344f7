import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { compareText } from './problemList.ts';

/** Text as it counts: without a byte order mark and with LF alone, so that checkouts on all systems agree. */
export const normalText = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

/**
 * SHA-256 over files in the order of their paths, in hex. Path and text are each led by their length in bytes, so that no two
 * different sets of files give the same bytes.
 * @param files path to text
 */
export function contentHash(files: ReadonlyMap<string, string>): string {
  const hash = sha256.create();
  const add = (text: string): void => {
    const bytes = utf8ToBytes(text);
    hash.update(utf8ToBytes(`${bytes.length}:`));
    hash.update(bytes);
  };
  for (const [path, text] of [...files].toSorted(([a], [b]) => compareText(a, b))) {
    add(path);
    add(normalText(text));
  }
  return bytesToHex(hash.digest());
}
