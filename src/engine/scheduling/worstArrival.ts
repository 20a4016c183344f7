import type { PolicySubmission } from '../kernel/policy.ts';
import { submissionOf, type Witness } from '../kernel/scenario.ts';
import { Trace } from '../kernel/trace.ts';
import type { Nanoseconds } from '../kernel/time.ts';
import { Host, instant, type HostOptions } from './host.ts';
import {
  addDomains,
  hasDriverDomain,
  sendRequest,
  type RequestModel,
  type RequestRecord,
} from './requestPath.ts';
import { roundRobinScheduler } from './roundRobinScheduler.ts';
import { schedulerPolicies } from './schedulerPolicy.ts';
import { schedulingEvents, type SchedulingEvents } from './schedulingEvents.ts';

export interface RotationOptions extends HostOptions {
  readonly vms: number;
  readonly model: RequestModel;
  /** CPU time that VM 1 needs before its response leaves. */
  readonly serviceNs: Nanoseconds;
}

/** How many vCPUs always have work, so that the rotation goes on without a request. */
export function alwaysReady(options: Pick<RotationOptions, 'vms' | 'model'>): number {
  return options.vms + (options.model === 'dom0-busy' ? 1 : 0) - (options.model === 'blocked' ? 1 : 0);
}

/** From one turn of a vCPU to its next, while `ready` vCPUs take turns. One alone is never switched. */
function roundNs(options: HostOptions, ready: number): Nanoseconds {
  if (ready <= 1) return options.sliceNs;
  return ready * (options.sliceNs + (options.switchCharge === 'added' ? options.switchCostNs : 0));
}

/** One turn of every vCPU that is always ready. */
export function rotationNs(options: RotationOptions): Nanoseconds {
  return roundNs(options, alwaysReady(options));
}

/** What a slice that begins with a switch and with cold caches loses to them. */
export const lostPerSliceNs = (options: HostOptions): Nanoseconds =>
  options.coldStartNs + (options.switchCharge === 'slice' ? options.switchCostNs : 0);

/** Work that a vCPU gets done in a slice which it begins with cold caches. */
const workPerSliceNs = (options: HostOptions): Nanoseconds => options.sliceNs - lostPerSliceNs(options);

/** Why a slice is refused that is used up before a guest gets anything done. */
export const nothingGetsDone = (event: number, sliceMs: number, lostMs: number): Witness => ({
  event,
  expected: `a slice longer than the ${lostMs} ms that each switch takes out of it`,
  actual: `a slice of ${sliceMs} ms`,
  because:
    'Every slice is used up before the guest gets anything done. Choose a longer slice or a smaller cost.',
});

/** Share of CPU time lost to switches and cold starts while those that always have work take turns. 0 for one alone. */
export function switchOverheadPercent(options: RotationOptions): number {
  if (alwaysReady(options) <= 1) return 0;
  const turnNs = options.sliceNs + (options.switchCharge === 'added' ? options.switchCostNs : 0);
  return (100 * (options.switchCostNs + options.coldStartNs)) / turnNs;
}

/**
 * Runs the host until shortly after the response to a request that arrives at `arrivalNs`, or, without an arrival or a
 * response, until `untilNs`.
 */
export function runRotation(
  options: RotationOptions,
  arrivalNs: Nanoseconds | undefined,
  untilNs: Nanoseconds,
  start: PolicySubmission<typeof schedulerPolicies>['start'],
  trace: Trace<SchedulingEvents>,
  refuse: (witness: Witness) => never,
): RequestRecord | undefined {
  const host = new Host(options, start({ scheduler: {} }).scheduler, trace, refuse);
  const { simulation } = host;
  addDomains(host, options.vms, options.model);
  host.start();
  let request: RequestRecord | undefined;
  if (arrivalNs !== undefined) {
    simulation.at(
      arrivalNs,
      () => (request = sendRequest(host, options.model, options.serviceNs, () => simulation.stop())),
      instant.arrival,
    );
  }
  simulation.run({ untilNs });
  if (request?.respondedNs !== undefined) simulation.run({ untilNs: simulation.now + options.sliceNs });
  host.end();
  return request;
}

/** Room for a response under strict rotation: every hop and every slice of service waits at most one rotation. */
export function horizonNs(options: RotationOptions): Nanoseconds {
  const turns =
    Math.ceil(options.serviceNs / workPerSliceNs(options)) + (hasDriverDomain(options.model) ? 3 : 1);
  return (turns + 3) * (rotationNs(options) + 2 * (options.sliceNs + options.switchCostNs));
}

export interface WorstArrival {
  /** Where the longest response begins, once the rotation is steady: within a rotation after the first. */
  readonly arrivalNs: Nanoseconds;
  /** The longest wait and the longest response, each over all arrival instants. */
  readonly waitNs: Nanoseconds;
  readonly responseNs: Nanoseconds;
}

/**
 * The longest wait and response under strict rotation, over all arrival instants, exactly.
 *
 * Trying finitely many instants is enough. Let an arrival move later without passing an event of the quiet schedule,
 * and look at the vCPU that the request reaches first: VM 1, or Dom0 where there is one.
 * - While that vCPU gets nothing done (it waits, sleeps, is switched to or has cold caches), all that follows stays where it is, so
 *   wait and response shrink: the longest are at the left end, just after an event.
 * - While VM 1 gets work done, its wait is zero, and a later arrival leaves less of this slice for it, so the response can
 *   only grow: the longest is at the right end, where the slice ends, and that is an event itself.
 * - While Dom0 gets work done it hands on at once, VM 1's turn stays where it is, and both shrink.
 *
 * An arrival at an event's own instant is processed after it. `test/conformance` proves the same by trying every
 * nanosecond of small rotations.
 */
export function worstArrival(options: RotationOptions): WorstArrival {
  const submission = submissionOf(schedulerPolicies, { scheduler: roundRobinScheduler });
  const start: typeof submission.start = (handlers) => submission.start(handlers);
  const never = (witness: Witness): never => {
    throw new Error(`Round robin was refused: ${witness.because}`);
  };
  const rotation = rotationNs(options);
  // The very first switch, from an idle CPU, happens even where a single vCPU is never switched again.
  const steadyNs = rotation + options.switchCostNs;
  const quiet = new Trace(schedulingEvents);
  runRotation(options, undefined, steadyNs + rotation, start, quiet, never);
  const instants = new Set<Nanoseconds>([steadyNs]);
  for (let row = 0; row < quiet.length; row++) {
    const timeNs = quiet.timeNs(row);
    if (timeNs >= steadyNs && timeNs < steadyNs + rotation) instants.add(timeNs);
  }
  const { searched, leftOutNs } = withoutWholeRounds(options);
  let arrivalAtNs = steadyNs;
  let longestWaitNs = 0;
  let longestResponseNs = 0;
  for (const arrivalNs of instants) {
    const { waitNs, responseNs } = responseTo(searched, arrivalNs, start, never);
    if (responseNs > longestResponseNs || (responseNs === longestResponseNs && waitNs > longestWaitNs)) {
      arrivalAtNs = arrivalNs;
    }
    longestWaitNs = Math.max(longestWaitNs, waitNs);
    longestResponseNs = Math.max(longestResponseNs, responseNs);
  }
  return { arrivalNs: arrivalAtNs, waitNs: longestWaitNs, responseNs: longestResponseNs + leftOutNs };
}

/**
 * A service of many slices made short, so that the search stays cheap: a slice's worth of service more is one round
 * more for every arrival. At least two slices stay, because the first may be a partial one.
 */
function withoutWholeRounds(options: RotationOptions): {
  readonly searched: RotationOptions;
  readonly leftOutNs: Nanoseconds;
} {
  const ready = options.vms + (options.model === 'dom0-busy' ? 1 : 0);
  const perRoundNs = ready === 1 ? options.sliceNs : workPerSliceNs(options);
  const rounds = Math.max(0, Math.floor(options.serviceNs / perRoundNs) - 2);
  return {
    searched: { ...options, serviceNs: options.serviceNs - rounds * perRoundNs },
    leftOutNs: rounds * roundNs(options, ready),
  };
}

/** Wait and response of one request that arrives at `arrivalNs`. */
export function responseTo(
  options: RotationOptions,
  arrivalNs: Nanoseconds,
  start: PolicySubmission<typeof schedulerPolicies>['start'],
  refuse: (witness: Witness) => never,
): { readonly waitNs: Nanoseconds; readonly responseNs: Nanoseconds } {
  const untilNs = arrivalNs + horizonNs(options);
  const request = runRotation(options, arrivalNs, untilNs, start, new Trace(schedulingEvents), refuse);
  return { waitNs: request!.handledNs! - arrivalNs, responseNs: request!.respondedNs! - arrivalNs };
}
