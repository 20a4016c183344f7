import type { BandwidthPolicy } from 'trapframe';

let pools: number[] = [];

export const bandwidth: BandwidthPolicy = {
  periodStarts({ quotaMs, burstMs }) {
    pools = Array.from({ length: 64 }, (_, cpu) => Math.min((pools[cpu] ?? 0) + quotaMs, quotaMs + burstMs));
  },

  grant({ cpu, wantMs }) {
    const granted = Math.min(pools[cpu], wantMs);
    pools[cpu] -= granted;
    return granted;
  },

  takeBack({ cpu, returnedMs }) {
    pools[cpu] += returnedMs;
  },
};
