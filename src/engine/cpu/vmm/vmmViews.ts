import type { Trace } from '../../kernel/trace.ts';
import type { BarsModel, ListingModel, StateGroup, StateModel } from '../../kernel/view.ts';
import { disassemble } from '../machine/decode.ts';
import { userCodeBase } from '../guests/guestKernel.ts';
import { hex } from '../guests/guestState.ts';
import { registerNames } from '../machine/instructionSet.ts';
import type { Assembled } from '../assembler/assembler.ts';
import { causeName, interruptBit } from '../machine/trapCause.ts';
import { destination } from './instructionSteps.ts';
import { exitKind, exitKinds, exitState, type VmmEvents } from './vmmEvents.ts';

/** Exits of each guest by cause. */
export function exitBars(trace: Trace<VmmEvents>, guests: number): BarsModel {
  const rows = Array.from({ length: guests }, (_, index) => ({
    label: `guest ${index + 1}`,
    values: exitKinds.map(() => 0),
  }));
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'exit') continue;
    const values = rows[trace.field(row, 0) - 1]?.values;
    if (values !== undefined) values[exitKind(trace.field(row, 1))]!++;
  }
  const tones = ['focus', 'busy', 'waiting', 'io', 'overhead', 'idle'] as const;
  return {
    kind: 'bars',
    title: 'Exits by cause',
    axis: { label: 'exits', unit: '' },
    parts: exitKinds.map(({ label, letter }, index) => ({ label, letter, tone: tones[index]! })),
    rows,
  };
}

/** The guest's source with the instruction that trapped, or that goes on. */
export function guestListing(
  trace: Trace<VmmEvents>,
  event: number,
  source: string,
  program: Assembled,
): ListingModel {
  let row = event;
  while (row > 0 && pcField(trace, row) === undefined) row--;
  const field = pcField(trace, row);
  const line = field === undefined ? undefined : lineOf(program, trace.field(row, field));
  return {
    kind: 'listing',
    title: `Guest ${field === undefined ? 1 : trace.field(row, 0)}`,
    lines: source.split('\n').map((text, index) => ({ label: String(index + 1), text })),
    ...(line === undefined ? {} : { current: line - 1 }),
    ...(field === undefined ? {} : { happening: happening(trace, row) }),
  };
}

/** Where an event says at which instruction a guest is; undefined for events that do not. */
function pcField(trace: Trace<VmmEvents>, row: number): number | undefined {
  if (isLeaving(trace, row)) return 2;
  return trace.kind(row) === 'resume' || trace.kind(row) === 'execute' ? 1 : undefined;
}

/** Whether the VMM has the processor: after a trap, or since translated code called it. */
const isLeaving = (trace: Trace<VmmEvents>, row: number): boolean =>
  trace.kind(row) === 'exit' || trace.kind(row) === 'callout';

function happening(trace: Trace<VmmEvents>, row: number): string {
  if (trace.kind(row) === 'resume') return 'goes on here';
  if (trace.kind(row) === 'execute') return 'runs directly';
  const cause = trace.field(row, 1);
  if (cause >= interruptBit) return 'the host’s timer';
  const { word } = exitState(trace.textsOf(row)['state']!);
  if (trace.kind(row) === 'callout')
    return `translated code calls the VMM for ${disassemble(word, trace.field(row, 2))}`;
  return word === 0
    ? causeName(cause)
    : `${disassemble(word, trace.field(row, 2))} traps: ${causeName(cause)}`;
}

/** The source's line at an address; a process sees its code elsewhere than the kernel. */
function lineOf(program: Assembled, pc: number): number | undefined {
  const inUser = pc - userCodeBase;
  const address = inUser >= 0 && inUser < 4096 ? program.symbols.get('user_code')! + inUser : pc;
  return program.lines.get(address);
}

const shownCsrs = ['sstatus', 'sie', 'stvec', 'sscratch', 'sepc', 'scause', 'stval', 'satp', 'stimecmp'];

/** What a guest finds in a CSR of its own before it has run: a timer that is set for never, and else 0. */
export const startValue = (csr: string): number => (csr === 'stimecmp' ? -1 : 0);

/** Real and virtual CPU side by side, and the registers as of the last exit. */
export function machineState(trace: Trace<VmmEvents>, event: number): StateModel {
  const csrs = new Map<string, number>();
  let guest = 1;
  let exit = -1;
  let resume = -1;
  let executed = -1;
  for (let row = 0; row <= event; row++) {
    if (isLeaving(trace, row)) exit = row;
    if (trace.kind(row) === 'resume') resume = row;
    if (trace.kind(row) === 'execute') executed = row;
  }
  const latest = Math.max(exit, resume);
  if (latest >= 0) guest = trace.field(latest, 0);
  for (let row = 0; row <= event; row++) {
    if (trace.kind(row) !== 'writeCsr' || trace.field(row, 0) !== guest) continue;
    csrs.set(trace.textsOf(row)['csr']!, trace.field(row, 2));
  }
  const left = exit >= 0 && exit > resume;
  const virtualMode = left
    ? exitState(trace.textsOf(exit)['state']!).mode
    : resume >= 0
      ? trace.field(resume, 2)
      : 1;
  // The next event says where the instruction led to; an exit or an instruction always follows.
  const at = executed > latest && executed + 1 < trace.length ? executed + 1 : latest;
  const pc = at < 0 ? 0 : trace.field(at, pcField(trace, at)!);
  const registers = registersOf(trace, guest, event);
  const cpu: StateGroup = {
    title: `Processor, guest ${guest}`,
    columns: ['', 'real', 'virtual'],
    rows: [
      [
        'mode',
        left ? 'machine: the VMM' : privilegedAt(trace, resume) ? 'supervisor' : 'user',
        virtualMode === 1 ? 'supervisor' : 'user',
      ],
      ['pc', left ? 'in the VMM' : hex(pc), hex(pc)],
      [
        'cause',
        left ? causeName(trace.field(exit, 1)) : '',
        csrs.has('scause') ? causeName(csrs.get('scause')! >>> 0) : '',
      ],
      ...shownCsrs.map((csr) => [
        csr,
        realCsr(csr, trace, exit, left),
        hex(csrs.get(csr) ?? startValue(csr)),
      ]),
    ],
    whenEmpty: '',
  };
  return { kind: 'state', groups: [cpu, registerTable(guest, registers)] };
}

/** A guest's registers after an event: as it left last, and what was written since. Empty before it has run. */
function registersOf(trace: Trace<VmmEvents>, guest: number, event: number): readonly number[] {
  let from = event;
  while (from >= 0 && !(isLeaving(trace, from) && trace.field(from, 0) === guest)) from--;
  const registers = from < 0 ? [] : [...exitState(trace.textsOf(from)['state']!).registers];
  for (let row = from + 1; row <= event; row++) {
    if (trace.field(row, 0) !== guest) continue;
    const kind = trace.kind(row);
    const register =
      kind === 'writeRegister'
        ? trace.field(row, 1)
        : kind === 'execute'
          ? destination(trace.field(row, 2))
          : 0;
    if (register !== 0) registers[register] = trace.field(row, kind === 'execute' ? 3 : 2) >>> 0;
  }
  return registers;
}

/** The real supervisor CSRs are not the guest's: a VMM that never lets a guest above user mode leaves them alone. */
function realCsr(csr: string, trace: Trace<VmmEvents>, exit: number, left: boolean): string {
  if (csr === 'sepc') return left ? `mepc ${hex(trace.field(exit, 2))}` : '';
  if (csr === 'stval') return left ? `mtval ${hex(exitState(trace.textsOf(exit)['state']!).value)}` : '';
  return csr === 'satp' ? 'set for the guest’s window' : '';
}

const privilegedAt = (trace: Trace<VmmEvents>, resume: number): boolean =>
  resume >= 0 && resume + 1 < trace.length && trace.kind(resume + 1) === 'privileged';

/** The 32 general registers in two columns. @param registers empty before the guest has run */
export const registerTable = (guest: number, registers: readonly number[]): StateGroup => ({
  title: `Registers of guest ${guest}`,
  columns: ['register', 'value', 'register', 'value'],
  rows:
    registers.length === 0
      ? []
      : Array.from({ length: 16 }, (_, index) => [
          registerNames[index]!,
          hex(registers[index] ?? 0),
          registerNames[index + 16]!,
          hex(registers[index + 16] ?? 0),
        ]),
  whenEmpty: 'Nothing has run yet.',
});
