import { inPieces, sectorsOf, type DeviceProtocol, type DeviceRequest } from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';

/*
 * A USB disk: "Universal Serial Bus Mass Storage Class, Bulk-Only Transport" 1.0. A command is three bulk transfers, one after the
 * other: the command block goes out, data goes out or comes in, and a status block comes in. What a transfer costs in
 * registers is decided by the host controller. Drivers: Linux's usb-storage, xhci-hcd and ehci-hcd.
 */

/** What a host controller does for one bulk transfer, until the driver has seen its end. */
interface HostController {
  readonly bus: RegisterBus;
  transfer(endpoint: number): void;
}

const endpoints = { out: 4, in: 3 } as const;

/** A disk that takes one command at a time. */
function bulkOnly(
  { bytes, depth, operation }: DeviceRequest,
  controller: HostController,
  mostSectors: number,
): RegisterBus {
  for (let request = 0; request < depth; request++) {
    for (const sectors of inPieces(sectorsOf(bytes), mostSectors)) {
      void sectors;
      controller.transfer(endpoints.out);
      controller.transfer(operation === 'write' ? endpoints.out : endpoints.in);
      controller.transfer(endpoints.in);
    }
  }
  return controller.bus;
}

/** Status bits that a one clears, and what raises them: a doorbell, or the list in memory that the controller walks by itself. */
class UsbController implements RegisterFile {
  transferPending = false;
  readonly #values = new Map<string, number>();
  #status = 0;
  readonly #done: number;

  /** @param done the status bit that says that a transfer has ended */
  constructor(done: number) {
    this.#done = done;
  }
  read(register: string): number {
    return register === 'usbStatus' ? this.#status : (this.#values.get(register) ?? 0);
  }
  write(register: string, value: number): void {
    if (register === 'usbStatus') this.#status &= ~value;
    // A doorbell keeps nothing: it reads as zero.
    else if (register === 'doorbell') this.transferPending = true;
    else this.#values.set(register, value);
  }
  /** The device answers. True when a transfer ended by that. */
  work(): boolean {
    if (!this.transferPending) return false;
    this.transferPending = false;
    this.#status |= this.#done;
    return true;
  }
}

class Xhci implements HostController {
  static readonly eventInterrupt = 0x8;
  readonly bus: RegisterBus;
  readonly #controller = new UsbController(Xhci.eventInterrupt);

  constructor() {
    this.bus = new RegisterBus(this.#controller);
  }
  transfer(endpoint: number): void {
    this.bus.write('doorbell', endpoint);
    this.bus.read('doorbell'); // Flushes the write.
    while (this.#controller.work()) {
      this.bus.interrupt();
      const status = this.bus.read('usbStatus');
      if ((status & Xhci.eventInterrupt) === 0) continue;
      this.bus.write('usbStatus', Xhci.eventInterrupt);
      // How far the driver has read the ring of events, a register of 64 bits.
      const low = this.bus.read('eventRingDequeueLow');
      const high = this.bus.read('eventRingDequeueHigh');
      this.bus.write('eventRingDequeueLow', low + 16);
      this.bus.write('eventRingDequeueHigh', high);
    }
  }
}

class Ehci implements HostController {
  static readonly transferInterrupt = 0x1;
  readonly bus: RegisterBus;
  readonly #controller = new UsbController(Ehci.transferInterrupt);

  constructor() {
    this.bus = new RegisterBus(this.#controller);
  }
  transfer(): void {
    // The controller walks the schedule in memory all the time, and finds the new transfer there: no register says so.
    this.#controller.transferPending = true;
    while (this.#controller.work()) {
      this.bus.interrupt();
      for (
        let status = this.bus.read('usbStatus');
        (status & Ehci.transferInterrupt) !== 0;
        status = this.bus.read('usbStatus')
      ) {
        this.bus.write('usbStatus', status);
      }
      this.bus.read('usbCommand');
    }
  }
}

const bulkOnlySource =
  'USB Mass Storage Class, Bulk-Only Transport 1.0, section 3; Linux usb/storage/transport.c';

export const usbStorageXhci: DeviceProtocol = {
  title: 'USB disk behind xHCI',
  source: `${bulkOnlySource}; xHCI 1.2, sections 4.7, 5.4.2 and 5.5.2.3; Linux xhci-ring.c (xhci_ring_ep_doorbell, xhci_irq), MSI-X`,
  perform: (request) => bulkOnly(request, new Xhci(), 2048),
};

export const usbStorageEhci: DeviceProtocol = {
  title: 'USB disk behind EHCI',
  source: `${bulkOnlySource}; EHCI 1.0, sections 2.3.2 and 4.8; Linux ehci-hcd.c (ehci_irq), schedule kept running`,
  perform: (request) => bulkOnly(request, new Ehci(), 240),
};
