import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import { hex } from '../guests/guestState.ts';
import { vmmChecks } from '../vmm/vmmChecks.ts';
import type { VmmEvents } from '../vmm/vmmEvents.ts';

interface LeakyRun {
  readonly trace: Trace<VmmEvents>;
}

/** What a way to run a guest on the leaky processor has to hold. */
export const leakyChecks = {
  equivalent: {
    title: vmmChecks.equivalent.title,
    doc: vmmChecks.equivalent.doc,
    args: {},
    violated: ({ trace }: LeakyRun) => firstDifference(trace),
  },
  translatedOnly: {
    title: 'Only translated code of the kernel runs',
    doc: 'Resource control: no instruction of the guest’s kernel runs that was not translated.',
    args: {},
    violated: ({ trace }: LeakyRun) => untranslated(trace),
  },
};

/** Where a guest first found its machine other than on bare metal. */
export const firstDifference = (trace: Trace<VmmEvents>): Witness | undefined =>
  vmmChecks.equivalent.violated({
    trace,
    params: { guests: 1, timerBound: 0 },
  });

/** The same, of a guest that did not come to its end: what went wrong before that. */
export function differenceAtCheckpoint(trace: Trace<VmmEvents>): Witness | undefined {
  const witness = firstDifference(trace);
  return witness !== undefined && ['checkpoint', 'halt'].includes(trace.kind(witness.event))
    ? witness
    : undefined;
}

function untranslated(trace: Trace<VmmEvents>): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'escape') continue;
    const [from, to] = [trace.field(row, 1), trace.field(row, 2)];
    return {
      event: row,
      expected: `after ${hex(from)} the translation of the code at ${hex(to)} runs`,
      actual: 'the code at that address runs as it is',
      because:
        'The jump was copied, so it led the processor to the guest’s own code. Every sensitive instruction there would run in silence, until something happens to trap.',
    };
  }
  return undefined;
}
