import type { Infer } from '../../kernel/codec.ts';
import type { Calls, PolicyImplementation } from '../../kernel/policy.ts';
import { mostTables, type PagerPolicy } from './pagerPolicy.ts';
import { pageBytes, pte, satpSv32 } from '../machine/sv32.ts';

type Pager = typeof PagerPolicy;
type Fault = Infer<Pager['decisions']['onFault']['input']>;
type Answer = Infer<Pager['decisions']['onFault']['output']>;

/**
 * Shadow paging that follows the guest's page tables write by write: what runs when no other pager is given. Every page that a
 * walk found to be part of a page table is write-protected in all shadows; a store to it is emulated, and takes away the
 * shadow entries that were made from what it overwrites. So shadows stay right when the guest's kernel fences and switches,
 * and one is kept for each root.
 */
export function referencePager(): PolicyImplementation<Pager> {
  const guests = new Map<number, ShadowedGuest>();
  const of = (guest: number): ShadowedGuest => {
    const known = guests.get(guest) ?? new ShadowedGuest(guest);
    guests.set(guest, known);
    return known;
  };
  return {
    onFault: (fault, calls) => of(fault.guest).onFault(fault, calls),
    onAddressSpace: ({ guest, cause, satp, table }, calls) =>
      cause === 'sfence' ? table : of(guest).tableFor(satp, calls),
  };
}

type Entry = readonly [table: number, page: number];

class ShadowedGuest {
  readonly #guest: number;
  readonly #tables = new Map<number, number>();
  /** Guest-physical pages that hold page tables. */
  readonly #traced = new Set<number>();
  /** Shadow entries by the guest-physical address of an entry from which they were made. */
  readonly #madeFrom = new Map<number, Entry[]>();
  /** Shadow entries that allow stores, by guest-physical page. */
  readonly #writable = new Map<number, Entry[]>();

  constructor(guest: number) {
    this.#guest = guest;
  }

  /** A table for each root; when there are too many, all begin again. */
  tableFor(satp: number, calls: Calls<Pager>): number {
    const known = this.#tables.get(satp);
    if (known !== undefined) return known;
    if (this.#tables.size === mostTables - 1) {
      for (let table = 0; table < mostTables; table++) calls.clear({ guest: this.#guest, table });
      this.#tables.clear();
      this.#madeFrom.clear();
      this.#writable.clear();
    }
    // Table 0 is that of a guest that has not turned paging on.
    const table = satp >= satpSv32 ? this.#tables.size + 1 : 0;
    if (table !== 0) this.#tables.set(satp, table);
    return table;
  }

  onFault(fault: Fault, calls: Calls<Pager>): Answer {
    const { address, access, memory } = fault;
    const found = this.#walk(fault, calls);
    if (found === undefined) return answer('page-fault');
    const { physical, rights, from } = found;
    const within = physical - memory.base;
    if (within < 0 || within >= memory.sizeBytes) return answer('outside', physical);
    const frame = physical - (physical % pageBytes);
    if (access === 'write' && this.#traced.has(frame) && fault.store !== undefined) {
      const { value, sizeBytes } = fault.store;
      calls.writeGuest({ guest: this.#guest, physical, value, sizeBytes });
      this.#forget(this.#madeFrom, physical - (physical % 4), calls);
      return answer('emulated');
    }
    const page = address - (address % pageBytes);
    const write = (rights & pte.w) !== 0 && (rights & pte.d) !== 0 && !this.#traced.has(frame);
    calls.map({
      guest: this.#guest,
      table: fault.table,
      page,
      frame: memory.host + within - (within % pageBytes),
      read: (rights & pte.r) !== 0,
      write,
      execute: (rights & pte.x) !== 0,
      user: (rights & pte.u) !== 0,
    });
    const entry: Entry = [fault.table, page];
    for (const at of from) add(this.#madeFrom, at, entry);
    if (write) add(this.#writable, frame, entry);
    return answer('retry');
  }

  /** The guest's own walk, which sets A and D as its processor would; undefined when it denies the access. */
  #walk(
    { satp, address, access, mode, sum }: Fault,
    calls: Calls<Pager>,
  ): { readonly physical: number; readonly rights: number; readonly from: readonly number[] } | undefined {
    const guest = this.#guest;
    if (satp < satpSv32) {
      return { physical: address, rights: pte.r | pte.w | pte.x | pte.a | pte.d, from: [] };
    }
    let holds = (satp % 2 ** 22) * pageBytes;
    const from: number[] = [];
    for (const size of [2 ** 22, pageBytes]) {
      this.#trace(holds, calls);
      const at = holds + 4 * (Math.floor(address / size) % 1024);
      from.push(at);
      const entry = calls.readGuest({ guest, physical: at });
      if ((entry & pte.v) === 0) return undefined;
      const leads = Math.floor(entry / 1024) * pageBytes;
      if ((entry & (pte.r | pte.x)) === 0) {
        holds = leads;
        continue;
      }
      const needed = access === 'read' ? pte.r : access === 'write' ? pte.w : pte.x;
      const isProcess = (entry & pte.u) !== 0;
      const denied = mode === 'user' ? !isProcess : isProcess && (access === 'fetch' || !sum);
      if (denied || (entry & needed) === 0) return undefined;
      const updated = entry | pte.a | (access === 'write' ? pte.d : 0);
      if (updated !== entry) calls.writeGuest({ guest, physical: at, value: updated, sizeBytes: 4 });
      return { physical: leads + (address % size), rights: updated, from };
    }
    return undefined;
  }

  /** Write-protects a page that holds a page table in every shadow. */
  #trace(frame: number, calls: Calls<Pager>): void {
    if (this.#traced.has(frame)) return;
    this.#traced.add(frame);
    this.#forget(this.#writable, frame, calls);
  }

  #forget(entries: Map<number, Entry[]>, key: number, calls: Calls<Pager>): void {
    for (const [table, page] of entries.get(key) ?? []) calls.unmap({ guest: this.#guest, table, page });
    entries.delete(key);
  }
}

function add(entries: Map<number, Entry[]>, key: number, entry: Entry): void {
  const list = entries.get(key);
  if (list === undefined) entries.set(key, [entry]);
  else if (!list.some(([table, page]) => table === entry[0] && page === entry[1])) list.push(entry);
}

const answer = (action: Answer['action'], physical?: number): Answer => ({ action, physical });
