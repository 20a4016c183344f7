import type { Nanoseconds } from '../../kernel/time.ts';
import { Slots } from './slots.ts';

/** The calls that are under way: what a visit, or a client, waits for, with all attempts at it. */
export class CallTable extends Slots {
  /** The visit that waits; none for a client. */
  readonly visit: number[] = [];
  readonly spec: number[] = [];
  /** Changes with each use of the index: a timer of an earlier one is told by it. */
  readonly life: number[] = [];
  readonly attempts: number[] = [];
  /** Attempts that may still succeed. */
  readonly live: number[] = [];
  readonly request: number[] = [];
  readonly sinceNs: Nanoseconds[] = [];
  /** Attempts under way, to be cut loose when the call is over. At most two: one and its hedge. */
  readonly visits: number[][] = [];

  begin(spec: number, visit: number, request: number, nowNs: Nanoseconds): number {
    const call = this.take();
    this.visit[call] = visit;
    this.spec[call] = spec;
    this.life[call] = (this.life[call] ?? 0) + 1;
    this.attempts[call] = 0;
    this.live[call] = 0;
    this.request[call] = request;
    this.sinceNs[call] = nowNs;
    (this.visits[call] ??= []).length = 0;
    return call;
  }
}
