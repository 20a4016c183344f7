import { normalText } from './contentHash.ts';
import { splitLesson } from './lessonText.ts';
import { readableLocales, translationPath } from './locales.ts';
import type { PackFiles } from './model.ts';
import { compareText, ProblemList } from './problemList.ts';
import { readYaml } from './yamlSource.ts';

/**
 * A pack in a place whose folders cannot be listed, such as another extension on the web: the files that `pack.yaml`, its
 * lessons and their tasks name. What is named and cannot be read is left out, and loading then says what is missing.
 * @param read a file by its path in the pack; rejects when there is none
 * @param locale of whom translations are looked for
 */
export async function referencedFiles(
  read: (path: string) => Promise<string>,
  locale?: string,
): Promise<PackFiles> {
  const languages = locale === undefined ? [] : readableLocales(locale);
  const texts = new Map<string, string>();
  const add = async (path: string): Promise<string> => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    try {
      const text = normalText(await read(path));
      texts.set(path, text);
      return text;
    } catch {
      return '';
    }
  };
  const addTranslations = async (path: string): Promise<void> => {
    await Promise.all(languages.map((each) => add(translationPath(path, each))));
  };
  await addTranslations('pack.yaml');
  const lessons = textsIn(readYaml('pack.yaml', await add('pack.yaml')).value, 'lessons');
  await Promise.all(
    lessons.map(async (folder) => {
      await addTranslations(`${folder}/lesson.md`);
      const lesson = splitLesson('', await add(`${folder}/lesson.md`), new ProblemList());
      const tasks = lesson.pieces.flatMap((piece) =>
        piece.kind === 'block' && piece.block === 'task' ? textsIn(readYaml('', piece.yaml).value, 'id') : [],
      );
      await Promise.all(tasks.map((id) => addTask(`${folder}/tasks/${id}`)));
    }),
  );
  async function addTask(folder: string): Promise<void> {
    await addTranslations(`${folder}/task.yaml`);
    const { value } = readYaml('', await add(`${folder}/task.yaml`));
    const [file = ''] = textsIn(value, 'file');
    const [starter = `starter/${file}`] = textsIn(value, 'starter');
    const [solution = `solution/${file}`] = textsIn(value, 'solution');
    const wrong = memberOf(value, 'wrong');
    const known = Array.isArray(wrong) ? wrong.flatMap((one: unknown) => textsIn(one, 'file')) : [];
    await Promise.all([starter, solution, ...known].map((path) => add(`${folder}/${path}`)));
  }
  const paths = [...texts.keys()].toSorted(compareText);
  return {
    list: () => Promise.resolve(paths),
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? read(path) : Promise.resolve(text);
    },
  };
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/** One text or a list of texts; nothing of any other shape, and no path that leads out of the pack. */
function textsIn(value: unknown, name: string): readonly string[] {
  const member = memberOf(value, name);
  return (Array.isArray(member) ? (member as readonly unknown[]) : [member]).filter(
    (one): one is string =>
      typeof one === 'string' && /^[\w.-]+(?:\/[\w.-]+)*$/.test(one) && !one.includes('..'),
  );
}
