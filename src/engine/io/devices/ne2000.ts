import { frameBytesOf, type DeviceProtocol, type DeviceRequest } from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';
import { interruptsOf, receivedBit, sentBit } from './networkCards.ts';

/*
 * An NE2000 compatible card on PCI: National Semiconductor's DP8390 with packet memory of its own, which the CPU fills and empties
 * through one data port ("remote DMA" in the data sheet). The driver is Linux's ne2k-pci.c with lib8390.c.
 */

// Command register.
const start = 0x02;
const transmit = 0x04;
const remoteRead = 0x08;
const remoteWrite = 0x10;
const noRemote = 0x20;
const secondPage = 0x40;

// Interrupt status register.
const received = 0x01;
const sent = 0x02;
const remoteDone = 0x40;

// Packet memory in pages of 256 bytes: two send buffers, then the receive ring.
const pageBytes = 256;
const sendPage = 0x40;
const ringStart = 0x4c;
const ringEnd = 0x80;
/** In front of every packet in the ring: status, next page, length. */
const headerBytes = 4;
const checksumBytes = 4;

class Ne2000 implements RegisterFile {
  /** Registers 1 to 15 of the page that the command register selects. */
  readonly #registers = new Map<string, number>([
    ['boundary', ringStart],
    ['currentPage', ringStart + 1],
  ]);
  readonly #headers = new Map<number, { readonly next: number; readonly bytes: number }>();
  #command = noRemote;
  #status = 0;
  #remoteLeft = 0;

  /** A frame arrives, and is put into the ring. */
  receive(frameBytes: number): void {
    const page = this.#register('currentPage');
    const pages = Math.ceil((headerBytes + frameBytes + checksumBytes) / pageBytes);
    const next = ringStart + ((page - ringStart + pages) % (ringEnd - ringStart));
    this.#headers.set(page, { next, bytes: headerBytes + frameBytes });
    this.#registers.set('currentPage', next);
    this.#status |= received;
  }

  /** The frame that was handed over has been sent. */
  finishSending(): void {
    if ((this.#command & transmit) === 0) throw new Error('Nothing was handed over to send.');
    this.#command &= ~transmit;
    this.#status |= sent;
  }

  read(register: string, bytes: number): number {
    switch (register) {
      case 'command':
        return this.#command;
      case 'interruptStatus':
        this.#expectPage(0);
        return this.#status;
      case 'currentPage':
        this.#expectPage(1);
        return this.#register(register);
      case 'transmitStatus':
        return 0x01;
      case 'data':
        return this.#fromRing(bytes);
      default:
        return this.#register(register);
    }
  }

  write(register: string, value: number, bytes: number): void {
    switch (register) {
      case 'command':
        // A frame that is being sent is not held up by other commands.
        this.#command = value | (this.#command & transmit);
        if ((value & (remoteRead | remoteWrite)) !== 0)
          this.#remoteLeft = this.#register('remoteCountLow') + 256 * this.#register('remoteCountHigh');
        break;
      case 'interruptStatus':
        this.#expectPage(0);
        this.#status &= ~value;
        break;
      case 'data':
        this.#move(bytes);
        break;
      default:
        this.#registers.set(register, value);
    }
  }

  repeat(_data: string, times: number, bytes: number): void {
    this.#move(bytes * times);
  }

  #fromRing(bytes: number): number {
    const header = this.#headers.get(this.#register('remoteAddressHigh'));
    const isHeader = this.#register('remoteAddressLow') === 0;
    this.#move(bytes);
    return isHeader && header !== undefined ? header.bytes * 65536 + header.next * 256 + 1 : 0;
  }

  #move(bytes: number): void {
    if (this.#remoteLeft < bytes) throw new Error('The data port moved more than was asked for.');
    this.#remoteLeft -= bytes;
    if (this.#remoteLeft === 0) this.#status |= remoteDone;
  }

  #register(name: string): number {
    return this.#registers.get(name) ?? 0;
  }

  #expectPage(page: number): void {
    if ((this.#command & secondPage) !== page * secondPage) throw new Error('The wrong page was selected.');
  }
}

class Ne2000Driver {
  readonly card = new Ne2000();
  readonly bus = new RegisterBus(this.card);

  send(frameBytes: number): void {
    this.bus.write('interruptMask', 0, 1);
    // Words only: an odd length is rounded up.
    this.#moveData('write', sendPage, 0, frameBytes + (frameBytes % 2));
    while ((this.bus.read('interruptStatus', 1) & remoteDone) === 0);
    this.#acknowledge(remoteDone);
    this.#command(noRemote);
    if ((this.bus.read('command', 1) & transmit) !== 0) throw new Error('The card is still sending.');
    this.bus.write('transmitCountLow', frameBytes % 256, 1);
    this.bus.write('transmitCountHigh', frameBytes >> 8, 1);
    this.bus.write('transmitPage', sendPage, 1);
    this.#command(noRemote | transmit | start);
    this.bus.write('interruptMask', 0x3f, 1);
  }

  handleInterrupt(): void {
    this.bus.interrupt();
    this.#command(noRemote);
    for (
      let causes = this.bus.read('interruptStatus', 1);
      causes !== 0;
      causes = this.bus.read('interruptStatus', 1)
    ) {
      if ((causes & received) !== 0) this.#takePackets();
      if ((causes & sent) !== 0) {
        this.bus.read('transmitStatus', 1);
        this.#acknowledge(sent);
      }
      this.#command(noRemote | start);
    }
  }

  /** Empties the ring: until the page that the card fills next is the one behind the boundary. */
  #takePackets(): void {
    for (;;) {
      this.#command(noRemote | secondPage);
      const filling = this.bus.read('currentPage', 1);
      this.#command(noRemote);
      const behind = this.bus.read('boundary', 1) + 1;
      const page = behind >= ringEnd ? ringStart : behind;
      if (page === filling) break;
      const header = this.#moveData('read', page, 0, headerBytes);
      this.#acknowledge(remoteDone);
      const next = (header >> 8) & 0xff;
      this.#moveData('read', page, headerBytes, (header >>> 16) - headerBytes);
      this.#acknowledge(remoteDone);
      this.bus.write('boundary', (next === ringStart ? ringEnd : next) - 1, 1);
    }
    this.#acknowledge(received | 0x04);
  }

  /** Remote DMA: address and length, then the CPU moves all of it, four bytes at a time. The value is that of a single access. */
  #moveData(kind: 'read' | 'write', page: number, offset: number, bytes: number): number {
    this.#command(noRemote | start);
    if (kind === 'write') this.#acknowledge(remoteDone);
    this.bus.write('remoteCountLow', bytes % 256, 1);
    this.bus.write('remoteCountHigh', bytes >> 8, 1);
    this.bus.write('remoteAddressLow', offset, 1);
    this.bus.write('remoteAddressHigh', page, 1);
    this.#command((kind === 'read' ? remoteRead : remoteWrite) | start);
    if (kind === 'read' && bytes === 4) return this.bus.read('data', 4);
    this.bus.repeat('data', kind, 4, bytes >> 2);
    if ((bytes & 2) !== 0) this.bus.repeat('data', kind, 2, 1);
    if ((bytes & 1) !== 0) this.bus.repeat('data', kind, 1, 1);
    return 0;
  }

  #command(value: number): void {
    this.bus.write('command', value, 1);
  }

  #acknowledge(causes: number): void {
    this.bus.write('interruptStatus', causes, 1);
  }
}

export const ne2000: DeviceProtocol = {
  title: 'NE2000 network card',
  source:
    'National Semiconductor DP8390D data sheet, sections 8 to 10; Linux ne2k-pci.c (ne2k_pci_block_output, ne2k_pci_block_input) and lib8390.c',
  perform(request: DeviceRequest) {
    const driver = new Ne2000Driver();
    for (const { payloadBytes, sends, causes } of interruptsOf(request)) {
      const frameBytes = frameBytesOf(payloadBytes);
      if (sends) driver.send(frameBytes);
      for (const cause of causes) {
        if ((cause & sentBit) !== 0) driver.card.finishSending();
        if ((cause & receivedBit) !== 0) driver.card.receive(frameBytes);
        driver.handleInterrupt();
      }
    }
    return driver.bus;
  },
};
