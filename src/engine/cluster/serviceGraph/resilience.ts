import type { RandomStream } from '../../kernel/random.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import type { Resilience } from './graphSpec.ts';

/** Retries as client libraries offer them. */
export interface RetrySettings {
  /** Attempts in all, the first included. 1 for no retries. */
  readonly attempts: number;
  /** Delay before the second attempt; it doubles from attempt to attempt. */
  readonly backoffNs: Nanoseconds;
  /** True to draw each delay evenly from 0 to its full length ("full jitter", M. Brooker, AWS Architecture Blog 2015). */
  readonly jitter: boolean;
  /**
   * Retries that are allowed, as a share of the requests that were sent: a token bucket that every first attempt fills
   * by this much, up to ten retries saved (the idea of Finagle's RetryBudget). Infinity for no budget.
   */
  readonly budgetShare: number;
  readonly breaker?: BreakerSettings;
}

/** When a client stops sending for a while (M. Nygard, "Release It!", 2007: circuit breaker). */
export interface BreakerSettings {
  /** Failed attempts in a row that open it. */
  readonly failures: number;
  /** How long it stays open; then one request is let through to try. */
  readonly openNs: Nanoseconds;
}

/** Retries saved in a budget at most. */
const mostSaved = 10;

/** Retry budget, backoff with jitter, and circuit breaker of one caller. */
export function clientLibrary(settings: RetrySettings, random: RandomStream): Resilience {
  const { attempts, backoffNs, jitter, budgetShare, breaker } = settings;
  let saved = budgetShare === Infinity ? Infinity : mostSaved;
  let failuresInRow = 0;
  let openUntilNs = -1;
  let trying = false;
  return {
    send(nowNs) {
      if (breaker !== undefined && openUntilNs >= 0) {
        if (nowNs < openUntilNs || trying) return false;
        trying = true;
      }
      if (saved < mostSaved) saved = Math.min(mostSaved, saved + budgetShare);
      return true;
    },
    retryAfter(nowNs, attempt) {
      failuresInRow++;
      if (breaker !== undefined && (trying || failuresInRow >= breaker.failures)) {
        openUntilNs = nowNs + breaker.openNs;
        trying = false;
        return undefined;
      }
      if (attempt >= attempts || saved < 1) return undefined;
      saved -= 1;
      const fullNs = backoffNs * (1 << Math.min(20, attempt - 1));
      return jitter ? fullNs * random.uniform() : fullNs;
    },
    succeeded() {
      failuresInRow = 0;
      openUntilNs = -1;
      trying = false;
    },
  };
}

/** One attempt, and no more. */
export const noRetries: Resilience = {
  send: () => true,
  retryAfter: () => undefined,
  succeeded: () => undefined,
};
