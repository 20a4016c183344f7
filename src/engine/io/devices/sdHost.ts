import { inPieces, sectorsOf, type DeviceProtocol, type DeviceRequest } from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';

/*
 * An SD card behind a standard host controller: "SD Host Controller Simplified Specification" 3.00, registers in section 2.2,
 * transactions in section 3.7. The driver is Linux's sdhci.c under its block driver (mmc/core/block.c): data moves by ADMA2,
 * transfers of several blocks are open-ended and stopped by CMD12, and a light burns while a request runs.
 */

const commandComplete = 0x1;
const transferComplete = 0x2;
const light = 0x1;
const dataPresent = 0x20;
const responseBits = 0x3;
const responseWithBusy = 0x3;
const shortResponse = 0x2;

/** Blocks of one transfer at most: the 128 descriptors of 4 KiB that Linux gives an ADMA2 table. */
const mostBlocks = 1024;

interface Command {
  readonly index: number;
  readonly response: number;
  readonly blocks: number;
  readonly writing: boolean;
}

/** Controller and card. */
class SdHost implements RegisterFile {
  readonly #values = new Map<string, number>();
  #status = 0;
  /** What the card is still to report of the last command, in order. */
  readonly #due: number[] = [];
  readonly #atOnce: boolean;

  /** @param atOnce whether a command has ended, with its data, when the driver looks next */
  constructor(atOnce: boolean) {
    this.#atOnce = atOnce;
  }

  read(register: string): number {
    return register === 'interruptStatus' ? this.#status : (this.#values.get(register) ?? 0);
  }

  write(register: string, value: number): void {
    if (register === 'interruptStatus') this.#status &= ~value;
    else this.#values.set(register, value);
    if (register !== 'command') return;
    this.#due.push(commandComplete);
    const waitsForCard = (value & responseBits) === responseWithBusy;
    if ((value & dataPresent) !== 0 || waitsForCard) this.#due.push(transferComplete);
    if (this.#atOnce) while (this.#report());
  }

  /** True when the controller asks for the driver, now or after the card's next step. */
  interrupts(): boolean {
    return this.#status !== 0 || this.#report();
  }

  #report(): boolean {
    const cause = this.#due.shift();
    if (cause !== undefined) this.#status |= cause;
    return cause !== undefined;
  }
}

class SdDriver {
  readonly bus: RegisterBus;
  readonly #host: SdHost;

  constructor(atOnce: boolean) {
    this.#host = new SdHost(atOnce);
    this.bus = new RegisterBus(this.#host);
  }

  transfer(blocks: number, writing: boolean): void {
    const many = blocks > 1;
    this.#request(
      {
        index: (writing ? 24 : 17) + (many ? 1 : 0),
        response: shortResponse,
        blocks,
        writing,
      },
      many
        ? { index: 12, response: writing ? responseWithBusy : shortResponse, blocks: 0, writing }
        : undefined,
    );
    // After a write, the card is asked whether it is ready again.
    if (writing) this.#request({ index: 13, response: shortResponse, blocks: 0, writing: false }, undefined);
  }

  /** A command, and in the handler of its data's interrupt the one that stops an open-ended transfer. */
  #request(command: Command, stop: Command | undefined): void {
    this.#setLight(true);
    this.bus.read('presentState'); // Is a card in the slot?
    this.#send(command);
    let next = stop;
    while (this.#host.interrupts()) {
      this.bus.interrupt();
      for (
        let status = this.bus.read('interruptStatus');
        status !== 0;
        status = this.bus.read('interruptStatus')
      ) {
        this.bus.write('interruptStatus', status);
        if ((status & commandComplete) !== 0) this.bus.read('response');
        if ((status & transferComplete) === 0 || next === undefined) continue;
        this.#send(next);
        next = undefined;
      }
    }
    this.#setLight(false);
  }

  #send({ index, response, blocks, writing }: Command): void {
    this.bus.read('presentState'); // Are command and data lines free?
    if (blocks > 0 || response === responseWithBusy) this.bus.write('timeoutControl', 0xe, 1);
    if (blocks > 0) this.#prepareData(blocks);
    this.bus.write('argument', 0);
    if (blocks > 0) this.bus.write('transferMode', 0x3 | (writing ? 0 : 0x10), 2);
    else this.bus.write('transferMode', this.bus.read('transferMode', 2), 2);
    this.bus.write('command', (index << 8) | response | 0x18 | (blocks > 0 ? dataPresent : 0), 2);
  }

  #prepareData(blocks: number): void {
    this.bus.write('hostControl', this.bus.read('hostControl', 1) | 0x10, 1);
    this.bus.write('admaAddress', 0);
    this.bus.write('interruptEnable', 0x02ff008b);
    this.bus.write('signalEnable', 0x02ff008b);
    this.bus.write('blockSize', 0x7200, 2);
    this.bus.write('blockCount', blocks, 2);
  }

  #setLight(on: boolean): void {
    const control = this.bus.read('hostControl', 1);
    this.bus.write('hostControl', on ? control | light : control & ~light, 1);
  }
}

/** A card takes one command at a time: there is no queue. */
export const sdCard: DeviceProtocol = {
  title: 'SD card behind SDHCI',
  source:
    'SD Host Controller Simplified Specification 3.00, sections 2.2 and 3.7; Linux sdhci.c (sdhci_send_command, sdhci_irq) and mmc/core/block.c, ADMA2',
  perform({ bytes, depth, operation, coalesce }: DeviceRequest) {
    const driver = new SdDriver(coalesce);
    for (let request = 0; request < depth; request++) {
      for (const blocks of inPieces(sectorsOf(bytes), mostBlocks))
        driver.transfer(blocks, operation === 'write');
    }
    return driver.bus;
  },
};
