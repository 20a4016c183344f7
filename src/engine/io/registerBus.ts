import { StepBudgetExceeded } from '../kernel/simulation.ts';

/** Registers of a device, as its driver sees them. Each access is what leaves a guest whose device is emulated. */
export interface RegisterFile {
  /** The value of a register; reading may have effects, such as clearing an interrupt. */
  read(register: string, bytes: number): number;
  write(register: string, value: number, bytes: number): void;
  /** Many accesses to one register in a row, each of so many bytes, where a device can do them at once. */
  repeat?(register: string, times: number, bytes: number): void;
}

/** Accesses to one register in a row, as one. */
export interface RegisterAccess {
  readonly register: string;
  readonly kind: 'read' | 'write';
  /** Width of each access. */
  readonly bytes: number;
  count: number;
}

/** Runs of accesses that are remembered in order; what comes later is summed by register. */
const longestHistory = 2000;
/** Runs of accesses after which the requests count as too many to follow. */
const mostRuns = 20_000_000;

/** What lies between a driver and its device: it passes accesses on, and remembers them. */
export class RegisterBus {
  readonly #device: RegisterFile;
  readonly #accesses: RegisterAccess[] = [];
  readonly #later = new Map<string, RegisterAccess>();
  #runs = 0;
  #interrupts = 0;

  constructor(device: RegisterFile) {
    this.#device = device;
  }

  read(register: string, bytes = 4): number {
    this.#record(register, 'read', bytes);
    return this.#device.read(register, bytes);
  }

  write(register: string, value: number, bytes = 4): void {
    this.#record(register, 'write', bytes);
    this.#device.write(register, value, bytes);
  }

  /** Accesses one register so many times in a row, as the string instructions of a processor do: each is an access. */
  repeat(register: string, kind: 'read' | 'write', bytes: number, times: number): void {
    this.#record(register, kind, bytes, times);
    if (this.#device.repeat !== undefined) this.#device.repeat(register, times, bytes);
    else for (let nth = 0; nth < times; nth++) this.#touch(register, kind, bytes);
  }

  #touch(register: string, kind: 'read' | 'write', bytes: number): void {
    if (kind === 'read') this.#device.read(register, bytes);
    else this.#device.write(register, 0, bytes);
  }

  /** The device's interrupt reached the driver. */
  interrupt(): void {
    this.#interrupts++;
  }

  get interrupts(): number {
    return this.#interrupts;
  }

  /** In the order in which they happened; after the first {@link longestHistory} runs, summed by register. */
  get accesses(): readonly Readonly<RegisterAccess>[] {
    return [...this.#accesses, ...this.#later.values()];
  }

  #record(register: string, kind: 'read' | 'write', bytes: number, times = 1): void {
    const last = this.#accesses.at(-1);
    if (last?.register === register && last.kind === kind && last.bytes === bytes && this.#later.size === 0) {
      last.count += times;
      return;
    }
    if (++this.#runs > mostRuns) throw new StepBudgetExceeded(this.#runs, 0);
    if (this.#accesses.length < longestHistory) {
      this.#accesses.push({ register, kind, bytes, count: times });
      return;
    }
    const key = `${register} ${kind} ${bytes}`;
    const summed = this.#later.get(key);
    if (summed === undefined) this.#later.set(key, { register, kind, bytes, count: times });
    else summed.count += times;
  }
}
