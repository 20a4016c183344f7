import type { BandwidthPolicy } from 'trapframe';

// CPU bandwidth control: a pool of CPU time, refilled every period.

export const bandwidth: BandwidthPolicy = {
  // A period starts.
  periodStarts({ quotaMs, burstMs }) {
    // Refill the pool.
  },

  // A CPU asks for time. 0 throttles it.
  grant({ wantMs }) {
    // Not a limit yet: everybody gets one slice, for ever.
    return wantMs;
  },

  // A CPU gives back what it did not use.
  takeBack({ returnedMs }) {
    // Put it into the pool again.
  },
};
