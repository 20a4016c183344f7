import { BatchMeans, type Confidence, type ConfidenceInterval } from './confidence.ts';
import { Conservation } from './conservation.ts';
import type { Distribution } from './distributions.ts';
import { EventQueue, type EventHandle } from './eventQueue.ts';
import type { RandomStreams } from './random.ts';
import type { Simulation } from './simulation.ts';
import { percentile, TimeWeighted } from './statistics.ts';
import { roundToNs, type Nanoseconds } from './time.ts';

/** A station where customers arrive, are served and leave. Times are in nanoseconds. */
export interface QueueModel {
  readonly interarrival: Distribution;
  readonly service: Distribution;
  /** 1 or more. */
  readonly servers: number;
  /**
   * `fifo`: one customer per server, the others wait in order. `processor-sharing`: all are served at once, each at
   * an equal share of the servers, but never faster than one server.
   */
  readonly discipline: 'fifo' | 'processor-sharing';
}

export interface QueueMeasurement {
  /** Customers that leave before measuring begins, so that the empty start does not count. */
  readonly warmup: number;
  /** Customers measured, at least 30. */
  readonly customers: number;
  /** Default: 0.95. */
  readonly confidence?: Confidence;
}

/** Told of every change; may not change anything itself. */
export interface QueueObserver {
  arrived(inSystem: number): void;
  left(inSystem: number, sojournNs: Nanoseconds): void;
}

export interface QueueResult {
  /** From arrival to departure, in nanoseconds. */
  readonly sojournNs: ConfidenceInterval;
  /** The part of the sojourn beyond the customer's own service time, in nanoseconds. */
  readonly waitNs: ConfidenceInterval;
  /** The share of customers whose wait was not zero, 0 to 1. */
  readonly delayed: ConfidenceInterval;
  /** Sojourn divided by the customer's own service time, 1 or more. */
  readonly slowdown: ConfidenceInterval;
  /** Customers in the system, averaged over the time of measurement. */
  readonly meanInSystem: number;
  /** Share of the servers' capacity in use, averaged over the time of measurement, 0 to 1. */
  readonly utilisation: number;
  /** An exact percentile of the measured sojourns, by nearest rank. */
  sojournPercentileNs(percent: number): Nanoseconds;
}

/**
 * Runs a queueing model until enough customers have left, and measures those after the warm-up. Arrivals draw from
 * the stream `arrivals`, services from `services`.
 * @throws StepBudgetExceeded when the simulation's budget ends first, as it does where more arrives than can leave
 * @throws Error when customers were lost or doubled: a bug of the engine
 */
export function simulateQueue(
  sim: Simulation,
  random: RandomStreams,
  model: QueueModel,
  measurement: QueueMeasurement,
  observer?: QueueObserver,
): QueueResult {
  const arrivals = random.stream('arrivals');
  const services = random.stream('services');
  const balance = new Conservation();
  const measured = new Measured(measurement);

  const left = (arrivedNs: Nanoseconds, serviceNs: Nanoseconds): void => {
    balance.completed++;
    const inSystem = station.inSystem;
    measured.left(sim.now, sim.now - arrivedNs, serviceNs, inSystem, Math.min(inSystem, model.servers));
    observer?.left(inSystem, sim.now - arrivedNs);
    if (measured.complete) sim.stop();
  };
  const station =
    model.discipline === 'fifo' ? fifo(sim, model.servers, left) : processorSharing(sim, model.servers, left);

  const arrive = (): void => {
    balance.generated++;
    station.enter(roundToNs(model.service.sample(services)));
    const inSystem = station.inSystem;
    measured.changed(sim.now, inSystem, Math.min(inSystem, model.servers));
    observer?.arrived(inSystem);
    sim.schedule(roundToNs(model.interarrival.sample(arrivals)), arrive);
  };
  sim.schedule(roundToNs(model.interarrival.sample(arrivals)), arrive);
  sim.run();

  const violation = balance.violation(station.inSystem);
  if (violation !== undefined) throw new Error(violation);
  return measured.result(sim.now, model.servers);
}

interface Station {
  readonly inSystem: number;
  enter(serviceNs: Nanoseconds): void;
}

type Left = (arrivedNs: Nanoseconds, serviceNs: Nanoseconds) => void;

function fifo(sim: Simulation, servers: number, left: Left): Station {
  const line = new Line();
  let busy = 0;
  const depart = (arrivedNs: Nanoseconds, serviceNs: Nanoseconds): void => {
    if (line.length > 0) {
      const next = line.leave();
      sim.schedule(next.serviceNs, depart, 0, next.arrivedNs, next.serviceNs);
    } else {
      busy--;
    }
    left(arrivedNs, serviceNs);
  };
  return {
    get inSystem() {
      return busy + line.length;
    },
    enter(serviceNs) {
      if (busy < servers) {
        busy++;
        sim.schedule(serviceNs, depart, 0, sim.now, serviceNs);
      } else {
        line.join(sim.now, serviceNs);
      }
    },
  };
}

/**
 * All customers present have received the same service since the later of two came, so that one number, the service
 * that each has been given since the system was last empty, tells who leaves next and when, exactly.
 */
function processorSharing(sim: Simulation, servers: number, left: Left): Station {
  // Ordered by the value of `given` at which each will leave.
  const present = new EventQueue();
  let given = 0;
  let sinceNs = sim.now;
  let departure: EventHandle | undefined;

  const bringUpToDate = (): void => {
    if (present.size > 0) given += (sim.now - sinceNs) * Math.min(1, servers / present.size);
    sinceNs = sim.now;
  };
  const planDeparture = (): void => {
    if (departure !== undefined) sim.cancel(departure);
    departure = undefined;
    if (present.size === 0) return;
    const remaining = Math.max(0, present.peek() - given);
    departure = sim.schedule(roundToNs(remaining / Math.min(1, servers / present.size)), depart);
  };
  const depart = (): void => {
    departure = undefined;
    present.pop();
    given = present.size === 0 ? 0 : present.time;
    sinceNs = sim.now;
    const { a: arrivedNs, b: serviceNs } = present;
    planDeparture();
    left(arrivedNs, serviceNs);
  };
  return {
    get inSystem() {
      return present.size;
    },
    enter(serviceNs) {
      bringUpToDate();
      present.push(given + serviceNs, 0, depart, sim.now, serviceNs, 0);
      planDeparture();
    },
  };
}

/** Waiting customers, first come first served, as two numbers each: a ring, so that nothing is allocated per customer. */
class Line {
  readonly #next = { arrivedNs: 0, serviceNs: 0 };
  #ring = new Float64Array(2 * 16);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  join(arrivedNs: Nanoseconds, serviceNs: Nanoseconds): void {
    if (2 * this.#length === this.#ring.length) this.#grow();
    const at = (this.#first + 2 * this.#length) % this.#ring.length;
    this.#ring[at] = arrivedNs;
    this.#ring[at + 1] = serviceNs;
    this.#length++;
  }

  /** Takes the first out of a line that is not empty. The result is valid until the next call. */
  leave(): { readonly arrivedNs: Nanoseconds; readonly serviceNs: Nanoseconds } {
    this.#next.arrivedNs = this.#ring[this.#first]!;
    this.#next.serviceNs = this.#ring[this.#first + 1]!;
    this.#first = (this.#first + 2) % this.#ring.length;
    this.#length--;
    return this.#next;
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#ring.length);
    grown.set(this.#ring.subarray(this.#first));
    grown.set(this.#ring.subarray(0, this.#first), this.#ring.length - this.#first);
    this.#ring = grown;
    this.#first = 0;
  }
}

class Measured {
  readonly #warmup: number;
  readonly #confidence: Confidence;
  readonly #sojourns: Float64Array;
  readonly #sojourn: BatchMeans;
  readonly #wait: BatchMeans;
  readonly #delayed: BatchMeans;
  readonly #slowdown: BatchMeans;
  #inSystem = new TimeWeighted(0, 0);
  #busy = new TimeWeighted(0, 0);
  #seen = 0;

  constructor({ warmup, customers, confidence = 0.95 }: QueueMeasurement) {
    this.#warmup = warmup;
    this.#confidence = confidence;
    this.#sojourns = new Float64Array(customers);
    this.#sojourn = new BatchMeans(customers);
    this.#wait = new BatchMeans(customers);
    this.#delayed = new BatchMeans(customers);
    this.#slowdown = new BatchMeans(customers);
  }

  get complete(): boolean {
    return this.#seen === this.#warmup + this.#sojourns.length;
  }

  changed(nowNs: Nanoseconds, inSystem: number, busy: number): void {
    this.#inSystem.set(nowNs, inSystem);
    this.#busy.set(nowNs, busy);
  }

  left(
    nowNs: Nanoseconds,
    sojournNs: Nanoseconds,
    serviceNs: Nanoseconds,
    inSystem: number,
    busy: number,
  ): void {
    this.changed(nowNs, inSystem, busy);
    const seen = this.#seen++;
    if (seen < this.#warmup) {
      if (this.#seen === this.#warmup) {
        this.#inSystem = new TimeWeighted(nowNs, inSystem);
        this.#busy = new TimeWeighted(nowNs, busy);
      }
      return;
    }
    this.#sojourns[seen - this.#warmup] = sojournNs;
    this.#sojourn.add(sojournNs);
    this.#wait.add(sojournNs - serviceNs);
    this.#delayed.add(sojournNs > serviceNs ? 1 : 0);
    // A service that rounds to 0 ns has no slowdown; it counts as not slowed.
    this.#slowdown.add(serviceNs === 0 ? 1 : sojournNs / serviceNs);
  }

  result(nowNs: Nanoseconds, servers: number): QueueResult {
    let sorted: Float64Array | undefined;
    return {
      sojournNs: this.#sojourn.interval(this.#confidence),
      waitNs: this.#wait.interval(this.#confidence),
      delayed: this.#delayed.interval(this.#confidence),
      slowdown: this.#slowdown.interval(this.#confidence),
      meanInSystem: this.#inSystem.average(nowNs),
      utilisation: this.#busy.average(nowNs) / servers,
      sojournPercentileNs: (percent) => {
        sorted ??= this.#sojourns.toSorted();
        return percentile(sorted, percent);
      },
    };
  }
}
