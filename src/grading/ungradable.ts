import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { PolicyFaultDetail } from '../engine/kernel/policy.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import type { Provenance } from './report.ts';

export const provenanceOf = (request: GradingRequest, engineVersion: string): Provenance => ({
  lessonHash: request.lessonHash,
  engineVersion,
  seed: request.seed,
  submissionHash: bytesToHex(sha256(utf8ToBytes(request.source))),
});

/** The result of a submission of which nothing can be said. */
export function ungradable(
  request: GradingRequest,
  fault: PolicyFaultDetail,
  engineVersion: string,
): GradingResult {
  const { task } = request;
  return {
    report: {
      task: task.id,
      verdict: 'ungradable',
      points: 0,
      maxPoints: task.checks.reduce((sum, check) => sum + check.points, 0),
      checks: task.checks.map((check) => ({
        id: check.id,
        title: check.title,
        verdict: 'ungradable',
        points: 0,
        maxPoints: check.points,
        casesRun: 0,
      })),
      fault,
      output: [],
      provenance: provenanceOf(request, engineVersion),
    },
    timelines: {},
  };
}
