import type { Fault, PagerPolicy, PagerPolicyCalls } from 'trapframe';

// Bits of a page-table entry.
const V = 1;
const R = 2;
const W = 4;
const X = 8;
const U = 16;
const A = 64;
const D = 128;

/** What is kept of one guest. */
type Shadow = {
  /** Its shadow tables, by `satp`. Table 0 is for the time before paging is on. */
  tables: Map<number, number>;
  /** Guest-physical pages that hold page tables. */
  traced: Set<number>;
  /** Shadow entries, by the address of each guest entry that they were made from. */
  madeFrom: Map<number, { table: number; page: number }[]>;
  /** Shadow entries that allow stores, by guest-physical page. */
  writable: Map<number, { table: number; page: number }[]>;
};
const shadows = new Map<number, Shadow>();

function shadowOf(guest: number): Shadow {
  let shadow = shadows.get(guest);
  if (shadow === undefined) {
    shadow = { tables: new Map(), traced: new Set(), madeFrom: new Map(), writable: new Map() };
    shadows.set(guest, shadow);
  }
  return shadow;
}

export const pager: PagerPolicy = {
  onFault(fault, calls) {
    const { guest, access, address, memory, store, table } = fault;
    const shadow = shadowOf(guest);
    const found = walk(fault, shadow, calls);
    if (found === undefined) return { action: 'page-fault' };
    const { physical, entry, from } = found;
    const within = physical - memory.base;
    if (within < 0 || within >= memory.sizeBytes) return { action: 'outside', physical };

    const frame = physical - (physical % 4096);
    const isTraced = shadow.traced.has(frame);
    if (access === 'write' && isTraced && store !== undefined) {
      calls.writeGuest({ guest, physical, value: store.value, sizeBytes: store.sizeBytes });
      forget(guest, shadow.madeFrom, physical - (physical % 4), calls);
      return { action: 'emulated' };
    }

    const page = address - (address % 4096);
    // Stores are allowed once the guest's entry is dirty: the first one has to come here.
    const write = (entry & W) !== 0 && (entry & D) !== 0 && !isTraced;
    calls.map({
      guest,
      table,
      page,
      frame: memory.host + within - (within % 4096),
      read: (entry & R) !== 0,
      write,
      execute: (entry & X) !== 0,
      user: (entry & U) !== 0,
    });
    for (const at of from) remember(shadow.madeFrom, at, table, page);
    if (write) remember(shadow.writable, frame, table, page);
    return { action: 'retry' };
  },

  onAddressSpace({ guest, cause, satp, table }, calls) {
    // Stores to page tables are followed one by one, so a fence finds nothing stale.
    if (cause === 'sfence') return table;
    const { tables, madeFrom, writable } = shadowOf(guest);
    let chosen = satp < 2 ** 31 ? 0 : tables.get(satp);
    if (chosen === undefined) {
      if (tables.size === 7) {
        for (const old of tables.values()) calls.clear({ guest, table: old });
        tables.clear();
        madeFrom.clear();
        writable.clear();
      }
      chosen = tables.size + 1;
      tables.set(satp, chosen);
    }
    return chosen;
  },
};

/** Walks the guest's own page table as its processor would. Undefined when it does not allow the access. */
function walk(
  fault: Fault,
  shadow: Shadow,
  calls: PagerPolicyCalls,
): { physical: number; entry: number; from: number[] } | undefined {
  const { guest, satp, address, access, mode, sum } = fault;
  if (satp < 2 ** 31) return { physical: address, entry: R | W | X | A | D, from: [] };
  let holds = (satp % 2 ** 22) * 4096;
  const from: number[] = [];
  for (const size of [2 ** 22, 4096]) {
    trace(guest, shadow, holds, calls);
    const at = holds + 4 * (Math.floor(address / size) % 1024);
    from.push(at);
    const entry = calls.readGuest({ guest, physical: at });
    if ((entry & V) === 0) return undefined;
    const leads = Math.floor(entry / 1024) * 4096;
    if ((entry & (R | X)) === 0) {
      holds = leads;
      continue;
    }
    const needed = access === 'read' ? R : access === 'write' ? W : X;
    if ((entry & needed) === 0) return undefined;
    const isProcess = (entry & U) !== 0;
    if (mode === 'user' && !isProcess) return undefined;
    if (mode === 'supervisor' && isProcess && (access === 'fetch' || !sum)) return undefined;
    const updated = entry | A | (access === 'write' ? D : 0);
    if (updated !== entry) calls.writeGuest({ guest, physical: at, value: updated, sizeBytes: 4 });
    return { physical: leads + (address % size), entry: updated, from };
  }
  return undefined;
}

/** Stores to a page that holds a page table have to come here from now on. */
function trace(guest: number, shadow: Shadow, frame: number, calls: PagerPolicyCalls): void {
  if (shadow.traced.has(frame)) return;
  shadow.traced.add(frame);
  forget(guest, shadow.writable, frame, calls);
}

function remember(
  entries: Map<number, { table: number; page: number }[]>,
  key: number,
  table: number,
  page: number,
): void {
  const list = entries.get(key) ?? [];
  if (!list.some((entry) => entry.table === table && entry.page === page)) list.push({ table, page });
  entries.set(key, list);
}

function forget(
  guest: number,
  entries: Map<number, { table: number; page: number }[]>,
  key: number,
  calls: PagerPolicyCalls,
): void {
  for (const { table, page } of entries.get(key) ?? []) calls.unmap({ guest, table, page });
  entries.delete(key);
}
