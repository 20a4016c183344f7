import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Names that mean a device on some systems. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const longest = 80;

/**
 * A name for a file about somebody: the id itself where every file system takes it. Else what it takes of it, and a hash, so
 * that no two ids get one name, on file systems too that do not tell capitals apart.
 */
export function fileWord(id: string): string {
  if (/^[a-z0-9][a-z0-9._@-]*$/.test(id) && !id.endsWith('.') && id.length <= longest && !reserved.test(id))
    return id;
  const plain = id.replaceAll(/[^A-Za-z0-9._@-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  const hash = bytesToHex(sha256(utf8ToBytes(id))).slice(0, 8);
  return `${plain.slice(0, longest) || 'learner'}-${hash}`;
}
