import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problemLine, type ClassReport } from '../../../../src/grading/class/classReport.ts';
import { temporaryFolder, trapframe } from '../terminal.ts';
import { settingsText, submission, writeFiles } from './classFolder.ts';

const folder = temporaryFolder();
const [good, poor] = [submission('solution'), submission('newest-first')];
const work = (learner: string, text = good): Readonly<Record<string, string>> => ({
  [`${learner}/round-robin/scheduler.ts`]: text,
});

/** What came out: points by learner, and every problem as it is shown. */
async function graded(
  files: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<{ readonly points: Readonly<Record<string, number>>; readonly problems: readonly string[] }> {
  await writeFiles(join(folder(), 'class'), files);
  const argv = ['grade', '.', '--only', 'round-robin', ...options];
  const { code, err } = await trapframe(join(folder(), 'class'), ...argv);
  assert.equal(code, 0, err);
  const text = await readFile(join(folder(), 'class/class-grades/class.json'), 'utf8');
  const { learners, problems } = JSON.parse(text) as ClassReport;
  return {
    points: Object.fromEntries(learners.map(({ learner, points }) => [learner.id, points])),
    problems: [...problems, ...learners.flatMap((each) => each.problems)].map(problemLine),
  };
}

describe('what trapframe grade takes for a submission', () => {
  it('is not the folder of its own reports, which may lie among them', async () => {
    const files = { ...work('ann'), ...work('bob') };
    const first = await graded(files);
    assert.deepEqual(first, { points: { ann: 10, bob: 10 }, problems: [] });
    assert.deepEqual(await graded({}), first);
  });

  it('is not work that lies loose in the folder of a class, which is named', async () => {
    const { points, problems } = await graded({ ...work('ann'), ...work('bob'), 'scheduler.ts': poor });
    assert.deepEqual(points, { ann: 10, bob: 10 });
    assert.deepEqual(problems, [
      "scheduler.ts: lies in no folder of a learner, and was not graded. If it is somebody's work, put it into a folder with their name.",
    ]);
  });

  it('is one work folder, also with copies in it, and archives beside it are named', async () => {
    const { points, problems } = await graded({
      'trapframe.json': settingsText('ann', 3),
      'round-robin/scheduler.ts': good,
      'copies/one/scheduler.ts': poor,
      'others/two/scheduler.ts': poor,
      'bob.zip': '',
      'cy.zip': '',
    });
    assert.deepEqual(points, { ann: 10 });
    assert.match(problems.join('\n'), /^The folder: was graded as the work of one learner, .*; 2 archives/);
  });

  it('is never that of a learner whose name only ends its own, where they handed in themselves', async () => {
    await writeFiles(folder(), { 'list.csv': 'id\nann\nbob\n' });
    const { points, problems } = await graded(
      {
        ...work('ann'),
        ...work('mary-ann', poor),
        ...work('lab1-bob'),
        ...work('zoe', poor),
        'zoe/trapframe.json': settingsText('ann', 1),
      },
      '--class',
      '../list.csv',
    );
    assert.deepEqual(points, { ann: 10, bob: 10, 'mary-ann': 2, zoe: 2 });
    assert.equal(problems.filter((each) => each.includes('is of nobody on the class list')).length, 2);
    assert.equal(problems.length, 2);
  });

  it('names archives of other kinds, and what lies where a task is missing', async () => {
    const { points, problems } = await graded({
      ...work('ann'),
      'bob.tar.gz': 'x',
      'notes.txt': 'x',
      'cy/work.rar': 'x',
      'dan/Round-Robin/Scheduler.ts': good,
    });
    assert.deepEqual(points, { ann: 10, cy: 0, dan: 0 });
    const missing = (id: string): string =>
      `${id}: holds no file for the task: round-robin/scheduler.ts. It counts 0 points, unless handed in.`;
    assert.deepEqual(problems, [
      "bob.tar.gz: is an archive, but no zip archive, and was not graded. Ask for a zip archive, or unpack it into a folder with the learner's name.",
      "cy: holds no file that has the name of a task's file, but work.rar. Hand in a zip archive: no other kind is read.",
      missing('cy'),
      "dan: holds no file that has the name of a task's file, but Round-Robin/Scheduler.ts. If the work is among them, name it as in: round-robin/scheduler.ts",
      missing('dan'),
    ]);
  });

  it('is named once where its file cannot be read', async () => {
    const zeros = await graded({ ...work('ann'), ...work('bob', `${good}\0`), 'bob/notes.md': 'x' });
    assert.deepEqual(zeros.points, { ann: 10, bob: 0 });
    assert.deepEqual(zeros.problems, [
      'bob/round-robin/scheduler.ts: is no text: it holds zero bytes. Hand in the file that was meant, saved as UTF-8.',
    ]);
  });

  it('is named once where its file may be for two tasks', async () => {
    const { problems } = await graded({ 'cy/scheduler.ts': good }, '--only', 'boost');
    assert.deepEqual(problems, [
      "cy/scheduler.ts: may be the work for round-robin or boost, and was not graded. Put it in a folder with the task's name: round-robin/scheduler.ts",
      'cy: holds no file for 2 tasks: round-robin/scheduler.ts, boost/scheduler.ts. They count 0 points, unless handed in.',
    ]);
  });

  it('may be a file that a browser numbered', async () => {
    const files = { 'ann/scheduler (1).ts': good, 'bob/scheduler(2).ts': good };
    assert.deepEqual(await graded(files), { points: { ann: 10, bob: 10 }, problems: [] });
  });
});
