import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintPack } from '../../../src/course/lint.ts';
import { exerciseSeed } from '../../../src/course/seeds.ts';
import { diskFiles } from '../../../src/cli/diskFiles.ts';
import { version } from '../../../src/cli/version.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import type { Receipt } from '../../../src/grading/receipt.ts';
import type { TaskReport } from '../../../src/grading/report.ts';
import { reportText } from '../../../src/grading/reportText.ts';
import type { Verification } from '../../../src/grading/verify/verification.ts';
import { gradingTools, roundRobinTask } from '../grading/testbed.ts';
import { filesUnder, temporaryFolder, trapframe, type Ran } from './terminal.ts';

const lessons = fileURLToPath(new URL('../../../lessons', import.meta.url));
const taskFolder = join(lessons, 'round-robin/tasks/round-robin');
const folder = temporaryFolder();
const run = (...argv: readonly string[]): Promise<Ran> => trapframe(folder(), ...argv);
const write = async (name: string, text: string): Promise<void> => {
  await mkdir(dirname(join(folder(), name)), { recursive: true });
  await writeFile(join(folder(), name), text);
};
const wrong = (name: string): Promise<string> => readFile(join(taskFolder, 'wrong', `${name}.ts`), 'utf8');

/** Grades in this process what the command grades in its worker. */
async function gradedHere(source: string, learner: number): Promise<TaskReport> {
  const { lesson, task } = await roundRobinTask();
  const request = { task, source, seed: exerciseSeed(learner, task.id), lessonHash: lesson.contentHash };
  return (await gradeTask(request, { ...(await gradingTools()), engineVersion: version })).report;
}

describe('trapframe check', () => {
  it('prints the report that grading gives, as text and as JSON', async () => {
    const source = await wrong('double-slice');
    await write('mine.ts', source);
    const report = await gradedHere(source, 1);
    assert.deepEqual(await run('check', 'round-robin', 'mine.ts'), {
      code: 1,
      out: reportText(report, 'mine.ts'),
      err: '',
    });
    const json = await run('check', 'round-robin', 'mine.ts', '--format', 'json');
    assert.deepEqual(json, { code: 1, out: JSON.stringify(report, undefined, 2), err: '' });
  });

  it('draws the cases of the learner: of --seed, else of the work folder, else of everybody', async () => {
    const source = await wrong('sorts-by-time');
    await write('task/mine.ts', source);
    await write('trapframe.json', '{ "format": 1, "pack": "course", "learner": "me", "seed": 41 }');
    const seedOf = ({ out }: Ran): number => (JSON.parse(out) as TaskReport).provenance.seed;
    const check = (...more: readonly string[]): Promise<Ran> =>
      run('check', 'round-robin', 'task/mine.ts', '--format', 'json', ...more);
    const inFolder = await check();
    assert.equal(inFolder.err, '');
    assert.equal(seedOf(inFolder), exerciseSeed(41, 'round-robin'));
    assert.equal(seedOf(await check('--seed', '-3')), exerciseSeed(-3, 'round-robin'));
  });

  it('says what it cannot grade, with exit code 2', async () => {
    await write('mine.ts', 'export const scheduler = {');
    const broken = await run('check', 'round-robin', 'mine.ts');
    assert.equal(broken.code, 2);
    assert.match(broken.out, /^mine\.ts:1:\d+: Syntax error: .*\n\nround-robin: ungradable, 0 of 10 points$/);
    assert.deepEqual(await run('check', 'round-robbin', 'mine.ts'), {
      code: 2,
      out: '',
      err: 'trapframe: There is no task "round-robbin". Did you mean round-robin?',
    });
    assert.match(
      (await run('check', 'round-robin')).err,
      /^trapframe: No file was named\. Usage: trapframe check round-robin scheduler\.ts/,
    );
    assert.match(
      (await run('check')).err,
      /^trapframe: No task was named\. There are, by lesson:\n {2}round-robin-latency: round-robin/,
    );
    assert.match(
      (await run('check', 'round-robin', 'mine.ts', '--pack', 'nowhere')).err,
      /nowhere does not exist\. A pack is a folder with a pack\.yaml/,
    );
    assert.match(
      (await run('check', 'round-robin', 'mine.ts', '--format', 'xml')).err,
      /must be one of: text, json/,
    );
  });
});

describe('trapframe verify-receipt', () => {
  const receiptOf = async (name: string): Promise<Receipt> =>
    JSON.parse(await readFile(join(folder(), name), 'utf8')) as Receipt;

  it('repeats what check wrote, to the byte', async () => {
    await write('mine.ts', await wrong('next-number'));
    const checked = await run('check', 'round-robin', 'mine.ts', '--receipt', '--seed', '12');
    assert.equal(checked.code, 1);
    assert.equal(
      checked.err,
      'Wrote the receipt mine.ts.receipt.json. Anybody can repeat it: trapframe verify-receipt mine.ts.receipt.json',
    );
    const bytes = await readFile(join(folder(), 'mine.ts.receipt.json'), 'utf8');
    const receipt = await receiptOf('mine.ts.receipt.json');
    assert.equal(receipt.source, await wrong('next-number'));
    assert.equal(receipt.provenance.engineVersion, version);
    assert.deepEqual(await run('verify-receipt', 'mine.ts.receipt.json'), {
      code: 0,
      out: `mine.ts.receipt.json holds: round-robin failed, 7 of 10 points, with seed ${exerciseSeed(12, 'round-robin')}.`,
      err: '',
    });
    await run('check', 'round-robin', 'mine.ts', '--receipt', '--seed', '12');
    assert.equal(await readFile(join(folder(), 'mine.ts.receipt.json'), 'utf8'), bytes);
  });

  it('is written where it was asked for, and never over anything else', async () => {
    await write('mine.ts', await wrong('newest-first'));
    await run('check', 'round-robin', 'mine.ts', '--receipt', 'kept.json');
    assert.deepEqual(await filesUnder(folder()), ['kept.json', 'mine.ts']);
    const refused = await run('check', 'round-robin', 'mine.ts', '--receipt', 'mine.ts');
    assert.equal(refused.code, 2);
    assert.equal(
      refused.err,
      'trapframe: mine.ts is there already and is no receipt. Name another file: --receipt <file>',
    );
    assert.equal(await readFile(join(folder(), 'mine.ts'), 'utf8'), await wrong('newest-first'));
    assert.match(
      (await run('check', 'round-robin', 'mine.ts', '--receipt', 'no/folder/x.json')).err,
      /^trapframe: no\/folder\/x\.json cannot be written \(ENOENT\)/,
    );
    await write('broken.ts', '(');
    assert.equal(
      (await run('check', 'round-robin', 'broken.ts', '--receipt')).err,
      'No receipt was written: nothing was judged.',
    );
  });

  it('finds forged points', async () => {
    await write('mine.ts', await wrong('newest-first'));
    await run('check', 'round-robin', 'mine.ts', '--receipt', 'r.json');
    const text = await readFile(join(folder(), 'r.json'), 'utf8');
    await write('r.json', text.replace('"points":2,"provenance"', '"points":10,"provenance"'));
    assert.deepEqual(await run('verify-receipt', 'r.json'), {
      code: 1,
      out: 'r.json does not hold.\n  Points: the receipt says 10, re-execution gives 2.',
      err: '',
    });
  });

  it('finds that the lesson has changed', async () => {
    await write('mine.ts', await wrong('newest-first'));
    await run('check', 'round-robin', 'mine.ts', '--receipt', 'r.json');
    for (const file of await filesUnder(lessons)) {
      const text = await readFile(join(lessons, file), 'utf8');
      await write(`pack/${file}`, file.endsWith('lesson.md') ? `${text}\nOne more sentence.\n` : text);
    }
    const { code, out } = await run('verify-receipt', 'r.json', '--pack', 'pack');
    assert.equal(code, 1);
    assert.match(
      out,
      /^r\.json does not hold\.\n {2}Lesson hash: .* The lesson or its task has changed since: use the one of that time\.$/,
    );
  });

  it('says what it cannot read, or cannot find', async () => {
    await write('r.json', '{}');
    assert.deepEqual(await run('verify-receipt', 'r.json'), {
      code: 2,
      out: '',
      err: 'trapframe: r.json is not a receipt. Make one with: trapframe check <task> <file> --receipt',
    });
    assert.match(
      (await run('verify-receipt', 'none.json')).err,
      /^trapframe: none\.json does not exist\. Name a receipt\./,
    );
    assert.match((await run('verify-receipt')).err, /^trapframe: No receipt was named\./);
    await write('mine.ts', '');
    await run('check', 'round-robin', 'mine.ts', '--receipt', 'r2.json');
    const receipt = await receiptOf('r2.json');
    await write('other.json', JSON.stringify({ ...receipt, pack: 'elsewhere' }));
    assert.match(
      (await run('verify-receipt', 'other.json')).err,
      /is for the pack elsewhere, but this one is .*--pack <folder>/,
    );
    await write('gone.json', JSON.stringify({ ...receipt, task: 'gone' }));
    assert.match(
      (await run('verify-receipt', 'gone.json')).err,
      /is for the task gone, which the pack .* does not have/,
    );
  });
});

describe('trapframe answer', () => {
  it('says why an answer is right or not, and exits with 0 or 1', async () => {
    const right = await run('answer', 'rr-worst-wait', '0.09 s');
    assert.equal(right.code, 0);
    assert.match(right.out, /^right\n90 ms is right\.\nEvery other VM .* = \(4 − 1\) × 30 ms = 90 ms\./);
    const misconception = await run('answer', 'rr-worst-wait', '120');
    assert.equal(misconception.code, 1);
    assert.match(misconception.out, /^not right\nThat counts VM 1's own slice as waiting\./);
    assert.deepEqual(JSON.parse((await run('answer', 'rr-worst-wait', '1', '--format', 'json')).out), {
      question: 'rr-worst-wait',
      right: false,
      points: 0,
      feedback: '1 ms is far too small.',
    });
  });

  it('takes letters for options, in any order', async () => {
    assert.equal((await run('answer', 'rr-any-service', 'B')).code, 0);
    assert.equal((await run('answer', 'rr-gains-and-losses', 'c, a,b')).code, 0);
    const some = await run('answer', 'rr-gains-and-losses', 'a,d');
    assert.equal(some.code, 1);
    assert.match(
      some.out,
      /^not right\n1 of your 2 choices is wrong, and something right is missing\.\nRight: .*\nOnly the wait/s,
    );
  });

  it('judges the variant of the learner', async () => {
    const outs = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map(
        async (seed) => (await run('answer', 'rr-worst-wait', '90', '--seed', seed)).code,
      ),
    );
    assert.ok(outs.includes(1), 'not everybody has the homework’s own numbers');
  });

  it('says what it cannot read, with exit code 2', async () => {
    assert.deepEqual(await run('answer', 'rr-worst-wait', 'soon'), {
      code: 2,
      out: '',
      err: 'trapframe: That is not a number. Write one number, for example 90 or 90 ms.',
    });
    assert.match(
      (await run('answer', 'rr-any-service', 'f')).err,
      /"f" names no options\. Write letters from a to d/,
    );
    assert.match((await run('answer', 'rr-any-service', 'a,b')).err, /Choose one option only\./);
    const asked = await run('answer', 'rr-any-service');
    assert.equal(asked.code, 0);
    assert.match(asked.out, /^“With 4 VMs[^]*\n {2}a\) Nothing\.[^]*trapframe answer rr-any-service a$/);
    assert.match((await run('answer', 'round-robin', '1')).err, /There is no question "round-robin"/);
  });

  it('goes on with the options that were given, as do start and check', async () => {
    await cp(join(lessons, 'round-robin'), join(folder(), 'my packs/round-robin'), { recursive: true });
    await cp(join(lessons, 'pack.yaml'), join(folder(), 'my packs/pack.yaml'));
    const same = ['--seed', '7', '--locale', 'de', '--pack', 'my packs'];
    const asked = await run('answer', 'rr-worst-wait', ...same);
    const next = 'trapframe answer rr-worst-wait <number> --seed 7 --locale de --pack "my packs"';
    assert.equal(asked.out.split('\n').at(-1), `Answer it with: ${next}`);
    const none = await run('answer', 'rr-any-service', 'f', '--seed', '7');
    assert.match(none.err, /as in: trapframe answer rr-any-service a --seed 7$/);
    const started = await run('start', 'round-robin', '--pack', 'my packs');
    const check = 'trapframe check round-robin round-robin/scheduler.ts --pack "my packs"';
    assert.equal(started.out.split('\n').at(-1), `Check it with: ${check}`);
    const unnamed = await run('check', 'round-robin', '--seed=-3');
    assert.match(unnamed.err, /Usage: trapframe check round-robin scheduler\.ts --seed -3$/);
  });
});

const packYaml = 'id: small\ntitle: Small\nmodules: [{ id: io, title: I/O }]\nlessons: [one]\n';
const lessonMd = (closedForm: string): string => `---
id: one
title: One
module: io
summary: One question.
minutes: 1
format: 1
---
Think.

\`\`\`question
id: wait
kind: number
ask: How long, with {vms} VMs?
scenario: scheduling.round-robin
vary: { vms: { int: [2, 4] } }
answer: metrics.worstWaitMs
closedForm: ${closedForm}
explain: They take turns.
hints: [Count them.]
misconceptions:
  - { value: vms * sliceMs, say: "Not its own slice." }
\`\`\`
`;

describe('trapframe lint', () => {
  it('finds nothing in the bundled course', async () => {
    const { value } = await lintPack(diskFiles(lessons), scenarios);
    const { code, out, err } = await run('lint');
    assert.deepEqual([code, out], [0, '']);
    assert.equal(
      err,
      `${value.title}: ${value.lessons.length} lesson${value.lessons.length === 1 ? '' : 's'}, 0 errors, 0 warnings`,
    );
  });

  it('prints what is wrong with its place, and exits with 1 for errors alone', async () => {
    await write('pack/pack.yaml', packYaml);
    await write('pack/one/lesson.md', lessonMd('(vms - 1) * sliceM'));
    const { code, out, err } = await run('lint', 'pack');
    assert.equal(code, 1);
    assert.equal(
      out,
      'pack/one/lesson.md:18:25: error: There is no parameter sliceM. Did you mean "sliceMs"?',
    );
    assert.equal(err, 'Small: 1 lesson, 1 error, 0 warnings');
    const problems = JSON.parse((await run('lint', 'pack', '--format', 'json')).out) as { at: unknown }[];
    assert.deepEqual(problems[0]!.at, { file: 'one/lesson.md', line: 18, column: 25 });
    await write('pack/one/lesson.md', lessonMd('(vms - 1) * sliceMs').replace('hints: [Count them.]\n', ''));
    const warned = await run('lint', 'pack');
    assert.equal(warned.code, 0);
    assert.match(warned.out, /: warning: The question wait has no hint\./);
  });

  it('says that a folder is no pack', async () => {
    const { code, err } = await run('lint', 'nowhere');
    assert.equal(code, 2);
    assert.match(err, /nowhere does not exist/);
  });
});

describe('trapframe verify', () => {
  it('proves a pack: 0 when all holds, the same bytes with one worker and with two', async () => {
    await write('pack/pack.yaml', packYaml);
    await write('pack/one/lesson.md', lessonMd('(vms - 1) * sliceMs'));
    assert.deepEqual(await run('verify', 'pack'), {
      code: 0,
      out: '✓ wait  question, 101 variants',
      err: 'ok: wait\nSmall: 1 exercise or figure, 0 errors, 0 warnings',
    });
    const json = await Promise.all(
      ['1', '2'].map(async (jobs) => (await run('verify', 'pack', '--jobs', jobs, '--format', 'json')).out),
    );
    assert.equal(json[0], json[1]);
    const verification = JSON.parse(json[0]!) as Verification;
    assert.deepEqual(verification, {
      pack: 'small',
      ok: true,
      problems: [],
      exercises: [{ lesson: 'one', id: 'wait', kind: 'question', ok: true, findings: [], runs: 101 }],
    });
  });

  it('exits with 1 for what does not hold, and says where', async () => {
    await write('pack/pack.yaml', packYaml);
    await write('pack/one/lesson.md', lessonMd('vms * sliceMs'));
    const wrongForm = await run('verify', 'pack');
    assert.equal(wrongForm.code, 1);
    assert.match(
      wrongForm.out,
      /^✗ wait {2}question, 101 variants\n {4}pack\/one\/lesson\.md:18:13: error: For vms = 4 the closed form gives 120 ms, but the simulation 90 ms\./,
    );
    assert.match(wrongForm.err, /^not ok: wait\nSmall: /);
    await write('pack/one/lesson.md', `${lessonMd('(vms - 1) * sliceMs')}\n[gone](gone.md)\n`);
    const brokenLink = await run('verify', 'pack');
    assert.equal(brokenLink.code, 1);
    assert.match(brokenLink.out, /^pack\/one\/lesson\.md:\d+:\d+: error: There is no file one\/gone\.md\./);
  });

  it('refuses what it cannot use', async () => {
    for (const jobs of ['0', '-1', 'many', '1.5', '1000']) {
      const { code, err } = await run('verify', `--jobs=${jobs}`);
      assert.deepEqual(
        [code, err],
        [2, `trapframe: --jobs is "${jobs}", but must be a whole number from 1 to 999.`],
      );
    }
    assert.equal((await run('verify', 'nowhere')).code, 2);
  });
});
