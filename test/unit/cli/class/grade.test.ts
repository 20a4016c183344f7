import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { answerKey } from '../../../../src/course/answering.ts';
import { learnerSeed } from '../../../../src/course/seeds.ts';
import { scenarios } from '../../../../src/engine/scenarios.ts';
import type { ClassReport, LearnerResult } from '../../../../src/grading/class/classReport.ts';
import { packAt } from '../../../../src/cli/packArgument.ts';
import { filesUnder, temporaryFolder, trapframe, type Ran } from '../terminal.ts';
import { answersText, settingsText, submission, writeFiles } from './classFolder.ts';

const folder = temporaryFolder();
const run = (...argv: readonly string[]): Promise<Ran> => trapframe(folder(), 'grade', ...argv);
const write = (files: Readonly<Record<string, string | Uint8Array>>): Promise<void> =>
  writeFiles(folder(), files);
const reportIn = async (file = 'out/class.json'): Promise<ClassReport> =>
  JSON.parse(await readFile(join(folder(), file), 'utf8')) as ClassReport;
const graded = async (...argv: readonly string[]): Promise<ClassReport> => {
  const ran = await run(...argv, '--out', 'out');
  assert.equal(ran.code, 0, ran.err);
  return reportIn();
};
/** Another class than the one before. */
const gradedAnew = async (...argv: readonly string[]): Promise<ClassReport> => {
  await rm(join(folder(), 'out'), { recursive: true, force: true });
  return graded(...argv);
};
const of = ({ learners }: ClassReport, id: string): LearnerResult =>
  learners.find(({ learner }) => learner.id === id)!;
const pointsOf = (report: ClassReport): Readonly<Record<string, number>> =>
  Object.fromEntries(report.learners.map(({ learner, points }) => [learner.id, points]));
const problemsOf = (result: LearnerResult): string =>
  result.problems.map(({ where, what }) => `${where}: ${what}`).join('\n');
const zipped = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
  );
const task = ['--only', 'round-robin'] as const;

/** The answer to a question that is right for a learner of the bundled course. */
async function rightAnswer(id: string, seed: number): Promise<string> {
  const { pack } = await packAt(undefined, folder(), false);
  const part = pack.lessons.flatMap(({ parts }) => parts).find((each) => 'id' in each && each.id === id);
  assert.ok(part?.kind === 'question');
  const key = answerKey(part, seed, scenarios);
  assert.ok(key.ok && key.kind === 'number');
  return String(key.value);
}

describe('trapframe grade', function () {
  it('grades a folder, an archive and an exported submission for each learner, each as `check` does', async () => {
    await write({
      'class/ann/round-robin/scheduler.ts': submission('solution'),
      'class/bob.zip': zipped({ 'work/round-robin/scheduler.ts': submission('double-slice') }),
      'class/submission-cy.zip': zipped({
        'trapframe.json': settingsText('cy', 5),
        'round-robin/scheduler.ts': submission('starter'),
      }),
      'class/dan/scheduler.ts': submission('boosts-the-woken'),
      'class/eve/notes.txt': 'nothing',
    });
    const report = await graded('class', ...task);
    assert.deepEqual(pointsOf(report), { ann: 10, bob: 8, cy: 2, dan: 7, eve: 0 });
    assert.deepEqual(of(report, 'bob').exercises[0]!.mistakes, ['double-slice']);
    assert.match(problemsOf(of(report, 'eve')), /holds no file for the task: round-robin\/scheduler\.ts/);
    assert.equal(of(report, 'cy').seed, 5, 'without a class list, the seed of the work folder');
    assert.deepEqual(
      (await filesUnder(join(folder(), 'out'))).toSorted(),
      [
        'class.html',
        'class.json',
        'journal.ndjson',
        ...['ann', 'bob', 'cy', 'dan', 'eve'].map((id) => `students/${id}.md`),
      ].toSorted(),
    );
    const text = await readFile(join(folder(), 'out/students/bob.md'), 'utf8');
    assert.match(text, /\*\*8 of 10 points\*\*/);
  });

  it('grades questions for the numbers of the class list, whatever the submission says', async () => {
    const id = 'rr-worst-wait';
    const seed = learnerSeed(77, 'ann');
    await write({
      'list.csv': 'id,name\nann,Ann\nbob,Bob\n',
      'class/ann/answers.json': answersText({ [id]: { text: await rightAnswer(id, seed) } }, { [id]: 2 }),
      'class/ann/trapframe.json': settingsText('ann', 1),
    });
    const report = await graded('class', '--class', 'list.csv', '--seed', '77', '--only', id);
    const ann = of(report, 'ann');
    assert.deepEqual([ann.points, ann.seed, ann.exercises[0]!.hints], [1, seed, 2]);
    assert.match(problemsOf(ann), new RegExp(`has the seed 1, but the class list gives ${seed}`));
    assert.equal(of(report, 'bob').place, undefined);
    // Its own seed gives other numbers.
    assert.notEqual(await rightAnswer(id, 1), await rightAnswer(id, seed));
  });

  it('names an answer that claims to be right and is not', async () => {
    const id = 'rr-worst-wait';
    await write({
      'class/ann/answers.json': answersText({ [id]: { text: '1', right: true } }),
      'class/ann/trapframe.json': settingsText('ann', 9),
      'class/bob/answers.json': '{"format":1,"answers":{"rr-worst-wait":{"response":{"form":"number"}}}}',
    });
    const report = await graded('class', '--only', id);
    assert.match(
      problemsOf(of(report, 'ann')),
      /says that the answer to rr-worst-wait is right, which it is not/,
    );
    assert.match(problemsOf(of(report, 'bob')), /holds no answer that can be understood for rr-worst-wait/);
  });

  it('draws hidden cases from a seed that learners do not know', async () => {
    await write({ 'class/ann/scheduler.ts': submission('sorts-by-time') });
    const seeds = async (...argv: readonly string[]): Promise<number> =>
      of(await graded('class', ...task, ...argv), 'ann').exercises[0]!.report!.provenance.seed;
    const own = await seeds();
    const hidden = await seeds('--hidden-seed', '4');
    assert.notEqual(hidden, own);
    assert.equal(await seeds('--hidden-seed', '4'), hidden);
  });

  it('executes receipts again, and names one that was changed, forged, or made by somebody else', async () => {
    const make = async (learner: string, seed: number, file: string, source: string): Promise<string> => {
      await write({
        [`class/${learner}/trapframe.json`]: settingsText(learner, seed),
        [`class/${learner}/round-robin/scheduler.ts`]: source,
      });
      await trapframe(
        join(folder(), 'class', learner),
        'check',
        'round-robin',
        'round-robin/scheduler.ts',
        '--receipt',
        file,
      );
      return readFile(join(folder(), 'class', learner, file), 'utf8');
    };
    const receipt = 'round-robin/scheduler.ts.receipt.json';
    const honest = await make('ann', 3, receipt, submission('double-slice'));
    await make('bob', 4, receipt, submission('double-slice'));
    await write({
      'class/bob/round-robin/scheduler.ts.receipt.json': (
        await readFile(join(folder(), 'class/bob', receipt), 'utf8')
      ).replaceAll('"failed"', '"passed"'),
    });
    await make('cy', 5, receipt, submission('double-slice'));
    await write({ 'class/cy/round-robin/scheduler.ts': submission('solution') });
    await write({
      'class/dan/trapframe.json': settingsText('dan', 6),
      'class/dan/round-robin/scheduler.ts': submission('double-slice'),
      [`class/dan/${receipt}`]: honest,
      'class/eve/round-robin/scheduler.ts': submission('solution'),
      [`class/eve/${receipt}`]: '{}',
    });
    const report = await graded('class', ...task);
    const states = Object.fromEntries(
      report.learners.map(({ learner, exercises }) => [learner.id, exercises[0]!.receipt?.state]),
    );
    assert.deepEqual(states, {
      ann: 'holds',
      bob: 'forged',
      cy: 'older file',
      dan: 'other learner',
      eve: 'unreadable',
    });
    assert.equal(problemsOf(of(report, 'ann')), '');
    assert.match(
      problemsOf(of(report, 'bob')),
      /does not hold: .*the receipt says passed, re-execution gives failed/s,
    );
    assert.deepEqual(
      pointsOf(report),
      { ann: 8, bob: 8, cy: 10, dan: 8, eve: 10 },
      'a receipt earns nothing',
    );
  });

  it('reads the downloads of Gradescope, Canvas and Moodle, and matches them with the class list', async () => {
    const good = submission('solution');
    await write({
      'gs/assignment_1_export/submission_metadata.yml':
        "---\nsubmission_101:\n  :submitters:\n  - :name: Ann A\n    :sid: '7'\n    :email: ann@x.org\n  :created_at: 2026-01-01 10:00:00.000 Z\n  :score: 3.0\nsubmission_102:\n  :submitters:\n  - :name: Bob B\n    :sid: \n    :email: bob@x.org\n  - :name: Cy C\n    :sid: '9'\n    :email: cy@x.org\n",
      'gs/assignment_1_export/submission_101/scheduler.ts': good,
      'gs/assignment_1_export/submission_102/scheduler.ts': good,
      'canvas/doejane_LATE_11_500_scheduler.ts': submission('starter'),
      'canvas/doejane_11_501_scheduler-1.ts': good,
      'canvas/roe_12_502_submission-r.zip': zipped({ 'round-robin/scheduler.ts': good }),
      'canvas-hidden/anon_a1B2c_600_scheduler.ts': good,
      'canvas-hidden/LATE_anon_12345_601_scheduler.ts': submission('starter'),
      'canvas-odd/doe_jane_LATE_11_500_scheduler-2.ts': good,
      'canvas-odd/roe_12_502_scheduler.ts': good,
      'moodle/Jane Doe_77_assignsubmission_file_/scheduler.ts': good,
      'gs.csv': 'id,email\n7,\nbb,bob@x.org\n9,\n',
      'canvas.csv':
        'Student,ID,SIS User ID,SIS Login ID,Section\n"Doe, Jane",11,,jane,M\n"Roe, R",12,,roe,M\n',
      'moodle.csv': 'id,name\njane,Jane Doe\n',
    });
    const points = async (...argv: readonly string[]): Promise<Readonly<Record<string, number>>> =>
      pointsOf(await gradedAnew(...argv, ...task));
    assert.deepEqual(await points('gs', '--class', 'gs.csv'), { '7': 10, '9': 10, bb: 10 });
    assert.deepEqual(await points('gs'), { '7': 10, '9': 10, 'bob@x.org': 10 });
    assert.deepEqual(await points('moodle', '--class', 'moodle.csv'), { jane: 10 });
    assert.deepEqual((await points('canvas', '--class', 'canvas.csv'))['roe'], 10);
    assert.deepEqual(Object.keys(await points('canvas')), ['doejane_11', 'roe_12']);
    assert.deepEqual(await points('canvas-hidden'), { anon_12345: 2, anon_a1B2c: 10 });
    assert.deepEqual(await points('canvas-odd'), { doe_jane_11: 10, roe_12: 10 });
  });

  it('grades a single archive of a class, and a git checkout that is one submission', async () => {
    await write({
      'all.zip': zipped({
        'all/ann/round-robin/scheduler.ts': submission('solution'),
        'all/bob/round-robin/scheduler.ts': submission('starter'),
      }),
      'mine/.git/config': 'x',
      'mine/round-robin/scheduler.ts': submission('solution'),
      'mine/trapframe.json': settingsText('ann', 3),
    });
    assert.deepEqual(pointsOf(await gradedAnew('all.zip', ...task)), { ann: 10, bob: 2 });
    assert.deepEqual(pointsOf(await gradedAnew('mine', ...task)), { ann: 10 });
    assert.deepEqual(pointsOf(await gradedAnew('mine', ...task, '--learner', 'zoe')), { zoe: 10 });
  });

  it('goes on after a kill without grading anew what is done, also from half a line', async () => {
    await write({
      'class/ann/scheduler.ts': submission('solution'),
      'class/bob/scheduler.ts': submission('double-slice'),
      'class/cy/scheduler.ts': submission('starter'),
    });
    await graded('class', ...task);
    const whole = await readFile(join(folder(), 'out/class.json'), 'utf8');
    const journal = join(folder(), 'out/journal.ndjson');
    const [head, first, second] = (await readFile(journal, 'utf8')).split('\n');
    // Points that grading would never give tell a result that was read from one that was graded.
    const marked = first!.replace(
      /"points":\d+,"maxPoints":10,"exercises"/,
      '"points":-1,"maxPoints":10,"exercises"',
    );
    assert.notEqual(marked, first);
    await writeFile(journal, `${head}\n${marked}\n${second!.slice(0, 200)}`);
    const resumed = await graded('class', ...task);
    assert.equal(resumed.learners.filter(({ points }) => points === -1).length, 1);
    // Other work, and another seed, are graded anew.
    await writeFile(journal, `${head}\n${marked}\n`);
    assert.equal(
      (await graded('class', ...task, '--seed', '5')).learners.filter(({ points }) => points === -1).length,
      0,
    );
    await graded('class', ...task);
    assert.equal(await readFile(join(folder(), 'out/class.json'), 'utf8'), whole);
  });

  it('names what is bad and grades the rest', async () => {
    await write({
      'class/a-huge/round-robin/scheduler.ts': 'x',
      'class/b-binary/round-robin/scheduler.ts': new Uint8Array([0, 1, 2, 0]),
      'class/c-linked/notes.txt': '',
      'class/d-damaged.zip': new Uint8Array([80, 75, 3, 4, 1, 2, 3]),
      'class/e-slip.zip': zipped({
        '../../evil.ts': 'evil',
        'round-robin/scheduler.ts': submission('solution'),
      }),
      'class/f-twice/one/round-robin/scheduler.ts': submission('solution'),
      'class/f-twice/two/round-robin/scheduler.ts': submission('starter'),
      'class/g-answers/answers.json': '{',
      'class/h-syntax/scheduler.ts': 'export const (',
      'class/i-endless/scheduler.ts': 'export const scheduler = { pickNext() { for (;;); } };',
      'class/=cmd()/scheduler.ts': submission('solution'),
      'class/j\u001b[31m\n/scheduler.ts': submission('solution'),
      'class/ok/scheduler.ts': submission('solution'),
      'outside.ts': submission('solution'),
    });
    await truncate(join(folder(), 'class/a-huge/round-robin/scheduler.ts'), 100_000_000);
    await mkdir(join(folder(), 'class/c-linked/round-robin'));
    await symlink(join(folder(), 'outside.ts'), join(folder(), 'class/c-linked/round-robin/scheduler.ts'));
    await symlink('/etc', join(folder(), 'class/z-linked'));
    const ran = await run(
      'class',
      ...task,
      '--out',
      'out',
      '--report',
      'csv',
      '--report',
      'junit',
      '--report',
      'gradescope',
    );
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.err, /z-linked: was left out: it is a symbolic link/);
    const report = await reportIn();
    const about = (id: string): string => problemsOf(of(report, id));
    assert.match(about('a-huge'), /has 100000000 bytes, but may have at most 1000000/);
    assert.match(about('b-binary'), /is no text/);
    assert.match(
      about('c-linked'),
      /c-linked\/round-robin\/scheduler\.ts: was left out: it is a symbolic link/,
    );
    assert.match(about('d-damaged'), /cannot be read: it is no zip archive/);
    assert.match(about('e-slip'), /its name leads out of the archive/);
    assert.match(about('f-twice'), /is one of 2 files for round-robin, and was graded/);
    assert.match(about('g-answers'), /answers\.json: is not JSON/);
    assert.equal(of(report, 'h-syntax').exercises[0]!.verdict, 'ungradable');
    assert.equal(of(report, 'i-endless').exercises[0]!.verdict, 'failed');
    for (const id of ['e-slip', 'f-twice', 'ok', '=cmd()']) assert.equal(of(report, id).points, 10, id);
    const csv = await readFile(join(folder(), 'out/grades.csv'), 'utf8');
    assert.ok(csv.includes("'=cmd()"));
    assert.equal(csv.includes('\u001b'), false);
    for (const line of csv.split('\n')) assert.equal(/^[=+\-@]/.test(line), false, line);
    assert.equal(ran.err.includes('\u001b'), false);
    const names = await filesUnder(join(folder(), 'out/students'));
    assert.equal(names.length, report.learners.length);
    assert.ok(
      names.every((name) => /^[A-Za-z0-9._@-]+\.md$/.test(name)),
      names.join(' '),
    );
  });

  it('names two submissions of one learner, and grades the later', async () => {
    await write({
      'list.csv': 'id,github\nann,annie\n',
      'class/ann/scheduler.ts': submission('starter'),
      'class/annie/scheduler.ts': submission('solution'),
      'class/stranger/scheduler.ts': submission('solution'),
    });
    const report = await graded('class', '--class', 'list.csv', ...task);
    assert.match(
      problemsOf(of(report, 'ann')),
      /annie: was graded, and is one of 2 submissions of ann; not ann/,
    );
    assert.match(problemsOf(of(report, 'stranger')), /is of nobody on the class list/);
    assert.equal(of(report, 'stranger').listed, false);
  });

  it('names a folder that it may not read, and grades the rest', async function () {
    if (process.getuid?.() === 0) this.skip();
    await write({ 'class/ann/scheduler.ts': submission('solution'), 'class/bob/scheduler.ts': 'x' });
    await chmod(join(folder(), 'class/bob'), 0);
    const report = await graded('class', ...task);
    await chmod(join(folder(), 'class/bob'), 0o700);
    assert.equal(of(report, 'ann').points, 10);
    assert.match(problemsOf(of(report, 'bob')), /cannot be read \(EACCES\)/);
  });

  it('is exact in parts: any sharding gives the bytes of the whole', async () => {
    const names = ['solution', 'starter', 'double-slice', 'newest-first', 'next-number'];
    await write(
      Object.fromEntries(names.map((name, index) => [`class/s${index}/scheduler.ts`, submission(name)])),
    );
    await write({ 'list.csv': `id\n${names.map((_, index) => `s${index}`).join('\n')}\nabsent\n` });
    const options = ['class', ...task, '--class', 'list.csv'];
    const whole = await run(...options, '--report', 'json');
    assert.equal(whole.code, 0);
    for (const of of [2, 3, 7]) {
      const files: string[] = [];
      for (let index = 1; index <= of; index++) {
        const out = `part-${of}-${index}`;
        const ran = await run(...options, '--shard', `${index}/${of}`, '--out', out);
        assert.equal(ran.code, 0, ran.err);
        files.unshift(`${out}/class.json`);
      }
      const merged = await trapframe(folder(), 'merge', ...files);
      assert.equal(merged.out, whole.out, `${of} parts`);
      if (of > 2) continue;
      const canvas = await trapframe(folder(), 'merge', ...files, '--report', 'canvas');
      assert.equal(canvas.out, (await run(...options, '--report', 'canvas')).out);
      const lacking = await trapframe(folder(), 'merge', ...files.slice(1));
      assert.equal(lacking.code, 2);
      assert.match(lacking.err, /missing: \d/);
      const unnamed = await trapframe(folder(), 'merge', '.');
      assert.match(unnamed.err, /\. has no class\.json\. Name a folder that `trapframe grade --out` made\./);
      const folders = files.map((file) => file.replace(/\/class\.json$/, ''));
      assert.equal((await trapframe(folder(), 'merge', ...folders)).out, whole.out, 'folders');
      const doubled = await trapframe(folder(), 'merge', ...files, files[0]!);
      assert.match(doubled.err, /are both part/);
    }
  });

  it('shows whose points change after the grading changed, and why', async () => {
    await write({
      'class/ann/scheduler.ts': submission('double-slice'),
      'class/bob/scheduler.ts': submission('solution'),
    });
    await graded('class', ...task);
    const old = await readFile(join(folder(), 'out/class.json'), 'utf8');
    await write({
      'old.json': old
        .replace(
          '"id":"full-slices","title":"Everybody gets the configured slice","verdict":"failed","points":0',
          '"id":"full-slices","title":"Everybody gets the configured slice","verdict":"passed","points":2',
        )
        .replaceAll('"points":8,', '"points":10,'),
    });
    const ran = await run('class', ...task, '--out', 'out', '--against', 'old.json');
    assert.equal(ran.code, 0, ran.err);
    assert.equal(
      ran.out,
      [
        '2 compared: 0 with more points, 1 with fewer, 1 with as many.',
        'ann: 10 → 8 (−2)',
        '  round-robin: 10 → 8 (full-slices: passed → failed)',
      ].join('\n'),
    );
    assert.match(await readFile(join(folder(), 'out/class.html'), 'utf8'), /What regrading changes/);
  });

  it('writes one report to standard output alone', async () => {
    await write({ 'class/ann/scheduler.ts': submission('solution') });
    const ran = await run('class', ...task, '--report', 'gradescope');
    assert.equal((JSON.parse(ran.out) as { score: number }).score, 10);
    assert.deepEqual(await filesUnder(join(folder(), 'class-grades')), ['journal.ndjson']);
  });

  it('says what is wrong with how it was called', async () => {
    await write({
      'class/ann/scheduler.ts': 'x',
      'class/bob/scheduler.ts': 'x',
      'bad.csv': 'who\nx\n',
    });
    const says = async (pattern: RegExp, ...argv: readonly string[]): Promise<void> => {
      const ran = await run(...argv);
      assert.equal(ran.code, 2);
      assert.match(ran.err, pattern);
      assert.equal(ran.out, '');
    };
    await says(/No folder was named/);
    await says(/nowhere cannot be read \(ENOENT\)/, 'nowhere');
    await says(/--report is "exel", but must be one of/, 'class', '--report', 'exel');
    await says(/Name a folder for several/, 'class', '--report', 'csv', '--report', 'json');
    await says(/--shard is "3\/2"/, 'class', '--shard', '3/2');
    await says(/bad\.csv has no column "id"/, 'class', '--class', 'bad.csv');
    await says(/Did you mean round-robin\?/, 'class', '--only', 'round-robbin');
    await says(/is a file for each learner, and there are 2/, 'class', '--report', 'gradescope');
  });
});
