import {
  inPieces,
  payloadsOf,
  perInterrupt,
  sectorsOf,
  type DeviceProtocol,
  type DeviceRequest,
} from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';
import { indexPlus, needsEvent } from '../vringEvent.ts';

/*
 * virtio over PCI: requests stand in rings in memory, and the only registers that a request touches are the notify
 * register and, where interrupts come by a shared line, the interrupt status (virtio 1.2, sections 4.1.4.4 and 4.1.4.5;
 * legacy layout 4.1.4.8). Both layouts take the same number of accesses.
 */

/** The device end of one queue with event indexes. */
class QueueEnd {
  /** What the driver published and what the device took. */
  available = 0;
  taken = 0;
  /** The device asks to be notified when the driver passes this. */
  availableEvent = 0;
  used = 0;
  /** The driver asks to be interrupted when the device passes this. */
  usedEvent = 0;
}

class VirtioPci implements RegisterFile {
  readonly queues: QueueEnd[];
  isr = 0;
  constructor(queues: number) {
    this.queues = Array.from({ length: queues }, () => new QueueEnd());
  }
  read(register: string): number {
    if (register !== 'isrStatus') return 0;
    // Reading the status takes the interrupt line down.
    const { isr } = this;
    this.isr = 0;
    return isr;
  }
  write(register: string, value: number): void {
    if (register !== 'queueNotify') return;
    const queue = this.queues[value]!;
    queue.taken = queue.available;
    queue.availableEvent = queue.available;
  }
}

type Interrupts = 'msix' | 'intx';

class VirtioDriver {
  readonly bus: RegisterBus;
  readonly #device: VirtioPci;
  readonly #interrupts: Interrupts;

  constructor(queues: number, interrupts: Interrupts) {
    this.#device = new VirtioPci(queues);
    this.#interrupts = interrupts;
    this.bus = new RegisterBus(this.#device);
  }

  /** Publishes buffers together, and notifies if the device asked for it. */
  publish(queueNumber: number, buffers: number): void {
    const queue = this.#device.queues[queueNumber]!;
    const before = queue.available;
    queue.available = indexPlus(queue.available, buffers);
    if (needsEvent(queue.availableEvent, queue.available, before))
      this.bus.write('queueNotify', queueNumber, 2);
  }

  /** The device returns buffers on several queues at the same time; one shared line carries one interrupt for all. */
  complete(returned: readonly { readonly queue: number; readonly buffers: number }[]): void {
    const wanting = returned.filter(({ queue: number, buffers }) => {
      const queue = this.#device.queues[number]!;
      const before = queue.used;
      queue.used = indexPlus(queue.used, buffers);
      const wants = needsEvent(queue.usedEvent, queue.used, before);
      queue.usedEvent = queue.used;
      return wants;
    });
    if (wanting.length === 0) return;
    if (this.#interrupts === 'msix') {
      for (let each = 0; each < wanting.length; each++) this.bus.interrupt();
      return;
    }
    this.#device.isr = 1;
    this.bus.interrupt();
    this.bus.read('isrStatus', 1);
  }
}

/** A disk whose queue is kicked once for all requests that were plugged together. */
function disk(
  { bytes, depth, coalesce }: DeviceRequest,
  interrupts: Interrupts,
  queueSize: number,
): RegisterBus {
  const driver = new VirtioDriver(1, interrupts);
  const commands = depth * inPieces(sectorsOf(bytes), 2560).length;
  for (const handedOver of inPieces(commands, queueSize)) {
    driver.publish(0, handedOver);
    for (const completed of perInterrupt(handedOver, coalesce))
      driver.complete([{ queue: 0, buffers: completed }]);
  }
  return driver.bus;
}

const receiveQueue = 0;
const sendQueue = 1;

/** A network card: each packet sent is published on its own; receive buffers are refilled without a kick. */
function network({ operation, bytes, depth, coalesce }: DeviceRequest, interrupts: Interrupts): RegisterBus {
  const driver = new VirtioDriver(2, interrupts);
  for (let packet = 0; packet < depth * payloadsOf(bytes).length; packet++) {
    if (operation !== 'read') driver.publish(sendQueue, 1);
    const sent = operation === 'read' ? [] : [{ queue: sendQueue, buffers: 1 }];
    const received = operation === 'write' ? [] : [{ queue: receiveQueue, buffers: 1 }];
    if (coalesce) driver.complete([...sent, ...received]);
    else for (const one of [...sent, ...received]) driver.complete([one]);
  }
  return driver.bus;
}

const source = (driver: string, layout: string): string =>
  `virtio 1.2, sections 2.7.10, 4.1.4.4 and 4.1.4.5${layout}; Linux ${driver}`;

const block = (layout: string, interrupts: Interrupts): DeviceProtocol => ({
  title: `virtio block, ${layout} registers, ${interrupts === 'msix' ? 'MSI-X' : 'shared interrupt line'}`,
  source: source('virtio_blk.c (virtio_queue_rqs)', layout === 'legacy' ? ' in the layout of 4.1.4.8' : ''),
  perform: (request) => disk(request, interrupts, 256),
});

export const virtioBlockMsix = block('modern', 'msix');
export const virtioBlockIntx = block('modern', 'intx');
export const virtioBlockLegacyMsix = block('legacy', 'msix');
export const virtioBlockLegacyIntx = block('legacy', 'intx');

export const virtioScsi: DeviceProtocol = {
  title: 'virtio SCSI, MSI-X',
  source: source('virtio_scsi.c', ''),
  perform: (request) => disk(request, 'msix', 128),
};

export const virtioNetMsix: DeviceProtocol = {
  title: 'virtio network, MSI-X',
  source: source('virtio_net.c', ''),
  perform: (request) => network(request, 'msix'),
};

export const virtioNetIntx: DeviceProtocol = {
  title: 'virtio network, shared interrupt line',
  source: source('virtio_net.c', ''),
  perform: (request) => network(request, 'intx'),
};
