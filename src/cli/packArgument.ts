import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintPack } from '../course/lint.ts';
import { readableLocales } from '../course/locales.ts';
import type { Exercise, Lesson, Pack, Problem } from '../course/model.ts';
import { loadPack } from '../course/packLoader.ts';
import { nearest } from '../engine/kernel/parameters.ts';
import { scenarios } from '../engine/scenarios.ts';
import { textOption, UsageError, type CommandArguments, type Option, type Terminal } from './command.ts';
import { diskFiles } from './diskFiles.ts';
import { packFolderAround, packFolderNamed, unreadable } from './packFolder.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** The folder of the bundles, also when this runs from source; the course lies beside it. */
export const distFolder = basename(here) === 'dist' ? here : join(here, '..', '..', 'dist');
export const bundledPack = join(distFolder, '..', 'lessons');

export interface PackOnDisk {
  readonly pack: Pack;
  readonly problems: readonly Problem[];
  /** The pack's folder, absolute. */
  readonly root: string;
  /** What of it was named, see {@link NamedPack}. */
  readonly part: string;
  /** The pack's folder as messages show it: relative to the current one where it lies inside. */
  readonly shownRoot: string;
}

/**
 * The pack that a person named, or the bundled course.
 * @param named the pack's folder, or anything inside it
 * @param locale the language in which its texts are shown, where they are translated into it
 * @throws UsageError when there is none, or when it may not be read
 */
export async function packAt(
  named: string | undefined,
  cwd: string,
  lint: boolean,
  locale?: string,
): Promise<PackOnDisk> {
  const { root, part } =
    named === undefined ? { root: bundledPack, part: '' } : await packFolderNamed(named, cwd);
  return { ...(await packIn(root, cwd, lint, locale)), part };
}

/**
 * The pack that a person named, else the one that they work in: around the current folder. Without either it is the bundled course.
 * What is neither named nor the bundled course is said. Only for what an author asks: in a folder of submissions the pack around
 * might be a learner's.
 */
export async function packAround(
  named: string | undefined,
  terminal: Pick<Terminal, 'cwd' | 'err'>,
  lint: boolean,
  locale?: string,
): Promise<PackOnDisk> {
  const { cwd } = terminal;
  const root = named === undefined ? await packFolderAround(cwd) : undefined;
  if (root === undefined) return packAt(named, cwd, lint, locale);
  const found = await packIn(root, cwd, lint, locale);
  if (root !== bundledPack)
    terminal.err(`Pack: ${found.pack.title}, in ${root === cwd ? 'this folder' : root}.`);
  return found;
}

async function packIn(
  root: string,
  cwd: string,
  lint: boolean,
  locale: string | undefined,
): Promise<PackOnDisk> {
  const files = diskFiles(root);
  // An empty pack would be said to lack whatever is asked of it.
  await files.list().catch(({ code, message, path = root }: NodeJS.ErrnoException) => {
    throw unreadable(path, code ?? message);
  });
  const { value, problems } = lint
    ? await lintPack(files, scenarios)
    : await loadPack(files, scenarios, { locale });
  const fromHere = relative(cwd, root);
  return { pack: value, problems, root, part: '', shownRoot: fromHere.startsWith('..') ? root : fromHere };
}

/** `--pack`, which several commands share. */
export const packOption: Option = {
  doc: 'Folder of a lesson pack. Default: the bundled course.',
};

/** `--pack` of commands that an author tries a pack with, see {@link packAround}. */
export const packAroundOption: Option = {
  doc: 'Folder of a lesson pack. Default: the pack around the current folder, else the bundled course.',
};

/** `--locale`, for commands that show texts of a lesson. */
export const localeOption: Option = {
  doc: 'Language of the lesson, such as de. Default: the one in which it was written.',
};

/** @throws UsageError for what is no name of a language */
export function localeNamed(args: CommandArguments): string | undefined {
  const locale = textOption(args, 'locale');
  if (locale !== undefined && readableLocales(locale).length === 0)
    throw new UsageError(`"${locale}" is no language. Write its code, as in: --locale de or --locale pt-BR`);
  return locale;
}

/** The exercise of one kind with that id, and its lesson. */
export function exerciseNamed<K extends Exercise['kind']>(
  pack: Pack,
  id: string | undefined,
  kinds: readonly K[],
  what: string,
): { readonly lesson: Lesson; readonly exercise: Extract<Exercise, { readonly kind: K }> } {
  const idsOf = new Map<string, string[]>();
  for (const lesson of pack.lessons) {
    for (const part of lesson.parts) {
      if (!kinds.some((kind) => kind === part.kind)) continue;
      const exercise = part as Extract<Exercise, { readonly kind: K }>;
      if (exercise.id === id) return { lesson, exercise };
      idsOf.set(lesson.id, [...(idsOf.get(lesson.id) ?? []), exercise.id]);
    }
  }
  if (idsOf.size === 0)
    throw new UsageError(`The pack has no ${what}. \`trapframe lint\` says why something may be missing.`);
  const all =
    idsOf.size > 1
      ? `There are, by lesson:\n${[...idsOf].map(([lesson, ids]) => `  ${lesson}: ${ids.join(', ')}`).join('\n')}`
      : `There are: ${[...idsOf.values()].flat().join(', ')}.`;
  if (id === undefined) throw new UsageError(`No ${what} was named. ${all}`);
  const near = nearest(id, [...idsOf.values()].flat());
  throw new UsageError(`There is no ${what} "${id}". ${near === undefined ? all : `Did you mean ${near}?`}`);
}
