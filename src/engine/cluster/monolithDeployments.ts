import { exponential, type Distribution } from '../kernel/distributions.ts';
import type { CallSpec, ServiceSpec } from './serviceGraph/graphSpec.ts';
import { noRetries } from './serviceGraph/resilience.ts';

const nsPerMs = 1e6;

/** A program of modules, what it is asked for, and what machines cost. */
export interface Design {
  readonly requestsPerSecond: number;
  readonly modules: number;
  readonly workMs: number;
  readonly hotPercent: number;
  readonly callMs: number;
  readonly hopMs: number;
  readonly busyPercent: number;
  readonly moduleGiB: number;
  readonly baseGiB: number;
  readonly hotGiB: number;
  readonly leastReplicas: number;
  readonly cpuPrice: number;
  readonly gibPrice: number;
}

/** What a design runs, and what that costs. One instance has one CPU. */
export interface Deployment {
  /** Instances: of the monolith, or of each service. */
  readonly instances: readonly number[];
  readonly costPerHour: number;
}

/** Own work of each module for a request, in milliseconds: the first is the hot one, the others share the rest alike. */
export function workOf({ modules, workMs, hotPercent }: Design): readonly number[] {
  if (modules === 1) return [workMs];
  const hot = (workMs * hotPercent) / 100;
  return Array.from({ length: modules }, (_, module) =>
    module === 0 ? hot : (workMs - hot) / (modules - 1),
  );
}

/** Instances that keep each below the planned share of busy time, and no fewer than the least number. */
const instancesFor = (
  { busyPercent, leastReplicas }: Design,
  requestsPerSecond: number,
  workMs: number,
): number =>
  // A double just above a whole number is that number.
  Math.max(leastReplicas, Math.ceil(((requestsPerSecond * workMs) / (10 * busyPercent)) * (1 - 1e-12)));

/** The program as one process, in as many instances as the load needs. */
export function monolith(design: Design, requestsPerSecond: number): Deployment {
  const instances = instancesFor(design, requestsPerSecond, design.workMs);
  const gib = design.baseGiB + design.moduleGiB * design.modules + design.hotGiB;
  return { instances: [instances], costPerHour: instances * (design.cpuPrice + gib * design.gibPrice) };
}

/** The program as one service for each module. */
export function microservices(design: Design, requestsPerSecond: number): Deployment {
  // Each service is called once for a request, and spends the work of a call on it.
  const instances = workOf(design).map((workMs) =>
    instancesFor(design, requestsPerSecond, workMs + design.callMs),
  );
  const costPerHour = instances.reduce((sum, replicas, module) => {
    const gib = design.baseGiB + design.moduleGiB + (module === 0 ? design.hotGiB : 0);
    return sum + replicas * (design.cpuPrice + gib * design.gibPrice);
  }, 0);
  return { instances, costPerHour };
}

/** Loads at which costs are compared: three for each doubling, from one request per second on. */
export const comparedLoads: readonly number[] = Array.from({ length: 60 }, (_, step) =>
  Math.round([1, 1.25, 1.6][step % 3]! * (1 << Math.floor(step / 3))),
);

/** The lowest compared load from which on microservices cost no more than the monolith; 0 when there is none. */
export function crossover(design: Design): number {
  let from = 0;
  for (const load of comparedLoads) {
    const isCheaper = microservices(design, load).costPerHour <= monolith(design, load).costPerHour;
    if (!isCheaper) from = 0;
    else if (from === 0) from = load;
  }
  return from;
}

/** @param workMs of each module that runs in it, each exponential: both designs do the same work */
export const service = (name: string, instances: number, workMs: readonly number[]): ServiceSpec => ({
  name,
  replicas: 1,
  concurrency: instances,
  queueLimit: 1e9,
  work: oneAfterTheOther(workMs.map((ms) => exponential(ms * nsPerMs))),
  errorShare: 0,
  stages: [],
});

/** The sum of independent times. */
function oneAfterTheOther(parts: readonly Distribution[]): Distribution {
  const mean = parts.reduce((sum, part) => sum + part.mean, 0);
  const variance = parts.reduce((sum, part) => sum + part.scv * part.mean * part.mean, 0);
  return {
    mean,
    scv: variance / (mean * mean),
    sample: (random) => parts.reduce((sum, part) => sum + part.sample(random), 0),
  };
}

/** A call of one service by another. @param hopNs time on the network, there and back */
export const call = (to: number, hopNs: number): CallSpec => ({
  to,
  fanOut: 1,
  balancing: 'random',
  hopNs,
  timeoutNs: Infinity,
  hedgeAfterNs: Infinity,
  optional: false,
  resilience: noRetries,
});
