import type { BandwidthPolicy } from 'trapframe';

let usedMs = 0;

export const bandwidth: BandwidthPolicy = {
  periodStarts() {
    usedMs = 0;
  },

  grant({ wantMs }) {
    usedMs += wantMs;
    return wantMs;
  },

  takeBack({ returnedMs }) {
    usedMs -= returnedMs;
  },
};
