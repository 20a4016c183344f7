import type { DeviceName } from './devices/devices.ts';

/** Ways from an application to a device and back. */
export const ioPaths = {
  native: 'No virtualization: the kernel drives the device.',
  emulated:
    'Full emulation: the guest drives a device that does not exist, and every register access is an exit.',
  'xen-split': "Xen's split driver: front end, shared ring, grants and event channel to a driver domain.",
  'virtio-qemu': 'virtio with the back end in user space: the data plane is in QEMU.',
  vhost: 'virtio with the back end in the host kernel: QEMU only sets the device up.',
  passthrough: 'A device, or an SR-IOV virtual function of it, assigned to the guest through the IOMMU.',
  container: 'A container: the system call goes to the host kernel, through namespaces and control groups.',
} as const;
export type IoPath = keyof typeof ioPaths;

/** How packets reach a container. */
export const containerNetworks = {
  host: "The host's own network namespace.",
  bridge: 'A veth pair on each side and a bridge between two containers.',
  nat: 'From outside through DNAT, routing, bridge and veth pairs.',
  proxy: 'A proxy process in user space forwards every byte.',
  overlay: 'A VXLAN tunnel between hosts, in addition to bridge and veth.',
  'nat-2014': "Docker's NAT as Felter et al. measured it in 2014, as one term.",
} as const;
export type ContainerNetwork = keyof typeof containerNetworks;

/** Where a container's files lie. */
export const containerStorage = {
  volume: 'A bind-mounted volume: the file system of the host.',
  overlay: 'The overlay of the image and the container; what is written is in the upper layer already.',
  'overlay-copy-up': 'The first write to a file of the image: the whole file is copied up first.',
} as const;
export type ContainerStorage = keyof typeof containerStorage;

/** The device that a guest drives on each path unless it is said otherwise. */
export function usualDevice(path: IoPath, workload: 'block' | 'network'): DeviceName {
  const block = workload === 'block';
  switch (path) {
    case 'emulated':
      return block ? 'ide-dma' : 'e1000';
    case 'virtio-qemu':
    case 'vhost':
      return block ? 'virtio-blk' : 'virtio-net';
    case 'native':
    case 'passthrough':
    case 'container':
    case 'xen-split':
      return block ? 'nvme' : 'e1000e';
  }
}
