import type { Device, Hart } from './hart.ts';
import { compareHigh, compareLow, compareValue } from './csr.ts';
import { interrupt } from './trapCause.ts';

/** Addresses as on QEMU's `virt` machine, so that one program runs on both. */
export const clintBase = 0x0200_0000;
export const uartBase = 0x1000_0000;
export const finisherBase = 0x0010_0000;

/** The core-local interruptor: MSIP, `mtimecmp` and `mtime` of hart 0. */
export function clint(hart: Hart): Device {
  return {
    base: clintBase,
    size: 0x1_0000,
    read(offset) {
      switch (offset) {
        case 0:
          return (hart.mip >>> interrupt.machineSoftware) & 1;
        case 0x4000:
          return compareLow(hart.mtimecmp);
        case 0x4004:
          return compareHigh(hart.mtimecmp);
        case 0xbff8:
          return hart.time | 0;
        case 0xbffc:
          return Math.floor(hart.time / 2 ** 32) | 0;
      }
      return 0;
    },
    write(offset, value) {
      const now = hart.time;
      switch (offset) {
        case 0: {
          const bit = 1 << interrupt.machineSoftware;
          hart.mip = (value & 1) !== 0 ? hart.mip | bit : hart.mip & ~bit;
          break;
        }
        case 0x4000:
          hart.mtimecmp = compareValue(compareHigh(hart.mtimecmp), value);
          break;
        case 0x4004:
          hart.mtimecmp = compareValue(value, compareLow(hart.mtimecmp));
          break;
        case 0xbff8:
          hart.timeOffset += Math.floor(now / 2 ** 32) * 2 ** 32 + (value >>> 0) - now;
          break;
        case 0xbffc:
          hart.timeOffset += (value & 0x1f_ffff) * 2 ** 32 + (now % 2 ** 32) - now;
          break;
      }
    },
  };
}

/** The transmitter of a 16550 UART: what is written to its first register is sent at once. */
export function uart(send: (byte: number) => void): Device {
  const lineStatus = 5;
  const transmitterEmpty = 0x60;
  return {
    base: uartBase,
    size: 0x100,
    read: (offset) => (offset === lineStatus ? transmitterEmpty : 0),
    write(offset, value) {
      if (offset === 0) send(value & 0xff);
    },
  };
}

/** The test device of QEMU's `virt` machine: ends the run. @param finish exit code, 0 when the program passed */
export function finisher(hart: Hart, finish: (code: number) => void): Device {
  return {
    base: finisherBase,
    size: 0x1000,
    read: () => 0,
    write(offset, value) {
      if (offset !== 0) return;
      const command = value & 0xffff;
      if (command !== 0x5555 && command !== 0x3333) return;
      finish(command === 0x5555 ? 0 : value >>> 16);
      hart.stopRequested = true;
    },
  };
}
