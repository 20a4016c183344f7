import type { Distribution } from '../../kernel/distributions.ts';
import type { RandomStream, RandomStreams } from '../../kernel/random.ts';
import { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import { CallTable } from './callTable.ts';
import { errorShareAt, slowdownAt } from './disturbances.ts';
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
import { none } from './slots.ts';
import { VisitTable } from './visitTable.ts';
import { VisitQueue } from './visitQueue.ts';

/**
 * Services that call each other, as an open queueing network: each replica serves a bounded number of requests at once,
 * first come first served, and holds its place while it waits for the services that it calls (a thread per request).
 * Callers time out, retry and hedge. A server does not learn that its caller has given up: work on such requests is
 * wasted, which is what makes overload self-sustaining (Bronson et al., "Metastable Failures in Distributed Systems", HotOS 2021).
 */

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

  readonly #visits = new VisitTable();
  readonly #calls = new CallTable();

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
      const begunNs = this.#visits.begunNs[visit]!;
      if (begunNs !== none && this.#specs[this.#visits.spec[visit]!]!.to === service)
        busyNs += nowNs - begunNs;
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
    const call = this.#calls.begin(specIndex, visit, request, now);
    this.#attempt(call);
    if (spec.hedgeAfterNs !== Infinity) this.#hedges[specIndex]!.add(call, this.#calls.life[call]!);
  }

  #attempt(call: number): void {
    const specIndex = this.#calls.spec[call]!;
    const spec = this.#specs[specIndex]!;
    const { now } = this.simulation;
    const attempt = ++this.#calls.attempts[call]!;
    this.#calls.live[call]!++;
    if (this.#calls.visit[call] === none) {
      this.attempts++;
      this.#observer.sent?.(now, this.#calls.request[call]!, attempt);
    }
    const replica = pickReplica(
      spec.balancing,
      this.#outstanding[spec.to]!,
      this.#choices[specIndex]!,
      this.#turns,
      specIndex,
    );
    const visit = this.#visits.begin(specIndex, replica, call, attempt, now);
    this.#calls.visits[call]!.push(visit);
    this.#outstanding[spec.to]![replica]!++;
    if (spec.timeoutNs !== Infinity) this.#deadlines[specIndex]!.add(visit, this.#visits.life[visit]!);
    if (spec.hopNs === 0) this.#arrive(visit);
    else this.simulation.schedule(spec.hopNs, this.#arriveAction, 0, visit);
  }

  readonly #arriveAction = (visit: number): void => this.#arrive(visit);

  #arrive(visit: number): void {
    const service = this.#specs[this.#visits.spec[visit]!]!.to;
    const { concurrency, queueLimit } = this.#services[service]!;
    const replica = this.#visits.replica[visit]!;
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
    this.#serving[service]![this.#visits.replica[visit]!]!++;
    this.#visits.begunNs[visit] = now;
    const sample = this.#services[service]!.work.sample(this.#work[service]!);
    const workNs = Math.round(sample * slowdownAt(this.#disturbances, service, now));
    this.simulation.schedule(workNs, this.#workedAction, 0, visit);
  }

  readonly #workedAction = (visit: number): void => {
    const service = this.#specs[this.#visits.spec[visit]!]!.to;
    const share = errorShareAt(this.#disturbances, this.#services[service]!, service, this.simulation.now);
    if (share > 0 && this.#errors[service]!.uniform() < share) {
      this.#finish(visit, service, false);
      return;
    }
    this.#nextStage(visit, service);
  };

  #nextStage(visit: number, service: number): void {
    const stages = this.#stageSpecs[service]!;
    const stage = this.#visits.stage[visit]!++;
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
    this.#visits.pending[visit] = pending;
    for (const index of specs) {
      for (let copy = this.#specs[index]!.fanOut; copy > 0; copy--) this.#call(index, visit, none);
    }
  }

  /** One call of a visit is over. */
  #callEnded(visit: number, ok: boolean): void {
    if (!ok) this.#visits.ok[visit] = false;
    if (--this.#visits.pending[visit]! > 0) return;
    const service = this.#specs[this.#visits.spec[visit]!]!.to;
    if (this.#visits.ok[visit]!) this.#nextStage(visit, service);
    else this.#finish(visit, service, false);
  }

  /** A visit is over: its place is free, and the answer leaves. */
  #finish(visit: number, service: number, ok: boolean): void {
    const { now } = this.simulation;
    const replica = this.#visits.replica[visit]!;
    const totals = this.totals[service]!;
    totals.completed++;
    totals.busyNs += now - this.#visits.begunNs[visit]!;
    if (this.#visits.call[visit] === none) totals.wasted++;
    this.#visits.begunNs[visit] = none;
    this.#serving[service]![replica]!--;
    this.#respond(visit, service, ok, 'error');
    this.#beginNext(service, replica);
  }

  #beginNext(service: number, replica: number): void {
    const queue = this.#queues[service]![replica]!;
    const { dropsExpired = false, concurrency } = this.#services[service]!;
    while (queue.length > 0 && this.#serving[service]![replica]! < concurrency) {
      const visit = queue.shift();
      if (dropsExpired && this.#visits.call[visit] === none) this.#respond(visit, service, false, 'rejected');
      else this.#begin(visit, service);
    }
  }

  #respond(visit: number, service: number, ok: boolean, reason: FailureReason): void {
    this.#outstanding[service]![this.#visits.replica[visit]!]!--;
    this.#visits.ok[visit] = ok;
    const { hopNs } = this.#specs[this.#visits.spec[visit]!]!;
    if (hopNs === 0) this.#answer(visit, reason);
    else this.simulation.schedule(hopNs, this.#answerAction, 0, visit, reason === 'rejected' ? 1 : 0);
  }

  readonly #answerAction = (visit: number, rejected: number): void =>
    this.#answer(visit, rejected === 1 ? 'rejected' : 'error');

  #answer(visit: number, reason: FailureReason): void {
    const call = this.#visits.call[visit]!;
    const ok = this.#visits.ok[visit]!;
    const attempt = this.#visits.attempt[visit]!;
    const sentNs = this.#visits.sentNs[visit]!;
    this.#visits.life[visit]!++;
    this.#visits.give(visit);
    if (call === none) return;
    this.#detach(call, visit);
    if (ok) this.#callSucceeded(call, attempt, sentNs);
    else this.#attemptFailed(call, attempt, reason);
  }

  #timedOut(visit: number, life: number): void {
    if (this.#visits.life[visit] !== life) return;
    const call = this.#visits.call[visit]!;
    if (call === none) return;
    this.#detach(call, visit);
    this.#attemptFailed(call, this.#visits.attempt[visit]!, 'timeout');
  }

  #detach(call: number, visit: number): void {
    this.#visits.call[visit] = none;
    const visits = this.#calls.visits[call]!;
    visits.splice(visits.indexOf(visit), 1);
    this.#calls.live[call]!--;
  }

  #callSucceeded(call: number, attempt: number, sentNs: Nanoseconds): void {
    const { now } = this.simulation;
    const spec = this.#specs[this.#calls.spec[call]!]!;
    spec.resilience.succeeded(now, attempt, now - sentNs);
    this.#endCall(call, true);
  }

  #attemptFailed(call: number, attempt: number, reason: FailureReason): void {
    // The other attempt, the hedge or the one before it, may still succeed.
    if (this.#calls.live[call]! > 0) return;
    const { now } = this.simulation;
    const spec = this.#specs[this.#calls.spec[call]!]!;
    const delayNs = spec.resilience.retryAfter(now, attempt, reason);
    if (delayNs === undefined) {
      this.#endCall(call, false);
      return;
    }
    this.simulation.schedule(Math.round(delayNs), this.#retryAction, 0, call);
  }

  readonly #retryAction = (call: number): void => this.#attempt(call);

  #hedge(call: number, life: number): void {
    if (this.#calls.life[call] !== life || this.#calls.live[call] !== 1 || this.#calls.attempts[call] !== 1)
      return;
    this.#attempt(call);
  }

  #endCall(call: number, ok: boolean): void {
    for (const visit of this.#calls.visits[call]!) this.#visits.call[visit] = none;
    const visit = this.#calls.visit[call]!;
    const { optional } = this.#specs[this.#calls.spec[call]!]!;
    const request = this.#calls.request[call]!;
    const sinceNs = this.#calls.sinceNs[call]!;
    this.#calls.life[call]!++;
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
