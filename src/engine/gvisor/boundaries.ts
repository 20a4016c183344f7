import { applications, timeOf, type Application, type ApplicationName } from './applications.ts';
import { usualSettings, type SandboxSettings } from './callCosts.ts';
import { hostSurface } from './hostSurface.ts';
import { systemCallNames } from './sentryPolicy.ts';

/** What can stand between a tenant's code and everybody else's. */
export const boundaries = {
  container: 'A container: namespaces, control groups, a seccomp profile. The kernel is shared.',
  gvisor: 'A sandbox: gVisor with systrap, a root overlay and files of its own.',
  vm: 'A small virtual machine (microVM) with a kernel of its own, as Firecracker or Kata Containers make it.',
} as const;
export type Boundary = keyof typeof boundaries;
export const boundaryNames = Object.keys(boundaries) as readonly Boundary[];

/** Whose code it is, and so what the boundary has to withstand. */
export const tenants = {
  own: 'Code of the own team, on hosts that serve nobody else. A mistake must not hurt the neighbours.',
  data: 'Own code that opens files of strangers: a decoder or parser with a bug runs their code.',
  strangers: 'Code of anybody, beside the secrets of others.',
} as const;
export type Tenant = keyof typeof tenants;

/** How many bugs somebody has to have before a neighbour is reached, at least, for each kind of tenant. */
export const bugsRequired: Readonly<Record<Tenant, number>> = { own: 1, data: 2, strangers: 2 };

/** What the application cannot do without. */
export const needs = {
  nothing: 'The ordinary interface of Linux.',
  module: "A module or a setting of the kernel's own.",
} as const;
export type Need = keyof typeof needs;

interface BoundaryConstants {
  /** Until the first instruction of the application, in milliseconds. */
  readonly startMs: number;
  /** Memory beside the application's own, in MiB. */
  readonly memoryMiB: number;
  /** Bugs between a tenant and the host's kernel, by way of system calls; those of KVM and of the processor not counted. */
  readonly bugs: number;
  /** System calls of the host that can be made once all but the last of those bugs have been used. */
  readonly hostCalls: number;
  /** Whether it takes a processor that offers virtualization to this host. */
  readonly takesKvm: boolean;
  /** Whether the tenant has a kernel of its own to change. */
  readonly ownKernel: boolean;
}

/** Docker's usual profile "disables around 44 system calls" (Docker's documentation, Seccomp security profiles). */
const refusedByUsualProfile = 44;

export const boundaryConstants: Readonly<Record<Boundary, BoundaryConstants>> = {
  container: {
    /** Measured: runc, median of 24 warm starts. Linux 6.18, 2 CPUs. */
    startMs: 23.5,
    /** Assumed: a shim that watches it. */
    memoryMiB: 4,
    bugs: 1,
    hostCalls: systemCallNames.length - refusedByUsualProfile,
    takesKvm: false,
    ownKernel: false,
  },
  gvisor: {
    /** Measured: runsc of 2024 with systrap, median of 5 cold starts on the same machine. */
    startMs: 186,
    /** Assumed: Sentry and Gofer. */
    memoryMiB: 25,
    bugs: 2,
    hostCalls: hostSurface({ directfs: false, network: 'sandbox' }).length,
    takesKvm: false,
    ownKernel: false,
  },
  vm: {
    /** Published: Firecracker boots to the application's code in at most 125 ms (Agache and others, NSDI 2020). */
    startMs: 125,
    /** Published: at most 5 MiB for the monitor (the same). Assumed: 40 MiB for the guest's kernel and its own page cache. */
    memoryMiB: 45,
    bugs: 2,
    /** Published: the filter of Firecracker allows 24 system calls (the same, section 3.4.1). */
    hostCalls: 24,
    takesKvm: true,
    ownKernel: true,
  },
};

/** What a filter takes at each call. Measured: getpid with a filter that allows it, less getpid without. */
const filterNs = 11;
/** What the bridge of a container network adds to a call on a socket. Measured: a quarter of what it adds to a request and its response. */
const bridgeNs = 755;
/** What virtio adds to a call on a socket: an exit, and an interrupt. Assumed. */
const virtioNs = 3_000;
/** How much longer code runs under nested paging. Assumed: published measurements range from nothing to a tenth. */
const nestedPaging = 1.03;

const sandbox: SandboxSettings = { ...usualSettings, fileAccess: 'exclusive', overlay: 'root' };

/** Time in a boundary as a multiple of the native time, once it runs. */
export function steadySlowdown(name: ApplicationName, boundary: Boundary): number {
  const application: Application = applications[name];
  const { nativeNs, sandboxNs, calls } = timeOf(application, sandbox);
  const sockets = application.calls.socket ?? 0;
  switch (boundary) {
    case 'container':
      return (nativeNs + calls * filterNs + sockets * bridgeNs) / nativeNs;
    case 'gvisor':
      return sandboxNs / nativeNs;
    case 'vm':
      return (nativeNs * nestedPaging + sockets * virtioNs) / nativeNs;
  }
}

/** Who wants to run what, where, and what is asked of it. */
export interface Situation {
  readonly tenant: Tenant;
  readonly workload: ApplicationName;
  /** How long an instance lives, in seconds of work. */
  readonly lifetimeSeconds: number;
  /** Whether the host offers virtualization: bare metal, or a VM with nested virtualization. */
  readonly kvm: boolean;
  readonly need: Need;
  /** Memory of the application itself, in MiB. */
  readonly applicationMiB: number;
}

/** What a choice leads to. */
export interface Consequences {
  readonly steadySlowdown: number;
  /** Its start included, spread over its life. */
  readonly slowdown: number;
  readonly startMs: number;
  readonly bugs: number;
  readonly hostCalls: number;
  /** Instances on a host of 64 GiB. */
  readonly perHost: number;
  /** Why it cannot run at all; undefined when it can. */
  readonly impossible: string | undefined;
}

const hostMiB = 65_536;

export function consequencesOf(situation: Situation, boundary: Boundary): Consequences {
  const constants = boundaryConstants[boundary];
  const steady = steadySlowdown(situation.workload, boundary);
  return {
    steadySlowdown: steady,
    slowdown: steady + constants.startMs / 1000 / situation.lifetimeSeconds,
    startMs: constants.startMs,
    bugs: constants.bugs,
    hostCalls: constants.hostCalls,
    perHost: Math.floor(hostMiB / (situation.applicationMiB + constants.memoryMiB)),
    impossible:
      constants.takesKvm && !situation.kvm
        ? 'The host is a VM itself, without nested virtualization: it cannot start another.'
        : situation.need === 'module' && !constants.ownKernel
          ? 'The application changes the kernel. In a container that would be the kernel of all, and a Sentry loads no modules of Linux.'
          : undefined,
  };
}
