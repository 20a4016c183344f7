import type { BandwidthPolicy } from 'trapframe';

let poolMs = 0;
let filled = false;

export const bandwidth: BandwidthPolicy = {
  periodStarts({ quotaMs }) {
    if (!filled) poolMs = quotaMs;
    filled = true;
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
