import type { CheckFailure, CheckReport, TaskReport, Verdict } from '../../../src/grading/report.ts';

const failure: CheckFailure = {
  case: { scenario: 'scheduling.round-robin', params: { vms: 2 }, seed: 1, words: '2 VMs, 10 ms slices' },
  expected: 'VM 2, which has waited longest',
  actual: 'VM 1 for 10 ms',
  because: 'VM 2 became ready first.',
  atNs: 10e6,
  decision: {
    policy: 'scheduler',
    decision: 'pickNext',
    ordinal: 1,
    line: 3,
    input: '{ waiting: [] }',
    output: '{ vcpu: 0 }',
  },
  actualText: ['0 ms to 10 ms: CPU 0, VM 1'],
  expectedText: ['0 ms to 10 ms: CPU 0, VM 2'],
};

export const failedCheck = (changes: Partial<CheckFailure> = {}): CheckReport => ({
  id: 'rotates',
  title: 'Takes turns',
  verdict: 'failed',
  points: 0,
  maxPoints: 2,
  casesRun: 1,
  failure: { ...failure, ...changes },
});

/** A report with one check. */
export function reportOf({ verdict, ...changes }: { verdict: Verdict } & Partial<TaskReport>): TaskReport {
  const passed: CheckReport = {
    id: 'rotates',
    title: 'Takes turns',
    verdict,
    points: 2,
    maxPoints: 2,
    casesRun: 5,
  };
  return {
    task: 'round-robin',
    verdict,
    points: verdict === 'passed' ? 2 : 0,
    maxPoints: 2,
    checks: [verdict === 'failed' ? failedCheck() : passed],
    output: [],
    provenance: { lessonHash: 'l', engineVersion: '0', seed: 1, submissionHash: 's' },
    ...changes,
  };
}
