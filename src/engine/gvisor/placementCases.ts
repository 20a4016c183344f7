import type { Situation } from './boundaries.ts';

/** Somebody who wants to run something, and what they ask for. */
export interface PlacementCase {
  readonly id: string;
  readonly story: string;
  readonly situation: Situation;
  /** The slowest that will do, start included. */
  readonly slowdownAtMost: number;
  /** The slowest start that will do, in milliseconds. */
  readonly startMsAtMost: number;
  /** How many have to fit on a host of 64 GiB. */
  readonly perHostAtLeast: number;
}

/** Requests to a platform team. */
export const placementCases: readonly PlacementCase[] = [
  {
    id: 'cache',
    story:
      "The team's own key-value store, on hosts of the team alone. It answers small requests; each microsecond counts.",
    situation: {
      tenant: 'own',
      workload: 'key-value store',
      lifetimeSeconds: 86_400,
      kvm: true,
      need: 'nothing',
      applicationMiB: 4096,
    },
    slowdownAtMost: 1.05,
    startMsAtMost: 10_000,
    perHostAtLeast: 15,
  },
  {
    id: 'scripts',
    story: 'Nightly scripts of the own team, which start thousands of small programs.',
    situation: {
      tenant: 'own',
      workload: 'shell',
      lifetimeSeconds: 600,
      kvm: false,
      need: 'nothing',
      applicationMiB: 256,
    },
    slowdownAtMost: 1.2,
    startMsAtMost: 10_000,
    perHostAtLeast: 100,
  },
  {
    id: 'builds',
    story: "A public build service: strangers' code compiles, for minutes, on rented bare metal.",
    situation: {
      tenant: 'strangers',
      workload: 'build',
      lifetimeSeconds: 300,
      kvm: true,
      need: 'nothing',
      applicationMiB: 2048,
    },
    slowdownAtMost: 1.3,
    startMsAtMost: 2_000,
    perHostAtLeast: 25,
  },
  {
    id: 'videos',
    story:
      'Uploaded videos of anybody are encoded by own code. The hosts are rented VMs without nested virtualization.',
    situation: {
      tenant: 'data',
      workload: 'encoding',
      lifetimeSeconds: 120,
      kvm: false,
      need: 'nothing',
      applicationMiB: 1024,
    },
    slowdownAtMost: 1.1,
    startMsAtMost: 2_000,
    perHostAtLeast: 50,
  },
  {
    id: 'models',
    story: "Customers' models compute for hours, with code of the customers, on the same rented VMs.",
    situation: {
      tenant: 'strangers',
      workload: 'numeric',
      lifetimeSeconds: 7_200,
      kvm: false,
      need: 'nothing',
      applicationMiB: 8192,
    },
    slowdownAtMost: 1.05,
    startMsAtMost: 10_000,
    perHostAtLeast: 7,
  },
  {
    id: 'functions',
    story: 'Functions of anybody: each instance computes for ten seconds and is thrown away. Bare metal.',
    situation: {
      tenant: 'strangers',
      workload: 'numeric',
      lifetimeSeconds: 10,
      kvm: true,
      need: 'nothing',
      applicationMiB: 128,
    },
    slowdownAtMost: 1.05,
    startMsAtMost: 200,
    perHostAtLeast: 350,
  },
  {
    id: 'gateway',
    story: 'A customer brings a network gateway, with a kernel module of its own.',
    situation: {
      tenant: 'strangers',
      workload: 'web server',
      lifetimeSeconds: 86_400,
      kvm: true,
      need: 'module',
      applicationMiB: 512,
    },
    slowdownAtMost: 1.3,
    startMsAtMost: 10_000,
    perHostAtLeast: 50,
  },
];
