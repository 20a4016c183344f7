import type { PolicyImplementation } from '../../kernel/policy.ts';
import type { BandwidthPolicy } from './bandwidthPolicy.ts';

/**
 * Linux's bandwidth control (`kernel/sched/fair.c`): a pool that a refill fills up to quota plus burst, handed out in
 * slices to whichever CPU asks first.
 */
export function cfsBandwidth(): PolicyImplementation<typeof BandwidthPolicy> {
  let poolMs = 0;
  return {
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
}
