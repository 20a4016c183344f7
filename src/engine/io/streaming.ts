import type { IoPath } from './ioPaths.ts';

/*
 * What a path sustains when packets follow one another, as opposed to what one request waits for. A packet costs a CPU so
 * much on each path; a stream is limited by that or by the wire.
 */

/** Bytes of a full TCP segment on Ethernet, as payload and on the wire with headers, preamble and gap. */
const segment = { payload: 1460, wire: 1538 } as const;

/** CPU time per packet. */
const packetNs: Readonly<Record<IoPath, number>> = {
  // Assumed: a kernel's protocol stack per full segment.
  native: 700,
  container: 900,
  passthrough: 700,
  // Calibrated: 577,000 and 196,000 packets per second from pktgen to a VM (Schippers et al., netdev, January 2026).
  vhost: 1733,
  'virtio-qemu': 5102,
  // Assumed: vhost's work, and a grant copy with its hypercalls by the driver domain.
  'xen-split': 2900,
  // Assumed: the exits of six register accesses, and QEMU's work.
  emulated: 24_000,
};

export interface Stream {
  readonly packetsPerSecond: number;
  /** Payload. */
  readonly goodputGbps: number;
  readonly limit: 'wire' | 'CPU';
}

/** A stream of full segments in packets of their own over `lineGbps`, with one CPU on the data path. */
export function stream(path: IoPath, lineGbps: number): Stream {
  const wire = (lineGbps * 1e9) / (8 * segment.wire);
  const cpu = 1e9 / packetNs[path];
  const packetsPerSecond = Math.min(wire, cpu);
  return {
    packetsPerSecond,
    goodputGbps: (packetsPerSecond * segment.payload * 8) / 1e9,
    limit: wire <= cpu ? 'wire' : 'CPU',
  };
}

/** Guest work per interrupt of ELI's interrupt-bound workloads. Calibrated: 62.5 % of bare metal with exits (ELI, Fig. 3). */
const workPerInterruptNs = 3697;

/**
 * Throughput of a guest whose every packet raises an interrupt of an assigned device, in percent of bare metal.
 * @param exitNs what leaving the guest for each interrupt and its completion costs; 0 when interrupts are posted
 */
export const interruptBoundPercent = (exitNs: number): number =>
  (100 * workPerInterruptNs) / (workPerInterruptNs + exitNs);
