import type { Hart } from '../machine/hart.ts';
import { entryOf, leadsTo, type HostPages } from './hostPages.ts';
import { pte } from '../machine/sv32.ts';

/** What an entry of a shadow page table lets the guest do. */
export interface ShadowRights {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  readonly user: boolean;
}

/**
 * The shadow page tables of one guest: real Sv32 tables in the host's memory, which the processor walks in place of the
 * guest's own. They lead from guest-virtual to host-physical pages of 4 KiB.
 */
export class ShadowTables {
  readonly #hart: Hart;
  readonly #pages: HostPages;
  readonly #roots = new Map<number, number>();

  constructor(hart: Hart, pages: HostPages) {
    this.#hart = hart;
    this.#pages = pages;
  }

  /** Where the root of a table lies; it is made when first asked for. Undefined when there are no pages left. */
  root(table: number): number | undefined {
    const known = this.#roots.get(table);
    if (known !== undefined) return known;
    const root = this.#pages.take();
    if (root !== undefined) this.#roots.set(table, root);
    return root;
  }

  /** @returns false when the host has no page left for a table */
  map(table: number, address: number, frame: number, rights: ShadowRights): boolean {
    const root = this.root(table);
    if (root === undefined) return false;
    const ram = this.#hart.ram32;
    const upper = (root >>> 2) + (address >>> 22);
    if ((ram[upper]! & pte.v) === 0) {
      const leaf = this.#pages.take();
      if (leaf === undefined) return false;
      ram[upper] = entryOf(leaf, 0);
    }
    const bits =
      (rights.read ? pte.r : 0) |
      (rights.write ? pte.w : 0) |
      (rights.execute ? pte.x : 0) |
      (rights.user ? pte.u : 0);
    // Accessed and dirty are set from the start: the processor has nothing to write into a shadow.
    ram[this.#slot(ram[upper]!, address)] = entryOf(frame, bits | pte.a | pte.d);
    return true;
  }

  unmap(table: number, address: number): void {
    const root = this.#roots.get(table);
    if (root === undefined) return;
    const upper = this.#hart.ram32[(root >>> 2) + (address >>> 22)]!;
    if ((upper & pte.v) !== 0) this.#hart.ram32[this.#slot(upper, address)] = 0;
  }

  clear(table: number): void {
    const root = this.#roots.get(table);
    if (root === undefined) return;
    for (let index = 0; index < 1024; index++) {
      const at = (root >>> 2) + index;
      const upper = this.#hart.ram32[at]!;
      if ((upper & pte.v) === 0) continue;
      this.#pages.give(leadsTo(upper));
      this.#hart.ram32[at] = 0;
    }
  }

  #slot(upper: number, address: number): number {
    return (leadsTo(upper) >>> 2) + ((address >>> 12) & 0x3ff);
  }
}
