import type { BandwidthPolicy } from 'trapframe';

let poolMs = 0;

export const bandwidth: BandwidthPolicy = {
  periodStarts({ quotaMs, burstMs }) {
    poolMs = Math.min(poolMs + quotaMs, quotaMs + burstMs);
  },

  grant() {
    const granted = poolMs;
    poolMs = 0;
    return granted;
  },

  takeBack({ returnedMs }) {
    poolMs += returnedMs;
  },
};
