import type { Distribution } from '../../kernel/distributions.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import type { Balancing } from './loadBalancing.ts';

/** A service, its replicas all alike. Times are nanoseconds. */
export interface ServiceSpec {
  readonly name: string;
  readonly replicas: number;
  /** Requests that a replica works on at once, those that wait for a callee included. */
  readonly concurrency: number;
  /** Requests that may wait at a replica beside those; one more is rejected at once. */
  readonly queueLimit: number;
  /** Own work of a visit, before its calls, in nanoseconds. */
  readonly work: Distribution;
  /** Share of visits, from 0 to 1, that end in an error after their own work. */
  readonly errorShare: number;
  /** Calls that a visit makes after its own work: stage after stage, those of one stage at the same time. */
  readonly stages: readonly (readonly CallSpec[])[];
  /** True when a replica drops a waiting request whose caller has given up, because its deadline travels along. */
  readonly dropsExpired?: boolean;
}

/** How one service calls another, or how clients call the first. */
export interface CallSpec {
  /** Index of the callee. */
  readonly to: number;
  /** Calls of this kind that one visit makes, to replicas chosen independently. */
  readonly fanOut: number;
  readonly balancing: Balancing;
  /** One way through the network. */
  readonly hopNs: Nanoseconds;
  /** After this an attempt counts as failed; Infinity for never. */
  readonly timeoutNs: Nanoseconds;
  /** A second attempt is sent, beside the first, when no answer has come after this; Infinity for never. */
  readonly hedgeAfterNs: Nanoseconds;
  /** When true a failure of the call does not fail the visit: there is a fallback. */
  readonly optional: boolean;
  readonly resilience: Resilience;
}

export type FailureReason = 'timeout' | 'error' | 'rejected';

/** What decides about sending and retrying: built in (`resilience.ts`), or a learner's policy. */
export interface Resilience {
  /** Asked before a call is sent for the first time. False fails it at once. */
  send(nowNs: Nanoseconds): boolean;
  /**
   * Asked when an attempt has failed.
   * @param attempt from 1
   * @returns the delay until the next attempt, or undefined to give up
   */
  retryAfter(nowNs: Nanoseconds, attempt: number, reason: FailureReason): Nanoseconds | undefined;
  succeeded(nowNs: Nanoseconds, attempt: number, latencyNs: Nanoseconds): void;
}

/** A service that does not do its usual work for a while. */
export interface Disturbance {
  readonly service: number;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  /** Its work takes this many times as long, for visits that begin in that time. */
  readonly slowdown: number;
  /** Share of its visits that end in an error in that time, from 0 to 1; undefined for the usual share. */
  readonly errorShare?: number;
}

export interface GraphSpec {
  readonly services: readonly ServiceSpec[];
  /** How clients call. */
  readonly client: CallSpec;
  /** Time between two requests of clients. */
  readonly interarrival: Distribution;
  readonly disturbances: readonly Disturbance[];
}

/** What observers may learn; none of it changes a run. */
export interface GraphObserver {
  sent?(nowNs: Nanoseconds, request: number, attempt: number): void;
  answered?(nowNs: Nanoseconds, request: number, latencyNs: Nanoseconds, ok: boolean): void;
}

/** Totals of a run, for all of it. */
export interface ServiceTotals {
  /** Attempts that arrived, rejected ones included. */
  arrived: number;
  rejected: number;
  completed: number;
  /** Completed although nobody waited for the answer any more. */
  wasted: number;
  /** Place-nanoseconds of the visits that are over; see `ServiceGraph.busyUntil`. */
  busyNs: number;
}
