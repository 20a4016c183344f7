import { supervisorMachine } from '../../src/engine/cpu/guests/bareMetal.ts';
import { guestDevices } from '../../src/engine/cpu/guests/guestDevices.ts';
import { mode } from '../../src/engine/cpu/machine/hart.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import {
  leakyGuest,
  leakyGuestBytes,
  type LeakyGuestOptions,
} from '../../src/engine/cpu/guests/leakyGuest.ts';

/** What a guest's kernel does on bare metal, counted instruction by instruction in supervisor mode. */
export interface KernelOnBareMetal {
  readonly instructions: number;
  /** Of these: those on CSRs, SRET, WFI and SFENCE.VMA. */
  readonly privileged: number;
  /** Of these: stores to devices. */
  readonly deviceAccesses: number;
}

export function kernelOnBareMetal(options: LeakyGuestOptions): KernelOnBareMetal {
  const program = leakyGuest(options);
  const hart = supervisorMachine(leakyGuestBytes);
  hart.ram8.set(program.bytes);
  hart.pc = program.base;
  const ends: number[] = [];
  const seen = { instructions: 0, privileged: 0, deviceAccesses: 0 };
  const stored = (): void => void seen.deviceAccesses++;
  hart.devices.push(
    ...guestDevices({
      send: stored,
      checkpoint: stored,
      halt: (code) => {
        stored();
        ends.push(code);
      },
    }),
  );
  hart.onInstruction = (_pc, word) => {
    if (hart.mode !== mode.supervisor) return;
    seen.instructions++;
    if ((word & 0x7f) === 0x73 && word !== 0x73) seen.privileged++;
  };
  while (ends.length === 0) run(hart, 1);
  return seen;
}
