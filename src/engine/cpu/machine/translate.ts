import { type Hart, mode, type Mode, ramBase, status, tlbEntries } from './hart.ts';
import { pmpRight } from './pmp.ts';
import { secondStage } from './secondStage.ts';
import { type Access, neededPte, pageBytes, pte } from './sv32.ts';
import { exception } from './trapCause.ts';

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
const guestPageFault = {
  read: exception.loadGuestPageFault,
  write: exception.storeGuestPageFault,
  fetch: exception.fetchGuestPageFault,
} as const;
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
  const root = hart.guestMode?.secondStage;
  if (root !== undefined) return translateTwice(hart, address, access, asMode, root);
  const stage = hart.guestStage;
  const inCode = stage?.code === undefined ? -1 : (address >>> 0) - stage.code.from;
  if (access === 'fetch' && inCode >= 0 && inCode < stage!.code!.size) {
    const offset = stage!.code!.ramOffset + inCode;
    fill(hart, address, access, asMode, offset & ~0xfff, false);
    return { kind: 'ram', offset };
  }
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
    hart.walks++;
    const walked = walk(hart, address, access, { ...context, locate: locateOnce.bind(undefined, hart) });
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
  const watched = access === 'write' && hart.watchedPages.has(offset >>> 12);
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
  const slot = asMode * tlbEntries + (page & hart.tlbMask);
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
  /** Offset in RAM of an entry that the walk reads or updates, or an exception's code, negated, where it may not. */
  locate(physical: number, right: 'read' | 'write', access: Access): number;
}

/** Entries lie in the one physical memory, where its protection allows it. */
function locateOnce(hart: Hart, physical: number, right: 'read' | 'write', access: Access): number {
  const allowed =
    hart.guestStage !== undefined ||
    hart.pmp.allows(Math.floor(physical / pageBytes), neededPmp[right], false);
  const offset = allowed ? ramOffset(hart, physical) : -1;
  return offset === -1 ? -accessFault[access] : offset;
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
  let table = (context.satp & 0x3f_ffff) * pageBytes;
  for (let level = 1; level >= 0; level--) {
    const at = table + ((address >>> (12 + 10 * level)) & 0x3ff) * 4;
    const offset = context.locate(at, 'read', access);
    if (offset < 0) return -offset;
    hart.walkReads++;
    hart.onWalkRead?.(offset, false);
    const entry = hart.ram32[offset >>> 2]!;
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
      const writable = context.locate(at, 'write', access);
      if (writable < 0) return -writable;
      hart.ram32[writable >>> 2] = updated;
    }
    const within = address & (level === 1 ? 0x3f_ffff : 0xfff);
    return { physical: page * pageBytes + within, dirty: (updated & pte.d) !== 0 };
  }
  return pageFault[access];
}

/**
 * The two stages of guest mode (section 8.5): the guest's own page table leads to guest-physical addresses, each of which,
 * those of the guest's page-table entries included, the second stage leads to a real one.
 */
function translateTwice(hart: Hart, address: number, access: Access, asMode: Mode, root: number): Landing {
  hart.walks++;
  let physical = address >>> 0;
  let mayWrite = true;
  if (hart.satp >>> 31 === 1) {
    const walked = walk(hart, address, access, {
      satp: hart.satp,
      mode: asMode,
      mstatus: hart.mstatus,
      locate: (at, right, original) => {
        const { walkReads, onWalkRead } = hart;
        // An entry that is updated was found a moment ago: whether it may be written costs no further references.
        if (right === 'write') hart.onWalkRead = undefined;
        const offset = secondStage(hart, root, at, right);
        if (right === 'write') Object.assign(hart, { walkReads, onWalkRead });
        return offset === -1 ? -guestPageFault[original] : offset;
      },
    });
    if (typeof walked !== 'object') return fault(walked);
    ({ physical, dirty: mayWrite } = walked);
  }
  const offset = secondStage(hart, root, physical, access);
  if (offset === -1) return fault(guestPageFault[access]);
  fill(hart, address, access, asMode, offset & ~0xfff, mayWrite);
  return { kind: 'ram', offset };
}

function permits(
  entry: number,
  access: Access,
  { mode: asMode, mstatus }: Omit<WalkContext, 'locate'>,
): boolean {
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
  const walked = walk(hart, address, access, {
    satp: stage.satp,
    mode: stage.mode,
    mstatus,
    locate: locateOnce.bind(undefined, hart),
  });
  return typeof walked === 'object' ? walked.physical : 0;
}

/** The instruction at a guest's address, as the processor would fetch it; undefined where it could not. */
export function guestWordAt(hart: Hart, pc: number): number | undefined {
  const at = translate(hart, pc, 'fetch', hart.guestStage?.mode ?? hart.mode);
  return at.kind === 'ram' ? hart.ram32[at.offset >>> 2]! : undefined;
}
