import type { Trace } from '../../kernel/trace.ts';
import type { BarsModel, StateModel } from '../../kernel/view.ts';
import { hex } from '../guests/guestState.ts';
import type { GuestContext } from '../guests/guestContext.ts';
import { mode } from '../machine/hart.ts';
import { causeName } from '../machine/trapCause.ts';
import { exitKinds, exitState, exitStateText, type VmmEvents } from '../vmm/vmmEvents.ts';
import { exitBars, registerTable, startValue } from '../vmm/vmmViews.ts';

/** CSRs of the guest's own copy that an exit records. */
const ownCsrs = [
  'sstatus',
  'sie',
  'stvec',
  'sscratch',
  'sepc',
  'scause',
  'stval',
  'satp',
  'stimecmp',
] as const;
/** CSRs of the hypervisor that say what exits. */
const controlCsrs = ['hedeleg', 'hideleg', 'hstatus', 'henvcfgh', 'hcounteren'] as const;

/** The state that an exit left, as its text: what a VMM without help records, and the guest's own CSRs behind it. */
export const guestModeStateText = (word: number, value: number, context: GuestContext): string =>
  [
    exitStateText(word, value, context.mode, context.registers),
    ...ownCsrs.map((csr) => ((context.readCsr(csr) ?? 0) >>> 0).toString(16)),
  ].join(' ');

/** The guest's own copy of the privileged state beside the hypervisor's controls, as of the last exit. */
export function guestModeState(trace: Trace<VmmEvents>, event: number): StateModel {
  let exit = -1;
  for (let row = 0; row <= event; row++) if (trace.kind(row) === 'exit') exit = row;
  const guest = exit < 0 ? 1 : trace.field(exit, 0);
  const written = new Map<string, number>();
  for (let row = 0; row <= event; row++) {
    if (trace.kind(row) !== 'writeCsr' || trace.field(row, 0) !== guest) continue;
    const csr = trace.textsOf(row)['csr']!;
    if (row > exit || csr.startsWith('h')) written.set(csr, trace.field(row, 2));
  }
  const state = exit < 0 ? undefined : exitState(trace.textsOf(exit)['state']!);
  const registers = state?.registers ?? [];
  const own = (csr: (typeof ownCsrs)[number], index: number): number =>
    written.get(csr) ?? registers[32 + index] ?? startValue(csr);
  return {
    kind: 'state',
    groups: [
      {
        title: `Guest ${guest}: its own copy, in the processor`,
        columns: ['CSR', 'the guest reads', 'value'],
        rows: [
          ['mode', '', state?.mode === mode.user ? 'VU: a process' : 'VS: the kernel'],
          ['pc', '', exit < 0 ? '' : hex(trace.field(exit, 2))],
          ['exit', '', exit < 0 ? '' : causeName(trace.field(exit, 1))],
          ...ownCsrs.map((csr, index) => [`v${csr}`, csr, hex(own(csr, index))]),
        ],
        whenEmpty: '',
      },
      {
        title: 'The hypervisor’s controls',
        columns: ['CSR', 'value', 'meaning'],
        rows: controlCsrs.map((csr) => [csr, hex(written.get(csr) ?? 0), meanings[csr]]),
        whenEmpty: '',
      },
      registerTable(guest, registers),
    ],
  };
}

const meanings = {
  hedeleg: 'exceptions that the guest handles itself',
  hideleg: 'interrupts that the guest handles itself',
  hstatus: 'bit 20: satp and sfence.vma exit; bit 21: wfi exits',
  henvcfgh: 'bit 31: the guest sets its own timer',
  hcounteren: 'bit 1: the guest reads the time itself',
} as const;

/** Exits of each guest by cause, and those of the same guests by trap and emulate. */
export function assistedBars(
  trace: Trace<VmmEvents>,
  guests: number,
  trapAndEmulateExits: number,
): BarsModel {
  const bars = exitBars(trace, guests);
  const software = exitKinds.map(() => 0);
  return {
    ...bars,
    title: 'Exits by cause, and without help from hardware',
    parts: [...bars.parts, { label: 'all, by trap and emulate', letter: 'x', tone: 'failed' }],
    rows: [
      ...bars.rows.map(({ label, values }) => ({ label, values: [...values, 0] })),
      { label: 'trap and emulate', values: [...software, trapAndEmulateExits] },
    ],
  };
}
