import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import { vmmChecks, type VmmRun } from '../vmm/vmmChecks.ts';
import type { VmmEvents } from '../vmm/vmmEvents.ts';

/** What a hypervisor with help from hardware owes: as without, and no waiting while somebody could run. */
export const hardwareAssistChecks = {
  equivalent: vmmChecks.equivalent,
  apart: vmmChecks.apart,
  keepsControl: {
    title: 'The hypervisor keeps control of the processor',
    doc:
      'Resource control: the hypervisor has the processor back within `timerBound` instructions, and the processor never ' +
      'waits in the `wfi` of one guest while another one could run.',
    args: {},
    violated: ({ trace, params }: VmmRun) => lostControl(trace, params.timerBound),
  },
};

function lostControl(trace: Trace<VmmEvents>, timerBound: number): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind === 'resume' && trace.field(row, 3) > timerBound) {
      return {
        event: row,
        expected: `at most ${timerBound} instructions until the hypervisor has the processor again`,
        actual: `${trace.field(row, 3)} instructions for guest ${trace.field(row, 0)}`,
        because:
          'A guest that masks its interrupts and loops would keep the processor for all that time. Its mask does not concern the host’s timer, but somebody has to set that.',
      };
    }
    if (kind === 'wait') {
      return {
        event: row,
        expected: 'the processor works while a guest is ready',
        actual: trace.say(row),
        because:
          'In guest mode `wfi` waits with the real processor, unless it is made to exit. Who waits for his timer needs no processor.',
      };
    }
  }
  return undefined;
}
