import {
  inPieces,
  sectorBytes,
  sectorsOf,
  type DeviceProtocol,
  type DeviceRequest,
} from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';

/*
 * An IDE disk behind a PIIX controller: task file, status and data port of ATA-6, and the bus master registers of the
 * "Programming Interface for Bus Master IDE Controller". The driver is Linux's libata (drivers/ata/libata-sff.c).
 */

const busy = 0x80;
const drq = 0x08;
const ready = 0x40;
const busMasterInterrupt = 0x04;
const busMasterStart = 0x01;

/** Sectors that one 28-bit command can address at most; longer transfers use the 48-bit task file. */
const sectors28 = 256;
/** The longest command that Linux makes unless it is told otherwise: 1280 KiB. */
const mostSectors = 2560;

const commands = { readPio: 0xc4, writePio: 0xc5, readDma: 0xc8, writeDma: 0xca } as const;
const extended: Readonly<Record<number, number>> = { 0xc4: 0x29, 0xc5: 0x39, 0xc8: 0x25, 0xca: 0x35 };
const pioReads = new Set([0xc4, 0x29]);
const pioWrites = new Set([0xc5, 0x39]);

/** The drive and its controller. */
class IdeDisk implements RegisterFile {
  /** The line to the interrupt controller. */
  interruptLine = false;
  #status = ready;
  #busMasterStatus = 0;
  #busMasterCommand = 0;
  #command = 0;
  /** Task file writes come in pairs for 48-bit commands: the previous content is the high part. */
  #count = { high: 0, low: 0 };
  #sectorsLeft = 0;
  #wordsLeftInBlock = 0;
  readonly #sectorsPerBlock: number;

  /** @param sectorsPerBlock what SET MULTIPLE set: sectors per interrupt of a PIO transfer */
  constructor(sectorsPerBlock: number) {
    this.#sectorsPerBlock = sectorsPerBlock;
  }

  read(register: string): number {
    switch (register) {
      case 'status':
        this.interruptLine = false;
        return this.#status;
      case 'altStatus':
        return this.#status;
      case 'data':
        this.#moveWords(1);
        return 0;
      case 'busMasterStatus':
        return this.#busMasterStatus;
      case 'busMasterCommand':
        return this.#busMasterCommand;
      default:
        return 0;
    }
  }

  write(register: string, value: number): void {
    switch (register) {
      case 'sectorCount':
        this.#count = { high: this.#count.low, low: value };
        break;
      case 'command':
        this.#begin(value);
        break;
      case 'data':
        this.#moveWords(1);
        break;
      case 'busMasterStatus':
        this.#busMasterStatus &= ~value;
        break;
      case 'busMasterCommand':
        this.#busMasterCommand = value;
        break;
      default:
        break;
    }
  }

  /** The medium does its part. True when that changed something. */
  work(): boolean {
    if ((this.#status & busy) === 0) return false;
    if (pioReads.has(this.#command)) this.#offerBlock();
    else if (pioWrites.has(this.#command)) {
      if (this.#sectorsLeft === 0) this.#finish();
      else this.#offerBlock();
    } else {
      if ((this.#busMasterCommand & busMasterStart) === 0) return false;
      this.#sectorsLeft = 0;
      this.#busMasterStatus |= busMasterInterrupt;
      this.#finish();
    }
    return true;
  }

  #begin(command: number): void {
    this.#command = command;
    const is48 = Object.values(extended).includes(command);
    const count = is48 ? this.#count.high * 256 + this.#count.low : this.#count.low;
    this.#sectorsLeft = count === 0 ? (is48 ? 65536 : sectors28) : count;
    this.#status = busy;
    // A drive asks for the first block of a write at once, and without an interrupt.
    if (pioWrites.has(command)) this.#expectBlock();
  }

  #expectBlock(): void {
    this.#status = ready | drq;
    this.#wordsLeftInBlock = (Math.min(this.#sectorsLeft, this.#sectorsPerBlock) * sectorBytes) / 4;
  }

  #offerBlock(): void {
    this.#expectBlock();
    this.#interrupt();
  }

  repeat(_data: string, words: number): void {
    this.#moveWords(words);
  }

  #moveWords(words: number): void {
    if (this.#wordsLeftInBlock < words) throw new Error('The data port was used without DRQ.');
    this.#wordsLeftInBlock -= words;
    if (this.#wordsLeftInBlock > 0) return;
    this.#sectorsLeft -= Math.min(this.#sectorsLeft, this.#sectorsPerBlock);
    this.#status = this.#sectorsLeft === 0 && pioReads.has(this.#command) ? ready : busy;
  }

  #finish(): void {
    this.#status = ready;
    this.#interrupt();
  }

  #interrupt(): void {
    this.interruptLine = true;
    this.#busMasterStatus |= busMasterInterrupt;
  }
}

/** libata's side. */
class IdeDriver {
  readonly bus: RegisterBus;
  readonly #disk: IdeDisk;
  readonly #sectorsPerBlock: number;

  constructor(sectorsPerBlock: number) {
    this.#sectorsPerBlock = sectorsPerBlock;
    this.#disk = new IdeDisk(sectorsPerBlock);
    this.bus = new RegisterBus(this.#disk);
  }

  pio(sectors: number, writing: boolean): void {
    this.#select();
    const command = this.#loadTaskFile(sectors, writing ? commands.writePio : commands.readPio);
    this.#execute(command);
    let left = sectors;
    if (writing) {
      // The first block needs no interrupt: the driver waits until the drive asks for it.
      this.#waitWhile(busy);
      left -= this.#moveBlock(left, true);
    }
    while (this.#disk.work()) {
      if (!this.#disk.interruptLine) continue;
      this.bus.interrupt();
      this.#acknowledge();
      if (left > 0) left -= this.#moveBlock(left, writing);
      if (left === 0 && !writing) this.#waitWhile(busy | drq);
    }
  }

  dma(sectors: number, writing: boolean): void {
    this.#select();
    const command = this.#loadTaskFile(sectors, writing ? commands.writeDma : commands.readDma);
    this.bus.write('busMasterTable', 0, 4);
    const old = this.bus.read('busMasterCommand', 1);
    this.bus.write('busMasterCommand', old & ~busMasterStart, 1);
    this.#execute(command);
    this.bus.write('busMasterCommand', this.bus.read('busMasterCommand', 1) | busMasterStart, 1);
    while (this.#disk.work()) {
      this.bus.interrupt();
      if ((this.bus.read('busMasterStatus', 1) & busMasterInterrupt) === 0) continue;
      this.bus.write('busMasterCommand', this.bus.read('busMasterCommand', 1) & ~busMasterStart, 1);
      this.bus.read('altStatus', 1);
      this.#acknowledge();
    }
  }

  /** Device select, with a wait for an idle drive before and after. */
  #select(): void {
    this.#waitWhile(busy | drq);
    this.bus.write('device', 0xe0, 1);
    this.bus.read('altStatus', 1);
    this.#waitWhile(busy | drq);
  }

  /** The command to execute: its 48-bit form where 28 bits cannot say the number of sectors. */
  #loadTaskFile(sectors: number, command: number): number {
    const registers = ['feature', 'sectorCount', 'lbaLow', 'lbaMiddle', 'lbaHigh'];
    const is48 = sectors > sectors28;
    if (is48) {
      for (const register of registers) {
        this.bus.write(register, register === 'sectorCount' ? sectors >> 8 : 0, 1);
      }
    }
    for (const register of registers)
      this.bus.write(register, register === 'sectorCount' ? sectors & 0xff : 0, 1);
    this.bus.write('device', 0xe0, 1);
    this.#waitWhile(busy | drq);
    return is48 ? extended[command]! : command;
  }

  /** Writes the command; a read of the alternate status flushes the write. */
  #execute(command: number): void {
    this.bus.write('command', command, 1);
    this.bus.read('altStatus', 1);
  }

  /** The interrupt handler's look at the drive, which clears its interrupt, and the controller's. */
  #acknowledge(): void {
    if ((this.bus.read('altStatus', 1) & busy) !== 0) return;
    this.bus.read('status', 1);
    this.bus.write('busMasterStatus', this.bus.read('busMasterStatus', 1), 1);
  }

  #moveBlock(sectorsLeft: number, writing: boolean): number {
    const sectors = Math.min(sectorsLeft, this.#sectorsPerBlock);
    this.bus.repeat('data', writing ? 'write' : 'read', 4, (sectors * sectorBytes) / 4);
    this.bus.read('altStatus', 1);
    return sectors;
  }

  #waitWhile(bits: number): void {
    for (let tries = 0; tries < 1000; tries++) if ((this.bus.read('status', 1) & bits) === 0) return;
    throw new Error('The drive stayed busy.');
  }
}

/** Commands one after the other: a parallel ATA drive takes one at a time. */
function perform(
  { bytes, depth, operation }: DeviceRequest,
  transfer: (driver: IdeDriver, sectors: number, writing: boolean) => void,
): RegisterBus {
  const driver = new IdeDriver(16);
  for (let request = 0; request < depth; request++) {
    for (const sectors of inPieces(sectorsOf(bytes), mostSectors)) {
      transfer(driver, sectors, operation === 'write');
    }
  }
  return driver.bus;
}

export const idePio: DeviceProtocol = {
  title: 'IDE disk, programmed I/O',
  source:
    'ATA-6 PIO data-in and data-out protocols; Linux libata-sff.c, 16 sectors per interrupt, 32-bit data port',
  perform: (request) => perform(request, (driver, sectors, writing) => driver.pio(sectors, writing)),
};

export const ideDma: DeviceProtocol = {
  title: 'IDE disk, bus master DMA',
  source: 'ATA-6 DMA protocol and the SFF-8038i bus master registers; Linux libata-sff.c',
  perform: (request) => perform(request, (driver, sectors, writing) => driver.dma(sectors, writing)),
};
