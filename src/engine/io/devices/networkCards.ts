import { payloadsOf, type DeviceProtocol, type DeviceRequest } from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';

/*
 * Ethernet cards with rings in memory. Linux hands over every packet with a write of its own, and its interrupt handler and
 * polling (NAPI) mask and unmask interrupts in registers: that is most of the accesses.
 */

export const sentBit = 1;
export const receivedBit = 2;

/** Which completions reach the driver together, packet by packet; an answer is as long as what it answers. */
export function* interruptsOf({ operation, bytes, depth, coalesce }: DeviceRequest): Generator<{
  readonly payloadBytes: number;
  readonly sends: boolean;
  readonly causes: readonly number[];
}> {
  const causes =
    operation === 'exchange' ? [sentBit, receivedBit] : [operation === 'write' ? sentBit : receivedBit];
  const together = coalesce ? [causes.reduce((all, cause) => all | cause, 0)] : causes;
  for (let request = 0; request < depth; request++) {
    for (const payloadBytes of payloadsOf(bytes))
      yield { payloadBytes, sends: operation !== 'read', causes: together };
  }
}

/** Intel 82540EM: reading the interrupt cause clears it. */
class Intel82540 implements RegisterFile {
  cause = 0;
  read(register: string): number {
    if (register !== 'ICR') return 0;
    const { cause } = this;
    this.cause = 0;
    return cause;
  }
  write(): void {}
}

export const e1000: DeviceProtocol = {
  title: 'Intel 82540EM network card (e1000)',
  source:
    'Intel 8254x manual, sections 13.4.17 to 13.4.21; Linux e1000_main.c (e1000_intr, e1000_clean), shared interrupt line',
  perform(request) {
    const card = new Intel82540();
    const bus = new RegisterBus(card);
    for (const { sends, causes } of interruptsOf(request)) {
      if (sends) bus.write('TDT', 0);
      for (const cause of causes) {
        card.cause = cause;
        bus.interrupt();
        const seen = bus.read('ICR');
        if (seen === 0) continue;
        // Mask, and read the status register, which flushes the write.
        bus.write('IMC', 0xffffffff);
        bus.read('STATUS');
        if ((seen & receivedBit) !== 0) bus.write('RDT', 0);
        bus.write('IMS', 0x9d);
        bus.read('STATUS');
      }
    }
    return bus;
  },
};

/** Receive buffers that e1000e returns with one write of the tail. */
const e1000eRefill = 16;

export const e1000e: DeviceProtocol = {
  title: 'Intel 82574L network card (e1000e)',
  source:
    'Linux e1000e/netdev.c with MSI-X (e1000_intr_msix_tx, e1000_intr_msix_rx, e1000e_poll), interrupt rate steady',
  perform(request) {
    const bus = new RegisterBus(new Intel82540());
    let received = 0;
    for (const { sends, causes } of interruptsOf({ ...request, coalesce: false })) {
      if (sends) bus.write('TDT', 0);
      // Message interrupts mask themselves; each vector is unmasked with one write.
      for (const cause of causes) {
        bus.interrupt();
        if (cause === receivedBit && ++received % e1000eRefill === 0) bus.write('RDT', 0);
        bus.write('IMS', cause);
      }
    }
    return bus;
  },
};

/** RealTek 8139C+: writing a one to the interrupt status clears that bit. */
class RealTek8139 implements RegisterFile {
  status = 0;
  mask = 0xffff;
  read(register: string): number {
    return register === 'intrStatus' ? this.status : register === 'intrMask' ? this.mask : 0;
  }
  write(register: string, value: number): void {
    if (register === 'intrStatus') this.status &= ~value;
    if (register === 'intrMask') this.mask = value;
  }
}

export const rtl8139: DeviceProtocol = {
  title: 'RealTek 8139C+ network card',
  source: 'Linux realtek/8139cp.c (cp_start_xmit, cp_interrupt, cp_rx_poll)',
  perform(request) {
    const card = new RealTek8139();
    const bus = new RegisterBus(card);
    for (const { sends, causes } of interruptsOf(request)) {
      if (sends) bus.write('txPoll', 0x40, 1);
      for (const cause of causes) {
        card.status |= cause;
        bus.interrupt();
        if (bus.read('intrMask', 2) === 0) continue;
        const status = bus.read('intrStatus', 2);
        if (status === 0) continue;
        bus.write('intrStatus', status & ~receivedBit, 2);
        if ((status & receivedBit) === 0) continue;
        // Receive interrupts stay masked while the driver polls; reads flush the writes of the mask.
        bus.write('intrMask', 0xffff & ~receivedBit, 2);
        bus.read('intrMask', 2);
        bus.write('intrStatus', receivedBit, 2);
        bus.write('intrMask', 0xffff, 2);
        bus.read('intrMask', 2);
      }
    }
    return bus;
  },
};
