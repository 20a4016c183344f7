import { accessBytes } from '../machine/accessBytes.ts';
import type { Decoded } from '../machine/decode.ts';
import { decode } from '../machine/decode.ts';
import type { Device, Hart } from '../machine/hart.ts';
import { guestWordAt } from '../machine/translate.ts';

/** The word at which a guest stopped. Looking at it is the hypervisor's work: it counts as no walk of the guest's. */
export function wordAt(hart: Hart): number | undefined {
  const { walks, walkReads, onWalkRead } = hart;
  hart.onWalkRead = undefined;
  const word = guestWordAt(hart, hart.pc);
  hart.onWalkRead = onWalkRead;
  hart.walks = walks;
  hart.walkReads = walkReads;
  return word;
}

/** The instruction at which a guest stopped. */
export function instructionAt(hart: Hart): Decoded | undefined {
  const word = wordAt(hart);
  return word === undefined ? undefined : decode(word);
}

/**
 * Emulates the load or store at which a guest stopped, on a virtual device, and goes on after it.
 * @param physical guest-physical address
 * @returns false when there is no device, or it is another instruction
 */
export function emulateDeviceAccess(hart: Hart, devices: readonly Device[], physical: number): boolean {
  const device = devices.find(({ base, size }) => physical >= base && physical < base + size);
  const instruction = instructionAt(hart);
  const bytes = instruction === undefined ? undefined : accessBytes(instruction.name);
  if (device === undefined || instruction === undefined || bytes === undefined) return false;
  const { name, rd, rs2 } = instruction;
  if (name.startsWith('s')) device.write(physical - device.base, hart.x[rs2]!, bytes);
  else if (rd !== 0) {
    const value = device.read(physical - device.base, bytes);
    hart.x[rd] = name === 'lb' ? (value << 24) >> 24 : name === 'lh' ? (value << 16) >> 16 : value;
  } else device.read(physical - device.base, bytes);
  hart.pc = (hart.pc + 4) >>> 0;
  return true;
}
