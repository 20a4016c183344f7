import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import { summed, untried } from './checkReports.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import type { WorkerFailure } from './killableWorker.ts';
import type { Provenance } from './report.ts';
import { isUngradable } from './violation.ts';

export const provenanceOf = (request: GradingRequest, engineVersion: string): Provenance => ({
  lessonHash: request.lessonHash,
  engineVersion,
  seed: request.seed,
  submissionHash: bytesToHex(sha256(utf8ToBytes(request.source))),
  ...(request.pinned === undefined || request.pinned.length === 0 ? {} : { pinned: request.pinned }),
});

/** The result of a submission that could not be run: it fails, or nothing can be said of it. */
export function notRun(
  request: GradingRequest,
  fault: PolicyFaultDetail,
  engineVersion: string,
): GradingResult {
  const { task } = request;
  const [verdict, ofChecks] = isUngradable(fault)
    ? (['ungradable', 'ungradable'] as const)
    : (['failed', 'not reached'] as const);
  const checks = task.checks.map((check) => untried(check, ofChecks));
  const provenance = provenanceOf(request, engineVersion);
  return {
    report: { ...summed(task, verdict, checks), fault, output: [], provenance },
    pictures: {},
    recordings: {},
  };
}

/** Why there is no result, in words for the learner. */
export function faultOf(failure: WorkerFailure): PolicyFaultDetail {
  switch (failure.reason) {
    case 'wall':
      return {
        kind: 'wall',
        message: `Your code kept the checker busy for ${failure.wallMs / 1000} s, so it was stopped and not graded. Look for an operation on something enormous, such as a sparse array of billions of items.`,
      };
    case 'crash':
      return {
        kind: 'crash',
        message: `The checker failed: ${failure.detail}. This is not your code's fault; check again.`,
      };
    case 'start':
      return { kind: 'crash', message: `The checker could not start: ${failure.detail}. Check again.` };
    case 'closed':
      return { kind: 'crash', message: 'The checker was closed. Check again.' };
  }
}
