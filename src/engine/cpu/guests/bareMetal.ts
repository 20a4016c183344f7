import type { Assembled } from '../assembler/assembler.ts';
import { nativeCycles } from '../machine/costModel.ts';
import { guestDevices } from './guestDevices.ts';
import { comparableMemory, guestCsrs, type GuestCsr, type GuestState } from './guestState.ts';
import { Hart, mode } from '../machine/hart.ts';
import { readCsr } from '../machine/csr.ts';
import { csrNumber } from '../machine/csrNumbers.ts';
import { run } from '../machine/interpreter.ts';

/** A guest's run on a machine of its own. */
export interface BareRun {
  readonly states: ReadonlyMap<number, GuestState>;
  readonly console: string;
  readonly instructions: number;
  /** Ticks of its clock, sleep included. */
  readonly time: number;
  readonly cycles: number;
  /** Walks of page tables, and the entries that they read. */
  readonly walks: number;
  readonly walkReads: number;
  /** How it ended: the guest's own code, or why it did not end. */
  readonly end: number | 'limit' | 'stalled';
}

const everyException = 0xb3ff;
const supervisorInterrupts = 0x222;

/** A machine as firmware leaves it to a kernel: supervisor mode, everything delegated, its own timer (Sstc). */
export function supervisorMachine(ramBytes: number, tlbEntries?: number): Hart {
  const hart = new Hart({
    ramBytes,
    misaligned: 'hardware',
    ...(tlbEntries === undefined ? {} : { tlbEntries }),
  });
  hart.mode = mode.supervisor;
  hart.medeleg = everyException;
  hart.mideleg = supervisorInterrupts;
  hart.mcounteren = 7;
  hart.stce = true;
  hart.pmp.writeAddress(0, -1);
  hart.pmp.writeConfig(0, 0x1f);
  return hart;
}

/** Runs a guest on bare metal and keeps its state at each checkpoint. @param ramBytes its memory */
export function runBareMetal(
  program: Assembled,
  ramBytes: number,
  limit: number,
  tlbEntries?: number,
): BareRun {
  const hart = supervisorMachine(ramBytes, tlbEntries);
  hart.ram8.set(program.bytes);
  hart.pc = program.base;
  let console = '';
  let end: BareRun['end'] | undefined;
  let cycles = 0;
  const states = new Map<number, GuestState>();
  hart.onTrap = (cause) => {
    cycles += nativeCycles(cause);
  };
  hart.devices.push(
    ...guestDevices({
      send: (byte) => (console += String.fromCharCode(byte)),
      checkpoint: (number) => {
        states.set(number, {
          registers: hart.x.slice(),
          csrs: supervisorCsrs(hart),
          memory: comparableMemory(hart.ram8, program),
          console,
        });
      },
      halt: (code) => {
        end = code;
        hart.stopRequested = true;
      },
    }),
  );
  while (end === undefined) {
    const left = limit - hart.cycle;
    if (left <= 0) end = 'limit';
    else if (run(hart, left) === 'stalled') end = 'stalled';
  }
  return {
    states,
    console,
    instructions: hart.cycle,
    time: hart.time,
    cycles: hart.cycle + cycles,
    walks: hart.walks,
    walkReads: hart.walkReads,
    end,
  };
}

function supervisorCsrs(hart: Hart): Record<GuestCsr, number> {
  const asMachine = hart.mode;
  hart.mode = mode.machine;
  const csrs = Object.fromEntries(guestCsrs.map((name) => [name, readCsr(hart, csrNumber[name]) ?? 0]));
  hart.mode = asMachine;
  return csrs as Record<GuestCsr, number>;
}
