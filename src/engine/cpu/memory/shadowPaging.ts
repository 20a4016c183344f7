import type { CallHandlers, CallOutcome, RunningPolicy } from '../../kernel/policy.ts';
import { csrNumber } from '../machine/csrNumbers.ts';
import { accessBytes } from '../machine/accessBytes.ts';
import { instructionAt } from '../guests/guestAccess.ts';
import { type Hart, mode, ramBase, status } from '../machine/hart.ts';
import type { HostPages } from './hostPages.ts';
import {
  accessOutside,
  hostAddress,
  injectSynchronous,
  type MemoryVirtualization,
  type PagedGuest,
} from './pagedGuests.ts';
import type { PagerPolicy } from './pagerPolicy.ts';
import { actionCode, shadowRight, type PagingEvents } from './pagingEvents.ts';
import { ShadowTables } from './shadowTables.ts';
import { type Access, pageBytes, satpSv32 } from '../machine/sv32.ts';
import { exception } from '../machine/trapCause.ts';

type Pager = typeof PagerPolicy;

/** Page faults are not among them: they may be the shadow's alone. */
const delegated = 0x01ff;
const satpWritable = 0x803f_ffff | 0;
const accessOf: Readonly<Record<number, Access>> = {
  [exception.fetchPageFault]: 'fetch',
  [exception.loadPageFault]: 'read',
  [exception.storePageFault]: 'write',
};
const outsideCause = {
  read: exception.loadAccess,
  write: exception.storeAccess,
  fetch: exception.fetchAccess,
} as const;

/**
 * Shadow paging: the second stage is off, and the processor walks a shadow page table that leads from the guest's virtual
 * addresses to the host's physical ones. The guest's own tables are data that a pager reads. `satp` and `sfence.vma` exit
 * (`hstatus.VTVM`), and so do all page faults.
 */
export class ShadowPaging implements MemoryVirtualization {
  readonly #pager: () => RunningPolicy<Pager>;
  readonly #record: (kind: keyof PagingEvents, a?: number, b?: number, c?: number, d?: number) => void;
  readonly #guests = new Map<number, { guest: PagedGuest; tables: ShadowTables; table: number }>();
  #hart!: Hart;

  constructor(
    record: (kind: keyof PagingEvents, a?: number, b?: number, c?: number, d?: number) => void,
    pager: () => RunningPolicy<Pager>,
  ) {
    this.#record = record;
    this.#pager = pager;
  }

  /** The engine's side of the pager's calls. */
  readonly calls: CallHandlers<Pager> = {
    readGuest: ({ guest, physical }) => {
      const at = this.#memoryAt(guest, physical, 4);
      return at === undefined ? failed('EFAULT') : { ok: true, value: this.#hart.ram32[at >>> 2]! >>> 0 };
    },
    writeGuest: ({ guest, physical, value, sizeBytes }) => {
      const at = this.#memoryAt(guest, physical, sizeBytes);
      if (at === undefined) return failed('EFAULT');
      const { ram8, ram16, ram32 } = this.#hart;
      if (sizeBytes === 4) ram32[at >>> 2] = value;
      else if (sizeBytes === 2) ram16[at >>> 1] = value;
      else ram8[at] = value;
      this.#record('guestWrite', guest, physical, value >>> 0);
      return done;
    },
    map: ({ guest, table, page, frame, ...rights }) => {
      const offset = frame - ramBase;
      if (page % pageBytes !== 0 || frame % pageBytes !== 0) return failed('EFAULT');
      if (offset < 0 || offset >= this.#hart.ram.byteLength) return failed('EFAULT');
      const { read, write, execute, user } = rights;
      const bits =
        (read ? shadowRight.read : 0) |
        (write ? shadowRight.write : 0) |
        (execute ? shadowRight.execute : 0) |
        (user ? shadowRight.user : 0);
      this.#record('map', guest, page + table, frame, bits);
      if (!this.#of(guest).tables.map(table, page, offset, rights)) return failed('ENOMEM');
      this.#hart.flushPage(page >>> 12);
      return done;
    },
    unmap: ({ guest, table, page }) => {
      this.#record('unmap', guest, page - (page % pageBytes) + table);
      this.#of(guest).tables.unmap(table, page);
      this.#hart.flushPage(page >>> 12);
      return done;
    },
    clear: ({ guest, table }) => {
      this.#record('clear', guest, table);
      this.#of(guest).tables.clear(table);
      this.#hart.flushTlb();
      return done;
    },
  };

  prepare(hart: Hart, pages: HostPages, guests: readonly PagedGuest[]): void {
    this.#hart = hart;
    hart.medeleg = delegated;
    hart.guestMode = { secondStage: undefined };
    for (const guest of guests) {
      this.#guests.set(guest.id, { guest, tables: new ShadowTables(hart, pages), table: 0 });
      this.#record('memory', guest.id, hostAddress(guest), guest.size);
    }
  }

  controls(): number {
    return status.tvm;
  }

  enter(guest: PagedGuest): void {
    const { tables, table } = this.#of(guest.id);
    const root = tables.root(table) ?? 0;
    this.#hart.satp = satpSv32 | ((ramBase + root) >>> 12);
  }

  leave(): void {
    // The guest's own satp is in its context at all times.
  }

  onExit(guest: PagedGuest, cause: number, value: number): boolean {
    const access = accessOf[cause];
    if (access !== undefined) {
      this.#fault(guest, access, cause, value);
      return true;
    }
    return (
      cause === exception.virtualInstruction &&
      this.#hart.mode === mode.supervisor &&
      this.#addressSpace(guest)
    );
  }

  #fault(guest: PagedGuest, access: Access, cause: number, address: number): void {
    const hart = this.#hart;
    const { table } = this.#of(guest.id);
    const instruction = access === 'write' ? instructionAt(hart) : undefined;
    const bytes = instruction === undefined ? undefined : accessBytes(instruction.name);
    const whole = instruction === undefined ? 0 : hart.x[instruction.rs2]! >>> 0;
    const { action, physical } = this.#pager().onFault({
      guest: guest.id,
      access,
      address: address >>> 0,
      mode: hart.mode === mode.user ? 'user' : 'supervisor',
      sum: (hart.mstatus & status.sum) !== 0,
      satp: guest.context.satp >>> 0,
      table,
      memory: { base: ramBase, host: hostAddress(guest), sizeBytes: guest.size },
      store:
        bytes === undefined
          ? undefined
          : { value: bytes === 4 ? whole : whole & (2 ** (8 * bytes) - 1), sizeBytes: bytes },
    });
    this.#record('answer', guest.id, actionCode(action), physical ?? 0);
    switch (action) {
      case 'retry':
        break;
      case 'emulated':
        hart.pc = (hart.pc + 4) >>> 0;
        break;
      case 'page-fault':
        injectSynchronous(hart, cause, address);
        break;
      case 'outside':
        accessOutside(hart, guest, physical ?? 0, outsideCause[access], address);
        break;
    }
  }

  /** `csrr…` of `satp`, and `sfence.vma`, of the guest's kernel. */
  #addressSpace(guest: PagedGuest): boolean {
    const hart = this.#hart;
    const instruction = instructionAt(hart);
    if (instruction === undefined) return false;
    const { name, rd, rs1, csr, immediate } = instruction;
    const { context } = guest;
    if (name === 'sfence.vma') {
      this.#choose(guest, 'sfence');
    } else if (csr === csrNumber.satp) {
      const before = context.satp;
      const operand = name.endsWith('i') ? immediate : hart.x[rs1]!;
      const writes = name.startsWith('csrrw') || (name.endsWith('i') ? immediate : rs1) !== 0;
      if (writes) {
        const after = name.startsWith('csrrw')
          ? operand
          : name.startsWith('csrrs')
            ? before | operand
            : before & ~operand;
        context.satp = after & satpWritable;
      }
      if (rd !== 0) hart.x[rd] = before;
      if (writes) this.#choose(guest, 'satp');
    } else return false;
    hart.pc = (hart.pc + 4) >>> 0;
    return true;
  }

  #choose(guest: PagedGuest, cause: 'satp' | 'sfence'): void {
    const of = this.#of(guest.id);
    const satp = guest.context.satp >>> 0;
    of.table = this.#pager().onAddressSpace({ guest: guest.id, cause, satp, table: of.table });
    this.#record('space', guest.id, satp, of.table, cause === 'sfence' ? 1 : 0);
    this.enter(guest);
    this.#hart.flushTlb();
  }

  #of(guest: number) {
    return this.#guests.get(guest) ?? this.#guests.get(1)!;
  }

  /** Offset in the host's memory of a guest-physical address, or undefined. */
  #memoryAt(guest: number, physical: number, bytes: number): number | undefined {
    const { guest: of } = this.#of(guest);
    const within = physical - ramBase;
    return within >= 0 && within + bytes <= of.size && within % bytes === 0 ? of.base + within : undefined;
  }
}

const done: CallOutcome<void> = { ok: true, value: undefined };
const failed = (errno: string): { readonly ok: false; readonly errno: string } => ({ ok: false, errno });
