import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import { hex } from '../guests/guestState.ts';
import { actionOf, type PagingEvents } from './pagingEvents.ts';

interface PagingRun {
  readonly trace: Trace<PagingEvents>;
  readonly params: { readonly guests: number };
}

/** What a pager owes: the guest's virtual memory as on bare metal, and no memory but the guest's own. */
export const pagingChecks = {
  equivalent: {
    title: 'A guest finds its memory as on bare metal',
    doc:
      'Equivalence: at every checkpoint the guest’s registers, CSRs, memory (its page tables with their accessed and dirty bits ' +
      'too) and console are those of the same guest on bare metal, and it ends as there.',
    args: {},
    violated: (run: PagingRun) => notEquivalent(run.trace, run.params.guests),
  },
  isolated: {
    title: 'No shadow entry leads out of the guest’s memory',
    doc: 'Isolation: every shadow entry of a guest leads to a page of its own memory, whatever stands in its page tables.',
    args: {},
    violated: (run: PagingRun) => leadsOut(run.trace),
  },
};

const lastCheckpoint = 6;

function notEquivalent(trace: Trace<PagingEvents>, guests: number): Witness | undefined {
  const reached = new Map<number, number>();
  for (let row = 0; row < trace.length; row++) {
    const guest = trace.field(row, 0);
    if (trace.kind(row) === 'checkpoint') {
      const number = trace.field(row, 1);
      const { expected, actual } = trace.textsOf(row);
      reached.set(guest, number);
      if (expected === '') continue;
      return {
        event: lastAnswer(trace, row, guest),
        expected: expected!,
        actual: `${actual} in guest ${guest} at checkpoint ${number}`,
        because: `${sayLast(trace, row, guest)}A guest has to find its memory as it would without a VMM.`,
      };
    }
    if (trace.kind(row) === 'halt' && trace.field(row, 1) !== 0) {
      return {
        event: lastAnswer(trace, row, guest),
        expected: `guest ${guest} ends with code 0, as on bare metal`,
        actual: `it gave up with code ${trace.field(row, 1)}`,
        because: `${sayLast(trace, row, guest)}The guest’s kernel met a trap that it did not expect.`,
      };
    }
  }
  for (let guest = 1; guest <= guests; guest++) {
    const last = reached.get(guest) ?? 0;
    if (last === lastCheckpoint) continue;
    return {
      event: Math.max(0, trace.length - 1),
      expected: `guest ${guest} reaches checkpoint ${lastCheckpoint}, as on bare metal`,
      actual: last === 0 ? 'it reached none' : `the last one was ${last}`,
      because: 'A guest has to do in a virtual machine what it does on a real one.',
    };
  }
  return undefined;
}

/** The last thing that the pager did for a guest's memory before a row: where to begin to look. */
function lastAnswer(trace: Trace<PagingEvents>, before: number, guest: number): number {
  for (let row = before - 1; row >= 0; row--) {
    if (trace.field(row, 0) !== guest) continue;
    const kind = trace.kind(row);
    if (kind === 'space' || (kind === 'answer' && actionOf(trace.field(row, 1)) !== 'outside')) return row;
  }
  return before;
}

function sayLast(trace: Trace<PagingEvents>, before: number, guest: number): string {
  const row = lastAnswer(trace, before, guest);
  return row === before ? '' : `The last thing before it: ${trace.say(row)}. `;
}

/** The decision that an entry was made in: it is recorded once it is over. */
function decisionAfter(trace: Trace<PagingEvents>, map: number): number {
  let row = map;
  while (row < trace.length - 1 && trace.kind(row) !== 'answer' && trace.kind(row) !== 'space') row++;
  return row;
}

function leadsOut(trace: Trace<PagingEvents>): Witness | undefined {
  const memory = new Map<number, readonly [from: number, to: number]>();
  for (let row = 0; row < trace.length; row++) {
    const [guest, b, frame] = [trace.field(row, 0), trace.field(row, 1), trace.field(row, 2)];
    if (trace.kind(row) === 'memory') memory.set(guest, [b, b + frame]);
    if (trace.kind(row) !== 'map') continue;
    const [from, to] = memory.get(guest) ?? [0, 0];
    if (frame >= from && frame < to) continue;
    const other = [...memory].find(([, [low, high]]) => frame >= low && frame < high);
    return {
      event: decisionAfter(trace, row),
      expected: `a frame of guest ${guest}: from ${hex(from)} to ${hex(to)}`,
      actual: `${hex(frame)}, which belongs to ${other === undefined ? 'the host' : `guest ${other[0]}`}`,
      because:
        'The guest’s kernel writes into its page tables what it likes. A frame is the guest’s only if its guest-physical address is within the guest’s memory.',
    };
  }
  return undefined;
}
