import { type Hart, ramBase } from '../machine/hart.ts';
import type { HostPages } from './hostPages.ts';
import { accessOutside, type MemoryVirtualization, type PagedGuest } from './pagedGuests.ts';
import { secondStageTable } from './secondStageTable.ts';
import { exception } from '../machine/trapCause.ts';

/** What a guest's kernel handles itself: page faults, system calls, and whatever else a kernel gets on bare metal. */
const delegated = 0xb1ff;

/** Of a guest-page fault: what the same access is on bare metal, where nothing answers. */
const onBareMetal: Readonly<Record<number, number>> = {
  [exception.fetchGuestPageFault]: exception.fetchAccess,
  [exception.loadGuestPageFault]: exception.loadAccess,
  [exception.storeGuestPageFault]: exception.storeAccess,
};

/**
 * Nested paging: the processor walks the guest's own page table, and a second one for each guest-physical address that it
 * meets (Privileged Architecture 1.12, section 8.5). The guest changes its tables as it likes; only accesses to what is not its
 * memory exit.
 */
export class NestedPaging implements MemoryVirtualization {
  readonly #roots = new Map<number, number>();
  readonly #watch: (hart: Hart) => void;
  #hart!: Hart;

  /** @param watch is given the processor before a guest runs */
  constructor(watch: (hart: Hart) => void = () => undefined) {
    this.#watch = watch;
  }

  prepare(hart: Hart, pages: HostPages, guests: readonly PagedGuest[]): void {
    this.#hart = hart;
    hart.medeleg = delegated;
    this.#watch(hart);
    for (const { id, base, size } of guests) {
      this.#roots.set(id, secondStageTable(hart, pages, { guestBase: ramBase, base, size }));
    }
  }

  controls(): number {
    return 0;
  }

  enter(guest: PagedGuest): void {
    this.#hart.guestMode = { secondStage: this.#roots.get(guest.id)! };
    this.#hart.satp = guest.context.satp;
  }

  leave(guest: PagedGuest): void {
    guest.context.satp = this.#hart.satp;
  }

  onExit(guest: PagedGuest, cause: number, value: number): boolean {
    const hart = this.#hart;
    const fault = onBareMetal[cause];
    if (fault === undefined) return false;
    accessOutside(hart, guest, hart.exitGuestPhysical, fault, value);
    return true;
  }
}
