import { supervisorMachine } from '../../src/engine/cpu/guests/bareMetal.ts';
import { guestDevices } from '../../src/engine/cpu/guests/guestDevices.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import {
  leakyGuest,
  leakyGuestBytes,
  type LeakyGuestOptions,
} from '../../src/engine/cpu/guests/leakyGuest.ts';

/** Privileged instructions that run on bare metal: those on CSRs, SRET, WFI and SFENCE.VMA. */
export function privilegedOnBareMetal(options: LeakyGuestOptions): number {
  const program = leakyGuest(options);
  const hart = supervisorMachine(leakyGuestBytes);
  hart.ram8.set(program.bytes);
  hart.pc = program.base;
  const ends: number[] = [];
  const ignore = (): void => undefined;
  hart.devices.push(
    ...guestDevices({ send: ignore, checkpoint: ignore, halt: (code) => void ends.push(code) }),
  );
  let sensitive = 0;
  hart.onInstruction = (_pc, word) => {
    if ((word & 0x7f) === 0x73 && word !== 0x73) sensitive++;
  };
  while (ends.length === 0) run(hart, 1);
  return sensitive;
}
