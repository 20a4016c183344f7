import { type Hart, ramBase, tlbEntries } from './hart.ts';
import { deviceAt, translate, type Landing } from './translate.ts';
import { exception } from './trapCause.ts';

/** The code of the exception that the last slow access raised, or -1. Its address is beside it. */
export interface AccessFault {
  cause: number;
  address: number;
}

const contextMode = (hart: Hart) => hart.guestStage?.mode ?? hart.dataMode;

/**
 * A load that missed the TLB, is misaligned, or goes to a device. Returns the bytes as an unsigned number; sets `fault`
 * when it traps.
 * @param bytes 1, 2 or 4
 */
export function loadSlow(hart: Hart, address: number, bytes: number, fault: AccessFault): number {
  fault.cause = -1;
  if ((address & (bytes - 1)) !== 0) {
    if (hart.options.misaligned === 'trap') return trapped(fault, exception.loadMisaligned, address);
    let value = 0;
    for (let byte = 0; byte < bytes; byte++) {
      value |= loadSlow(hart, address + byte, 1, fault) << (8 * byte);
      if (fault.cause !== -1) return 0;
    }
    return value >>> 0;
  }
  const at = translate(hart, address, 'read', contextMode(hart));
  switch (at.kind) {
    case 'fault':
      return trapped(fault, at.cause, address);
    case 'device': {
      const device = deviceAt(hart, at.address)!;
      return device.read(at.address - device.base, bytes) >>> 0;
    }
    case 'ram':
      if (bytes === 4) return hart.ram32[at.offset >>> 2]! >>> 0;
      return bytes === 2 ? hart.ram16[at.offset >>> 1]! : hart.ram8[at.offset]!;
  }
}

/** A store that missed the TLB, is misaligned, is watched or goes to a device. Sets `fault` when it traps. */
export function storeSlow(
  hart: Hart,
  address: number,
  value: number,
  bytes: number,
  fault: AccessFault,
): void {
  fault.cause = -1;
  if ((address & (bytes - 1)) !== 0) {
    if (hart.options.misaligned === 'trap') {
      trapped(fault, exception.storeMisaligned, address);
      return;
    }
    storeMisaligned(hart, address, value, bytes, fault);
    return;
  }
  const at = translate(hart, address, 'write', contextMode(hart));
  switch (at.kind) {
    case 'fault':
      trapped(fault, at.cause, address);
      return;
    case 'device': {
      const device = deviceAt(hart, at.address)!;
      device.write(at.address - device.base, value, bytes);
      return;
    }
    case 'ram':
      if (bytes === 4) hart.ram32[at.offset >>> 2] = value;
      else if (bytes === 2) hart.ram16[at.offset >>> 1] = value;
      else hart.ram8[at.offset] = value;
      if (hart.watchedPages.has(at.offset >>> 12)) hart.onWatchedStore?.(at.offset, bytes);
  }
}

/** Both ends are translated before a byte is written, so that a store that traps has no effect. */
function storeMisaligned(
  hart: Hart,
  address: number,
  value: number,
  bytes: number,
  fault: AccessFault,
): void {
  for (const end of [address, address + bytes - 1]) {
    const at: Landing = translate(hart, end, 'write', contextMode(hart));
    if (at.kind === 'fault') {
      trapped(fault, at.cause, end);
      return;
    }
  }
  for (let byte = 0; byte < bytes; byte++) storeSlow(hart, address + byte, value >>> (8 * byte), 1, fault);
}

/**
 * Where an atomic access lands in RAM, as an offset, or -1 with `fault` set: atomics to devices and misaligned ones trap.
 */
export function atomicOffset(
  hart: Hart,
  address: number,
  access: 'read' | 'write',
  fault: AccessFault,
): number {
  fault.cause = -1;
  const isLoad = access === 'read';
  if ((address & 3) !== 0) {
    trapped(fault, isLoad ? exception.loadMisaligned : exception.storeMisaligned, address);
    return -1;
  }
  const asMode = contextMode(hart);
  const slot = asMode * tlbEntries + ((address >>> 12) & hart.tlbMask);
  if ((isLoad ? hart.readTag : hart.writeTag)[slot] === address >>> 12) {
    return (isLoad ? hart.readAt : hart.writeAt)[slot]! | (address & 0xfff);
  }
  const at = translate(hart, address, access, asMode);
  if (at.kind === 'ram') return at.offset;
  const cause = at.kind === 'fault' ? at.cause : isLoad ? exception.loadAccess : exception.storeAccess;
  trapped(fault, cause, address);
  return -1;
}

function trapped(fault: AccessFault, cause: number, address: number): number {
  fault.cause = cause;
  fault.address = address >>> 0;
  return 0;
}

/** Reads physical memory as a device or debugger does. @returns undefined outside RAM */
export function peekWord(hart: Hart, physical: number): number | undefined {
  const offset = physical - ramBase;
  return offset >= 0 && offset + 4 <= hart.ram.byteLength && (offset & 3) === 0
    ? hart.ram32[offset >>> 2]! >>> 0
    : undefined;
}
