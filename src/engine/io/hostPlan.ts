import type { IoPath } from './ioPaths.ts';

/** Paths that a design may choose for a VM, by the names that hosts use for them. */
export const designPaths = {
  emulated: 'An emulated e1000: every system has a driver for it.',
  'virtio-qemu': 'virtio, served by QEMU.',
  vhost: 'virtio, served by the host kernel.',
  'sr-iov': 'A virtual function of the card, assigned through the IOMMU.',
} as const;
export type DesignPath = keyof typeof designPaths;

/** The same path in io.path. */
export const pathOf: Readonly<Record<DesignPath, IoPath>> = {
  emulated: 'emulated',
  'virtio-qemu': 'virtio-qemu',
  vhost: 'vhost',
  'sr-iov': 'passthrough',
};

/** What a VM needs of the network. */
export interface VmNeeds {
  readonly name: string;
  readonly does: string;
  /** Thousands of packets per second, at its busiest. */
  readonly kpps: number;
  /** Longest round trip on an idle network. */
  readonly roundTripUs: number;
  /** Must move to another host while it runs. */
  readonly migrates: boolean;
  readonly memoryGiB: number;
  /** Devices that its system has drivers for. */
  readonly drivers: readonly ('e1000' | 'virtio' | 'vf')[];
}

const modern = ['e1000', 'virtio', 'vf'] as const;

/** Hosts to plan, each a list of VMs. */
export const hosts = {
  shop: {
    doc: 'A web shop: two web servers that migrate, a cache and a database that answer fast, nightly reports and one old system.',
    vms: [
      {
        name: 'web-1',
        does: 'web server',
        kpps: 60,
        roundTripUs: 80,
        migrates: true,
        memoryGiB: 8,
        drivers: modern,
      },
      {
        name: 'web-2',
        does: 'web server',
        kpps: 60,
        roundTripUs: 80,
        migrates: true,
        memoryGiB: 8,
        drivers: modern,
      },
      {
        name: 'cache',
        does: 'in-memory cache',
        kpps: 150,
        roundTripUs: 45,
        migrates: false,
        memoryGiB: 32,
        drivers: modern,
      },
      {
        name: 'db',
        does: 'database',
        kpps: 120,
        roundTripUs: 50,
        migrates: false,
        memoryGiB: 48,
        drivers: modern,
      },
      {
        name: 'reports',
        does: 'nightly reports',
        kpps: 20,
        roundTripUs: 500,
        migrates: true,
        memoryGiB: 16,
        drivers: modern,
      },
      {
        name: 'billing',
        does: 'a system of 2003 without virtio drivers',
        kpps: 3,
        roundTripUs: 200,
        migrates: true,
        memoryGiB: 2,
        drivers: ['e1000'],
      },
    ],
  },
  lab: {
    doc: 'A small laboratory: a measuring station that may not wait, a file server and two desktops.',
    vms: [
      {
        name: 'station',
        does: 'measuring station',
        kpps: 80,
        roundTripUs: 45,
        migrates: false,
        memoryGiB: 8,
        drivers: modern,
      },
      {
        name: 'files',
        does: 'file server',
        kpps: 90,
        roundTripUs: 100,
        migrates: true,
        memoryGiB: 16,
        drivers: modern,
      },
      {
        name: 'desk-1',
        does: 'desktop',
        kpps: 5,
        roundTripUs: 300,
        migrates: true,
        memoryGiB: 4,
        drivers: modern,
      },
      {
        name: 'desk-2',
        does: 'desktop',
        kpps: 5,
        roundTripUs: 300,
        migrates: true,
        memoryGiB: 4,
        drivers: modern,
      },
    ],
  },
} as const satisfies Readonly<Record<string, { readonly doc: string; readonly vms: readonly VmNeeds[] }>>;
export type HostName = keyof typeof hosts;

const driverFor: Readonly<Record<DesignPath, VmNeeds['drivers'][number]>> = {
  emulated: 'e1000',
  'virtio-qemu': 'virtio',
  vhost: 'virtio',
  'sr-iov': 'vf',
};

/** Why a design cannot be built, whatever it costs. */
export interface Impossible {
  /** The VM whose line is to blame; absent when a line is missing. */
  readonly vm?: string;
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
}

/** The first thing that cannot be; undefined for a design that can be built. */
export function impossibleIn(
  vms: readonly VmNeeds[],
  design: ReadonlyMap<string, DesignPath>,
  virtualFunctions: number,
): Impossible | undefined {
  const names = vms.map(({ name }) => name);
  for (const name of design.keys()) {
    if (names.includes(name)) continue;
    return {
      vm: name,
      expected: `one of this host's VMs: ${names.join(', ')}`,
      actual: name,
      because: 'The host has no such VM.',
    };
  }
  const missing = names.find((name) => !design.has(name));
  if (missing !== undefined) {
    return {
      expected: `a path for each of ${names.join(', ')}`,
      actual: `none for ${missing}`,
      because: 'Every VM needs a way to the network.',
    };
  }
  for (const { name, migrates, drivers, does } of vms) {
    const chosen = design.get(name)!;
    if (!drivers.includes(driverFor[chosen])) {
      return {
        vm: name,
        expected: `a device that ${name} (${does}) has a driver for: ${drivers.join(', ')}`,
        actual: `${chosen}, which needs a driver for ${driverFor[chosen] === 'vf' ? 'the virtual function' : driverFor[chosen]}`,
        because:
          'A paravirtual or assigned device needs its driver inside the guest. Emulation exists for guests that have none.',
      };
    }
    if (migrates && chosen === 'sr-iov') {
      return {
        vm: name,
        expected: `a path on which ${name} can migrate`,
        actual: 'sr-iov',
        because:
          'The state of an assigned function is inside the card, where the hypervisor cannot read it, and the target has another card. A VM with one cannot be moved while it runs.',
      };
    }
  }
  const assigned = names.filter((name) => design.get(name) === 'sr-iov');
  if (assigned.length > virtualFunctions) {
    return {
      vm: assigned[virtualFunctions]!,
      expected: `at most ${virtualFunctions} VMs with sr-iov: the card has so many virtual functions`,
      actual: `${assigned.length}: ${assigned.join(', ')}`,
      because:
        'A virtual function is a part of the card with queues of its own. It belongs to one VM, and there are no more than the card has.',
    };
  }
  return undefined;
}
