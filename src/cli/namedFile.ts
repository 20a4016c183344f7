import { readFile } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** A learner's file is text that a person wrote; more than this is something else. */
const maxFileBytes = 1_000_000;

/**
 * The text of a file that a person named.
 * @param shown the file as it was named
 * @param next what to do when it cannot be read: `Name the file that you wrote.`
 * @param mostBytes a larger file is refused
 */
export async function readNamedFile(
  path: string,
  shown: string,
  next: string,
  mostBytes = maxFileBytes,
): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === 'ENOENT'
        ? 'does not exist'
        : error.code === 'EISDIR'
          ? 'is a folder'
          : `cannot be read (${error.code ?? error.message})`;
    throw new UsageError(`${shown} ${reason}. ${next}`);
  });
  if (bytes.length > mostBytes) {
    throw new UsageError(`${shown} has ${bytes.length} bytes, but may have at most ${mostBytes}. ${next}`);
  }
  return bytes.toString('utf8');
}

export const readSubmission = (path: string, shown: string): Promise<string> =>
  readNamedFile(path, shown, 'Name the file that you wrote.');
