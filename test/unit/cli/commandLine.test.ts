import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { commands } from '../../../src/cli/commands.ts';
import { version } from '../../../src/cli/version.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { trapframe } from './terminal.ts';

const lessons = fileURLToPath(new URL('../../../lessons', import.meta.url));

const here = fileURLToPath(new URL('.', import.meta.url));
const run = (...argv: string[]) => trapframe(here, ...argv);

const simulateUsage = `Usage: trapframe simulate ${commands.find(({ name }) => name === 'simulate')!.usage}`;
const robin = 'scheduling.round-robin';

/** Command lines that cannot be run: exit code 2, nothing on stdout, and exactly this on stderr. */
const refused: readonly [argv: readonly string[], message: string][] = [
  [['simulat'], 'There is no command "simulat". Did you mean simulate?'],
  [['run'], 'There is no command "run". `trapframe help` lists them.'],
  [['Simulate', robin], 'There is no command "Simulate". Did you mean simulate?'],
  [['constructor'], 'There is no command "constructor". `trapframe help` lists them.'],
  [
    ['--seed', '1', 'simulate'],
    '"--seed" is no command. The command comes first: trapframe simulate … --seed',
  ],
  [['help', 'simulat'], 'There is no command "simulat". Did you mean simulate?'],
  [['simulate'], 'No scenario was named. `trapframe scenarios` lists them.'],
  [['simulate', 'round-robin'], `There is no scenario "round-robin". Did you mean ${robin}?`],
  [
    ['simulate', 'scheduling.roundrobin'],
    `There is no scenario "scheduling.roundrobin". Did you mean ${robin}?`,
  ],
  [['simulate', 'network'], 'There is no scenario "network". `trapframe scenarios` lists them.'],
  [['simulate', 'toString'], 'There is no scenario "toString". `trapframe scenarios` lists them.'],
  [['simulate', ''], 'There is no scenario "". `trapframe scenarios` lists them.'],
  [
    ['kubectl', 'get', 'pods'],
    'The simulated cluster comes first: trapframe kubectl cluster.rollout -- get pods.',
  ],
  [['scenarios', 'round-robin'], 'There is no scenario "round-robin". Did you mean scheduling.round-robin?'],
  [['simulate', robin, '--set', 'vm=4'], `${robin} has no parameter "vm". Did you mean vms?`],
  [
    ['simulate', robin, '--set', 'cores=4'],
    `${robin} has no parameter "cores". It has: vms, sliceMs, switchCostUs, switchCharge, coldStartUs, serviceMs, model, arrivalPhase.`,
  ],
  [
    ['simulate', robin, '--set', '__proto__=4'],
    `${robin} has no parameter "__proto__". It has: vms, sliceMs, switchCostUs, switchCharge, coldStartUs, serviceMs, model, arrivalPhase.`,
  ],
  [['simulate', robin, '--set', 'vms'], '--set is "vms", but must be name=value, as in --set vms=4.'],
  [['simulate', robin, '--set', '=4'], '--set is "=4", but must be name=value, as in --set vms=4.'],
  [['simulate', robin, '--set', ''], '--set is "", but must be name=value, as in --set vms=4.'],
  [['simulate', robin, '--set', 'vms='], 'vms is "", but must be a whole number from 1 to 64.'],
  [['simulate', robin, '--set', 'vms=-4'], 'vms is -4, but must be a whole number from 1 to 64.'],
  [
    ['simulate', robin, '--set', 'vms=\u22124'],
    'vms is "\u22124" (-4), but must be a whole number from 1 to 64.',
  ],
  [['simulate', robin, '--set', 'vms=four'], 'vms is "four", but must be a whole number from 1 to 64.'],
  [
    ['simulate', robin, '--set', 'sliceMs=30 kg'],
    'sliceMs is "30 kg", but must be a number of milliseconds from 0.1 to 1000.',
  ],
  [
    ['simulate', robin, '--set', 'sliceMs=2s'],
    'sliceMs is "2s" (2000), but must be a number of milliseconds from 0.1 to 1000.',
  ],
  [
    ['simulate', robin, '--set', 'model=dom0busy'],
    'model is "dom0busy", but must be one of: busy, blocked, dom0-busy, dom0-blocked. Did you mean dom0-busy?',
  ],
  [['simulate', robin, '--set', 'vms=4', '--set', 'vms=5'], '--set vms was given twice. Keep one of them.'],
  [
    ['simulate', robin, '--seed', '1.5'],
    '--seed is "1.5", but must be a whole number from -9007199254740991 to 9007199254740991.',
  ],
  [
    ['simulate', robin, '--seed', '0x10'],
    '--seed is "0x10", but must be a whole number from -9007199254740991 to 9007199254740991.',
  ],
  [
    ['simulate', robin, '--seed='],
    '--seed is "", but must be a whole number from -9007199254740991 to 9007199254740991.',
  ],
  [
    ['simulate', robin, '--seed', '9007199254740992'],
    '--seed is "9007199254740992", but must be a whole number from -9007199254740991 to 9007199254740991.',
  ],
  [['simulate', robin, '--format', 'yaml'], '--format is "yaml", but must be one of: table, json, perfetto.'],
  [
    ['simulate', 'cpu.leaky', '--format', 'perfetto'],
    '--format perfetto shows the timeline of a run, and cpu.leaky has none. Next: --format json, or --view bars.',
  ],
  [['scenarios', '--format', 'perfetto'], '--format is "perfetto", but must be one of: table, json.'],
  [['simulate', robin, '--set'], `--set needs a value.\n${simulateUsage}`],
  [
    ['simulate', robin, '--seed', '--set', 'vms=4'],
    `--seed needs a value, but "--set" follows.\n${simulateUsage}`,
  ],
  [
    ['simulate', robin, '--seed', '1', '--seed=2'],
    `--seed was given twice. Keep one of them.\n${simulateUsage}`,
  ],
  [
    ['simulate', robin, '--vms', '4'],
    `There is no option --vms. A parameter is given with --set, as in --set vms=4.\n${simulateUsage}`,
  ],
  [['simulate', robin, '--seeed', '4'], `There is no option --seeed. Did you mean --seed?\n${simulateUsage}`],
  [['simulate', robin, '-seed', '4'], `There is no option -seed. Did you mean --seed?\n${simulateUsage}`],
  [
    ['simulate', robin, '\u2013seed', '4'],
    `"\u2013seed" starts with a long dash, as word processors write it. Type two minus signs: --seed.\n${simulateUsage}`,
  ],
  [
    ['simulate', robin, '\u2014format=json'],
    `"\u2014format=json" starts with a long dash, as word processors write it. Type two minus signs: --format.\n${simulateUsage}`,
  ],
  [
    ['scenarios', '--verbose'],
    'There is no option --verbose.\nUsage: trapframe scenarios [<scenario>] [--format table|json]',
  ],
  [
    ['simulate', robin, 'vms=4'],
    `"vms=4" stands alone. A parameter is given with --set: --set vms=4\n${simulateUsage}`,
  ],
  [['simulate', robin, 'scheduling.host'], `"scheduling.host" is one argument too many.\n${simulateUsage}`],
  [['simulate', robin, '--', '--seed', '4'], `"--seed" is one argument too many.\n${simulateUsage}`],
  [
    ['simulate', robin, '--set', 'sliceMs=0.1', '--set', 'coldStartUs=100'],
    'The run was refused. Expected a slice longer than the 0.1 ms that each switch takes out of it, but there was a slice of 0.1 ms. ' +
      'Every slice is used up before the guest gets anything done. Choose a longer slice or a smaller cost.',
  ],
  [
    ['simulate', 'scheduling.host', '--set', 'sliceMs=0.1', '--set', 'durationMs=600s'],
    'The run did not finish in 1000000 steps. Try fewer VMs, a shorter duration or longer slices.',
  ],
];

describe('a command line that cannot be run', () => {
  for (const [argv, message] of refused) {
    it(`trapframe ${argv.map((word) => (/^[\w.=-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`, async () => {
      assert.deepEqual(await run(...argv), { code: 2, out: '', err: `trapframe: ${message}` });
    });
  }

  it('shows the commands on stderr when there is none', async () => {
    const { code, out, err } = await run();
    assert.deepEqual([code, out], [2, '']);
    assert.equal(err, (await run('help')).out);
  });

  it('never throws, whatever it holds', async () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'simulate',
        'scenarios',
        robin,
        '--set',
        '--seed',
        '--format',
        '--',
        '-',
        '--help',
        'json',
      ),
      fc.constantFrom('vms=2', 'sliceMs=1', 'vms=-1', '-1', '--set=vms=3', '--format=perfetto'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('simulate', 'scenarios'),
        fc.array(word, { maxLength: 6 }),
        async (name, rest) => {
          const { code, out, err } = await run(name, ...rest);
          if (code === 2) assert.deepEqual([out, /^trapframe: .+/s.test(err)], ['', true]);
          else assert.equal(code, 0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('help', () => {
  it('lists every command once, with its exit codes', async () => {
    const { code, out, err } = await run('help');
    assert.deepEqual([code, err], [0, '']);
    for (const { name, summary } of commands) {
      assert.equal(
        out.split('\n').filter((line) => line.trim().startsWith(`${name} `) && line.endsWith(summary)).length,
        1,
      );
    }
    assert.match(out, /Exit codes: 0 .*, 1 .*, 2 /);
    assert.equal((await run('--help')).out, out);
    assert.equal((await run('-h')).out, out);
    assert.equal((await run('help', '--help')).out, out);
  });

  for (const { name, usage, options } of commands) {
    it(`of ${name} shows its options, however it is asked for`, async () => {
      const { code, out, err } = await run('help', name);
      assert.deepEqual([code, err], [0, '']);
      assert.ok(out.startsWith(`trapframe ${name} ${usage}\n`));
      for (const [option, { doc }] of Object.entries(options)) {
        assert.ok(
          usage.includes(`--${option}`) || usage.includes('[more options]') || option === 'pack',
          `${option} stands in the usage`,
        );
        assert.ok(out.includes(doc));
      }
      assert.ok(out.split('\n').every((line) => line.length < 130));
      for (const asked of [
        [name, '--help'],
        [name, '-h'],
        ['--help', name],
        [name, 'no-such-thing', '--help'],
      ]) {
        assert.deepEqual(await run(...asked), { code, out, err });
      }
    });
  }

  it('has the version', async () => {
    for (const asked of ['--version', '-v', 'version']) {
      assert.deepEqual(await run(asked), { code: 0, out: version, err: '' });
    }
    assert.match(version, /^\d+\.\d+\.\d+$/);
  });
});

describe('trapframe scenarios', () => {
  it('lists every scenario, and says on stderr how to see one', async () => {
    const { code, out, err } = await run('scenarios');
    assert.equal(code, 0);
    assert.deepEqual(
      out.split('\n').map((line) => line.split(/ {2,}/)),
      Object.values(scenarios).map(({ id, title }) => [id, title]),
    );
    assert.equal(err, '`trapframe scenarios <scenario>` shows one with its parameters.');
  });

  it('shows one with all it has, in at most 100 columns', async () => {
    for (const scenario of Object.values(scenarios)) {
      const { code, out, err } = await run('scenarios', scenario.id);
      assert.deepEqual([code, err], [0, '']);
      const names = [scenario.params, scenario.metrics, scenario.checks, scenario.policies].flatMap((each) =>
        Object.keys(each),
      );
      for (const name of names) assert.match(out, new RegExp(`^  ${name}( =|$)`, 'm'));
      assert.ok(
        out.split('\n').every((line) => line.length <= 100),
        out,
      );
    }
  });

  it('says what a check is when an author leaves its arguments out', async () => {
    const { out } = await run('scenarios', 'scheduling.host');
    assert.ok(out.includes('\n      belowMs = 1000 (0 to 1000000000 ms), given in `with`\n'), out);
    const { checks } = JSON.parse((await run('scenarios', 'scheduling.host', '--format', 'json')).out) as {
      checks: readonly { readonly name: string; readonly args: unknown }[];
    };
    assert.deepEqual(checks.find(({ name }) => name === 'maxWait')?.args, [
      { name: 'belowMs', default: 1000, allowed: '0 to 1000000000 ms' },
    ]);
  });

  it('gives JSON of all or one', async () => {
    const all = JSON.parse((await run('scenarios', '--format', 'json')).out) as { id: string }[];
    assert.deepEqual(
      all.map(({ id }) => id),
      Object.keys(scenarios),
    );
    const one: unknown = JSON.parse((await run('scenarios', robin, '--format=json')).out);
    assert.deepEqual(
      one,
      all.find(({ id }) => id === robin),
    );
  });
});

describe('trapframe simulate', () => {
  it('prints parameters and metrics with units', async () => {
    const { code, out, err } = await run('simulate', robin, '--set', 'switchCostUs=0.05ms');
    assert.deepEqual([code, err], [0, '']);
    assert.equal(
      out,
      `Round robin and one I/O request (scheduling.round-robin, seed 1)

  vms           4
  sliceMs       30 ms
  switchCostUs  50 µs
  switchCharge  added
  coldStartUs   0 µs
  serviceMs     30 ms
  model         busy
  arrivalPhase  0 %

  worstWaitMs            90.2      Worst wait
  worstResponseMs        120.2     Worst response
  waitMs                 90.2      Wait
  responseMs             120.2     Response
  switchOverheadPercent  0.166389  Lost to switching`,
    );
  });

  it('prints the result as JSON with the documented keys', async () => {
    const { code, out, err } = await run(
      'simulate',
      robin,
      '--set',
      'vms=4',
      '--set',
      'sliceMs=30',
      '--format',
      'json',
    );
    assert.deepEqual([code, err], [0, '']);
    const result = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(Object.keys(result), ['scenario', 'params', 'seed', 'metrics', 'traceHash']);
    assert.deepEqual(result['metrics'], {
      worstWaitMs: 90,
      worstResponseMs: 120,
      waitMs: 90,
      responseMs: 120,
      switchOverheadPercent: 0,
    });
    assert.match(String(result['traceHash']), /^[0-9a-f]{16}$/);
  });

  it('gives the same bytes for the same command line', async () => {
    for (const format of ['table', 'json', 'perfetto']) {
      const argv = ['simulate', 'scheduling.host', '--seed', '7', '--format', format];
      assert.deepEqual(await run(...argv), await run(...argv));
    }
  });

  it('takes negative seeds in every spelling', async () => {
    const { out } = await run('simulate', 'scheduling.host', '--seed=-5', '--format', 'json');
    for (const seed of [['--seed', '-5'], ['--seed', '\u22125'], ['--seed=\u22125'], ['--seed', ' -5 ']]) {
      assert.equal((await run('simulate', 'scheduling.host', ...seed, '--format', 'json')).out, out);
    }
    assert.equal((JSON.parse(out) as { seed: number }).seed, -5);
  });

  it('takes options before the scenario too', async () => {
    const after = await run('simulate', robin, '--set', 'vms=3', '--format', 'json');
    assert.deepEqual(await run('simulate', '--format=json', '--set=vms=3', '--', robin), after);
  });

  it('prints views as text: of the whole run, and after an event', async () => {
    const bars = await run('simulate', robin, '--set', 'vms=2', '--view', 'bars');
    assert.deepEqual(bars.out.split('\n').slice(-4), [
      'Where the time of the request goes:',
      '                                 VM 1 runs  others run  switching  cold caches  nobody runs  Time (ms)',
      '  Until VM 1 runs                0          30          0          0            0            30',
      '  From there until the response  30         0           0          0            0            30',
    ]);
    const state = await run('simulate', robin, '--set', 'vms=1', '--view', 'state', '--event', '2');
    assert.match(state.out, /After event 2 of \d+, at 0 ms: .*\.\n\nCPUs:\n  CPU  does/);
    const far = await run('simulate', robin, '--set', 'vms=1', '--view', 'state', '--event', '999999');
    assert.match(far.out, /After event (\d+) of \1, /);
    const json = await run('simulate', robin, '--view', 'curve', '--format', 'json');
    const { views } = JSON.parse(json.out) as { views: { curve: { tables: { title: string }[] } } };
    assert.equal(views.curve.tables[0]!.title, 'What a shorter slice buys, and what it costs');
  });

  it('refuses a view that the scenario lacks, and an event that is none', async () => {
    const lacking = await run('simulate', robin, '--view', 'graph');
    assert.equal(lacking.code, 2);
    assert.match(lacking.err, /has no view "graph"\. It has: timeline, bars, curve, state\./);
    const none = await run('simulate', robin, '--view', 'state', '--event', '0');
    assert.match(none.err, /--event is "0", but must be a whole number from 1\./);
  });

  it('prints a Chrome trace for Perfetto', async () => {
    const { out } = await run('simulate', robin, '--format', 'perfetto');
    const { traceEvents } = JSON.parse(out) as { traceEvents: { name: string }[] };
    for (const name of ['VM 1 running', 'request arrives', 'response leaves']) {
      assert.ok(
        traceEvents.some((event) => event.name === name),
        name,
      );
    }
  });
});

describe('trapframe answer and lint', () => {
  it('judges a right, a wrong and a negative number', async () => {
    const right = await run('answer', 'rr-worst-wait', '90', '--pack', lessons);
    assert.deepEqual([right.code, right.out.split('\n')[0], right.err], [0, 'right', '']);
    const wrong = await run('answer', 'rr-worst-wait', '120', '--pack', lessons);
    assert.deepEqual([wrong.code, wrong.out.split('\n')[0], wrong.err], [1, 'not right', '']);
    assert.equal((await run('answer', 'rr-worst-wait', '-90', '--pack', lessons)).code, 1);
  });

  it('says what is missing', async () => {
    const { code, out } = await run('answer', 'rr-worst-wait', '--pack', lessons);
    assert.equal(code, 0);
    assert.match(out, /^4 VMs share one CPU in slices of 30 ms/);
    assert.equal(
      out.split('\n').at(-1),
      `Answer it with: trapframe answer rr-worst-wait <number> --pack ${lessons}`,
    );
    assert.deepEqual(await run('answer', 'rr-worst-wat', '3', '--pack', lessons), {
      code: 2,
      out: '',
      err: 'trapframe: There is no question "rr-worst-wat". Did you mean rr-worst-wait?',
    });
  });

  it('lints the bundled course without an error', async () => {
    const { code, err } = await run('lint', lessons);
    assert.equal(code, 0, err);
    assert.match(err, /, 0 errors, \d+ warnings?$/);
  });

  it('says that a pack does not exist', async () => {
    const { code, out, err } = await run('lint', 'nowhere');
    assert.deepEqual([code, out], [2, '']);
    assert.match(
      err,
      /^trapframe: .*nowhere does not exist\. A pack is a folder with a pack\.yaml: name one, or its pack\.yaml\.$/,
    );
  });
});
