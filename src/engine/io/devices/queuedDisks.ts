import {
  inPieces,
  perInterrupt,
  sectorsOf,
  type DeviceProtocol,
  type DeviceRequest,
} from '../deviceProtocol.ts';
import { RegisterBus, type RegisterFile } from '../registerBus.ts';

/*
 * Disks that take many commands at a time from queues in memory. What remains in registers are doorbells and interrupt
 * status. Drivers: Linux's libahci, nvme, sym53c8xx_2, megaraid_sas and vmw_pvscsi.
 */

/** A device with latches: each register holds what was last written or raised, and a table of what an access does to it. */
class Latches implements RegisterFile {
  readonly #values = new Map<string, number>();
  readonly #onWrite: Readonly<Record<string, (value: number, self: Latches) => void>>;

  constructor(onWrite: Readonly<Record<string, (value: number, self: Latches) => void>>) {
    this.#onWrite = onWrite;
  }
  read(register: string): number {
    return this.#values.get(register) ?? 0;
  }
  write(register: string, value: number): void {
    const effect = this.#onWrite[register];
    if (effect === undefined) this.set(register, value);
    else effect(value, this);
  }
  set(register: string, value: number): void {
    this.#values.set(register, value);
  }
}

/** Writing a one clears that bit. */
const clearsOnes =
  (register: string) =>
  (value: number, self: Latches): void =>
    self.set(register, self.read(register) & ~value);

/** Runs requests through a device with `slots` places, in rounds: hand over what fits, then take the completions. */
function inRounds(
  { bytes, depth, coalesce }: DeviceRequest,
  most: { readonly sectors: number; readonly slots: number },
  round: (commands: number, interrupts: readonly number[]) => void,
): void {
  const commands = depth * inPieces(sectorsOf(bytes), most.sectors).length;
  for (const handedOver of inPieces(commands, most.slots))
    round(handedOver, perInterrupt(handedOver, coalesce));
}

/** AHCI 1.3: 32 command slots. Native command queueing names its commands in SActive as well. */
export const ahci: DeviceProtocol = {
  title: 'SATA disk behind AHCI',
  source:
    'AHCI 1.3.1, sections 3.3 and 5.5; Linux libahci.c (ahci_qc_issue, ahci_single_level_irq_intr), NCQ on',
  perform(request) {
    const port = { issued: 0 };
    const device = new Latches({
      portCommandIssue: (tag) => void (port.issued |= tag),
      portInterruptStatus: clearsOnes('portInterruptStatus'),
      hostInterruptStatus: clearsOnes('hostInterruptStatus'),
    });
    const bus = new RegisterBus(device);
    inRounds(request, { sectors: 2560, slots: 32 }, (commands, interrupts) => {
      for (let tag = 0; tag < commands; tag++) {
        bus.write('portSActive', 1 << tag);
        bus.write('portCommandIssue', 1 << tag);
      }
      for (const completed of interrupts) {
        void completed;
        device.set('portSActive', 0);
        device.set('portInterruptStatus', 0x8);
        device.set('hostInterruptStatus', 0x1);
        bus.interrupt();
        const pending = bus.read('hostInterruptStatus');
        const status = bus.read('portInterruptStatus');
        bus.write('portInterruptStatus', status);
        // Which commands are done: those whose bit is gone.
        bus.read('portSActive');
        bus.write('hostInterruptStatus', pending);
      }
    });
    return bus;
  },
};

/** NVMe 1.4: a submission and a completion queue in memory, and a doorbell for each. */
export const nvme: DeviceProtocol = {
  title: 'NVMe disk',
  source:
    'NVM Express 1.4, section 3.1 and 4.1; Linux nvme/host/pci.c (nvme_write_sq_db, nvme_poll_cq), MSI-X',
  perform(request) {
    const device = new Latches({});
    const bus = new RegisterBus(device);
    let tail = 0;
    let head = 0;
    inRounds(request, { sectors: 1024, slots: 1023 }, (commands, interrupts) => {
      // The driver fills the queue in memory and rings once for all that were plugged together.
      tail = (tail + commands) % 1024;
      bus.write('submissionTailDoorbell', tail);
      for (const completed of interrupts) {
        bus.interrupt();
        head = (head + completed) % 1024;
        bus.write('completionHeadDoorbell', head);
      }
    });
    return bus;
  },
};

/** LSI 53C895A: its processor runs SCRIPTS from memory; the driver wakes it, and hears of completions by INTFLY. */
export const lsi53c895a: DeviceProtocol = {
  title: 'SCSI disk behind LSI 53C895A',
  source:
    'Symbios 53C8xx technical manual, ISTAT and INTFLY; Linux sym53c8xx_2/sym_hipd.c (sym_put_start_queue, sym_interrupt)',
  perform(request) {
    const interruptOnTheFly = 0x04;
    const signalProcess = 0x20;
    const device = new Latches({
      istat: (value, self) => self.set('istat', value & signalProcess),
    });
    const bus = new RegisterBus(device);
    inRounds(request, { sectors: 1024, slots: 64 }, (commands, interrupts) => {
      for (let command = 0; command < commands; command++) bus.write('istat', signalProcess, 1);
      for (const completed of interrupts) {
        void completed;
        device.set('istat', interruptOnTheFly);
        bus.interrupt();
        if ((bus.read('istat', 1) & interruptOnTheFly) === 0) continue;
        bus.write('istat', interruptOnTheFly, 1);
        // A read that flushes the write before the done queue is looked at.
        bus.read('istat', 1);
      }
    });
    return bus;
  },
};

/** MegaRAID SAS 1078: a frame's address goes into one port; replies come back in memory. */
export const megaraid: DeviceProtocol = {
  title: 'RAID disk behind MegaRAID SAS',
  source: 'Linux megaraid_sas_base.c for the SAS1078 (megasas_fire_cmd_ppc, megasas_clear_intr_ppc)',
  perform(request) {
    const reply = 0x80000000;
    const device = new Latches({
      outboundDoorbellClear: (_, self) => self.set('outboundInterruptStatus', 0),
    });
    const bus = new RegisterBus(device);
    inRounds(request, { sectors: 512, slots: 100 }, (commands, interrupts) => {
      for (let command = 0; command < commands; command++) bus.write('inboundQueuePort', 1);
      for (const completed of interrupts) {
        void completed;
        device.set('outboundInterruptStatus', reply);
        bus.interrupt();
        const status = bus.read('outboundInterruptStatus');
        bus.write('outboundDoorbellClear', status);
        bus.read('outboundDoorbellClear');
      }
    });
    return bus;
  },
};

/** VMware's paravirtual SCSI: rings in memory, a kick per command, and nothing to read with message interrupts. */
export const pvscsi: DeviceProtocol = {
  title: 'VMware paravirtual SCSI disk',
  source: 'Linux vmw_pvscsi.c (pvscsi_kick_io without the request-call threshold, pvscsi_isr with MSI-X)',
  perform(request) {
    const bus = new RegisterBus(new Latches({}));
    inRounds(request, { sectors: 2560, slots: 64 }, (commands, interrupts) => {
      for (let command = 0; command < commands; command++) bus.write('kickReadWriteIo', 0);
      for (let interrupt = 0; interrupt < interrupts.length; interrupt++) bus.interrupt();
    });
    return bus;
  },
};
