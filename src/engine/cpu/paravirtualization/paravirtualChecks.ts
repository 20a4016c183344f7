import { count } from '../../kernel/parameters.ts';
import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import { disassemble } from '../machine/decode.ts';
import { hex } from '../guests/guestState.ts';
import { processRound } from '../guests/leakyGuest.ts';
import type { HypercallName } from '../guests/hypercalls.ts';
import { vmmChecks, type VmmRun } from '../vmm/vmmChecks.ts';
import { exitState, type VmmEvents } from '../vmm/vmmEvents.ts';

interface MeasuredRun extends VmmRun {
  readonly params: VmmRun['params'] & { readonly rounds: number; readonly quantumTicks: number };
  readonly metrics: { readonly preemptions: number };
}

/** What a kernel that was changed for its VMM has to hold. */
export const paravirtualChecks = {
  equivalent: {
    title: 'The guest does the same work as on bare metal',
    doc:
      'At every checkpoint the results in its memory, what it believes of its processor, and its console are those of the unchanged kernel on bare ' +
      'metal, and it ends as there.',
    args: {},
    violated: (run: VmmRun) => vmmChecks.equivalent.violated(run),
  },
  nothingLeaks: {
    title: 'No sensitive instruction runs in silence',
    doc: 'No instruction that leaks on this processor is executed in user mode by the guest’s kernel.',
    args: {},
    violated: ({ trace }: VmmRun) => leaked(trace),
  },
  preempts: {
    title: 'The process is preempted',
    doc: 'A timer interrupt comes for each whole time slice of the process’s work, the last one apart.',
    args: {},
    violated: (run: MeasuredRun) => notPreempted(run),
  },
  sleeps: {
    title: 'The guest sleeps while it has nothing to do',
    doc: 'Between the last two checkpoints, where the kernel waits for ticks, it gives the processor away.',
    args: {},
    violated: (run: VmmRun) => busy(run),
  },
  batches: {
    title: 'Page tables are updated in batches',
    doc: 'Each guest changes the page table in use by at most `most` exits.',
    args: {
      most: count({
        label: 'Most exits',
        doc: 'The most exits of a guest for its page table.',
        min: 1,
        max: 256,
        default: 1,
        say: (most) => `at most ${most} exits for page tables`,
      }),
    },
    violated: (run: VmmRun, args: { readonly most: number }) => oneByOne(run, args.most),
  },
};

/** The first instruction that leaked. */
export function leaked(trace: Trace<VmmEvents>): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'leak') continue;
    const [, pc, word] = [0, 1, 2].map((field) => trace.field(row, field)) as [number, number, number];
    return {
      event: row,
      expected: 'a hypercall, or the shared flag, or what the kernel knows itself',
      actual: `${disassemble(word, pc)} at ${hex(pc)} runs in user mode and does not trap`,
      because: 'It shows the real machine, or changes nothing, and the VMM never hears of it.',
    };
  }
  return undefined;
}

function notPreempted({ trace, params, metrics }: MeasuredRun): Witness | undefined {
  const { preemptions } = metrics;
  const { guests, rounds, quantumTicks } = params;
  const slices = Math.floor((processRound * rounds) / quantumTicks);
  const least = guests * (slices - 1);
  if (preemptions >= least) return undefined;
  return {
    event: trace.length - 1,
    expected: `at least ${least} ticks while ${guests === 1 ? 'the process runs' : 'the processes run'}: the work takes ${processRound * rounds} instructions, and a slice ${quantumTicks}`,
    actual: `${preemptions}`,
    because: 'Without ticks a process keeps the processor for as long as it likes.',
  };
}

function busy({ trace, params }: VmmRun): Witness | undefined {
  const waits = (row: number, guest: number): boolean =>
    trace.field(row, 0) === guest &&
    ((trace.kind(row) === 'hypercall' && calledAt(trace, row) === 'WAIT') ||
      (trace.kind(row) === 'exit' && exitState(trace.textsOf(row)['state']!).word === wfi));
  for (let guest = 1; guest <= params.guests; guest++) {
    let isLast = false;
    let slept = false;
    for (let row = 0; row < trace.length; row++) {
      if (trace.kind(row) === 'checkpoint' && trace.field(row, 0) === guest) {
        const number = trace.field(row, 1);
        if (number === 4 && isLast && !slept) {
          return {
            event: row,
            expected: 'WAIT, or a wfi that traps, between the checkpoints 3 and 4',
            actual: `guest ${guest} has the processor all the time until two ticks have come`,
            because: 'A guest that looks again and again takes the time of others, who could run meanwhile.',
          };
        }
        isLast = number === 3;
      }
      slept ||= isLast && waits(row, guest);
    }
  }
  return undefined;
}

function oneByOne({ trace, params }: VmmRun, most: number): Witness | undefined {
  const exits = Array.from({ length: params.guests + 1 }, () => 0);
  for (let row = 0; row < trace.length; row++) {
    const isStore = trace.kind(row) === 'tableWrite';
    if (!isStore && (trace.kind(row) !== 'hypercall' || calledAt(trace, row) !== 'UPDATE_TABLES')) continue;
    const guest = trace.field(row, 0);
    exits[guest]!++;
    if (exits[guest]! <= most) continue;
    return {
      event: row,
      expected: `at most ${most === 1 ? 'one exit' : `${most} exits`} of guest ${guest} for its page table`,
      actual: isStore
        ? `a store to the table, one of many`
        : `another UPDATE_TABLES, with ${trace.field(row, 2)} in its list`,
      because: 'The way into the VMM and back is what costs. A list of all updates takes it once.',
    };
  }
  return undefined;
}

const calledAt = (trace: Trace<VmmEvents>, row: number): HypercallName =>
  trace.textsOf(row)['call'] as HypercallName;
const wfi = 0x1050_0073;
