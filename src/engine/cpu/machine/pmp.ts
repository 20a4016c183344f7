const entries = 16;
/** Grain: regions are whole pages, so that a translation can be cached by page (section 3.7.1, G = 10). */
const grain = 10;
const grainOnes = (1 << (grain - 1)) - 1;
const grainMask = (1 << grain) - 1;

const read = 1;
const write = 2;
const execute = 4;
const locked = 0x80;

/** Physical memory protection (section 3.7): 16 regions with a grain of 4 KiB. */
export class Pmp {
  readonly #config = new Uint8Array(entries);
  readonly #address = new Uint32Array(entries);

  readConfig(register: number): number {
    let value = 0;
    for (let byte = 3; byte >= 0; byte--) value = (value << 8) | this.#config[register * 4 + byte]!;
    return value;
  }

  writeConfig(register: number, value: number): void {
    for (let byte = 0; byte < 4; byte++) {
      const entry = register * 4 + byte;
      if ((this.#config[entry]! & locked) !== 0) continue;
      let config = (value >>> (8 * byte)) & 0x9f;
      // NA4 cannot be chosen with a grain above 4 bytes, and W without R is reserved: both keep what was there.
      if (((config >> 3) & 3) === 2) config = (config & ~0x18) | (this.#config[entry]! & 0x18);
      if ((config & (read | write)) === write) config &= ~write;
      this.#config[entry] = config;
    }
  }

  readAddress(entry: number): number {
    const address = this.#address[entry]!;
    const napot = ((this.#config[entry]! >> 3) & 3) === 3;
    return (napot ? address | grainOnes : address & ~grainMask) | 0;
  }

  writeAddress(entry: number, value: number): void {
    const next = this.#config[entry + 1] ?? 0;
    const nextLocksThis = (next & locked) !== 0 && ((next >> 3) & 3) === 1;
    if ((this.#config[entry]! & locked) !== 0 || nextLocksThis) return;
    this.#address[entry] = value;
  }

  /** Whether a page may be accessed. @param page physical page number @param right 1 read, 2 write, 4 execute */
  allows(page: number, right: number, machine: boolean): boolean {
    for (let entry = 0; entry < entries; entry++) {
      const config = this.#config[entry]!;
      if (!this.#covers(entry, (config >> 3) & 3, page)) continue;
      return (machine && (config & locked) === 0) || (config & right) !== 0;
    }
    return machine;
  }

  #covers(entry: number, matching: number, page: number): boolean {
    // Addresses are in units of 4 bytes: a page has 2^10 of them.
    const address = this.#address[entry]!;
    if (matching === 1) {
      const from = entry === 0 ? 0 : this.#address[entry - 1]! >>> grain;
      return page >= from && page < address >>> grain;
    }
    if (matching !== 3) return false;
    const ones = (address | grainOnes) >>> 0;
    const mask = (ones ^ (ones + 1)) >>> 0;
    const span = mask === 0xffff_ffff ? 0xffff_ffff : mask;
    return ((page * 2 ** grain) & ~span) >>> 0 === (ones & ~span) >>> 0;
  }
}

export const pmpRight = { read, write, execute } as const;
