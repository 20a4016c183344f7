import { type Hart, ramBase } from './hart.ts';

/** An entry that a walk of two stages read. */
export interface WalkReference {
  /** 1: the guest's page table; 2: the hypervisor's. */
  readonly stage: 1 | 2;
  /** Host-physical address of the entry. */
  readonly address: number;
  readonly entry: number;
}

/** Entries that the longest walk with two levels in both stages reads. */
const longest = 8;

/** Keeps the first walk of a small page through both stages, entry by entry. */
export class WalkRecorder {
  #current: WalkReference[] = [];
  #walk = 0;
  references: readonly WalkReference[] = [];

  watch(hart: Hart): void {
    hart.onWalkRead = (offset, secondStage) => {
      if (hart.walks !== this.#walk) {
        this.#walk = hart.walks;
        this.#current = [];
      }
      this.#current.push({
        stage: secondStage ? 2 : 1,
        address: ramBase + offset,
        entry: hart.ram32[offset >>> 2]! >>> 0,
      });
      if (this.#current.length < longest) return;
      this.references = this.#current;
      hart.onWalkRead = undefined;
    };
  }
}
