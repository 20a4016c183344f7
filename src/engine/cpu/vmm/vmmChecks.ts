import { quantity } from '../../kernel/parameters.ts';
import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import { hex } from '../guests/guestState.ts';
import type { VmmEvents } from './vmmEvents.ts';

/** What the checks look at of a run under a VMM. */
export interface VmmRun {
  readonly trace: Trace<VmmEvents>;
  readonly params: { readonly timerBound: number; readonly guests: number };
}
interface MeasuredVmmRun extends VmmRun {
  readonly metrics: { readonly directPercent: number };
}

/** The three properties of a VMM (Popek and Goldberg, CACM 1974, section 2), and that guests are apart. */
export const vmmChecks = {
  equivalent: {
    title: 'A guest cannot tell the virtual machine from a real one',
    doc:
      'Equivalence: at every checkpoint the guest’s registers, CSRs, memory and console are those of the same guest on bare ' +
      'metal, and it ends as there.',
    args: {},
    violated: (run: VmmRun) => notEquivalent(run.trace, run.params.guests),
  },
  keepsControl: {
    title: 'The VMM keeps control of the machine',
    doc:
      'Resource control: no guest instruction runs above the real user mode, and the VMM has the processor back within ' +
      '`timerBound` instructions, whatever the guest masks.',
    args: {},
    violated: (run: VmmRun) => lostControl(run.trace, run.params.timerBound),
  },
  efficient: {
    title: 'Most instructions run directly',
    doc: 'Efficiency: of all instructions and exits of the guests at least `percent` are instructions that run without the VMM.',
    args: {
      percent: quantity('percent', {
        label: 'Least direct share',
        doc: 'The least share of instructions that run directly.',
        min: 0,
        max: 100,
        step: 1,
        default: 80,
      }),
    },
    violated: (run: MeasuredVmmRun, args: { readonly percent: number }) => inefficient(run, args.percent),
  },
  apart: {
    title: 'No guest can reach another one’s memory',
    doc: 'Isolation: the windows of memory that the VMM gave to its guests do not overlap.',
    args: {},
    violated: (run: VmmRun) => overlapping(run.trace),
  },
};

function notEquivalent(trace: Trace<VmmEvents>, guests: number): Witness | undefined {
  const reached = new Map<number, number[]>();
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind === 'checkpoint') {
      const [guest, number] = [trace.field(row, 0), trace.field(row, 1)];
      const { expected, actual } = trace.textsOf(row);
      if (expected !== '') {
        return {
          event: row,
          expected: expected!,
          actual: `${actual} in guest ${guest} at checkpoint ${number}`,
          because: `${blame(trace, row, guest)}A guest has to find its machine as it would without a VMM.`,
        };
      }
      reached.set(guest, [...(reached.get(guest) ?? []), number]);
    }
    if (kind === 'halt' && trace.field(row, 1) !== 0) return gaveUp(trace, row);
  }
  for (let guest = 1; guest <= guests; guest++) {
    const seen = (reached.get(guest) ?? []).join(', ');
    if (seen === '1, 2, 3, 4') continue;
    return {
      event: trace.length - 1,
      expected: `guest ${guest} passes the checkpoints 1, 2, 3, 4, as on bare metal`,
      actual: seen === '' ? 'it passed none' : `it passed ${seen}`,
      because: 'A guest has to do in a virtual machine what it does on a real one.',
    };
  }
  return undefined;
}

/** A guest whose kernel panicked: the trap that it did not expect is the last one that the VMM reflected into it. */
function gaveUp(trace: Trace<VmmEvents>, halt: number): Witness {
  const guest = trace.field(halt, 0);
  const reflected = lastBefore(
    trace,
    halt,
    (row) =>
      trace.kind(row) === 'writeCsr' && trace.field(row, 0) === guest && trace.textsOf(row).csr === 'scause',
  );
  const unexpected = lastBefore(
    trace,
    reflected,
    (row) => trace.kind(row) === 'exit' && trace.field(row, 0) === guest,
  );
  return {
    event: unexpected < 0 ? halt : unexpected,
    expected: `guest ${guest} ends with code 0, as on bare metal`,
    actual: `it gave up with code ${trace.field(halt, 1)}`,
    because:
      unexpected < 0
        ? 'The guest’s kernel met a trap that it did not expect.'
        : `The guest’s kernel met a trap that it did not expect: ${trace.say(unexpected)}.`,
  };
}

/** The last row before another that a condition holds for; -1 when there is none. */
function lastBefore(trace: Trace<VmmEvents>, before: number, holds: (row: number) => boolean): number {
  for (let row = Math.min(before, trace.length) - 1; row >= 0; row--) if (holds(row)) return row;
  return -1;
}

/** The exit before the one that brought a difference to light: where to begin to look. */
function blame(trace: Trace<VmmEvents>, before: number, guest: number): string {
  let isOwn = true;
  for (let row = before - 1; row >= 0; row--) {
    if (trace.kind(row) !== 'exit' || trace.field(row, 0) !== guest) continue;
    if (isOwn) {
      isOwn = false;
      continue;
    }
    return `The last exit before was this: ${trace.say(row)}. `;
  }
  return '';
}

function lostControl(trace: Trace<VmmEvents>, timerBound: number): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind === 'privileged') {
      return {
        event: row,
        expected: 'every guest instruction runs in the real user mode',
        actual: `guest ${trace.field(row, 0)} runs at ${hex(trace.field(row, 1))} in the real supervisor mode`,
        because:
          'Above user mode its privileged instructions do not trap: they change the real machine, and the VMM never hears of them.',
      };
    }
    if (kind === 'resume' && trace.field(row, 3) > timerBound) {
      return {
        event: row,
        expected: `at most ${timerBound} instructions until the VMM has the processor again`,
        actual: `${trace.field(row, 3)} instructions for guest ${trace.field(row, 0)}`,
        because: 'A guest that masks its interrupts and loops would keep the processor for all that time.',
      };
    }
  }
  return undefined;
}

function inefficient({ trace, metrics }: MeasuredVmmRun, percent: number): Witness | undefined {
  if (metrics.directPercent >= percent) return undefined;
  let worst = 0;
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) === 'resume' && (worst === 0 || trace.field(row, 3) < trace.field(worst, 3)))
      worst = row;
  }
  return {
    event: worst,
    expected: `at least ${percent} % of the instructions run directly`,
    actual: `${metrics.directPercent.toFixed(1)} %; here the guest may run for ${trace.field(worst, 3)} instructions`,
    because: 'Every exit costs thousands of cycles. Innocuous instructions have to run without the VMM.',
  };
}

function overlapping(trace: Trace<VmmEvents>): Witness | undefined {
  const placed: { guest: number; from: number; to: number }[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'place') continue;
    const [guest, from, size] = [trace.field(row, 0), trace.field(row, 1), trace.field(row, 2)];
    const other = placed.find((each) => from < each.to && each.from < from + size);
    if (other !== undefined) {
      return {
        event: row,
        expected: `memory for guest ${guest} that no other guest has`,
        actual: `${hex(from)} to ${hex(from + size)}, of which guest ${other.guest} has a part`,
        because: 'Each of the two could read and change what the other one keeps there.',
      };
    }
    placed.push({ guest, from, to: from + size });
  }
  return undefined;
}
