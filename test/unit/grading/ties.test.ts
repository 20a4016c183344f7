import assert from 'node:assert/strict';
import { flag, id, int, record } from '../../../src/engine/kernel/codec.ts';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { definePolicy } from '../../../src/engine/kernel/policy.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';
import { defineEvents } from '../../../src/engine/kernel/trace.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import { reportText } from '../../../src/grading/reportText.ts';
import { packOf } from '../course/goldenPack.ts';
import { gradingTools } from './testbed.ts';

/** Guests knock, two at each instant; a doorman lets them in. Everybody is to get in. */
const doorman = definePolicy({
  id: 'doorman',
  typeName: 'DoormanPolicy',
  doc: 'Lets guests in.',
  decisions: {
    admits: {
      doc: 'Whether the guest gets in.',
      input: record('Who knocks.', 'Knock', {
        guest: id('The guest.', 'guest', 100),
        pairs: int('How many pairs come.', { min: 1, max: 20 }),
      }),
      output: flag('Whether it does.'),
    },
  },
  calls: {},
});
const door = defineScenario({
  id: 'test.door',
  title: 'A door',
  doc: 'Guests knock.',
  params: { pairs: count({ label: 'Pairs', doc: 'Pairs of guests.', min: 1, max: 20, default: 3 }) },
  metrics: { knocks: { doc: 'Guests that knocked.', label: 'Knocks', better: 'neither' } },
  events: defineEvents({ knock: { doc: 'A guest knocks.', fields: ['guest', 'admitted'], decides: true } }),
  policies: { doorman },
  builtIn: { doorman: () => ({ admits: ({ guest }) => guest >= 0 }) },
  checks: {
    everybody: {
      title: 'Everybody gets in',
      doc: 'Nobody is turned away.',
      args: {},
      violated({ trace }) {
        for (let event = 0; event < trace.length; event++) {
          if (trace.field(event, 1) === 1) continue;
          const guest = trace.field(event, 0);
          return {
            event,
            expected: `guest ${guest} inside`,
            actual: 'it stays outside',
            because: 'All are invited.',
          };
        }
        return undefined;
      },
    },
  },
  views: {},
  oracle: 'counting',
  stepBudget: 1000,
  shufflesTies: true,
  run({ params, trace, ties, start }) {
    const policy = start({ doorman: {} }).doorman;
    const simulation = new Simulation(ties === undefined ? {} : { tieShuffle: ties });
    for (let guest = 0; guest < params.pairs * 2; guest++) {
      simulation.at(Math.floor(guest / 2), () => {
        const admitted = policy.admits({ guest, pairs: params.pairs });
        trace.append(trace.codes.knock, simulation.now, -1, guest, admitted ? 1 : 0);
      });
    }
    simulation.run();
    return { knocks: params.pairs * 2 };
  },
});

const table = { [door.id]: door };
const module = (body: string): string =>
  `let last = -1;\nexport const doorman = {\n  admits({ guest, pairs }) {\n    ${body}\n  },\n};\n`;
const packWith = (task: string) =>
  lintPack(
    packOf({
      'pack.yaml': 'id: p\ntitle: P\nmodules: [{ id: m, title: M }]\nlessons: [l]\n',
      'l/lesson.md':
        '---\nid: l\ntitle: L\nmodule: m\nsummary: S.\nminutes: 1\nformat: 1\n---\nText.\n\n```task\nid: door\n```\n',
      'l/tasks/door/task.yaml': `id: door\ntitle: Door\npolicy: doorman\nfile: doorman.ts\n${task}`,
      'l/tasks/door/solution/doorman.ts': module('return true;'),
      'l/tasks/door/starter/doorman.ts': module('return false;'),
    }),
    table,
  );

async function grade(source: string, ties: string) {
  const { value } = await packWith(
    `checks: [{ id: all, use: everybody, scenario: test.door, vary: { pairs: { int: [1, 9] } }${ties} }]\n`,
  );
  const part = value.lessons[0]!.parts.find((each) => each.kind === 'task');
  return (await gradeTask({ task: part!.task, source, seed: 5, lessonHash: 'h' }, await gradingTools(table)))
    .report;
}

describe('a check over any order of simultaneous events', () => {
  const needsTheUsualOrder = module('const inOrder = guest > last; last = guest; return inOrder;');

  it('holds for a policy that does not depend on it', async () => {
    assert.equal((await grade(module('return guest >= 0;'), ', ties: any')).verdict, 'passed');
  });

  it('tells a policy that does depend on it, in the smallest case', async () => {
    assert.equal((await grade(needsTheUsualOrder, '')).verdict, 'passed');
    const report = await grade(needsTheUsualOrder, ', ties: any');
    const failure = report.checks[0]!.failure!;
    assert.equal(failure.case.words, 'pairs 1');
    assert.ok(failure.case.ties! > 0);
    assert.match(failure.because, /^It works when the events of this instant come in the usual order/);
    assert.match(reportText(report, 'doorman.ts'), /actual {4}it stays outside/);
  });

  it('says nothing about the order when the policy fails in the usual one', async () => {
    const failure = (await grade(module('return guest !== 1;'), ', ties: any')).checks[0]!.failure!;
    assert.equal(failure.case.ties, undefined);
    assert.equal(failure.because, 'All are invited.');
  });

  it('blames the order in no case that fails in the usual one', async () => {
    const alsoFailsWithFew = needsTheUsualOrder.replace('return inOrder;', 'return inOrder && pairs > 1;');
    const failure = (await grade(alsoFailsWithFew, ', ties: any')).checks[0]!.failure!;
    assert.match(failure.because, /^It works when the events of this instant come in the usual order/);
    assert.equal(failure.case.words, 'pairs 2');
  });

  it('is refused where one behaviour alone is right', async () => {
    const { problems } = await packWith(
      'deterministic: true\nchecks: [{ id: all, use: everybody, scenario: test.door, ties: any }]\n',
    );
    assert.ok(
      problems.some(({ message }) => message.startsWith('A deterministic task has one right behaviour')),
    );
  });
});
