import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesUnder, temporaryFolder, trapframe, type Ran } from './terminal.ts';

const wrong = (name: string): Promise<string> =>
  readFile(
    new URL(`../../../lessons/round-robin/tasks/round-robin/wrong/${name}.ts`, import.meta.url),
    'utf8',
  );
const twoVms = '{ "format": 1, "scenario": "scheduling.round-robin", "params": { "vms": 2, "sliceMs": 5 } }';

describe('a failing case on the command line', () => {
  const folder = temporaryFolder();
  const run = (...argv: readonly string[]): Promise<Ran> => trapframe(folder(), ...argv);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder(), name), text);

  it('is saved beside the submission once, and runs again to the same numbers and to the same refusal', async () => {
    await write('my scheduler.ts', await wrong('newest-first'));
    const first = await run('check', 'round-robin', 'my scheduler.ts', '--save-case');
    assert.equal(first.code, 1);
    const saved = 'my scheduler.rotates.case.json';
    assert.equal(
      first.err,
      [
        `Saved ${saved}, the smallest case in which rotates fails. Run it again:`,
        `  trapframe simulate --case "${saved}" --with "my scheduler.ts"`,
        `  trapframe simulate --case "${saved}"`,
        'The second shows the built-in policies. With --format perfetto each is a timeline for https://ui.perfetto.dev.',
      ].join('\n'),
    );
    const report = JSON.parse(
      (await run('check', '--save-case', 'round-robin', 'my scheduler.ts', '--format', 'json')).out,
    ) as { checks: { failure?: { case: Record<string, unknown> } }[] };
    assert.deepEqual(await filesUnder(folder()), ['my scheduler.rotates.case.json', 'my scheduler.ts']);
    const { words: _, ...failing } = report.checks[0]!.failure!.case;
    assert.deepEqual(JSON.parse(await readFile(join(folder(), saved), 'utf8')), { format: 1, ...failing });

    const mine = await run('simulate', '--case', saved, '--with', 'my scheduler.ts', '--format', 'json');
    const usual = await run('simulate', '--case', saved, '--format', 'json');
    assert.equal(mine.code, 0);
    assert.equal(usual.code, 0);
    assert.notEqual(
      (JSON.parse(mine.out) as { traceHash: string }).traceHash,
      (JSON.parse(usual.out) as { traceHash: string }).traceHash,
    );
  });

  it('speaks of a timeline only where the scenario has one', async () => {
    const file = new URL(
      '../../../lessons/trap-and-emulate/tasks/trap-and-emulate/wrong/emulates-for-processes.ts',
      import.meta.url,
    );
    await write('vmm.ts', await readFile(file, 'utf8'));
    const { err } = await run('check', 'trap-and-emulate', 'vmm.ts', '--save-case');
    assert.match(err, /^Saved vmm\.\S+\.case\.json,[^]*\nThe second shows the built-in policies\.$/);
  });

  it('is never written over another one', async () => {
    await write('scheduler.ts', await wrong('newest-first'));
    await write('scheduler.rotates.case.json', 'mine');
    const { err } = await run('check', 'round-robin', 'scheduler.ts', '--save-case', 'rotates');
    assert.match(err, /^Saved scheduler\.rotates-2\.case\.json,/);
    assert.equal(await readFile(join(folder(), 'scheduler.rotates.case.json'), 'utf8'), 'mine');
  });

  it('is missing where nothing fails, and is not looked for where there is no such check', async () => {
    await write('scheduler.ts', await wrong('double-slice'));
    const saved = async (check: string): Promise<string> =>
      (await run('check', 'round-robin', 'scheduler.ts', `--save-case=${check}`)).err;
    assert.equal(await saved('rotates'), 'No case was saved: rotates passed.');
    assert.equal(
      await saved('rotate'),
      'trapframe: There is no check "rotate" in this task. Did you mean rotates?',
    );
    await write('scheduler.ts', await wrong('newest-first'));
    assert.equal(
      await saved('never-idle'),
      'No case was saved: never-idle was not reached. Earlier checks must pass first.',
    );
    await write('scheduler.ts', 'export const scheduler = ;');
    assert.equal(await saved(''), 'No case was saved: scheduler.ts could not be run. Mend it first.');
  });

  it('takes the reference to the numbers of the built-in policies, event by event', async () => {
    await write('a.case.json', twoVms);
    await write(
      'scheduler.ts',
      await readFile(
        new URL('../../../lessons/round-robin/tasks/round-robin/solution/scheduler.ts', import.meta.url),
        'utf8',
      ),
    );
    for (const format of ['table', 'json', 'perfetto']) {
      const asked = ['simulate', '--case', 'a.case.json', '--set', 'vms=3', '--format', format];
      assert.deepEqual(await run(...asked, '--with', 'scheduler.ts'), await run(...asked), format);
    }
  });

  const submissions: readonly (readonly [what: string, text: string, code: number, err: RegExp])[] = [
    [
      'a policy that throws',
      'export const scheduler = { pickNext() { throw new Error("no idea"); } };',
      1,
      /^scheduler\.ts:1:\d+: pickNext threw Error: no idea\.$/,
    ],
    [
      'a policy that does the impossible',
      'export const scheduler = { pickNext: () => ({ vcpu: 60, runForMs: 1 }) };',
      1,
      /^scheduler\.ts: the run was refused\. Expected .+, but there was .+\.$/,
    ],
    ['a file without the policy', 'export const schedulr = {};', 1, /^scheduler\.ts.*: .*scheduler/],
    ['a syntax error', 'export const scheduler = ;', 2, /^scheduler\.ts:1:26: /],
    [
      'a policy that prints',
      'export const scheduler = { pickNext: () => { console.log("asked"); throw 1; } };',
      1,
      /^Your code printed:\n {2}asked\nscheduler\.ts:/,
    ],
  ];
  for (const [what, text, code, err] of submissions) {
    it(`says what ${what} did`, async () => {
      await write('scheduler.ts', text);
      const ran = await run('simulate', 'scheduling.host', '--with', 'scheduler.ts');
      assert.match(ran.err, err);
      assert.equal(ran.code, code);
      assert.ok(!ran.out.includes('worstWaitMs'), 'numbers of a run that did not finish');
    });
  }

  const misuses: readonly (readonly [argv: readonly string[], said: string])[] = [
    [
      ['scheduling.host', '--case', 'a.case.json'],
      '"scheduling.host" is one too many: the case a.case.json already names its scenario.',
    ],
    [['a.case.json'], '"a.case.json" is a file and no scenario. Did you mean --case a.case.json?'],
    [
      ['mine.ts'],
      '"mine.ts" is a file and no scenario. Name the scenario too: trapframe simulate <scenario> --with mine.ts',
    ],
    [['scheduling.host', '--with', 'mine.ts'], 'mine.ts does not exist. Name the file that you wrote.'],
    [
      ['--case', 'nope.json'],
      'nope.json does not exist. Name a case file: `trapframe check … --save-case` writes one, called ….case.json.',
    ],
    [
      ['--case', 'b.case.json'],
      'b.case.json: There is no scenario "scheduling.hst". Did you mean scheduling.host?',
    ],
    [
      ['--case', 'c.case.json'],
      'c.case.json: There is no parameter vm. Did you mean vms?\nc.case.json: sliceMs is 0, but must be a number of milliseconds from 0.1 to 1000.',
    ],
    [['--case', 'd.case.json'], 'd.case.json has an unknown member "seeds". Did you mean "seed"?'],
  ];
  for (const [argv, said] of misuses) {
    it(`refuses: simulate ${argv.join(' ')}`, async () => {
      await write('a.case.json', twoVms);
      await write('b.case.json', '{ "format": 1, "scenario": "scheduling.hst" }');
      await write(
        'c.case.json',
        '{ "format": 1, "scenario": "scheduling.host", "params": { "vm": 2, "sliceMs": 0 } }',
      );
      await write('d.case.json', '{ "format": 1, "scenario": "scheduling.host", "seeds": 2 }');
      assert.deepEqual(await run('simulate', ...argv), { code: 2, out: '', err: `trapframe: ${said}` });
    });
  }
});
