import { ramBase, type Hart } from '../machine/hart.ts';
import { pageBytes, pte } from '../machine/sv32.ts';
import type { Vcpu } from './vcpu.ts';

/** The page tables in use, whose stores exit: a trace, as a VMM needs it that keeps shadows of them. */
export class TracedTables {
  readonly #hart: Hart;
  readonly #pages = new Set<number>();

  constructor(hart: Hart) {
    this.#hart = hart;
  }

  /** Whether an offset in RAM lies in such a table. */
  holds(offset: number): boolean {
    return this.#pages.has(offset >>> 12);
  }

  /** Watches the pages of the page table in use: its root, and the tables that its entries lead to. */
  watch(vcpu: Vcpu): void {
    const { satp } = vcpu.stage();
    if (satp >>> 31 === 0) return;
    const { base, size } = vcpu.window;
    const pageOf = (number: number): number | undefined => {
      const offset = number * pageBytes - ramBase;
      return offset >= 0 && offset < size ? base + offset : undefined;
    };
    const root = pageOf(satp & 0x3f_ffff);
    if (root === undefined) return;
    this.#pages.add(root >>> 12);
    for (let entry = 0; entry < 1024; entry++) {
      const word = this.#hart.ram32[(root >>> 2) + entry]!;
      const leads = (word & pte.v) !== 0 && (word & (pte.r | pte.x)) === 0 ? pageOf(word >>> 10) : undefined;
      if (leads !== undefined) this.#pages.add(leads >>> 12);
    }
    for (const page of this.#pages) this.#hart.watchedPages.add(page);
    this.#hart.flushTlb();
  }
}
