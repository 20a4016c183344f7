import { originalOf } from '../course/locales.ts';

/** The files of a pack that an author writes by hand in a language of ours. */
export type AuthorFile =
  | { readonly kind: 'pack' }
  | { readonly kind: 'lesson'; readonly folder: string }
  | { readonly kind: 'task'; readonly lesson: string; readonly task: string };

/** What a file of a pack is, by its path in the pack; undefined for all other files. A translation is what it translates. */
export function authorFileAt(named: string): AuthorFile | undefined {
  const path = originalOf(named);
  if (path === 'pack.yaml') return { kind: 'pack' };
  const [folder = '', ...rest] = path.split('/');
  if (rest.length === 1 && rest[0] === 'lesson.md') return { kind: 'lesson', folder };
  if (rest.length === 3 && rest[0] === 'tasks' && rest[2] === 'task.yaml')
    return { kind: 'task', lesson: folder, task: rest[1]! };
  return undefined;
}

/** How many folders above such a file the pack's own folder is, by the file's name. */
export function foldersAboveTo(named: string): number | undefined {
  const name = originalOf(named);
  if (name === 'pack.yaml') return 1;
  if (name === 'lesson.md') return 2;
  if (name === 'task.yaml') return 4;
  return undefined;
}
