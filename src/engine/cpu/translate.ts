import { type Hart, mode, type Mode, ramBase, status, tlbEntries } from './hart.ts';
import { pmpRight } from './pmp.ts';
import { exception } from './trapCause.ts';

/** Bits of a page-table entry (section 4.3.1). */
export const pte = { v: 1, r: 2, w: 4, x: 8, u: 16, g: 32, a: 64, d: 128 } as const;
export const pageBytes = 4096;
/** `satp.MODE` of Sv32. */
export const satpSv32 = 0x8000_0000;

export type Access = 'read' | 'write' | 'fetch';

const pageFault = {
  read: exception.loadPageFault,
  write: exception.storePageFault,
  fetch: exception.fetchPageFault,
} as const;
const accessFault = {
  read: exception.loadAccess,
  write: exception.storeAccess,
  fetch: exception.fetchAccess,
} as const;
const neededPte = { read: pte.r, write: pte.w, fetch: pte.x } as const;
const neededPmp = { read: pmpRight.read, write: pmpRight.write, fetch: pmpRight.execute } as const;

/** Where an access lands: in RAM (an offset), at a device (a physical address), or nowhere (an exception's code). */
export type Landing =
  | { readonly kind: 'ram'; readonly offset: number }
  | { readonly kind: 'device'; readonly address: number }
  | { readonly kind: 'fault'; readonly cause: number };

const fault = (cause: number): Landing => ({ kind: 'fault', cause });

/**
 * Translates a virtual address and fills the TLB where the page is RAM. The slow path of every access: loads, stores and
 * fetches look into the TLB first.
 */
export function translate(hart: Hart, address: number, access: Access, asMode: Mode): Landing {
  const stage = hart.guestStage;
  const context =
    stage === undefined
      ? { satp: hart.satp, mode: asMode, mstatus: hart.mstatus }
      : {
          satp: stage.satp,
          mode: stage.mode,
          mstatus: (stage.sum ? status.sum : 0) | (stage.mxr ? status.mxr : 0),
        };
  let physical = address >>> 0;
  let mayWrite = true;
  if (context.mode !== mode.machine && context.satp >>> 31 === 1) {
    const walked = walk(hart, address, access, context);
    if (typeof walked !== 'object') return fault(walked);
    physical = walked.physical;
    mayWrite = walked.dirty;
  }
  const offset = ramOffset(hart, physical);
  if (stage === undefined) {
    if (physical >= 2 ** 32) return fault(accessFault[access]);
    if (!hart.pmp.allows(Math.floor(physical / pageBytes), neededPmp[access], asMode === mode.machine)) {
      return fault(accessFault[access]);
    }
    if (offset === -1) {
      if (access === 'fetch' || deviceAt(hart, physical) === undefined) return fault(accessFault[access]);
      return { kind: 'device', address: physical };
    }
  } else if (offset === -1) return fault(accessFault[access]);
  const watched = access === 'write' && offset >>> 12 === hart.watchedPage;
  if (!watched) fill(hart, address, access, asMode, offset & ~0xfff, mayWrite);
  return { kind: 'ram', offset };
}

/** Offset in RAM of a physical (with a guest stage: guest-physical) address, or -1. */
export function ramOffset(hart: Hart, physical: number): number {
  const stage = hart.guestStage;
  const within = physical - (stage === undefined ? ramBase : stage.guestBase);
  const size = stage === undefined ? hart.ram.byteLength : stage.size;
  if (within < 0 || within >= size) return -1;
  const offset = within + (stage === undefined ? 0 : stage.ramOffset);
  return offset < hart.ram.byteLength ? offset : -1;
}

export const deviceAt = (hart: Hart, physical: number) =>
  hart.devices.find((device) => physical >= device.base && physical < device.base + device.size);

function fill(
  hart: Hart,
  address: number,
  access: Access,
  asMode: Mode,
  offset: number,
  dirty: boolean,
): void {
  const page = address >>> 12;
  const slot = asMode * tlbEntries + (page & (tlbEntries - 1));
  switch (access) {
    case 'read':
      hart.readTag[slot] = page;
      hart.readAt[slot] = offset;
      break;
    case 'write':
      if (!dirty) break;
      hart.writeTag[slot] = page;
      hart.writeAt[slot] = offset;
      break;
    case 'fetch':
      hart.fetchTag[slot] = page;
      hart.fetchAt[slot] = offset;
      break;
  }
}

interface WalkContext {
  readonly satp: number;
  readonly mode: Mode;
  readonly mstatus: number;
}

/**
 * Walks the two levels of Sv32 (section 4.3.2), and sets A and D as hardware may. Returns the physical address, which may
 * have 34 bits, or an exception's code.
 */
function walk(
  hart: Hart,
  address: number,
  access: Access,
  context: WalkContext,
): { readonly physical: number; readonly dirty: boolean } | number {
  hart.walks++;
  let table = (context.satp & 0x3f_ffff) * pageBytes;
  for (let level = 1; level >= 0; level--) {
    const index = (address >>> (12 + 10 * level)) & 0x3ff;
    const entryAt = ramOffset(hart, table + index * 4);
    const allowed =
      hart.guestStage !== undefined || hart.pmp.allows(Math.floor(table / pageBytes), pmpRight.read, false);
    if (entryAt === -1 || !allowed) return accessFault[access];
    hart.walkReads++;
    const entry = hart.ram32[entryAt >>> 2]!;
    if ((entry & pte.v) === 0 || (entry & (pte.r | pte.w)) === pte.w) return pageFault[access];
    const page = (entry >>> 10) & 0x3f_ffff;
    if ((entry & (pte.r | pte.x)) === 0) {
      // D, A and U are reserved in entries that point to a table.
      if ((entry & (pte.u | pte.a | pte.d)) !== 0) return pageFault[access];
      table = page * pageBytes;
      continue;
    }
    if (!permits(entry, access, context)) return pageFault[access];
    if (level === 1 && (page & 0x3ff) !== 0) return pageFault[access];
    const updated = entry | pte.a | (access === 'write' ? pte.d : 0);
    if (updated !== entry) {
      if (entryAt >>> 12 === hart.watchedPage || !mayUpdate(hart, table)) return accessFault[access];
      hart.ram32[entryAt >>> 2] = updated;
    }
    const within = address & (level === 1 ? 0x3f_ffff : 0xfff);
    return { physical: page * pageBytes + within, dirty: (updated & pte.d) !== 0 };
  }
  return pageFault[access];
}

const mayUpdate = (hart: Hart, table: number): boolean =>
  hart.guestStage !== undefined || hart.pmp.allows(Math.floor(table / pageBytes), pmpRight.write, false);

function permits(entry: number, access: Access, { mode: asMode, mstatus }: WalkContext): boolean {
  const forUser = (entry & pte.u) !== 0;
  if (asMode === mode.user && !forUser) return false;
  if (asMode === mode.supervisor && forUser && (access === 'fetch' || (mstatus & status.sum) === 0))
    return false;
  if (access === 'read' && (mstatus & status.mxr) !== 0 && (entry & pte.x) !== 0) return true;
  return (entry & neededPte[access]) !== 0;
}

/** The physical address of an access, whether or not anything is there; 0 when the page table denies it. */
export function physicalAddress(hart: Hart, address: number, access: Access): number {
  const stage = hart.guestStage;
  if (stage === undefined || stage.mode === mode.machine || stage.satp >>> 31 === 0) return address >>> 0;
  const mstatus = (stage.sum ? status.sum : 0) | (stage.mxr ? status.mxr : 0);
  const walked = walk(hart, address, access, { satp: stage.satp, mode: stage.mode, mstatus });
  return typeof walked === 'object' ? walked.physical : 0;
}

/** The instruction at a guest's address, as the processor would fetch it; undefined where it could not. */
export function guestWordAt(hart: Hart, pc: number): number | undefined {
  const at = translate(hart, pc, 'fetch', hart.guestStage?.mode ?? hart.mode);
  return at.kind === 'ram' ? hart.ram32[at.offset >>> 2]! : undefined;
}
