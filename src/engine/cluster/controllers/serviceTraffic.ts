import type { Nanoseconds } from '../../kernel/time.ts';
import type { Endpoint } from '../api/apiObjects.ts';

/** The share of requests to one Service that are answered, over time: each ready endpoint gets its share of them. */
export class ServiceTraffic {
  /** Whether each ready endpoint answers. */
  readonly #works = new Map<string, boolean>();
  readonly #portsOf = new Map<string, readonly (number | undefined)[]>();
  #working = 0;
  #sinceNs: Nanoseconds;
  #answeredNs = 0;
  #downNs = 0;
  #longestDownNs = 0;
  #downSinceNs: Nanoseconds | undefined;
  #worst = 1;

  constructor(nowNs: Nanoseconds) {
    this.#sinceNs = nowNs;
    this.#downSinceNs = nowNs;
  }

  /** From 0 to 1. */
  get share(): number {
    return this.#works.size === 0 ? 0 : this.#working / this.#works.size;
  }
  get readyEndpoints(): number {
    return this.#works.size;
  }
  get answering(): number {
    return this.#working;
  }

  /** Keys of the ready endpoints that answer: each does its share of the work. */
  *answeringPods(): Iterable<string> {
    for (const [pod, works] of this.#works) if (works) yield pod;
  }

  has(pod: string): boolean {
    return this.#works.has(pod);
  }

  /** @param changed Pods whose endpoint is another one now, or none */
  endpointsChanged(
    changed: readonly { readonly pod: string; readonly endpoint: Endpoint | undefined }[],
    answers: (endpoint: Endpoint) => boolean,
    nowNs: Nanoseconds,
  ): void {
    this.account(nowNs);
    for (const { pod, endpoint } of changed) {
      if (this.#works.get(pod) === true) this.#working--;
      if (endpoint?.ready !== true) {
        this.#works.delete(pod);
        this.#portsOf.delete(pod);
        continue;
      }
      const works = answers(endpoint);
      this.#works.set(pod, works);
      this.#portsOf.set(pod, endpoint.ports);
      if (works) this.#working++;
    }
    this.#noteState(nowNs);
  }

  /** @param answers whether a port of the Pod answers now */
  podChanged(pod: string, answers: (port: number | undefined) => boolean, nowNs: Nanoseconds): boolean {
    const worked = this.#works.get(pod);
    if (worked === undefined) return false;
    const works = this.#portsOf.get(pod)!.every(answers);
    if (works === worked) return false;
    this.account(nowNs);
    this.#works.set(pod, works);
    this.#working += works ? 1 : -1;
    this.#noteState(nowNs);
    return true;
  }

  /** Forgets what was before: measuring starts here. */
  restart(nowNs: Nanoseconds): void {
    this.account(nowNs);
    this.#answeredNs = 0;
    this.#downNs = 0;
    this.#longestDownNs = 0;
    this.#worst = this.share;
    if (this.#downSinceNs !== undefined) this.#downSinceNs = nowNs;
  }

  account(nowNs: Nanoseconds): void {
    const elapsed = nowNs - this.#sinceNs;
    this.#answeredNs += elapsed * this.share;
    if (this.#working === 0) this.#downNs += elapsed;
    if (this.#downSinceNs !== undefined)
      this.#longestDownNs = Math.max(this.#longestDownNs, nowNs - this.#downSinceNs);
    this.#sinceNs = nowNs;
  }

  #noteState(nowNs: Nanoseconds): void {
    this.#worst = Math.min(this.#worst, this.share);
    if (this.#working > 0) this.#downSinceNs = undefined;
    else this.#downSinceNs ??= nowNs;
  }

  /** Since it was last restarted. */
  get totals(): {
    readonly answeredNs: number;
    readonly downNs: number;
    readonly longestDownNs: number;
    readonly worstShare: number;
  } {
    return {
      answeredNs: this.#answeredNs,
      downNs: this.#downNs,
      longestDownNs: this.#longestDownNs,
      worstShare: this.#worst,
    };
  }
}
