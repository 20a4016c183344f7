import { inPieces, type DeviceProtocol, type DeviceRequest } from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';

/*
 * A 16550A serial port: every byte goes through one register. The FIFO of 16 bytes saves interrupts, not accesses. The
 * driver is Linux's 8250 (8250_port.c).
 */

const fifoBytes = 16;
/** Received bytes at which the FIFO interrupts, as Linux sets it. */
const receiveTrigger = 8;
const dataReady = 0x01;
const transmitterEmpty = 0x60;
const noInterrupt = 0x01;
const transmitInterrupt = 0x02;
const receiveInterrupt = 0x04;
/** What the terminal layer hands to the driver in one go. */
const chunkBytes = 2048;
/** In the interrupt enable register: received data, line status, and with it the empty transmitter. */
const receiving = 0x05;
const sending = 0x07;

class Uart16550 implements RegisterFile {
  #received = 0;
  #enabled = receiving;
  #toSend = 0;
  #transmitPending = false;
  /** The interrupt controller has seen the line rise. It remembers that, even when the cause goes away. */
  #edge = false;
  readonly #atOnce: boolean;

  /** @param atOnce whether what was put into the FIFO has been sent when the driver looks next */
  constructor(atOnce: boolean) {
    this.#atOnce = atOnce;
  }

  read(register: string): number {
    switch (register) {
      case 'RBR':
        this.#received--;
        return 0;
      case 'LSR':
        return (this.#toSend === 0 ? transmitterEmpty : 0) | (this.#received > 0 ? dataReady : 0);
      case 'IIR':
        return this.#cause();
      default:
        return 0;
    }
  }

  write(register: string, value: number): void {
    if (register === 'THR') this.#put(1);
    if (register !== 'IER') return;
    const newly = value & ~this.#enabled;
    this.#enabled = value;
    if ((newly & transmitInterrupt) !== 0 && this.#toSend === 0) this.#transmitted();
  }

  repeat(_register: string, bytes: number): void {
    this.#put(bytes);
  }

  receive(bytes: number): void {
    this.#received += bytes;
    this.#edge = true;
  }

  /** The wire takes what is in the FIFO. */
  work(): void {
    if (this.#toSend > 0) this.#transmitted();
  }

  /** True once for each time that the line rose. */
  takeInterrupt(): boolean {
    const rose = this.#edge;
    this.#edge = false;
    return rose;
  }

  #cause(): number {
    if (this.#received > 0) return receiveInterrupt;
    if (!this.#transmitPending || (this.#enabled & transmitInterrupt) === 0) return noInterrupt;
    // Reading the cause takes the transmitter's interrupt down.
    this.#transmitPending = false;
    return transmitInterrupt;
  }

  #put(bytes: number): void {
    this.#toSend += bytes;
    this.#transmitPending = false;
    if (this.#atOnce) this.#transmitted();
  }

  #transmitted(): void {
    this.#toSend = 0;
    this.#transmitPending = true;
    if ((this.#enabled & transmitInterrupt) !== 0) this.#edge = true;
  }
}

class SerialDriver {
  readonly bus: RegisterBus;
  readonly #uart: Uart16550;
  readonly #atOnce: boolean;

  constructor(atOnce: boolean) {
    this.#atOnce = atOnce;
    this.#uart = new Uart16550(atOnce);
    this.bus = new RegisterBus(this.#uart);
  }

  /** Sends, and waits until the transmitter is empty. A slow wire is still busy when the next chunk comes: that one need not start it. */
  send(bytes: number): void {
    for (const chunk of this.#atOnce ? inPieces(bytes, chunkBytes) : [bytes]) {
      const batches = inPieces(chunk, fifoBytes);
      this.bus.write('IER', sending, 1);
      this.#serve(batches);
      while (batches.length > 0) {
        this.#uart.work();
        this.#serve(batches);
      }
      this.#uart.work();
    }
    while ((this.bus.read('LSR', 1) & transmitterEmpty) === 0);
  }

  receive(bytes: number): void {
    for (const batch of inPieces(bytes, receiveTrigger)) {
      this.#uart.receive(batch);
      this.#serve([]);
    }
  }

  /** The interrupt handler, as often as the line has risen. It serves one cause after the other until there is none. */
  #serve(batches: number[]): void {
    while (this.#uart.takeInterrupt()) {
      this.bus.interrupt();
      while ((this.bus.read('IIR', 1) & noInterrupt) === 0) {
        let status = this.bus.read('LSR', 1);
        while ((status & dataReady) !== 0) {
          this.bus.read('RBR', 1);
          status = this.bus.read('LSR', 1);
        }
        this.bus.read('MSR', 1);
        if ((status & transmitterEmpty) !== 0) this.#fill(batches);
      }
    }
  }

  #fill(batches: number[]): void {
    const batch = batches.shift();
    if (batch === undefined) return;
    this.bus.repeat('THR', 'write', 1, batch);
    if (batches.length === 0) this.bus.write('IER', receiving, 1);
  }
}

export const serial16550: DeviceProtocol = {
  title: 'Serial port 16550A',
  source:
    'National Semiconductor PC16550D; Linux 8250_port.c (serial8250_start_tx, serial8250_handle_irq, serial8250_tx_empty), FIFO on, interrupts by edge',
  perform({ operation, bytes, depth, coalesce }: DeviceRequest) {
    const driver = new SerialDriver(coalesce);
    for (let request = 0; request < depth; request++) {
      if (operation !== 'read') driver.send(bytes);
      if (operation !== 'write') driver.receive(bytes);
    }
    return driver.bus;
  },
};

export const serialPolled: DeviceProtocol = {
  title: 'Serial port as a console, polled',
  source:
    'Linux 6.1, 8250_port.c (serial8250_console_write, serial8250_console_fifo_write): wait for the transmitter before each 16 bytes, and at the end for FIFO and transmitter',
  perform({ bytes, depth }: DeviceRequest) {
    const bus = new RegisterBus(new Uart16550(true));
    const waitForTransmitter = (): void => {
      while ((bus.read('LSR', 1) & transmitterEmpty) === 0);
    };
    for (let request = 0; request < depth; request++) {
      bus.read('IER', 1);
      bus.write('IER', 0, 1);
      for (const batch of inPieces(bytes, fifoBytes)) {
        waitForTransmitter();
        bus.repeat('THR', 'write', 1, batch);
      }
      waitForTransmitter();
      waitForTransmitter();
      bus.write('IER', receiving, 1);
    }
    return bus;
  },
};
