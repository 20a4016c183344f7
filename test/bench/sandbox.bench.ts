import { readFileSync } from 'node:fs';
import { PolicyFault, type AnySubmission } from '../../src/engine/kernel/policy.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';
import { Host } from '../../src/engine/scheduling/host.ts';
import { type SchedulerPolicy, schedulerPolicies } from '../../src/engine/scheduling/schedulerPolicy.ts';
import { schedulingEvents } from '../../src/engine/scheduling/schedulingEvents.ts';
import type { PolicyImplementation, RunningPolicy } from '../../src/engine/kernel/policy.ts';
import { createSandbox } from '../../src/grading/sandbox/policySandbox.ts';
import { compileQuickjs } from '../../src/grading/sandbox/quickjsModule.ts';
import { inTurns, type Bench } from './bench.ts';

/** The policy, once as a function of this host and once as a learner's file. */
const longestWaiting = (): PolicyImplementation<typeof SchedulerPolicy> => ({
  pickNext({ waiting, sliceMs }) {
    let longest = waiting[0]!;
    for (const entry of waiting) if (entry.sinceMs < longest.sinceMs) longest = entry;
    return { vcpu: longest.vcpu, runForMs: sliceMs };
  },
});
const learnersFile = `export const scheduler = {
  pickNext({ waiting, sliceMs }) {
    let longest = waiting[0];
    for (const entry of waiting) if (entry.sinceMs < longest.sinceMs) longest = entry;
    return { vcpu: longest.vcpu, runForMs: sliceMs };
  },
};`;

const sliceNs = 1e6;
const decisions = 20_000;

/** Microseconds per decision of a host whose single CPU rotates among one vCPU more than wait, with all that the engine does. */
function simulated(submission: AnySubmission, waiting: number): number {
  const { scheduler } = submission.start({ scheduler: {} });
  const host = new Host(
    { cpus: 1, sliceNs, switchCostNs: 0, switchCharge: 'added', coldStartNs: 0, stepBudget: Infinity },
    scheduler as unknown as RunningPolicy<typeof SchedulerPolicy>,
    new Trace(schedulingEvents),
    () => {
      throw new Error('The policy of the benchmark picked a vCPU that does not wait.');
    },
  );
  for (let vcpu = 0; vcpu <= waiting; vcpu++) host.addVcpu(vcpu, true);
  host.start();
  const startedMs = performance.now();
  host.simulation.run({ untilNs: decisions * sliceNs });
  return ((performance.now() - startedMs) * 1000) / decisions;
}

/** Microseconds per call of `pickNext` alone, always with the same input. */
function called(submission: AnySubmission, waiting: number): number {
  const pickNext = submission.start({ scheduler: {} })['scheduler']!['pickNext']!;
  const input: Parameters<RunningPolicy<typeof SchedulerPolicy>['pickNext']>[0] = {
    nowMs: 100,
    cpu: 0,
    cpus: 1,
    sliceMs: 1,
    waiting: Array.from({ length: waiting }, (_, vcpu) => ({
      vcpu,
      sinceMs: 50 - vcpu,
      usedMs: vcpu,
      weight: 256,
      capPercent: 0,
    })),
  };
  const startedMs = performance.now();
  for (let decision = 0; decision < decisions; decision++) pickNext(input);
  return ((performance.now() - startedMs) * 1000) / decisions;
}

/** Milliseconds per run of nothing: instantiating and filling a machine. */
function started(submission: AnySubmission): number {
  const runs = 20;
  const startedMs = performance.now();
  for (let run = 0; run < runs; run++) submission.start({ scheduler: {} });
  return (performance.now() - startedMs) / runs;
}

export const bench: Bench = {
  name: 'Sandbox',
  async *run() {
    const sandbox = createSandbox(
      await compileQuickjs(readFileSync('node_modules/quickjs-wasi/quickjs.wasm')),
    );
    const loaded = await sandbox.load({ file: 'scheduler.ts', text: learnersFile }, schedulerPolicies);
    if (!loaded.ok) throw new PolicyFault(loaded.fault);
    const guest = loaded.submission;
    const direct = submissionOf(schedulerPolicies, { scheduler: longestWaiting }) as unknown as AnySubmission;
    const measured = inTurns(
      {
        guest8: () => simulated(guest, 8),
        direct8: () => simulated(direct, 8),
        guest24: () => simulated(guest, 24),
        direct24: () => simulated(direct, 24),
        guestCall: () => called(guest, 8),
        directCall: () => called(direct, 8),
        start: () => started(guest),
      },
      9,
    );
    yield* [
      { what: 'simulated decision, 8 vCPUs wait, in the sandbox', value: measured.guest8, unit: 'µs' },
      { what: 'simulated decision, 8 vCPUs wait, in V8', value: measured.direct8, unit: 'µs' },
      {
        what: 'simulated decision, 8 vCPUs: sandbox beside V8',
        value: measured.guest8 / measured.direct8,
        unit: '×',
        atMost: 25,
      },
      {
        what: 'simulated decision, 24 vCPUs: sandbox beside V8',
        value: measured.guest24 / measured.direct24,
        unit: '×',
      },
      { what: 'bare call, 8 vCPUs wait, in the sandbox', value: measured.guestCall, unit: 'µs' },
      {
        what: 'bare call, 8 vCPUs: sandbox beside V8',
        value: measured.guestCall / measured.directCall,
        unit: '×',
      },
      { what: 'start of a run: a fresh instance', value: measured.start, unit: 'ms' },
    ];
  },
};
