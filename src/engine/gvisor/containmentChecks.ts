import { choice } from '../kernel/parameters.ts';
import type { Witness } from '../kernel/scenario.ts';
import type { Trace } from '../kernel/trace.ts';
import {
  attackAreaNames,
  attackAreas,
  type AttackArea,
  type ContainmentEvents,
} from './containmentEvents.ts';

interface ContainmentRun {
  readonly trace: Trace<ContainmentEvents>;
}

/** Predicates over an application that ran on a Sentry, and was attacked with it. */
export const containmentChecks = {
  works: {
    title: 'The application works',
    doc: 'Every call of the application gets what a kernel has to answer, in any order in which its processes run, and what it wrote is where it belongs.',
    args: {},
    violated: (run: ContainmentRun) => failure(run.trace),
  },
  goesOn: {
    title: 'No call waits for ever',
    doc: 'Every call of the application is answered at last.',
    args: {},
    violated: (run: ContainmentRun) => deadlock(run.trace),
  },
  contained: {
    title: 'Attacks of one area fail',
    doc: 'Nothing of the host is reached in the area.',
    args: {
      area: choice({
        label: 'Area',
        doc: 'What the attacks try to reach.',
        values: attackAreas,
        default: 'calls',
      }),
    },
    violated: (run: ContainmentRun, args: { readonly area: AttackArea }) => escape(run.trace, args.area),
  },
};

const rowsOf = (trace: Trace<ContainmentEvents>, kind: keyof ContainmentEvents): readonly number[] =>
  Array.from({ length: trace.length }, (_, row) => row).filter((row) => trace.kind(row) === kind);

/**
 * Rows at which the application failed, before it began to attack: what an attack breaks is its own.
 * @param until the last row that counts; absent: that of the run
 */
export function failuresOf(trace: Trace<ContainmentEvents>, until = trace.length - 1): readonly number[] {
  const attacked = rowsOf(trace, 'attacked')[0] ?? until + 1;
  return (['wrong', 'stuck', 'killed'] as const).flatMap((kind) =>
    rowsOf(trace, kind).filter((row) => row < attacked && row <= until),
  );
}

function killed(trace: Trace<ContainmentEvents>): Witness | undefined {
  const row = failuresOf(trace).find((each) => trace.kind(each) === 'killed');
  if (row === undefined) return undefined;
  return {
    event: row,
    expected: 'a Sentry that makes only calls that its filter allows',
    actual: `${trace.textsOf(row)['call']!}, and the end of the sandbox`,
    because:
      'The filter that you asked for in boot ends the Sentry at any call that is not in it. Name what you use.',
  };
}

function deadlock(trace: Trace<ContainmentEvents>): Witness | undefined {
  const rows = rowsOf(trace, 'stuck');
  const first = rows.find((row) => !trace.textsOf(row)['reason']!.includes('which waits itself')) ?? rows[0];
  if (first === undefined) return undefined;
  const waits = rows.map((row) => {
    const { call } = trace.textsOf(row);
    return `process ${trace.field(row, 0)} in ${call!}`;
  });
  return {
    event: first,
    expected: 'an answer to every call',
    actual: `for ever waiting: ${waits.join('; ')}`,
    because: `Process ${trace.field(first, 0)} waits in ${trace.textsOf(first)['call']!}: ${trace.textsOf(first)['reason']!}.`,
  };
}

function failure(trace: Trace<ContainmentEvents>): Witness | undefined {
  const ended = killed(trace);
  if (ended !== undefined) return ended;
  const wrong = rowsOf(trace, 'wrong')[0];
  if (wrong === undefined) return deadlock(trace);
  const { expected, actual, because } = trace.textsOf(wrong) as Record<
    'expected' | 'actual' | 'because',
    string
  >;
  return { event: wrong, expected, actual, because };
}

function escape(trace: Trace<ContainmentEvents>, area: AttackArea): Witness | undefined {
  const row = rowsOf(trace, 'probe').find(
    (each) => attackAreaNames[trace.field(each, 0)] === area && trace.field(each, 1) === 1,
  );
  if (row === undefined) return undefined;
  const { attempt, because } = trace.textsOf(row) as Record<'attempt' | 'because', string>;
  return {
    event: row,
    expected: `a sandbox in which nobody can ${attempt}`,
    actual: 'the attack succeeded',
    because,
  };
}
