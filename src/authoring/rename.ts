import { exerciseId } from '../course/blocks.ts';
import { originalOf } from '../course/locales.ts';
import type { Pack } from '../course/model.ts';
import { authorFileAt } from './authorFile.ts';
import { linksIn } from './links.ts';
import { meaningOf } from './meaning.ts';
import { nameProblem } from './scaffold/nameProblem.ts';
import { placesIn, spotPointedAt } from './spot.ts';
import type { TextEdit, TextRange } from './textRange.ts';
import { yamlRegions } from './yamlRegion.ts';

/** What can be renamed, with everything that names it. */
export interface Renamable {
  readonly what: 'exercise' | 'figure' | 'task' | 'lesson' | 'module' | 'check';
  readonly id: string;
  readonly range: TextRange;
}

export interface RenameContext {
  readonly pack: Pack;
  readonly paths: readonly string[];
  readonly textOf: (path: string) => Promise<string | undefined>;
}

export interface Renaming {
  readonly edits: readonly { readonly path: string; readonly edit: TextEdit }[];
  /** A folder that gets another name as well: that of a task. */
  readonly folder?: { readonly from: string; readonly to: string };
}

export type RenameOutcome =
  { readonly ok: true; readonly value: Renaming } | { readonly ok: false; readonly error: string };

/** The id at a place; undefined for everything else. */
export function renamableAt(path: string, text: string, offset: number): Renamable | undefined {
  const spot = spotPointedAt(path, text, offset);
  if (spot?.role !== 'value') return undefined;
  const { range, written: id, region } = spot;
  const is = (what: Renamable['what']): Renamable => ({ what, id, range });
  const meaning = meaningOf(spot);
  if (meaning === 'task id') return is('task');
  if (meaning === 'module') return is('module');
  if (meaning === 'check id') return is('check');
  const at = spot.path.join('/');
  if (region.kind === 'pack') return /^modules\/\d+\/id$/.test(at) ? is('module') : undefined;
  if (region.kind === 'task.yaml')
    return at === 'id' ? is('task') : /^checks\/\d+\/id$/.test(at) ? is('check') : undefined;
  if (at !== 'id') return undefined;
  return is(region.kind === 'front matter' ? 'lesson' : region.kind === 'figure' ? 'figure' : 'exercise');
}

/** All changes that give the id another name, or why it cannot have that. */
export async function rename(
  path: string,
  text: string,
  renamable: Renamable,
  name: string,
  context: RenameContext,
): Promise<RenameOutcome> {
  const { what, id } = renamable;
  const refused = nameProblem(name) ?? taken(path, text, what, name, context.pack);
  if (refused !== undefined) return { ok: false, error: refused };
  if (name === id) return { ok: true, value: { edits: [] } };
  const edits: { path: string; edit: TextEdit }[] = [];
  const inFile = async (file: string, kinds: readonly Renamable['what'][]): Promise<void> => {
    const own = file === path ? text : ((await context.textOf(file)) ?? '');
    for (const range of idsIn(file, own, id, kinds)) edits.push({ path: file, edit: { range, text: name } });
  };
  /** A file and its translations. */
  const inEveryLanguage = async (file: string, kinds: readonly Renamable['what'][]): Promise<void> => {
    const original = originalOf(file);
    for (const each of new Set([file, ...context.paths]))
      if (originalOf(each) === original) await inFile(each, kinds);
  };
  switch (what) {
    case 'exercise':
    case 'figure':
    case 'check':
      await inEveryLanguage(path, [what]);
      return { ok: true, value: { edits } };
    case 'module':
      for (const file of context.paths)
        if (authorFileAt(file)?.kind === 'pack' || authorFileAt(file)?.kind === 'lesson')
          await inFile(file, ['module']);
      return { ok: true, value: { edits } };
    case 'lesson':
      await inEveryLanguage(path, ['lesson']);
      for (const file of context.paths) {
        if (authorFileAt(file) === undefined) continue;
        const own = file === path ? text : ((await context.textOf(file)) ?? '');
        for (const { range, lesson } of linksIn(file, own)) {
          if (lesson !== id) continue;
          const start = own.indexOf(id, range.start);
          edits.push({ path: file, edit: { range: { start, end: start + id.length }, text: name } });
        }
      }
      return { ok: true, value: { edits } };
    case 'task': {
      const lesson = path.split('/')[0]!;
      const folder = `${lesson}/tasks/${id}`;
      await inEveryLanguage(`${lesson}/lesson.md`, ['task']);
      const exists = context.paths.some((file) => file.startsWith(`${folder}/`));
      if (!exists) return { ok: true, value: { edits } };
      await inEveryLanguage(`${folder}/task.yaml`, ['task']);
      return { ok: true, value: { edits, folder: { from: folder, to: `${lesson}/tasks/${name}` } } };
    }
  }
}

/** Where a file says the id of such a thing. */
function idsIn(
  path: string,
  text: string,
  id: string,
  kinds: readonly Renamable['what'][],
): readonly TextRange[] {
  return yamlRegions(path, text)
    .flatMap(placesIn)
    .filter(({ role, written }) => role === 'value' && written === id)
    .flatMap(({ range }) => {
      const found = renamableAt(path, text, range.start);
      return found !== undefined && kinds.includes(found.what) ? [range] : [];
    });
}

function taken(
  path: string,
  text: string,
  what: Renamable['what'],
  name: string,
  pack: Pack,
): string | undefined {
  const other = (kind: string, file: string): string =>
    `There is a ${kind} ${name} in ${file} already. Choose another name.`;
  switch (what) {
    case 'exercise':
    case 'task': {
      for (const { parts } of pack.lessons)
        for (const part of parts) if (exerciseId(part) === name) return other(part.kind, part.at.file);
      return undefined;
    }
    case 'figure':
      return idsIn(path, text, name, ['figure', 'exercise']).length > 0 ? other('block', path) : undefined;
    case 'check':
      return idsIn(path, text, name, ['check']).length > 0 ? other('check', path) : undefined;
    case 'lesson': {
      const lesson = pack.lessons.find(({ id }) => id === name);
      return lesson === undefined ? undefined : other('lesson', lesson.path);
    }
    case 'module':
      return pack.modules.some(({ id }) => id === name) ? other('module', 'pack.yaml') : undefined;
  }
}
