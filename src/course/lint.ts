import { argumentProblems } from './argumentProblems.ts';
import { authorNotes } from './authorNotes.ts';
import { isSameLanguage } from './languageTag.ts';
import { readingProblems } from './lintReading.ts';
import { checkTask } from './lintTask.ts';
import { localesAmong, translationOf } from './locales.ts';
import type { LessonPart, Loaded, Pack, PackFiles, Problem, SourcePosition } from './model.ts';
import { loadPack, type LessonCache } from './packLoader.ts';
import { addingKey, inReadingOrder, ProblemList } from './problemList.ts';
import { documentProblems } from './taskDocument.ts';
import type { ScenarioTable } from './variants.ts';

/** Everything that `trapframe lint` says of a pack: all problems of loading, and what makes a lesson poor though it loads. */
export async function lintPack(
  files: PackFiles,
  scenarios: ScenarioTable,
  known?: LessonCache,
): Promise<Loaded<Pack>> {
  const options = known === undefined ? {} : { known };
  const { value: pack, problems } = await loadPack(files, scenarios, options);
  const found = new ProblemList();
  found.addAll(problems);
  const paths = await files.list().catch((): readonly string[] => []);
  found.addAll(await notesLeft(files, paths));
  for (const { parts } of pack.lessons) {
    for (const part of parts) {
      checkTeaching(part, paths, found);
      if (part.kind !== 'task') continue;
      found.addAll(documentProblems(part.task, scenarios));
      found.addAll(argumentProblems(part.task, scenarios));
    }
  }
  found.addAll(readingProblems(pack, paths));
  for (const locale of localesAmong(paths)) {
    if (isSameLanguage(locale, pack.language)) continue; // refused
    const { value, problems: own } = await loadPack(files, scenarios, { ...options, locale });
    // What a translation takes from its original was looked at there.
    found.addAll(
      [...own, ...readingProblems(value, paths)].filter(
        ({ at }) => translationOf(at.file)?.locale === locale,
      ),
    );
  }
  return { value: pack, problems: inReadingOrder(found.problems) };
}

/** Notes of generated files that their author has not yet replaced. */
async function notesLeft(files: PackFiles, paths: readonly string[]): Promise<readonly Problem[]> {
  const texts = paths.filter((path) => /\.(?:md|yaml|ts)$/.test(path));
  const notes = await Promise.all(
    // A file that cannot be read was reported by the loader.
    texts.map(async (path) => authorNotes(path, await files.read(path).catch(() => ''))),
  );
  return notes.flat();
}

/** Every answer deserves an explanation, and every exercise help. */
function checkTeaching(part: LessonPart, paths: readonly string[], found: ProblemList): void {
  switch (part.kind) {
    case 'prose':
      return;
    case 'figure':
      if (part.caption === undefined) {
        found.warning(
          part.at,
          'This figure has no caption.',
          addingKey('caption', 'Add "caption: …" for people who cannot see it.'),
        );
      }
      return;
    case 'question':
      checkExplained(part, found);
      if (part.hints.length === 0)
        found.warning(
          part.at,
          `The question ${part.id} has no hint.`,
          addingKey('hints', 'Add "hints: […]".'),
        );
      if (part.form !== 'choice' && part.misconceptions.length === 0) {
        found.warning(
          part.at,
          `The question ${part.id} has no misconception.`,
          addingKey(
            'misconceptions',
            `Add the wrong ${part.form} that learners give most, with its feedback.`,
          ),
        );
      }
      return;
    case 'prediction':
    case 'critique':
      checkExplained(part, found);
      return;
    case 'task':
      checkTask(part, paths, found);
  }
}

function checkExplained(
  part: { readonly kind: string; readonly id: string; readonly explain: string; readonly at: SourcePosition },
  found: ProblemList,
): void {
  if (part.explain.trim() === '')
    found.warning(part.at, `The ${part.kind} ${part.id} explains nothing.`, addingKey('explain'));
}
