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

/**
 * How many folders above such a file, or another file of a task, the pack's own folder is.
 * @param path of the file, at any depth above the pack: `/home/ada/my-pack/first-lesson/lesson.md`
 */
export function foldersAboveTo(path: string): number | undefined {
  const steps = path.split('/');
  const name = originalOf(steps.at(-1)!);
  if (name === 'pack.yaml') return 1;
  if (name === 'lesson.md') return 2;
  if (name === 'task.yaml') return 4;
  // <lesson>/tasks/<task>/…
  const tasks = steps.lastIndexOf('tasks', steps.length - 3);
  return tasks < 2 ? undefined : steps.length - tasks + 1;
}
