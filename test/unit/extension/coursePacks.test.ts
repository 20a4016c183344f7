import assert from 'node:assert/strict';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { referencedFiles } from '../../../src/course/referencedFiles.ts';
import { loadPack } from '../../../src/course/packLoader.ts';
import { newPack } from '../../../src/authoring/scaffold/newPack.ts';
import { packFilesOf } from '../../../src/extension/lessonIndex.ts';
import { joinPacks } from '../../../src/extension/coursePacks.ts';

const scenario = scenarios['scheduling.round-robin']!;

const made = Object.fromEntries(newPack('mine', scenario).made);
const loaded = (files: Record<string, string>) => loadPack(packFilesOf({ files }), scenarios);
const renamed = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path.replaceAll('first-lesson', 'other-lesson'),
      text.replaceAll('first-lesson', 'other-lesson').replaceAll('id: mine', 'id: other'),
    ]),
  );

describe('packs beside the bundled one', () => {
  it('are one course after it, each with modules of its own and paths that do not meet', async () => {
    const [bundled, other] = [await loaded(made), await loaded(renamed(made))];
    const joined = joinPacks(bundled, [{ loaded: other, from: 'there' }]);
    assert.deepEqual(joined.refused, []);
    assert.deepEqual(joined.roots, ['pack-1/']);
    const [first, second] = joined.value.lessons;
    assert.equal(first, bundled.value.lessons[0]);
    assert.equal(second!.path, 'pack-1/other-lesson/lesson.md');
    assert.equal(second!.contentHash, other.value.lessons[0]!.contentHash);
    const ids = joined.value.modules.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.includes(second!.module));
    assert.equal(joined.value.modules.at(-1)!.title, other.value.title);
  });

  it('leave out a lesson whose id, or an exercise of which, is taken, and say by whom', async () => {
    const bundled = await loaded(made);
    const same = joinPacks(bundled, [{ loaded: bundled, from: 'copy' }]);
    assert.equal(same.value.lessons.length, 1);
    assert.match(
      same.refused[0]!,
      /^The lesson ".+" of copy is not shown: its id is taken by the pack ".+"\.$/,
    );
    const other = renamed(made);
    const lesson = other['other-lesson/lesson.md']!.replaceAll('other-lesson-number', 'first-lesson-number');
    assert.notEqual(lesson, other['other-lesson/lesson.md']);
    const clash = joinPacks(bundled, [
      { loaded: await loaded({ ...other, 'other-lesson/lesson.md': lesson }), from: 'clash' },
    ]);
    assert.equal(clash.value.lessons.length, 1);
    assert.match(clash.refused[0]!, /the exercise id first-lesson-number is taken/);
  });

  it('are read by what their files name, where folders cannot be listed', async () => {
    const asked: string[] = [];
    const extra = { ...made, 'unnamed.md': 'x', 'first-lesson/tasks/stray/task.yaml': 'id: stray' };
    const files = await referencedFiles((path) => {
      asked.push(path);
      const text = (extra as Record<string, string>)[path];
      return text === undefined ? Promise.reject(new Error('none')) : Promise.resolve(text);
    });
    assert.deepEqual(await files.list(), Object.keys(made).toSorted());
    assert.equal(new Set(asked).size, asked.length);
    const [byName, byList] = [await loadPack(files, scenarios), await loaded(made)];
    assert.deepEqual(byName, byList);
  });

  it('never ask for what lies outside of them, whatever their files name', async () => {
    const asked: string[] = [];
    const texts: Record<string, string> = {
      'pack.yaml': 'lessons: [../up, /etc, "a/../../b", first]',
      'first/lesson.md': '---\n---\n\n```task\nid: ../../x\n```\n\n```task\nid: t\n```\n',
      'first/tasks/t/task.yaml': 'file: ../../secret\nwrong: [{ file: /etc/passwd }]',
    };
    await referencedFiles((path) => {
      asked.push(path);
      return Promise.resolve(texts[path] ?? '');
    });
    assert.deepEqual(
      asked.filter((path) => path.includes('..') || path.startsWith('/')),
      [],
    );
  });
});
