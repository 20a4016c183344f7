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

/** One turn of every vCPU that is always ready. */
export function rotationNs(options: RotationOptions): Nanoseconds {
  const ready = options.vms + (options.model === 'dom0-busy' ? 1 : 0) - (options.model === 'blocked' ? 1 : 0);
  return (
    Math.max(1, ready) * (options.sliceNs + (options.switchCharge === 'added' ? options.switchCostNs : 0))
  );
}

export interface RotationRun {
  readonly request: RequestRecord | undefined;
  readonly endNs: Nanoseconds;
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
): RotationRun {
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
  return { request, endNs: simulation.now };
}

/** Room for a response under strict rotation: every hop and every slice of service waits at most one rotation. */
export function horizonNs(options: RotationOptions): Nanoseconds {
  const perSlice =
    options.sliceNs - options.coldStartNs - (options.switchCharge === 'slice' ? options.switchCostNs : 0);
  const turns = Math.ceil(options.serviceNs / perSlice) + (hasDriverDomain(options.model) ? 3 : 1);
  return (turns + 3) * (rotationNs(options) + 2 * (options.sliceNs + options.switchCostNs));
}

export interface WorstArrival {
  /** Where the longest response begins, in the second rotation after the start, when the rotation is steady. */
  readonly arrivalNs: Nanoseconds;
  /** The longest wait and the longest response, each over all arrival instants. */
  readonly waitNs: Nanoseconds;
  readonly responseNs: Nanoseconds;
}

/**
 * The longest wait and response under strict rotation, over all arrival instants, exactly.
 *
 * Trying finitely many instants is enough. Let an arrival move later without passing an event of the quiet schedule.
 * While VM 1 does not run, every turn it depends on stays where it is, so wait and response shrink: the longest are at
 * the left end, just after an event. While VM 1 runs, the wait is zero, and a later arrival leaves less of this slice
 * for it, so the response can only grow: the longest is at the right end, where the slice ends, and that instant is an
 * event itself. An arrival at an event's own instant is processed after it. `test/conformance` proves the same by
 * trying every nanosecond of small rotations.
 */
export function worstArrival(options: RotationOptions): WorstArrival {
  const start = submissionOf(schedulerPolicies, { scheduler: roundRobinScheduler }).start;
  const never = (witness: Witness): never => {
    throw new Error(`Round robin was refused: ${witness.because}`);
  };
  const rotation = rotationNs(options);
  const quiet = new Trace(schedulingEvents);
  runRotation(options, undefined, 3 * rotation, start, quiet, never);
  const instants = new Set<Nanoseconds>([rotation]);
  for (let row = 0; row < quiet.length; row++) {
    const timeNs = quiet.timeNs(row);
    if (timeNs >= rotation && timeNs < 2 * rotation) instants.add(timeNs);
  }
  let arrivalAtNs = rotation;
  let longestWaitNs = 0;
  let longestResponseNs = 0;
  for (const arrivalNs of instants) {
    const { waitNs, responseNs } = responseTo(options, arrivalNs, start, never);
    if (responseNs > longestResponseNs || (responseNs === longestResponseNs && waitNs > longestWaitNs)) {
      arrivalAtNs = arrivalNs;
    }
    longestWaitNs = Math.max(longestWaitNs, waitNs);
    longestResponseNs = Math.max(longestResponseNs, responseNs);
  }
  return { arrivalNs: arrivalAtNs, waitNs: longestWaitNs, responseNs: longestResponseNs };
}

/** Wait and response of one request that arrives at `arrivalNs`. */
export function responseTo(
  options: RotationOptions,
  arrivalNs: Nanoseconds,
  start: PolicySubmission<typeof schedulerPolicies>['start'],
  refuse: (witness: Witness) => never,
): { readonly waitNs: Nanoseconds; readonly responseNs: Nanoseconds } {
  const untilNs = arrivalNs + horizonNs(options);
  const { request } = runRotation(options, arrivalNs, untilNs, start, new Trace(schedulingEvents), refuse);
  return { waitNs: request!.handledNs! - arrivalNs, responseNs: request!.respondedNs! - arrivalNs };
}
