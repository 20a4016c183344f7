import { normalText } from './contentHash.ts';
import { originalOf } from './locales.ts';
import type { PackFiles } from './model.ts';
import { compareText, type ProblemList } from './problemList.ts';

/** The texts of a pack by their path in it, with LF alone. */
export interface PackTexts extends ReadonlyMap<string, string> {
  /** Whether a file is missing because it could not be read, which was said: it may well be there. */
  isUnread(path: string): boolean;
}

/** Everything of a pack that counts as text; pictures are not read. Never rejects: what cannot be read is a problem. */
export async function readPackTexts(files: PackFiles, problems: ProblemList): Promise<PackTexts> {
  let paths: readonly string[];
  try {
    paths = await files.list();
  } catch (thrown) {
    problems.error(
      { file: 'pack.yaml', line: 1, column: 1 },
      `The files of the pack cannot be listed: ${reason(thrown)}.`,
      'Check that the folder exists and may be read.',
    );
    return Object.assign(new Map<string, string>(), { isUnread: () => true });
  }
  const wanted = paths
    .filter((path) => /^pack\.yaml$|^[^/]+\/lesson\.md$|^[^/]+\/tasks\//.test(originalOf(path)))
    .toSorted(compareText);
  const texts = new Map<string, string>();
  const unread = new Set<string>();
  const read = async (path: string): Promise<void> => {
    try {
      texts.set(path, normalText(await files.read(path)));
    } catch (thrown) {
      unread.add(path);
      problems.error(
        { file: path, line: 1, column: 1 },
        `The file cannot be read: ${reason(thrown)}.`,
        'Check that it exists and may be read.',
      );
    }
  };
  await Promise.all(wanted.map(read));
  return Object.assign(texts, { isUnread: (path: string) => unread.has(path) });
}

const reason = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '');
