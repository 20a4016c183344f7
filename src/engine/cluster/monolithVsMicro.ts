import { exponential } from '../kernel/distributions.ts';
import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { percentile } from '../kernel/statistics.ts';
import { defineEvents } from '../kernel/trace.ts';
import { sayMs, type BarsModel, type CurveModel } from '../kernel/view.ts';
import {
  call,
  comparedLoads,
  crossover,
  microservices,
  monolith,
  service,
  workOf,
  type Deployment,
  type Design,
} from './monolithDeployments.ts';
import type { ServiceSpec } from './serviceGraph/graphSpec.ts';
import { ServiceGraph } from './serviceGraph/serviceGraph.ts';

const nsPerMs = 1e6;
const nsPerSecond = 1e9;

const events = defineEvents({
  monolithAnswer: {
    doc: 'The monolith answered a request.',
    fields: ['request', 'latencyNs'],
    say: ({ request, latencyNs }) => `the monolith answers request ${request} after ${sayMs(latencyNs!)}`,
  },
  microAnswer: {
    doc: 'The microservices answered a request.',
    fields: ['request', 'latencyNs'],
    say: ({ request, latencyNs }) => `the microservices answer request ${request} after ${sayMs(latencyNs!)}`,
  },
});

interface Answer {
  readonly at: keyof typeof events;
  readonly nowNs: number;
  readonly request: number;
  readonly latencyNs: number;
}

/** The same program as one process, and as one service for each module: what each costs, and how long requests take. */
export const monolithVsMicro = defineScenario({
  id: 'cluster.monolith-vs-micro',
  title: 'One program, whole or in services',
  doc:
    'A program has modules, one of which is hot: most of the work and a large data set are its. As a monolith every instance holds all ' +
    'modules, and calls between them are free. As microservices each module scales alone, and each call costs work and network time. ' +
    'An instance has one CPU; both designs keep their instances equally busy.',
  params: {
    requestsPerSecond: quantity('none', {
      label: 'Requests per second',
      doc: 'Load of the whole program.',
      min: 1,
      max: 20_000,
      step: 10,
      default: 100,
      say: (rate) => `${rate} requests per second`,
    }),
    modules: count({
      label: 'Modules',
      doc: 'Modules of the program; a request needs each of them once, one after the other.',
      min: 1,
      max: 40,
      default: 8,
      say: (modules) => `${modules} modules`,
    }),
    workMs: quantity('ms', {
      label: 'Work',
      doc: 'CPU time of a request in all modules together.',
      min: 0.1,
      max: 1000,
      step: 1,
      default: 20,
    }),
    hotPercent: quantity('percent', {
      label: 'Hot module',
      doc: 'Share of that work that the hot module does.',
      min: 0,
      max: 100,
      step: 5,
      default: 60,
    }),
    callMs: quantity('ms', {
      label: 'Work of a call',
      doc: 'CPU time that a call between services adds: writing and reading the message.',
      min: 0,
      max: 100,
      step: 0.1,
      default: 0.3,
    }),
    hopMs: quantity('ms', {
      label: 'Network',
      doc: 'Time that a message between two services is under way.',
      min: 0,
      max: 100,
      step: 0.1,
      default: 0.25,
    }),
    busyPercent: quantity('percent', {
      label: 'Planned busy',
      doc: 'Instances are added until none is busier than this, on average.',
      min: 5,
      max: 95,
      step: 5,
      default: 60,
    }),
    leastReplicas: count({
      label: 'Least instances',
      doc: 'Instances of everything at least, so that one may fail.',
      min: 1,
      max: 10,
      default: 2,
    }),
    baseGiB: quantity('none', {
      label: 'Memory of any instance, GiB',
      doc: 'Memory that every instance takes, in GiB: runtime, agents, sidecar.',
      min: 0,
      max: 64,
      step: 0.1,
      default: 0.3,
    }),
    moduleGiB: quantity('none', {
      label: 'Memory of a module, GiB',
      doc: 'Memory that each module takes wherever it runs, in GiB.',
      min: 0,
      max: 64,
      step: 0.1,
      default: 0.5,
    }),
    hotGiB: quantity('none', {
      label: 'Data of the hot module, GiB',
      doc: 'Memory that the hot module takes in addition, in GiB.',
      min: 0,
      max: 256,
      step: 1,
      default: 0,
    }),
    cpuPrice: quantity('none', {
      label: 'Price of a CPU',
      doc: 'Price of one CPU for an hour, in any currency.',
      min: 0,
      max: 100,
      step: 0.01,
      default: 0.03,
    }),
    gibPrice: quantity('none', {
      label: 'Price of a GiB',
      doc: 'Price of one GiB of memory for an hour, in the same currency.',
      min: 0,
      max: 100,
      step: 0.001,
      default: 0.004,
    }),
    requests: count({
      label: 'Requests',
      doc: 'Requests that are simulated, on average.',
      min: 10,
      max: 100_000,
      default: 2000,
    }),
  },
  metrics: {
    monolithInstances: { label: 'Instances, monolith', doc: 'Instances of the monolith.', better: 'lower' },
    microInstances: {
      label: 'Instances, services',
      doc: 'Instances of all services together.',
      better: 'lower',
    },
    monolithCostPerHour: {
      label: 'Cost, monolith',
      doc: 'Price of the monolith for an hour.',
      better: 'lower',
    },
    microCostPerHour: { label: 'Cost, services', doc: 'Price of the services for an hour.', better: 'lower' },
    crossoverPerSecond: {
      label: 'Cheaper from',
      doc: 'Requests per second from which on the services cost no more than the monolith, of the loads that are compared (to 800,000); 0 when they always cost more.',
      better: 'neither',
    },
    monolithP50Ms: { label: 'Median, monolith', doc: 'Median latency of the monolith.', better: 'lower' },
    microP50Ms: { label: 'Median, services', doc: 'Median latency of the services.', better: 'lower' },
    monolithP99Ms: {
      label: '99th percentile, monolith',
      doc: 'Latency that 99 % of the requests to the monolith do not exceed.',
      better: 'lower',
    },
    microP99Ms: {
      label: '99th percentile, services',
      doc: 'Latency that 99 % of the requests to the services do not exceed.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    curve: {
      doc: 'Cost of both designs over the load, with the present load marked.',
      model: (run) => costCurve(run.params, run.metrics.microCostPerHour),
    },
    bars: {
      doc: 'Instances of both designs.',
      model: ({ params }): BarsModel => {
        const micro = microservices(params, params.requestsPerSecond).instances;
        return {
          kind: 'bars',
          title: 'Instances',
          axis: { label: 'Instances', unit: '', from: 0 },
          parts: [
            { label: 'hot module', tone: 'focus', letter: 'H' },
            { label: 'other modules', tone: 'busy', letter: '' },
          ],
          rows: [
            { label: 'monolith', values: [0, monolith(params, params.requestsPerSecond).instances[0]!] },
            { label: 'services', values: [micro[0]!, micro.slice(1).reduce((sum, each) => sum + each, 0)] },
          ],
        };
      },
    },
  },
  oracle:
    'Instances and cost by hand, and Erlang C for the latency of the monolith (test/conformance/serviceGraph.test.ts).',
  stepBudget: 20_000_000,
  run({ params, trace, random, stepBudget, ties, refuse }) {
    const whole = monolith(params, params.requestsPerSecond);
    const split = microservices(params, params.requestsPerSecond);
    const work = workOf(params);
    const answers: Answer[] = [];
    // All CPUs of the monolith behind one queue: a balancer that never sends a request where another would be free.
    const monolithMs = simulate([service('monolith', whole.instances[0]!, work)], {
      at: 'monolithAnswer',
    });
    const microMs = simulate(
      work.map((workMs, module) => ({
        ...service(`service ${module + 1}`, split.instances[module]!, [workMs + params.callMs]),
      })),
      { at: 'microAnswer', chained: true },
    );
    // Two runs of the same clock, told together.
    for (const { at, nowNs, request, latencyNs } of answers.toSorted((a, b) => a.nowNs - b.nowNs))
      trace.append(trace.codes[at], nowNs, -1, request, latencyNs);
    return {
      monolithInstances: whole.instances[0]!,
      microInstances: split.instances.reduce((sum, instances) => sum + instances, 0),
      monolithCostPerHour: whole.costPerHour,
      microCostPerHour: split.costPerHour,
      crossoverPerSecond: crossover(params),
      monolithP50Ms: percentile(monolithMs, 50),
      microP50Ms: percentile(microMs, 50),
      monolithP99Ms: percentile(monolithMs, 99),
      microP99Ms: percentile(microMs, 99),
    };

    /** Latencies of a design, ascending, in milliseconds. */
    function simulate(
      services: readonly ServiceSpec[],
      { at, chained = false }: { readonly at: keyof typeof events; readonly chained?: boolean },
    ): Float64Array {
      const hopNs = chained ? Math.round(params.hopMs * nsPerMs) : 0;
      // A front that does no work of its own asks one service after the other.
      const front: ServiceSpec = {
        name: `${at} front`,
        replicas: 1,
        concurrency: 1e9,
        queueLimit: 0,
        work: { mean: 0, scv: 0, sample: () => 0 },
        errorShare: 0,
        stages: services.map((_, index) => [call(index + 1, hopNs)]),
      };
      const graph = new ServiceGraph(
        {
          services: [front, ...services],
          client: call(0, 0),
          interarrival: exponential(nsPerSecond / params.requestsPerSecond),
          disturbances: [],
        },
        random,
        { stepBudget, ties },
        {
          answered: (nowNs, request, latencyNs) => void answers.push({ at, nowNs, request, latencyNs }),
        },
      );
      graph.run(Math.round((params.requests / params.requestsPerSecond) * nsPerSecond), 'drain');
      if (graph.latenciesNs.length === 0) refuse(nobodyCame(params.requests));
      return Float64Array.from(graph.latenciesNs, (ns) => ns / nsPerMs).toSorted();
    }
  },
});

const nobodyCame = (requests: number): Witness => ({
  event: 0,
  expected: 'at least one request',
  actual: 'none in this run',
  because: `Requests come by chance, and with ${requests} on average there may be none. Choose more.`,
});

function costCurve(design: Design, microCost: number): CurveModel {
  const loads = comparedLoads.filter((load) => load <= 20_000);
  const points = (cost: (design: Design, load: number) => Deployment) =>
    loads.map((x) => ({ x, y: cost(design, x).costPerHour }));
  return {
    kind: 'curve',
    title: 'Cost over load',
    x: { label: 'Requests per second', unit: '', scale: 'log' },
    y: { label: 'Cost per hour', unit: '', scale: 'log' },
    series: [
      { label: 'monolith', tone: 'busy', shape: 'line', points: points(monolith) },
      { label: 'microservices', tone: 'focus', shape: 'line', points: points(microservices) },
    ],
    bounds: [],
    marked: { x: design.requestsPerSecond, y: microCost, label: 'present load' },
  };
}
