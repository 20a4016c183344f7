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

class Uart16550 implements RegisterFile {
  received = 0;
  pending = false;
  read(register: string): number {
    switch (register) {
      case 'RBR':
        this.received--;
        return 0;
      case 'LSR':
        return transmitterEmpty | (this.received > 0 ? dataReady : 0);
      case 'IIR': {
        const { pending } = this;
        this.pending = false;
        return pending ? 0x02 : noInterrupt;
      }
      default:
        return 0;
    }
  }
  write(): void {}
  repeat(): void {}
}

/** The driver's interrupt handler; `body` is what the cause asks for. */
function handleInterrupt(uart: Uart16550, bus: RegisterBus, body: () => void): void {
  uart.pending = true;
  bus.interrupt();
  while ((bus.read('IIR', 1) & noInterrupt) === 0) {
    let status = bus.read('LSR', 1);
    while ((status & dataReady) !== 0) {
      bus.read('RBR', 1);
      status = bus.read('LSR', 1);
    }
    bus.read('MSR', 1);
    body();
  }
}

export const serial16550: DeviceProtocol = {
  title: 'Serial port 16550A',
  source:
    'National Semiconductor PC16550D; Linux 8250_port.c (serial8250_start_tx, serial8250_handle_irq), FIFO on',
  perform({ operation, bytes, depth }: DeviceRequest) {
    const uart = new Uart16550();
    const bus = new RegisterBus(uart);
    for (let request = 0; request < depth; request++) {
      if (operation !== 'read') {
        bus.write('IER', 0x07, 1);
        let left = bytes;
        for (const batch of inPieces(bytes, fifoBytes)) {
          left -= batch;
          handleInterrupt(uart, bus, () => {
            bus.repeat('THR', 'write', 1, batch);
            if (left === 0) bus.write('IER', 0x05, 1);
          });
        }
      }
      if (operation !== 'write') {
        for (const batch of inPieces(bytes, receiveTrigger)) {
          uart.received = batch;
          handleInterrupt(uart, bus, () => {});
        }
      }
    }
    return bus;
  },
};

export const serialPolled: DeviceProtocol = {
  title: 'Serial port as a console, polled',
  source: 'Linux 8250_port.c (serial8250_console_write): wait for the transmitter before each byte',
  perform({ bytes, depth }: DeviceRequest) {
    const bus = new RegisterBus(new Uart16550());
    for (let request = 0; request < depth; request++) {
      bus.read('IER', 1);
      bus.write('IER', 0, 1);
      for (let byte = 0; byte < bytes; byte++) {
        while ((bus.read('LSR', 1) & transmitterEmpty) === 0);
        bus.write('THR', 0, 1);
      }
      while ((bus.read('LSR', 1) & transmitterEmpty) === 0);
      bus.write('IER', 0x05, 1);
    }
    return bus;
  },
};
