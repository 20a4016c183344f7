import type { Witness } from '../../kernel/scenario.ts';
import { StepBudgetExceeded } from '../../kernel/simulation.ts';
import type { Assembled } from '../assembler/assembler.ts';
import type { BareRun } from '../guests/bareMetal.ts';
import { nativeCycles } from '../machine/costModel.ts';
import { emulateDeviceAccess } from '../guests/guestAccess.ts';
import { GuestContext } from '../guests/guestContext.ts';
import { guestDevices } from '../guests/guestDevices.ts';
import { difference, hex, place } from '../guests/guestState.ts';
import { Hart, ramBase, type Device } from '../machine/hart.ts';
import { HostPages } from './hostPages.ts';
import { run } from '../machine/interpreter.ts';
import { enterSupervisor } from '../machine/trap.ts';
import { causeName, exception } from '../machine/trapCause.ts';

export interface PagedOptions {
  readonly guests: readonly { readonly program: Assembled; readonly bare: BareRun }[];
  readonly guestBytes: number;
  readonly tlbEntries: number;
  readonly stepBudget: number;
  readonly refuse: (witness: Witness) => never;
}

/** What a virtual machine's run took. */
export interface PagedResult {
  /** Exits by cause, as in `scause`; -1 is the hypervisor's timer. */
  readonly exits: ReadonlyMap<number, number>;
  readonly instructions: number;
  /** Cycles of traps that the guests' kernels took without an exit. */
  readonly trapCycles: number;
  readonly walks: number;
  readonly walkReads: number;
}

/** A guest, its context and its part of the host's memory. */
export interface PagedGuest {
  readonly id: number;
  readonly program: Assembled;
  readonly context: GuestContext;
  /** Offset in the host's memory. */
  readonly base: number;
  readonly size: number;
  readonly devices: readonly Device[];
  halted: boolean;
}

/** How memory is virtualized: what differs between shadow and nested paging. */
export interface MemoryVirtualization {
  /** Makes tables, before any guest runs. */
  prepare(hart: Hart, pages: HostPages, guests: readonly PagedGuest[]): void;
  /** Sets delegation, exit controls and tables for a guest. Returns the bits of `mstatus` that are exit controls. */
  controls(guest: PagedGuest): number;
  enter(guest: PagedGuest): void;
  /** Saves what of the guest's state is this one's. */
  leave(guest: PagedGuest): void;
  /** Handles an exit. False when it is none of its own. */
  onExit(guest: PagedGuest, cause: number, value: number): boolean;
}

/** What is recorded of a run. */
export interface PagedListener {
  exit(guest: number, cause: number, pc: number, value: number): void;
  checkpoint(guest: number, number: number, expected: string, actual: string): void;
  halt(guest: number, code: number): void;
}

/** Instructions after which another guest has its turn. */
const turn = 5000;
/** The hypervisor's own memory: its page tables before the guests, and some more behind them. */
const hostPageBytes = 0x40_0000;
const behindBytes = 0x1_0000;
/** Exits in a row at one place without an instruction in between, after which nothing new will happen. */
const mostIdleExits = 64;
const mostTimes = 4;

/** Runs guests in the processor's guest mode, one after the other in turns, until all have switched themselves off. */
export function runPagedGuests(
  options: PagedOptions,
  memory: MemoryVirtualization,
  listener: PagedListener,
): PagedResult {
  const { guestBytes, tlbEntries, stepBudget, refuse } = options;
  const hart = new Hart({
    ramBytes: hostPageBytes + options.guests.length * guestBytes + behindBytes,
    misaligned: 'hardware',
    tlbEntries,
  });
  hart.exitOnTrap = true;
  hart.mcounteren = 7;
  hart.pmp.writeAddress(0, -1);
  hart.pmp.writeConfig(0, 0x1f);
  const guests = options.guests.map(({ program, bare }, index): PagedGuest => {
    const base = hostPageBytes + index * guestBytes;
    hart.ram8.set(program.bytes, base);
    const guest: PagedGuest = {
      id: index + 1,
      program,
      context: new GuestContext(program),
      base,
      size: guestBytes,
      devices: guestDevices({
        send: (byte) => (console += String.fromCharCode(byte)),
        checkpoint: (number) => {
          const expected = bare.states.get(number);
          memory.leave(guest);
          guest.context.save(hart);
          const seen = guest.context.state(hart.ram8.subarray(base, base + guestBytes), program, console);
          const differs =
            expected === undefined
              ? { expected: 'no checkpoint of this number, as on bare metal', actual: 'it came here' }
              : difference(seen, expected, program);
          listener.checkpoint(guest.id, number, differs?.expected ?? '', differs?.actual ?? '');
        },
        halt: (code) => {
          guest.halted = true;
          listener.halt(guest.id, code);
        },
      }),
      halted: false,
    };
    let console = '';
    return guest;
  });
  memory.prepare(hart, new HostPages(hart, 0, hostPageBytes), guests);

  const exits = new Map<number, number>();
  let trapCycles = 0;
  hart.onTrap = (cause) => {
    trapCycles += nativeCycles(cause);
  };
  let guest = guests[0]!;
  const enter = (): void => {
    guest.context.load(hart, memory.controls(guest));
    memory.enter(guest);
    hart.flushTlb();
  };
  enter();
  let idle = { count: 0, pc: -1, retired: -1 };
  const retired = (): number => hart.cycle - hart.trapped;
  for (;;) {
    if (hart.cycle > stepBudget) throw new StepBudgetExceeded(stepBudget, hart.cycle);
    const stop = run(hart, guests.length === 1 ? stepBudget : turn);
    let leaves = stop === 'limit';
    if (stop === 'trap') {
      const { exitCause: cause, exitValue: value, pc } = hart;
      trapCycles -= nativeCycles(cause);
      exits.set(cause, (exits.get(cause) ?? 0) + 1);
      listener.exit(guest.id, cause, pc, value);
      idle = {
        count: idle.pc === pc && idle.retired === retired() ? idle.count + 1 : 0,
        pc,
        retired: retired(),
      };
      if (idle.count >= mostIdleExits) refuseIdle(refuse, guest, cause, value, pc);
      if (!memory.onExit(guest, cause, value)) injectSynchronous(hart, cause, value);
      leaves = guest.halted;
      const { bare } = options.guests[guest.id - 1]!;
      if (hart.cycle > guests.length * (mostTimes * bare.instructions + 1000))
        refuseEndless(refuse, guest, hart.pc);
    } else if (stop === 'limit' && guests.length > 1) exits.set(-1, (exits.get(-1) ?? 0) + 1);
    else refuseEndless(refuse, guest, hart.pc);
    if (!leaves) continue;
    memory.leave(guest);
    guest.context.save(hart);
    const next = nextOf(guests, guest);
    if (next === undefined) break;
    if (next !== guest) {
      guest = next;
      enter();
    }
  }
  return { exits, instructions: retired(), trapCycles, walks: hart.walks, walkReads: hart.walkReads };
}

function nextOf(guests: readonly PagedGuest[], guest: PagedGuest): PagedGuest | undefined {
  for (let step = 1; step <= guests.length; step++) {
    const next = guests[(guest.id - 1 + step) % guests.length]!;
    if (!next.halted) return next;
  }
  return undefined;
}

/** Gives the guest's kernel an exception as its own processor would have. A virtual instruction is an illegal one to it. */
export function injectSynchronous(hart: Hart, cause: number, value: number): void {
  const own = cause === exception.virtualInstruction ? exception.illegalInstruction : cause;
  enterSupervisor(hart, own, value);
}

/** Handles an access that leads out of the guest's memory: to a device, or to nothing. @param cause of its fault on bare metal */
export function accessOutside(
  hart: Hart,
  guest: PagedGuest,
  physical: number,
  cause: number,
  value: number,
): void {
  if (!emulateDeviceAccess(hart, guest.devices, physical)) injectSynchronous(hart, cause, value);
}

function refuseIdle(
  refuse: PagedOptions['refuse'],
  guest: PagedGuest,
  cause: number,
  value: number,
  pc: number,
): never {
  return refuse({
    event: -1,
    expected: `guest ${guest.id} gets past the instruction at ${hex(pc)} (${place(guest.program, pc)})`,
    actual: `${mostIdleExits} exits in a row there: ${causeName(cause)} at ${hex(value)}`,
    because:
      'The answer was that the instruction can run again, but the shadow page table still does not allow what it does.',
  });
}

function refuseEndless(refuse: PagedOptions['refuse'], guest: PagedGuest, pc: number): never {
  return refuse({
    event: -1,
    expected: `guest ${guest.id} switches itself off, as on bare metal`,
    actual: `after ${mostTimes} times as many instructions it is at ${hex(pc)} (${place(guest.program, pc)}), and goes on`,
    because: 'It runs in circles: what it finds in memory is not what it wrote there.',
  });
}

/** Where the guest's memory begins in the host's, as a host-physical address. */
export const hostAddress = (guest: PagedGuest): number => ramBase + guest.base;
