/** Registers of a device, as its driver sees them. Each access is what leaves a guest whose device is emulated. */
export interface RegisterFile {
  /** The value of a register; reading may have effects, such as clearing an interrupt. */
  read(register: string): number;
  write(register: string, value: number): void;
}

/** Accesses to one register in a row, as one. */
export interface RegisterAccess {
  readonly register: string;
  readonly kind: 'read' | 'write';
  /** Width of each access. */
  readonly bytes: number;
  count: number;
}

/** What lies between a driver and its device: it passes accesses on, and remembers them. */
export class RegisterBus {
  readonly #device: RegisterFile;
  readonly #accesses: RegisterAccess[] = [];
  #interrupts = 0;

  constructor(device: RegisterFile) {
    this.#device = device;
  }

  read(register: string, bytes = 4): number {
    this.#record(register, 'read', bytes);
    return this.#device.read(register);
  }

  write(register: string, value: number, bytes = 4): void {
    this.#record(register, 'write', bytes);
    this.#device.write(register, value);
  }

  /** The device's interrupt reached the driver. */
  interrupt(): void {
    this.#interrupts++;
  }

  get interrupts(): number {
    return this.#interrupts;
  }

  /** In the order in which they happened. */
  get accesses(): readonly Readonly<RegisterAccess>[] {
    return this.#accesses;
  }

  #record(register: string, kind: 'read' | 'write', bytes: number): void {
    const last = this.#accesses.at(-1);
    if (last?.register === register && last.kind === kind && last.bytes === bytes) last.count++;
    else this.#accesses.push({ register, kind, bytes, count: 1 });
  }
}
