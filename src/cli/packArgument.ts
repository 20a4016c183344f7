import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintPack } from '../course/lint.ts';
import { readableLocales } from '../course/locales.ts';
import type { Exercise, Lesson, Pack, Problem } from '../course/model.ts';
import { loadPack } from '../course/packLoader.ts';
import { nearest } from '../engine/kernel/parameters.ts';
import { scenarios } from '../engine/scenarios.ts';
import { textOption, UsageError, type CommandArguments, type Option } from './command.ts';
import { diskFiles } from './diskFiles.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** The folder of the bundles, also when this runs from source; the course lies beside it. */
export const distFolder = basename(here) === 'dist' ? here : join(here, '..', '..', 'dist');
export const bundledPack = join(distFolder, '..', 'lessons');

export interface PackOnDisk {
  readonly pack: Pack;
  readonly problems: readonly Problem[];
  /** The pack's folder as messages show it: relative to the current one where it lies inside. */
  readonly shownRoot: string;
}

/**
 * The pack in a folder, or the bundled course.
 * @param locale the language in which its texts are shown, where they are translated into it
 */
export async function packAt(
  folder: string | undefined,
  cwd: string,
  lint: boolean,
  locale?: string,
): Promise<PackOnDisk> {
  const root = folder === undefined ? bundledPack : resolve(cwd, folder);
  const packFile = join(root, 'pack.yaml');
  if (!(await exists(packFile))) {
    throw new UsageError(
      `${packFile} does not exist. A pack is a folder with a pack.yaml; name one, or none for the bundled course.`,
    );
  }
  const { value, problems } = lint
    ? await lintPack(diskFiles(root), scenarios)
    : await loadPack(diskFiles(root), scenarios, { locale });
  const fromHere = relative(cwd, root);
  return { pack: value, problems, shownRoot: fromHere.startsWith('..') ? root : fromHere };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** `--pack`, which several commands share. */
export const packOption: Option = { doc: 'Folder of a lesson pack. Default: the bundled course.' };

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
  const all =
    idsOf.size > 1
      ? `There are, by lesson:\n${[...idsOf].map(([lesson, ids]) => `  ${lesson}: ${ids.join(', ')}`).join('\n')}`
      : `There are: ${[...idsOf.values()].flat().join(', ')}.`;
  if (id === undefined) throw new UsageError(`No ${what} was named. ${all}`);
  const near = nearest(id, [...idsOf.values()].flat());
  throw new UsageError(`There is no ${what} "${id}". ${near === undefined ? all : `Did you mean ${near}?`}`);
}
