import { type Hart, ramBase } from '../machine/hart.ts';
import { pageBytes, pte } from '../machine/sv32.ts';

/** Pages of the host's memory from which a hypervisor makes its own page tables. Offsets count from {@link ramBase}. */
export class HostPages {
  readonly #hart: Hart;
  readonly #free: number[] = [];

  /** @param from offset of the first page @param to offset after the last one */
  constructor(hart: Hart, from: number, to: number) {
    this.#hart = hart;
    for (let page = to - pageBytes; page >= from; page -= pageBytes) this.#free.push(page);
  }

  /** Takes a page that is all zeros; undefined when there is none. */
  take(): number | undefined {
    const page = this.#free.pop();
    if (page !== undefined) this.#hart.ram8.fill(0, page, page + pageBytes);
    return page;
  }

  give(page: number): void {
    this.#free.push(page);
  }

  /** Four pages in a row from a multiple of 16 KiB on, for the root of a second stage. */
  takeFour(): number {
    const aside: number[] = [];
    while (this.#free.at(-1)! % (4 * pageBytes) !== 0) aside.push(this.#free.pop()!);
    const [first] = [this.take(), this.take(), this.take(), this.take()];
    this.#free.push(...aside.toReversed());
    return first!;
  }
}

/** An entry that leads to a page of the host's memory. @param rights bits of {@link pte} */
export const entryOf = (offset: number, rights: number): number =>
  (((ramBase + offset) >>> 12) << 10) | rights | pte.v;

/** Where in the host's memory an entry leads. */
export const leadsTo = (entry: number): number => ((entry >>> 10) & 0x3f_ffff) * pageBytes - ramBase;
