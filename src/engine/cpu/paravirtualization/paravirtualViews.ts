import type { Trace } from '../../kernel/trace.ts';
import type { BarsModel, StateGroup } from '../../kernel/view.ts';
import { mode } from '../machine/hart.ts';
import { hypercalls } from '../guests/hypercalls.ts';
import { exitKind, exitState, type VmmEvents } from '../vmm/vmmEvents.ts';

/** Why guests leave the processor, where some know of their VMM. */
export const paravirtualExitKinds = [
  { label: 'hypercall', letter: 'h', tone: 'busy' },
  { label: 'privileged instruction', letter: 'p', tone: 'focus' },
  { label: 'page table', letter: 'g', tone: 'overhead' },
  { label: 'device', letter: 'd', tone: 'io' },
  { label: 'system call', letter: 's', tone: 'waiting' },
  { label: 'timer', letter: 't', tone: 'idle' },
  { label: 'other', letter: 'o', tone: 'failed' },
] as const;

const [hypercall, privileged, table, device, system, timer, other] = [0, 1, 2, 3, 4, 5, 6] as const;
/** From {@link exitKind} to the kinds here. */
const kindOf = [privileged, system, other, device, timer, other] as const;

/** Exits by kind, as {@link paravirtualExitKinds} orders them. */
export function exitsByKind(trace: Trace<VmmEvents>): readonly number[] {
  const counts = paravirtualExitKinds.map(() => 0);
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind === 'tableWrite') counts[table]!++;
    if (kind !== 'exit') continue;
    const at = kindOf[exitKind(trace.field(row, 1))]!;
    const isKernel = exitState(trace.textsOf(row)['state']!).mode === mode.supervisor;
    counts[at === system && isKernel ? hypercall : at]!++;
  }
  return counts;
}

/** Exits by kind under each technique, from the `exitCount` events at the end of a run. */
export function exitCountBars(trace: Trace<VmmEvents>): BarsModel {
  const rows = new Map<string, number[]>();
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'exitCount') continue;
    const { technique, kind } = trace.textsOf(row);
    const values = rows.get(technique!) ?? paravirtualExitKinds.map(() => 0);
    values[paravirtualExitKinds.findIndex(({ label }) => label === kind)] = trace.field(row, 2);
    rows.set(technique!, values);
  }
  return {
    kind: 'bars',
    title: 'Exits by kind',
    axis: { label: 'exits', unit: '' },
    parts: paravirtualExitKinds,
    rows: [...rows].map(([label, values]) => ({ label, values })),
  };
}

/** What a kernel can call its VMM for. */
export const hypercallGroup = (): StateGroup => ({
  title: 'Hypercalls: the number in a7',
  columns: ['call', 'a7', 'arguments', 'what the VMM does'],
  rows: hypercalls.map(({ name, number, arguments: given, doc }) => [name, String(number), given, doc]),
  whenEmpty: '',
});
