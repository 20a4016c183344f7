import { nearest } from '../engine/kernel/parameters.ts';
import { contentHash, normalText } from './contentHash.ts';
import { exerciseId } from './blocks.ts';
import { duplicateId, missingPart, parseLesson } from './lessonParser.ts';
import { isSameLanguage, strangeTag, usualLanguage } from './languageTag.ts';
import { translateLesson } from './lessonTranslation.ts';
import { readableLocales, translationOf, translationPath } from './locales.ts';
import type { Lesson, LessonPart, Loaded, Pack, PackFiles, SourcePosition } from './model.ts';
import { readPackTexts, type PackTexts } from './packTexts.ts';
import { compareText, inReadingOrder, orCreate, ProblemList, replacing, suggest } from './problemList.ts';
import { readWith } from './schemaReader.ts';
import { packSchema } from './schemas.ts';
import { loadTask, translateTask, type LoadedTask } from './taskLoader.ts';
import { checkedState, translatedYaml } from './translatedYaml.ts';
import type { ScenarioTable } from './variants.ts';
import { readYaml, type YamlSource } from './yamlSource.ts';

const packFile = 'pack.yaml';
const lessonFile = 'lesson.md';

export interface LoadOptions {
  readonly known?: LessonCache;
  /** The reader's language: `de-AT`. Lessons that are translated into it, or into `de`, are in that language. */
  readonly locale?: string | undefined;
}

/**
 * Loads a pack: `pack.yaml` and a folder per lesson. Never rejects: what could be read is there, and everything wrong is
 * listed in the order of files and lines. Ids of lessons and exercises in the value are unique.
 */
export async function loadPack(
  files: PackFiles,
  scenarios: ScenarioTable,
  { known, locale }: LoadOptions = {},
): Promise<Loaded<Pack>> {
  const problems = new ProblemList();
  const texts = await readPackTexts(files, problems);
  const head = readHead(texts, problems, locale === undefined ? [] : readableLocales(locale));
  refuseOwnLanguage(texts, head, problems);
  const lessons: Lesson[] = [];
  const ids = new Map<string, SourcePosition>();
  const lessonPaths = new Map<string, string>();

  for (const { folder, at } of head.folders) {
    const loaded = loadLesson(folder, texts, { scenarios, head, known });
    problems.addAll(loaded.problems);
    const lesson = withUniqueIds(loaded.value, ids, problems);
    const other = lessonPaths.get(lesson.id);
    if (other !== undefined) {
      problems.error(
        { ...at, file: lesson.path, line: 1, column: 1 },
        `The lesson id ${lesson.id} is already used in ${other}.`,
        'Give each lesson an id of its own.',
      );
      continue;
    }
    lessonPaths.set(lesson.id, lesson.path);
    const moduleIds = head.modules.map((module) => module.id);
    if (lesson.module !== '' && moduleIds.length > 0 && !moduleIds.includes(lesson.module)) {
      problems.error(
        moduleLine(lesson.path, texts.get(lesson.path) ?? ''),
        `There is no module ${lesson.module} in ${packFile}.`,
        suggest(lesson.module, nearest(lesson.module, moduleIds), moduleIds),
      );
    }
    lessons.push(lesson);
  }
  const value: Pack = {
    id: head.id,
    title: head.title,
    language: head.language,
    modules: head.modules,
    lessons,
  };
  return { value, problems: inReadingOrder(problems.problems) };
}

/**
 * Lessons that were loaded before, by language and folder, each with the texts that it was loaded from: whoever loads a pack
 * after every keystroke pays for the lesson that changed.
 */
export type LessonCache = Map<
  string,
  { readonly texts: ReadonlyMap<string, string>; readonly loaded: Loaded<Lesson> }
>;

interface LessonContext {
  readonly scenarios: ScenarioTable;
  readonly head: Pick<PackHead, 'language' | 'translations'>;
  readonly known: LessonCache | undefined;
}

function loadLesson(
  folder: string,
  texts: ReadonlyMap<string, string>,
  { scenarios, head, known }: LessonContext,
): Loaded<Lesson> {
  const own = new Map([...texts].filter(([path]) => path.startsWith(`${folder}/`)));
  const path = `${folder}/${lessonFile}`;
  const into = head.translations.find((each) => own.has(translationPath(path, each)));
  const key = `${head.language} ${into ?? ''} ${folder}`;
  const before = known?.get(key);
  if (before !== undefined && sameTexts(before.texts, own)) return before.loaded;
  const loaded = readLesson(folder, own, scenarios, { language: head.language, into });
  known?.set(key, { texts: own, loaded });
  return loaded;
}

const sameTexts = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);

/** Loads one lesson with its tasks from texts by their path in the pack. */
function readLesson(
  folder: string,
  texts: ReadonlyMap<string, string>,
  scenarios: ScenarioTable,
  { language, into }: { readonly language: string; readonly into: string | undefined },
): Loaded<Lesson> {
  const path = `${folder}/${lessonFile}`;
  const problems = new ProblemList();
  const tasks = new Map<string, LoadedTask>();
  for (const name of taskFolders(folder, texts)) {
    const task = loadTask(`${folder}/tasks/${name}`, texts, scenarios);
    tasks.set(name, task);
    problems.addAll(task.problems);
  }
  const counted = new Map(
    [...texts].flatMap(([file, text]) =>
      (file === path || file.startsWith(`${folder}/tasks/`)) && translationOf(file) === undefined
        ? [[file.slice(folder.length + 1), text] as const]
        : [],
    ),
  );
  const text = normalText(texts.get(path) ?? '');
  const lesson = parseLesson({ path, text, contentHash: contentHash(counted), language, tasks }, scenarios);
  const used = new Set(lesson.value.parts.flatMap((part) => (part.kind === 'task' ? [part.id] : [])));
  for (const [name, { task }] of tasks) {
    if (task === undefined || used.has(name)) continue;
    problems.warning(task.at, `No lesson opens the task ${name}.`, {
      text: `Add a block "task" with "id: ${name}" to ${path}.`,
      fixes: [{ kind: 'openTask', lesson: path, task: name }],
    });
  }
  const loaded = { value: lesson.value, problems: [...lesson.problems, ...problems.problems] };
  return into === undefined ? loaded : translated(loaded, texts, { language: into, tasks, scenarios });
}

/** A lesson in one of the languages that it is translated into. */
function translated(
  { value: original, problems }: Loaded<Lesson>,
  texts: ReadonlyMap<string, string>,
  {
    language,
    tasks,
    scenarios,
  }: {
    readonly language: string;
    readonly tasks: ReadonlyMap<string, LoadedTask>;
    readonly scenarios: ScenarioTable;
  },
): Loaded<Lesson> {
  const path = translationPath(original.path, language);
  const found = new ProblemList();
  const own = new Map<string, LoadedTask>();
  for (const [name, loaded] of tasks) {
    const file = loaded.task && translationPath(`${loaded.task.path}/task.yaml`, language);
    if (file === undefined || !texts.has(file)) {
      own.set(name, loaded);
      if (file !== undefined)
        found.warning(
          { file: path, line: 1, column: 1 },
          `The task ${name} is not translated: there is no file ${file}.`,
          'Add it with the texts of the task.',
        );
      continue;
    }
    const task = translateTask({ ...loaded, problems: [] }, texts, scenarios, language);
    own.set(name, task);
    found.addAll(task.problems);
  }
  const lesson = translateLesson(
    {
      locale: language,
      path,
      text: texts.get(path)!,
      originalText: texts.get(original.path) ?? '',
      original,
      tasks: own,
    },
    scenarios,
  );
  return { value: lesson.value, problems: [...problems, ...lesson.problems, ...found.problems] };
}

interface PackHead extends Pick<Pack, 'id' | 'title' | 'language' | 'modules'> {
  /** Whether `pack.yaml` says which language it is. */
  readonly saysLanguage: boolean;
  /** The languages of which the reader gets a translation rather than the original, the best first. */
  readonly translations: readonly string[];
  readonly folders: readonly { readonly folder: string; readonly at: SourcePosition }[];
}

function readHead(texts: PackTexts, problems: ProblemList, wanted: readonly string[]): PackHead {
  const present = [...texts.keys()]
    .filter((path) => path.endsWith(`/${lessonFile}`))
    .map((path) => path.slice(0, -lessonFile.length - 1));
  const start = { file: packFile, line: 1, column: 1 };
  // Without a readable list, all lessons that are there are better than none.
  const fallback: PackHead = {
    id: '',
    title: '',
    modules: [],
    language: usualLanguage,
    saysLanguage: false,
    translations: wanted,
    folders: present.toSorted(compareText).map((folder) => ({ folder, at: start })),
  };
  const text = texts.get(packFile);
  if (text === undefined) {
    if (!texts.isUnread(packFile))
      problems.error(start, `There is no file ${packFile}.`, 'Add one with id, title, modules and lessons.');
    return fallback;
  }
  const source = readYaml(packFile, text);
  const data = readWith(packSchema, source, problems);
  if (data === undefined) return fallback;
  data.modules.forEach(({ id }, index) => {
    if (data.modules.findIndex((module) => module.id === id) < index) {
      problems.error(
        source.positionOf(['modules', index, 'id']),
        `There are two modules ${id}.`,
        'Give each an id of its own.',
      );
    }
  });
  const folders = readFolders(data.lessons, present, texts, source, problems);
  const { id, language = usualLanguage } = data;
  const strange = strangeTag(language);
  if (strange !== undefined) {
    const advice = strange.meant === undefined ? undefined : replacing(language, strange.meant);
    problems.warning(source.positionOf(['language']), strange.message, advice);
  }
  const translations = betterThan(language, wanted);
  const { title, modules } = translatedHead(source, texts, problems, translations) ?? data;
  return { id, title, language, saysLanguage: data.language !== undefined, translations, modules, folders };
}

/** Of the languages that a reader wants, the best first, those before that of the originals. */
function betterThan(language: string, wanted: readonly string[]): readonly string[] {
  const own = wanted.findIndex((each) => isSameLanguage(each, language));
  return own < 0 ? wanted : wanted.slice(0, own);
}

/** A translation into the language of the originals: nobody would get it, and one of the two languages is a mistake. */
function refuseOwnLanguage(
  texts: ReadonlyMap<string, string>,
  { language, saysLanguage }: PackHead,
  problems: ProblemList,
): void {
  for (const path of texts.keys()) {
    const translation = translationOf(path);
    if (translation === undefined || !isSameLanguage(translation.locale, language)) continue;
    const name = translation.original.split('/').at(-1)!;
    problems.error(
      { file: path, line: 1, column: 1 },
      `This translates into "${language}", and that is the language of ${name} itself: ${
        saysLanguage ? `${packFile} says "language: ${language}"` : `${packFile} says no other`
      }.`,
      saysLanguage
        ? `Give the file the tag of the language that it is in, or correct "language" in ${packFile}.`
        : `Give the file the tag of the language that it is in, or add "language: …" to ${packFile}.`,
    );
  }
}

/** What `pack.yaml` says in the reader's language, where it is translated into that. */
function translatedHead(
  original: YamlSource,
  texts: ReadonlyMap<string, string>,
  problems: ProblemList,
  languages: readonly string[],
): Pick<Pack, 'title' | 'modules'> | undefined {
  const path = languages.map((each) => translationPath(packFile, each)).find((each) => texts.has(each));
  if (path === undefined) return undefined;
  const source = checkedState(texts.get(packFile) ?? '', readYaml(path, texts.get(path)!), problems);
  return readWith(packSchema, translatedYaml(original, source, problems), problems);
}

function readFolders(
  listed: readonly string[],
  present: readonly string[],
  texts: PackTexts,
  source: YamlSource,
  problems: ProblemList,
): PackHead['folders'] {
  const folders: { folder: string; at: SourcePosition }[] = [];
  const misspelt = new Set<string>();
  listed.forEach((folder, index) => {
    const at = source.positionOf(['lessons', index]);
    if (texts.isUnread(`${folder}/${lessonFile}`)) return;
    if (!present.includes(folder)) {
      const free = present.filter((name) => !listed.includes(name));
      const near = nearest(folder, free);
      if (near !== undefined) misspelt.add(near);
      problems.error(
        at,
        `There is no file ${folder}/${lessonFile}.`,
        orCreate(`${folder}/${lessonFile}`, suggest(folder, near, free)),
      );
    } else if (folders.some((other) => other.folder === folder)) {
      problems.error(at, `The lesson ${folder} is listed twice.`, 'Keep one of the two.');
    } else {
      folders.push({ folder, at });
    }
  });
  for (const folder of present) {
    if (listed.includes(folder) || misspelt.has(folder)) continue;
    problems.warning(
      source.positionOfKey(['lessons']),
      `The lesson ${folder} is not listed, so nobody sees it.`,
      { text: `Add "${folder}" to lessons.`, fixes: [{ kind: 'listLesson', folder }] },
    );
  }
  return folders;
}

function taskFolders(folder: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const prefix = `${folder}/tasks/`;
  const names = [...texts.keys()].flatMap((path) => {
    const match = path.startsWith(prefix) ? /^([^/]+)\/task\.yaml$/.exec(path.slice(prefix.length)) : null;
    return match === null ? [] : [match[1]!];
  });
  return names.toSorted(compareText);
}

/** Replaces exercises whose id an earlier lesson has, so that answers can be kept by id. */
function withUniqueIds(lesson: Lesson, ids: Map<string, SourcePosition>, problems: ProblemList): Lesson {
  const parts = lesson.parts.map((part): LessonPart => {
    const id = exerciseId(part);
    if (id === undefined) return part;
    const first = ids.get(id);
    if (first === undefined) {
      ids.set(id, part.at);
      return part;
    }
    problems.error(part.at, duplicateId(id, first, lesson.path), 'Give each an id of its own.');
    return missingPart(part.kind, part.at, problems.problems.at(-1));
  });
  return { ...lesson, parts };
}

function moduleLine(file: string, text: string): SourcePosition {
  const line = text.split('\n').findIndex((candidate) => candidate.startsWith('module:'));
  return {
    file,
    line: Math.max(line, 0) + 1,
    column: line < 0 ? 1 : /^module:\s*/.exec(text.split('\n')[line]!)![0].length + 1,
  };
}
