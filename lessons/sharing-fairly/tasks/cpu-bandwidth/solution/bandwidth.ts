import type { BandwidthPolicy } from 'trapframe';

let poolMs = 0;

export const bandwidth: BandwidthPolicy = {
  periodStarts({ quotaMs, burstMs }) {
    poolMs = Math.min(poolMs + quotaMs, quotaMs + burstMs);
  },

  grant({ wantMs }) {
    const granted = Math.min(poolMs, wantMs);
    poolMs -= granted;
    return granted;
  },

  takeBack({ returnedMs }) {
    poolMs += returnedMs;
  },
};
