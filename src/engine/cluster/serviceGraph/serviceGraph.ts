import type { Distribution } from '../../kernel/distributions.ts';
import type { RandomStream, RandomStreams } from '../../kernel/random.ts';
import { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import { Deadlines } from './deadlines.ts';
import type {
  CallSpec,
  Disturbance,
  FailureReason,
  GraphObserver,
  GraphSpec,
  ServiceSpec,
  ServiceTotals,
} from './graphSpec.ts';
import { pickReplica } from './loadBalancing.ts';
import { Slots } from './slots.ts';
import { VisitQueue } from './visitQueue.ts';

/**
 * Services that call each other, as an open queueing network: each replica serves a bounded number of requests at once,
 * first come first served, and holds its place while it waits for the services that it calls (a thread per request).
 * Callers time out, retry and hedge. A server does not learn that its caller has given up: work on such requests is
 * wasted, which is what makes overload self-sustaining (Bronson et al., "Metastable Failures in Distributed Systems", HotOS 2021).
 */

const none = -1;

export class ServiceGraph {
  readonly simulation: Simulation;
  readonly totals: readonly ServiceTotals[];
  /** Requests of clients that were sent, and the attempts that they took. */
  requests = 0;
  attempts = 0;
  succeeded = 0;
  failed = 0;
  /** Requests that were failed without being sent. */
  shed = 0;
  /** Latencies of answered requests, in nanoseconds, in the order of their answers. */
  readonly latenciesNs: number[] = [];

  readonly #services: readonly ServiceSpec[];
  readonly #specs: readonly CallSpec[];
  /** Index of the first call spec of each stage of each service. */
  readonly #stageSpecs: readonly (readonly (readonly number[])[])[];
  readonly #observer: GraphObserver;
  readonly #disturbances: readonly Disturbance[];
  readonly #interarrival: Distribution;
  readonly #arrivals: RandomStream;
  readonly #work: readonly RandomStream[];
  readonly #errors: readonly RandomStream[];
  readonly #choices: readonly RandomStream[];
  readonly #turns: Int32Array;
  readonly #serving: readonly Int32Array[];
  readonly #queues: readonly (readonly VisitQueue[])[];
  readonly #outstanding: readonly Int32Array[];
  readonly #deadlines: readonly Deadlines[];
  readonly #hedges: readonly Deadlines[];

  // A visit: one attempt at one replica.
  readonly #visits = new Slots();
  readonly #visitSpec: number[] = [];
  readonly #visitReplica: number[] = [];
  /** The call that waits for it; none when the caller has given up. */
  readonly #visitCall: number[] = [];
  readonly #visitLife: number[] = [];
  readonly #visitStage: number[] = [];
  readonly #visitPending: number[] = [];
  readonly #visitOk: boolean[] = [];
  readonly #visitSentNs: number[] = [];
  readonly #visitBegunNs: number[] = [];
  readonly #visitAttempt: number[] = [];

  // A call: what a visit, or a client, waits for; with all attempts at it.
  readonly #calls = new Slots();
  readonly #callVisit: number[] = [];
  readonly #callSpec: number[] = [];
  readonly #callLife: number[] = [];
  readonly #callAttempts: number[] = [];
  readonly #callLive: number[] = [];
  readonly #callRequest: number[] = [];
  readonly #callSinceNs: number[] = [];
  /** Attempts under way, to be cut loose when the call is over. At most two: one and its hedge. */
  readonly #callVisits: number[][] = [];

  constructor(
    spec: GraphSpec,
    random: RandomStreams,
    options: { readonly stepBudget: number; readonly ties?: number | undefined },
    observer: GraphObserver = {},
  ) {
    this.simulation = new Simulation({
      stepBudget: options.stepBudget,
      ...(options.ties === undefined ? {} : { tieShuffle: options.ties }),
    });
    this.#services = spec.services;
    this.#observer = observer;
    this.#disturbances = spec.disturbances;
    this.#interarrival = spec.interarrival;
    this.#arrivals = random.stream('arrivals');
    const specs: CallSpec[] = [spec.client];
    this.#stageSpecs = spec.services.map((service) =>
      service.stages.map((stage) => stage.map((call) => specs.push(call) - 1)),
    );
    this.#specs = specs;
    const streams = (what: string) => spec.services.map(({ name }) => random.stream(`${name} ${what}`));
    this.#work = streams('work');
    this.#errors = streams('errors');
    this.#choices = specs.map((_, index) => random.stream(`call ${index}`));
    this.#turns = new Int32Array(specs.length);
    this.#serving = spec.services.map(({ replicas }) => new Int32Array(replicas));
    this.#outstanding = spec.services.map(({ replicas }) => new Int32Array(replicas));
    this.#queues = spec.services.map(({ replicas }) =>
      Array.from({ length: replicas }, () => new VisitQueue()),
    );
    this.totals = spec.services.map(() => ({ arrived: 0, rejected: 0, completed: 0, wasted: 0, busyNs: 0 }));
    this.#deadlines = specs.map(
      ({ timeoutNs }) =>
        new Deadlines(this.simulation, timeoutNs, (visit, life) => this.#timedOut(visit, life)),
    );
    this.#hedges = specs.map(
      ({ hedgeAfterNs }) =>
        new Deadlines(this.simulation, hedgeAfterNs, (call, life) => this.#hedge(call, life)),
    );
  }

  /**
   * Lets clients send until `untilNs`.
   * @param ending `stop`: the run ends then, and what is under way stays unanswered; `drain`: it ends when all is answered
   */
  run(untilNs: Nanoseconds, ending: 'stop' | 'drain'): void {
    const arrive = (): void => {
      this.#request();
      const gapNs = Math.round(this.#interarrival.sample(this.#arrivals));
      if (this.simulation.now + gapNs <= untilNs) this.simulation.schedule(gapNs, arrive);
    };
    const firstNs = Math.round(this.#interarrival.sample(this.#arrivals));
    if (firstNs <= untilNs) this.simulation.at(firstNs, arrive);
    this.simulation.run(ending === 'stop' ? { untilNs } : {});
  }

  /** Requests that wait at the replicas of a service. */
  waiting(service: number): number {
    return this.#queues[service]!.reduce((sum, queue) => sum + queue.length, 0);
  }

  /** Requests that the replicas of a service work on. */
  working(service: number): number {
    return this.#serving[service]!.reduce((sum, count) => sum + count, 0);
  }

  /** Place-nanoseconds of a service that were taken until now, those of visits under way included. */
  busyUntil(service: number, nowNs: Nanoseconds): number {
    let busyNs = this.totals[service]!.busyNs;
    for (let visit = 0; visit < this.#visits.used; visit++) {
      const begunNs = this.#visitBegunNs[visit] ?? none;
      if (begunNs !== none && this.#specs[this.#visitSpec[visit]!]!.to === service) busyNs += nowNs - begunNs;
    }
    return busyNs;
  }

  /** Requests that were sent and are not answered yet. */
  get underWay(): number {
    return this.requests - this.succeeded - this.failed;
  }

  #request(): void {
    const request = this.requests++;
    this.#call(0, none, request);
  }

  /** Begins a call of one kind, of a visit or, without one, of a client. */
  #call(specIndex: number, visit: number, request: number): void {
    const spec = this.#specs[specIndex]!;
    const { now } = this.simulation;
    if (!spec.resilience.send(now)) {
      if (visit === none) {
        this.shed++;
        this.#finishRequest(request, now, false);
      } else this.#callEnded(visit, spec.optional);
      return;
    }
    const call = this.#calls.take();
    this.#callVisit[call] = visit;
    this.#callSpec[call] = specIndex;
    this.#callLife[call] = (this.#callLife[call] ?? 0) + 1;
    this.#callAttempts[call] = 0;
    this.#callLive[call] = 0;
    this.#callRequest[call] = request;
    this.#callSinceNs[call] = now;
    (this.#callVisits[call] ??= []).length = 0;
    this.#attempt(call);
    if (spec.hedgeAfterNs !== Infinity) this.#hedges[specIndex]!.add(call, this.#callLife[call]);
  }

  #attempt(call: number): void {
    const specIndex = this.#callSpec[call]!;
    const spec = this.#specs[specIndex]!;
    const { now } = this.simulation;
    const attempt = ++this.#callAttempts[call]!;
    this.#callLive[call]!++;
    if (this.#callVisit[call] === none) {
      this.attempts++;
      this.#observer.sent?.(now, this.#callRequest[call]!, attempt);
    }
    const visit = this.#visits.take();
    const replica = pickReplica(
      spec.balancing,
      this.#outstanding[spec.to]!,
      this.#choices[specIndex]!,
      this.#turns,
      specIndex,
    );
    this.#visitSpec[visit] = specIndex;
    this.#visitReplica[visit] = replica;
    this.#visitCall[visit] = call;
    this.#visitLife[visit] = (this.#visitLife[visit] ?? 0) + 1;
    this.#visitStage[visit] = 0;
    this.#visitPending[visit] = 0;
    this.#visitOk[visit] = true;
    this.#visitSentNs[visit] = now;
    this.#visitAttempt[visit] = attempt;
    this.#callVisits[call]!.push(visit);
    this.#outstanding[spec.to]![replica]!++;
    if (spec.timeoutNs !== Infinity) this.#deadlines[specIndex]!.add(visit, this.#visitLife[visit]);
    if (spec.hopNs === 0) this.#arrive(visit);
    else this.simulation.schedule(spec.hopNs, this.#arriveAction, 0, visit);
  }

  readonly #arriveAction = (visit: number): void => this.#arrive(visit);

  #arrive(visit: number): void {
    const service = this.#specs[this.#visitSpec[visit]!]!.to;
    const { concurrency, queueLimit } = this.#services[service]!;
    const replica = this.#visitReplica[visit]!;
    const totals = this.totals[service]!;
    totals.arrived++;
    if (this.#serving[service]![replica]! < concurrency) {
      this.#begin(visit, service);
      return;
    }
    const queue = this.#queues[service]![replica]!;
    if (queue.length < queueLimit) {
      queue.push(visit);
      return;
    }
    totals.rejected++;
    this.#respond(visit, service, false, 'rejected');
  }

  #begin(visit: number, service: number): void {
    const { now } = this.simulation;
    this.#serving[service]![this.#visitReplica[visit]!]!++;
    this.#visitBegunNs[visit] = now;
    const sample = this.#services[service]!.work.sample(this.#work[service]!);
    const workNs = Math.round(sample * this.#slowdown(service, now));
    this.simulation.schedule(workNs, this.#workedAction, 0, visit);
  }

  #slowdown(service: number, nowNs: Nanoseconds): number {
    for (const each of this.#disturbances) {
      if (each.service === service && nowNs >= each.fromNs && nowNs < each.toNs) return each.slowdown;
    }
    return 1;
  }

  #errorShare(service: number, nowNs: Nanoseconds): number {
    for (const each of this.#disturbances) {
      if (
        each.service === service &&
        nowNs >= each.fromNs &&
        nowNs < each.toNs &&
        each.errorShare !== undefined
      )
        return each.errorShare;
    }
    return this.#services[service]!.errorShare;
  }

  readonly #workedAction = (visit: number): void => {
    const service = this.#specs[this.#visitSpec[visit]!]!.to;
    const share = this.#errorShare(service, this.simulation.now);
    if (share > 0 && this.#errors[service]!.uniform() < share) {
      this.#finish(visit, service, false);
      return;
    }
    this.#nextStage(visit, service);
  };

  #nextStage(visit: number, service: number): void {
    const stages = this.#stageSpecs[service]!;
    const stage = this.#visitStage[visit]!++;
    if (stage >= stages.length) {
      this.#finish(visit, service, true);
      return;
    }
    const specs = stages[stage]!;
    let pending = 0;
    for (const index of specs) pending += this.#specs[index]!.fanOut;
    if (pending === 0) {
      this.#nextStage(visit, service);
      return;
    }
    this.#visitPending[visit] = pending;
    for (const index of specs) {
      for (let copy = this.#specs[index]!.fanOut; copy > 0; copy--) this.#call(index, visit, none);
    }
  }

  /** One call of a visit is over. */
  #callEnded(visit: number, ok: boolean): void {
    if (!ok) this.#visitOk[visit] = false;
    if (--this.#visitPending[visit]! > 0) return;
    const service = this.#specs[this.#visitSpec[visit]!]!.to;
    if (this.#visitOk[visit]!) this.#nextStage(visit, service);
    else this.#finish(visit, service, false);
  }

  /** A visit is over: its place is free, and the answer leaves. */
  #finish(visit: number, service: number, ok: boolean): void {
    const { now } = this.simulation;
    const replica = this.#visitReplica[visit]!;
    const totals = this.totals[service]!;
    totals.completed++;
    totals.busyNs += now - this.#visitBegunNs[visit]!;
    if (this.#visitCall[visit] === none) totals.wasted++;
    this.#visitBegunNs[visit] = none;
    this.#serving[service]![replica]!--;
    this.#respond(visit, service, ok, 'error');
    this.#beginNext(service, replica);
  }

  #beginNext(service: number, replica: number): void {
    const queue = this.#queues[service]![replica]!;
    const { dropsExpired = false, concurrency } = this.#services[service]!;
    while (queue.length > 0 && this.#serving[service]![replica]! < concurrency) {
      const visit = queue.shift();
      if (dropsExpired && this.#visitCall[visit] === none) this.#respond(visit, service, false, 'rejected');
      else this.#begin(visit, service);
    }
  }

  #respond(visit: number, service: number, ok: boolean, reason: FailureReason): void {
    this.#outstanding[service]![this.#visitReplica[visit]!]!--;
    this.#visitOk[visit] = ok;
    const { hopNs } = this.#specs[this.#visitSpec[visit]!]!;
    if (hopNs === 0) this.#answer(visit, reason);
    else this.simulation.schedule(hopNs, this.#answerAction, 0, visit, reason === 'rejected' ? 1 : 0);
  }

  readonly #answerAction = (visit: number, rejected: number): void =>
    this.#answer(visit, rejected === 1 ? 'rejected' : 'error');

  #answer(visit: number, reason: FailureReason): void {
    const call = this.#visitCall[visit]!;
    const ok = this.#visitOk[visit]!;
    const attempt = this.#visitAttempt[visit]!;
    const sentNs = this.#visitSentNs[visit]!;
    this.#visitLife[visit]!++;
    this.#visits.give(visit);
    if (call === none) return;
    this.#detach(call, visit);
    if (ok) this.#callSucceeded(call, attempt, sentNs);
    else this.#attemptFailed(call, attempt, reason);
  }

  #timedOut(visit: number, life: number): void {
    if (this.#visitLife[visit] !== life) return;
    const call = this.#visitCall[visit]!;
    if (call === none) return;
    this.#detach(call, visit);
    this.#attemptFailed(call, this.#visitAttempt[visit]!, 'timeout');
  }

  #detach(call: number, visit: number): void {
    this.#visitCall[visit] = none;
    const visits = this.#callVisits[call]!;
    visits.splice(visits.indexOf(visit), 1);
    this.#callLive[call]!--;
  }

  #callSucceeded(call: number, attempt: number, sentNs: Nanoseconds): void {
    const { now } = this.simulation;
    const spec = this.#specs[this.#callSpec[call]!]!;
    spec.resilience.succeeded(now, attempt, now - sentNs);
    this.#endCall(call, true);
  }

  #attemptFailed(call: number, attempt: number, reason: FailureReason): void {
    // The other attempt, the hedge or the one before it, may still succeed.
    if (this.#callLive[call]! > 0) return;
    const { now } = this.simulation;
    const spec = this.#specs[this.#callSpec[call]!]!;
    const delayNs = spec.resilience.retryAfter(now, attempt, reason);
    if (delayNs === undefined) {
      this.#endCall(call, false);
      return;
    }
    this.simulation.schedule(Math.round(delayNs), this.#retryAction, 0, call);
  }

  readonly #retryAction = (call: number): void => this.#attempt(call);

  #hedge(call: number, life: number): void {
    if (this.#callLife[call] !== life || this.#callLive[call] !== 1 || this.#callAttempts[call] !== 1) return;
    this.#attempt(call);
  }

  #endCall(call: number, ok: boolean): void {
    for (const visit of this.#callVisits[call]!) this.#visitCall[visit] = none;
    const visit = this.#callVisit[call]!;
    const { optional } = this.#specs[this.#callSpec[call]!]!;
    const request = this.#callRequest[call]!;
    const sinceNs = this.#callSinceNs[call]!;
    this.#callLife[call]!++;
    this.#calls.give(call);
    if (visit === none) this.#finishRequest(request, sinceNs, ok);
    else this.#callEnded(visit, ok || optional);
  }

  #finishRequest(request: number, sinceNs: Nanoseconds, ok: boolean): void {
    const { now } = this.simulation;
    const latencyNs = now - sinceNs;
    if (ok) {
      this.succeeded++;
      this.latenciesNs.push(latencyNs);
    } else this.failed++;
    this.#observer.answered?.(now, request, latencyNs, ok);
  }
}
