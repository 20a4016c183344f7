import type { Nanoseconds } from '../../kernel/time.ts';
import { none, Slots } from './slots.ts';

/** The visits that are under way: each is one attempt at one replica, and stands at one index of all arrays. */
export class VisitTable extends Slots {
  readonly spec: number[] = [];
  readonly replica: number[] = [];
  /** The call that waits for it; none when the caller has given up. */
  readonly call: number[] = [];
  /** Changes with each use of the index: a timer of an earlier one is told by it. */
  readonly life: number[] = [];
  readonly stage: number[] = [];
  /** Calls of its stage that are not over. */
  readonly pending: number[] = [];
  readonly ok: boolean[] = [];
  readonly sentNs: Nanoseconds[] = [];
  /** When its replica began to work on it; none while it waits, and afterwards. */
  readonly begunNs: Nanoseconds[] = [];
  readonly attempt: number[] = [];

  begin(spec: number, replica: number, call: number, attempt: number, nowNs: Nanoseconds): number {
    const visit = this.take();
    this.spec[visit] = spec;
    this.replica[visit] = replica;
    this.call[visit] = call;
    this.life[visit] = (this.life[visit] ?? 0) + 1;
    this.stage[visit] = 0;
    this.pending[visit] = 0;
    this.ok[visit] = true;
    this.sentNs[visit] = nowNs;
    this.begunNs[visit] = none;
    this.attempt[visit] = attempt;
    return visit;
  }
}
