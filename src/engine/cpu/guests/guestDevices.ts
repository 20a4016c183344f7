import type { Device } from '../machine/hart.ts';
import { finisherBase, uartBase } from '../machine/devices.ts';

/** What the devices of a guest tell their owner. */
export interface DeviceListener {
  /** A byte was sent to the console. */
  readonly send: (byte: number) => void;
  /** The guest reached a checkpoint. */
  readonly checkpoint: (number: number) => void;
  /** The guest switched itself off. @param code 0 when it says that all went well */
  readonly halt: (code: number) => void;
}

/** The devices of a guest: a console at 0x10000000, and at 0x00100000 the switch (offset 0) and checkpoints (offset 4). */
export function guestDevices(listener: DeviceListener): readonly Device[] {
  return [
    {
      base: uartBase,
      size: 8,
      read: (offset) => (offset === 5 ? 0x60 : 0),
      write: (offset, value) => {
        if (offset === 0) listener.send(value & 0xff);
      },
    },
    {
      base: finisherBase,
      size: 8,
      read: () => 0,
      write: (offset, value) => {
        if (offset === 4) listener.checkpoint(value);
        else if ((value & 0xffff) === 0x5555) listener.halt(0);
        else if ((value & 0xffff) === 0x3333) listener.halt(value >>> 16);
      },
    },
  ];
}
