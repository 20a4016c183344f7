import { int, flag, record } from '../../../src/engine/kernel/codec.ts';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { definePolicy } from '../../../src/engine/kernel/policy.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';
import { defineEvents } from '../../../src/engine/kernel/trace.ts';
import type { ScenarioTable } from '../../../src/course/variants.ts';

/** A second subject in miniature, so that nothing of the grader can be about schedulers: somebody counts, a referee watches. */

const CounterPolicy = definePolicy({
  id: 'counter',
  typeName: 'CounterPolicy',
  doc: 'Counts.',
  decisions: {
    next: {
      doc: 'Says the next number.',
      input: record('Where the count stands.', 'Count', {
        last: int('The number before.', { min: 0, max: 1000 }),
        doubled: flag('Whether it goes up by two.'),
      }),
      output: int('The next number.', { min: -1000, max: 1000 }),
    },
  },
  calls: {},
});

const RefereePolicy = definePolicy({
  id: 'referee',
  typeName: 'RefereePolicy',
  doc: 'Says whether it goes up by two.',
  decisions: {
    doubles: {
      doc: 'Asked before each number.',
      input: record('The turn.', 'Turn', { turn: int('From 0.', { min: 0, max: 1000 }) }),
      output: flag('Whether it does.'),
    },
  },
  calls: {},
});

const events = defineEvents({
  count: {
    doc: 'A number was said.',
    fields: ['turn', 'value'],
    decides: true,
    say: ({ value }) => `the count says ${value}`,
  },
  end: { doc: 'The end.', fields: [] },
});

const counting = defineScenario({
  id: 'test.counting',
  title: 'Counting',
  doc: 'Somebody counts.',
  params: {
    turns: count({
      label: 'Turns',
      doc: 'How often.',
      min: 1,
      max: 50,
      default: 5,
      say: (turns) => `${turns} turns`,
    }),
    doubleFrom: count({
      label: 'Doubled from',
      doc: 'The turn from which it goes up by two.',
      min: 0,
      max: 100,
      default: 100,
    }),
  },
  metrics: { total: { doc: 'The last number.', label: 'Total', better: 'neither' } },
  events,
  policies: { counter: CounterPolicy, referee: RefereePolicy },
  builtIn: {
    counter: () => ({ next: ({ last, doubled }) => last + (doubled ? 2 : 1) }),
    referee: () => ({ doubles: ({ turn }) => turn >= 100 }),
  },
  checks: {
    goesUp: {
      title: 'The count goes up',
      doc: 'Each number is larger than the one before.',
      args: {},
      violated: ({ trace }) => {
        for (let row = 1; row < trace.length; row++) {
          if (trace.kind(row) !== 'count' || trace.field(row, 1) > trace.field(row - 1, 1)) continue;
          return {
            event: row,
            expected: `more than ${trace.field(row - 1, 1)}`,
            actual: `${trace.field(row, 1)}`,
            because: 'A count goes up.',
          };
        }
        return undefined;
      },
    },
    endsBelow: {
      title: 'The count stays small',
      doc: 'The last number is below `limit`.',
      args: { limit: count({ label: 'Limit', doc: 'The limit.', min: 0, max: 1000, default: 100 }) },
      violated: ({ trace }, args: { readonly limit: number }) => {
        const last = trace.length - 2;
        return trace.field(last, 1) < args.limit
          ? undefined
          : {
              event: trace.length - 1,
              expected: `less than ${args.limit}`,
              actual: `${trace.field(last, 1)}`,
              because: 'It was to stay small.',
            };
      },
    },
  },
  views: {},
  oracle: 'arithmetic',
  stepBudget: 1000,
  run({ params, trace, start, refuse }) {
    const { counter, referee } = start({ counter: {}, referee: {} });
    let last = 0;
    for (let turn = 0; turn < params.turns; turn++) {
      const doubled = referee.doubles({ turn }) || turn >= params.doubleFrom;
      last = counter.next({ last, doubled });
      const row = trace.append(trace.codes.count, turn * 1e6, -1, turn, last);
      if (last < 0) {
        refuse({
          event: row,
          expected: 'a number from 0 on',
          actual: `${last}`,
          because: 'Nobody counts below 0.',
        });
      }
    }
    trace.append(trace.codes.end, params.turns * 1e6, trace.length - 1);
    return { total: last };
  },
});

export const countingScenarios: ScenarioTable = { [counting.id]: counting };

export const counterFile = (body: string): string =>
  `export const counter = {\n  next({ last, doubled }) {\n    ${body}\n  },\n};\n`;

/** A pack with one task that is as it should be. Tests change a file of it and look at what is said. */
export const countingFiles: Readonly<Record<string, string>> = {
  'pack.yaml': 'id: numbers\ntitle: Numbers\nmodules: [{ id: numbers, title: Numbers }]\nlessons: [count]\n',
  'count/lesson.md': `---
id: count
title: Counting
module: numbers
summary: Count.
minutes: 1
format: 1
---
Count.

\`\`\`task
id: count-up
\`\`\`
`,
  'count/tasks/count-up/task.yaml': `id: count-up
title: Count up
brief: Count.
policy: counter
file: counter.ts
checks:
  - id: goes-up
    use: goesUp
    scenario: test.counting
    vary: { turns: { int: [2, 12] }, doubleFrom: { int: [0, 9] } }
    cases: 30
    points: 3
  - id: stays-small
    use: endsBelow
    with: { limit: 30 }
    points: 2
    say: Too large.
  - id: ends
    use: finishes
    points: 1
    after: [goes-up]
wrong:
  - { file: wrong/sticks.ts, fails: [goes-up], say: "It never moves." }
  - { file: wrong/leaps.ts, fails: [stays-small], say: "That leaps." }
  - { file: wrong/stops.ts, fails: [goes-up], say: "It stops at three." }
hints: [Add one.]
`,
  'count/tasks/count-up/solution/counter.ts': counterFile('return last + (doubled ? 2 : 1);'),
  'count/tasks/count-up/starter/counter.ts': counterFile('return 0;'),
  'count/tasks/count-up/wrong/sticks.ts': counterFile('return 1;'),
  'count/tasks/count-up/wrong/leaps.ts': counterFile('return last + 20;'),
  'count/tasks/count-up/wrong/stops.ts': counterFile('return Math.min(3, last + 1);'),
};
