import type { CallOutcome } from '../../kernel/policy.ts';
import type { Trace } from '../../kernel/trace.ts';
import { guestDevices } from '../guests/guestDevices.ts';
import type { Difference } from '../guests/guestState.ts';
import type { Device } from '../machine/hart.ts';
import { failed, found, nothing } from './vmmCalls.ts';
import type { VmmEvents } from './vmmEvents.ts';

/** Appends an event to the trace of a VMM. */
export type VmmRecord = (kind: keyof VmmEvents, a?: number, b?: number, c?: number, d?: number) => void;

/** What a guest's devices need of whoever runs it. */
export interface DeviceOwner {
  /** The guest's number. */
  readonly id: number;
  /** A byte was sent to the console. */
  readonly send: (byte: number) => void;
  /** How the guest's state differs from that on bare metal at a checkpoint; undefined where it does not. */
  readonly differs: (checkpoint: number) => Difference | undefined;
  /** The guest switched itself off. @param code 0 when it says that all went well */
  readonly halted: (code: number) => void;
}

/** The devices of a guest under a VMM: checkpoints and the end stand in the trace. */
export const tracedDevices = (
  owner: DeviceOwner,
  trace: Trace<VmmEvents>,
  record: VmmRecord,
): readonly Device[] =>
  guestDevices({
    send: owner.send,
    checkpoint: (number) => {
      const { expected = '', actual = '' } = owner.differs(number) ?? {};
      record('checkpoint', owner.id, number, trace.text(expected), trace.text(actual));
    },
    halt: (code) => {
      owner.halted(code);
      record('halt', owner.id, code);
    },
  });

interface DeviceAccess {
  readonly guest: number;
  /** A physical address of the guest. */
  readonly address: number;
  readonly bytes: number;
}

/**
 * The calls by which a VMM reads and writes its guests' devices; EFAULT where there is none.
 * @param devicesOf the devices of a guest
 */
export function deviceCalls(devicesOf: (guest: number) => readonly Device[], record: VmmRecord) {
  const deviceAt = ({ guest, address }: DeviceAccess): Device | undefined =>
    devicesOf(guest).find(({ base, size }) => address >= base && address < base + size);
  return {
    deviceRead: (access: DeviceAccess): CallOutcome<number> => {
      const { guest, address, bytes } = access;
      const device = deviceAt(access);
      if (device === undefined) return failed('EFAULT');
      const value = device.read(address - device.base, bytes);
      record('device', guest, address, value);
      return found(value);
    },
    deviceWrite: (access: DeviceAccess & { readonly value: number }): CallOutcome<void> => {
      const { guest, address, bytes, value } = access;
      const device = deviceAt(access);
      if (device === undefined) return failed('EFAULT');
      record('device', guest, address, value | 0);
      device.write(address - device.base, value | 0, bytes);
      return nothing;
    },
  };
}
