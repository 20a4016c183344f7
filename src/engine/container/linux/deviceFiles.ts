import { capable } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import type { DeviceNumber } from './directoryCalls.ts';
import type { Access } from './filePermission.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';

/** The devices that the simulated machine has, by `type major:minor`. Documentation/admin-guide/devices.txt */
export const deviceNames: Readonly<Record<string, string>> = {
  'char 1:1': 'mem',
  'char 1:3': 'null',
  'char 1:5': 'zero',
  'char 1:7': 'full',
  'char 1:8': 'random',
  'char 1:9': 'urandom',
  'char 1:11': 'kmsg',
  'char 5:0': 'tty',
  'char 5:1': 'console',
  'char 5:2': 'ptmx',
  'block 8:0': 'sda',
  'block 8:1': 'sda1',
};

const keyOf = ({ type, major, minor }: DeviceNumber): string => `${type} ${major}:${minor}`;

/** A check beyond the mode bits, when a device is opened. */
export function openDevice(
  kernel: Kernel,
  process: Process,
  device: DeviceNumber,
  access: Access,
): SysResult {
  const { read = false, write = false } = access;
  if (!kernel.deviceAllowed(process, device, { read, write })) return fail('EPERM');
  switch (deviceNames[keyOf(device)]) {
    case undefined:
      return fail('ENXIO');
    case 'mem':
      return capable(process.credentials, kernel.userNamespace, 'CAP_SYS_RAWIO') ? done : fail('EPERM');
    case 'tty':
      return fail('ENXIO');
    default:
      return done;
  }
}

/** What is read from a device: for the disk and the memory, that they can be read at all. */
export function readDevice(device: DeviceNumber): SysResult<string> {
  switch (deviceNames[keyOf(device)]) {
    case 'null':
    case 'console':
    case 'ptmx':
      return succeed('');
    case 'zero':
    case 'full':
      return succeed('\0');
    case 'random':
    case 'urandom':
      return succeed('\u0007');
    case 'sda':
    case 'sda1':
      return succeed('ext4: the disk of the host');
    case 'mem':
      return succeed('the memory of the host');
    case 'kmsg':
      return succeed('6,1,0,-;Linux version 6.18\n');
    default:
      return fail('EIO');
  }
}

export function writeDevice(kernel: Kernel, device: DeviceNumber, text: string): SysResult {
  const name = deviceNames[keyOf(device)];
  if (name === 'full') return fail('ENOSPC');
  if (name === 'sda' || name === 'sda1' || name === 'mem') kernel.rawWrites.push(`${name}: ${text}`);
  return done;
}
