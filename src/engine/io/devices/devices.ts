import type { DeviceProtocol } from '../deviceProtocol.ts';
import { ideDma, idePio } from './ide.ts';
import { ne2000 } from './ne2000.ts';
import { e1000, e1000e, rtl8139 } from './networkCards.ts';
import { ahci, lsi53c895a, megaraid, nvme, pvscsi } from './queuedDisks.ts';
import { sdCard } from './sdHost.ts';
import { serial16550, serialPolled } from './serialPort.ts';
import { usbStorageEhci, usbStorageXhci } from './usbStorage.ts';
import {
  virtioBlockIntx,
  virtioBlockLegacyIntx,
  virtioBlockLegacyMsix,
  virtioBlockMsix,
  virtioNetIntx,
  virtioNetMsix,
  virtioScsi,
} from './virtioPci.ts';

/** Every modelled device, by the name that scenarios use. */
export const devices = {
  'ide-pio': idePio,
  'ide-dma': ideDma,
  ahci,
  nvme,
  lsi53c895a,
  megaraid,
  pvscsi,
  sdhci: sdCard,
  'usb-storage': usbStorageXhci,
  'usb-storage-ehci': usbStorageEhci,
  'virtio-blk': virtioBlockMsix,
  'virtio-blk-intx': virtioBlockIntx,
  'virtio-blk-legacy': virtioBlockLegacyMsix,
  'virtio-blk-legacy-intx': virtioBlockLegacyIntx,
  'virtio-scsi': virtioScsi,
  'virtio-net': virtioNetMsix,
  'virtio-net-intx': virtioNetIntx,
  e1000,
  e1000e,
  rtl8139,
  ne2000,
  'serial-16550': serial16550,
  'serial-polled': serialPolled,
} as const satisfies Readonly<Record<string, DeviceProtocol>>;

export type DeviceName = keyof typeof devices;
