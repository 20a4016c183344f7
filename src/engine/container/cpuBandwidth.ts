import { choice, count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { Simulation } from '../kernel/simulation.ts';
import { fromMs, toMs, type Nanoseconds } from '../kernel/time.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import { bandwidthChecks } from './cpuBandwidth/bandwidthChecks.ts';
import { bandwidthPolicies } from './cpuBandwidth/bandwidthPolicy.ts';
import { bandwidthStateAt } from './cpuBandwidth/bandwidthState.ts';
import { cfsBandwidth } from './cpuBandwidth/cfsBandwidth.ts';
import { cpuEvents, type CpuEvents } from './cpuBandwidth/cpuEvents.ts';
import { cpuTimeline } from './cpuBandwidth/cpuTimeline.ts';
import { cpuInstant, FairCpus } from './cpuBandwidth/fairCpus.ts';
import { defaultCpuWeight, type CpuThread } from './cpuBandwidth/runQueue.ts';

const groupName = 'app';
const threadName = (index: number): string => `thread ${index + 1}`;

/** One group with a CPU quota, alone on its CPUs: what is throttled is throttled by the quota. */
export const cpuBandwidth = defineScenario({
  id: 'container.cpu-bandwidth',
  title: 'A CPU quota',
  doc: 'The threads of one control group have CPUs of their own and a quota of CPU time per period (`cpu.max`). When it is used up, they stand still until the next period.',
  params: {
    quotaMs: quantity('ms', {
      label: 'Quota',
      doc: 'CPU time that the group may use per period: the first number of `cpu.max`, there in microseconds.',
      min: 1,
      max: 10_000,
      step: 5,
      default: 20,
      say: (ms) => `${ms} ms`,
    }),
    periodMs: quantity('ms', {
      label: 'Period',
      doc: 'The second number of `cpu.max`.',
      min: 1,
      max: 1000,
      step: 10,
      default: 100,
      say: (ms) => `per ${ms} ms`,
    }),
    burstMs: quantity('ms', {
      label: 'Burst',
      doc: 'Unused time that may be carried over (`cpu.max.burst`). More than the quota counts as the quota.',
      min: 0,
      max: 10_000,
      step: 5,
      default: 0,
      say: (ms) => (ms === 0 ? 'no burst' : `a burst of ${ms} ms`),
    }),
    threads: count({
      label: 'Threads',
      doc: 'Threads of the group.',
      min: 1,
      max: 32,
      default: 1,
      say: (threads) => (threads === 1 ? '1 thread' : `${threads} threads`),
    }),
    cpus: count({
      label: 'CPUs',
      doc: 'CPUs that the threads are spread over, in turn. Default: one for each thread, at most 16.',
      min: 1,
      max: 16,
      default: (earlier) => Math.min(16, earlier['threads'] as number),
      say: (cpus) => (cpus === 1 ? 'on 1 CPU' : `on ${cpus} CPUs`),
    }),
    demand: choice({
      label: 'Demand',
      doc: 'What the threads do.',
      values: {
        busy: 'All threads always have work.',
        requests: 'Requests arrive at equal distances; the threads share the work of each evenly.',
      },
      default: 'busy',
    }),
    workMs: quantity('ms', {
      label: 'Work',
      doc: 'CPU time that a request needs, of all threads together.',
      min: 0.1,
      max: 10_000,
      step: 1,
      default: 30,
      say: (ms) => `requests of ${ms} ms`,
    }),
    everyMs: quantity('ms', {
      label: 'Distance',
      doc: 'Time from one arrival to the next. A request that arrives while another is served waits for it.',
      min: 1,
      max: 10_000,
      step: 10,
      default: 200,
      say: (ms) => `every ${ms} ms`,
    }),
    firstMs: quantity('ms', {
      label: 'First arrival',
      doc: 'When the first request arrives; a period starts at 0.',
      min: 0,
      max: 10_000,
      step: 5,
      default: 0,
      say: (ms) => `the first at ${ms} ms`,
    }),
    sliceMs: quantity('ms', {
      label: 'Slice of quota',
      doc: 'What a CPU takes from the pool at a time (`sched_cfs_bandwidth_slice_us`).',
      min: 0.1,
      max: 100,
      step: 1,
      default: 5,
      say: (ms) => `${ms} ms of quota at a time`,
    }),
    tickMs: quantity('ms', {
      label: 'Timer tick',
      doc: 'The kernel notices at its timer tick that time is used up: every 4 ms with HZ=250. 0: at once.',
      min: 0,
      max: 100,
      step: 1,
      default: 0,
      say: (ms) => (ms === 0 ? 'noticed at once' : `noticed at ticks of ${ms} ms`),
    }),
    durationMs: quantity('ms', {
      label: 'Duration',
      doc: 'Simulated time.',
      min: 1,
      max: 100_000,
      step: 100,
      default: 500,
      say: (ms) => `over ${ms} ms`,
    }),
  },
  metrics: {
    sharePercent: {
      label: 'CPU share',
      doc: 'CPU time that the group used, as a share of one CPU; two busy CPUs are 200.',
      better: 'neither',
    },
    longestStallMs: {
      label: 'Longest stall',
      doc: 'Longest time that the group was throttled on a CPU.',
      better: 'lower',
    },
    meanStallMs: {
      label: 'Mean stall',
      doc: 'Mean time that the group was throttled on a CPU, over all times it was. 0 when it never was.',
      better: 'lower',
    },
    stalls: { label: 'Stalls', doc: 'How often a CPU was throttled.', better: 'lower' },
    worstResponseMs: {
      label: 'Longest response',
      doc: 'Longest time from the arrival of a request until its response leaves, over requests that were answered. 0 without any.',
      better: 'lower',
    },
    meanResponseMs: {
      label: 'Mean response',
      doc: 'Mean time from arrival to response, over requests that were answered. 0 without any.',
      better: 'lower',
    },
    answered: { label: 'Answered', doc: 'Requests that were answered before the end.', better: 'higher' },
    usedMs: { label: 'CPU time used', doc: '`usage_usec` of the group’s `cpu.stat`.', better: 'neither' },
    periods: {
      label: 'Periods',
      doc: '`nr_periods`: periods that ended in which the group ran or wanted to.',
      better: 'neither',
    },
    throttledPeriods: {
      label: 'Throttled periods',
      doc: '`nr_throttled`: periods at whose end the group was throttled on some CPU.',
      better: 'lower',
    },
    throttledMs: {
      label: 'Time throttled',
      doc: '`throttled_usec`: time for which the group was throttled, summed over CPUs.',
      better: 'lower',
    },
  },
  events: cpuEvents,
  policies: bandwidthPolicies,
  builtIn: { bandwidth: cfsBandwidth },
  checks: bandwidthChecks,
  views: {
    timeline: {
      doc: 'When each thread runs, waits and is throttled.',
      model: (run) =>
        cpuTimeline(
          run.trace,
          Array.from({ length: run.params.threads }, (_, index) => ({
            thread: threadName(index),
            group: groupName,
            focus: true,
          })),
          'Threads of the group',
        ),
    },
    state: {
      doc: 'The pool of CPU time and what each CPU took from it, after any event.',
      model: (run, event) =>
        bandwidthStateAt(
          run.trace,
          event,
          {
            quotaNs: fromMs(run.params.quotaMs),
            burstNs: fromMs(Math.min(run.params.burstMs, run.params.quotaMs)),
          },
          run.params.cpus,
        ),
    },
  },
  oracle:
    'Closed forms of share, stall and response on paper, a loop over microseconds that knows no events, and stalls measured on Linux 6.18 (test/conformance/cpuBandwidth.test.ts).',
  stepBudget: 1_000_000,
  run({ params, trace, stepBudget, start }) {
    const simulation = new Simulation({ stepBudget });
    const cpus = new FairCpus(
      { cpus: params.cpus, sliceNs: 3_000_000, tickNs: fromMs(params.tickMs) },
      simulation,
      trace,
    );
    const group = cpus.addGroup(groupName, cpus.root, defaultCpuWeight, {
      quotaNs: fromMs(params.quotaMs),
      periodNs: fromMs(params.periodMs),
      burstNs: fromMs(Math.min(params.burstMs, params.quotaMs)),
      sliceNs: fromMs(params.sliceMs),
      controller: start({ bandwidth: {} }).bandwidth,
    });
    const threads = Array.from({ length: params.threads }, (_, index) =>
      cpus.addThread(threadName(index), group),
    );
    const responsesNs: Nanoseconds[] = [];
    if (params.demand === 'busy') {
      for (const thread of threads) simulation.at(0, () => cpus.compute(thread, Infinity), cpuInstant.wake);
    } else {
      serve(simulation, cpus, trace, threads, responsesNs, {
        workNs: fromMs(params.workMs / params.threads),
        everyNs: fromMs(params.everyMs),
        firstNs: fromMs(params.firstMs),
      });
    }
    const endNs = fromMs(params.durationMs);
    simulation.run({ untilNs: endNs });
    cpus.settle();
    trace.append(trace.codes.end, endNs, trace.length - 1);
    const stallsNs = stallsOf(trace, endNs);
    return {
      sharePercent: (100 * group.usedNs) / endNs,
      longestStallMs: toMs(group.longestStallNs),
      meanStallMs: toMs(mean(stallsNs)),
      stalls: stallsNs.length,
      worstResponseMs: toMs(Math.max(0, ...responsesNs)),
      meanResponseMs: toMs(mean(responsesNs)),
      answered: responsesNs.length,
      usedMs: toMs(group.usedNs),
      periods: group.periods,
      throttledPeriods: group.throttledPeriods,
      throttledMs: toMs(group.throttledNs),
    };
  },
});

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Requests one after the other, each shared evenly by all threads. */
function serve(
  simulation: Simulation,
  cpus: FairCpus,
  trace: Trace<CpuEvents>,
  threads: readonly CpuThread[],
  responsesNs: Nanoseconds[],
  requests: { readonly workNs: Nanoseconds; readonly everyNs: Nanoseconds; readonly firstNs: Nanoseconds },
): void {
  const waiting: { readonly number: number; readonly arrivedNs: Nanoseconds }[] = [];
  let serving = false;
  const record = (kind: 'arrive' | 'respond', ...fields: number[]): void => {
    const service = trace.text(groupName);
    simulation.cause = trace.append(
      trace.codes[kind],
      simulation.now,
      kind === 'arrive' ? noCause : simulation.cause,
      service,
      ...fields,
    );
  };
  const next = (): void => {
    const request = waiting.shift();
    if (request === undefined) return;
    serving = true;
    let left = threads.length;
    const threadDone = (): void => {
      left--;
      if (left > 0) return;
      const responseNs = simulation.now - request.arrivedNs;
      responsesNs.push(responseNs);
      record('respond', request.number, responseNs);
      serving = false;
      next();
    };
    for (const thread of threads) cpus.compute(thread, requests.workNs, threadDone);
  };
  const arrive = (number: number): void => {
    record('arrive', number);
    waiting.push({ number, arrivedNs: simulation.now });
    simulation.schedule(requests.everyNs, () => arrive(number + 1), cpuInstant.arrival);
    if (!serving) next();
  };
  simulation.at(requests.firstNs, () => arrive(1), cpuInstant.arrival);
}

/** Every time that a CPU was throttled; one that still is counts until the end. */
function stallsOf(trace: Trace<CpuEvents>, endNs: Nanoseconds): Nanoseconds[] {
  const stalls: Nanoseconds[] = [];
  const sinceNs = new Map<number, Nanoseconds>();
  for (let row = 0; row < trace.length; row++) {
    const cpu = trace.field(row, 0);
    if (trace.kind(row) === 'throttle') sinceNs.set(cpu, trace.timeNs(row));
    if (trace.kind(row) !== 'unthrottle') continue;
    stalls.push(trace.field(row, 2));
    sinceNs.delete(cpu);
  }
  for (const since of sinceNs.values()) stalls.push(endNs - since);
  return stalls;
}
