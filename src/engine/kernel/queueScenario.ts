import { deterministic, erlang, exponential, hyperexponential, type Distribution } from './distributions.ts';
import { choice, count, quantity } from './parameters.ts';
import { simulateQueue } from './queueing.ts';
import { defineScenario, type Witness } from './scenario.ts';
import { Simulation } from './simulation.ts';
import { nsPerMs, toMs } from './time.ts';
import { stayTail, tailCurve } from './queueTail.ts';
import { defineEvents, type Trace } from './trace.ts';

const events = defineEvents({
  arrive: {
    doc: 'A customer arrives.',
    fields: ['inSystem'],
    say: ({ inSystem }) => `a customer arrives; ${inSystem} are in the system`,
  },
  leave: {
    doc: 'A customer leaves.',
    fields: ['inSystem', 'sojournNs'],
    say: ({ inSystem, sojournNs }) =>
      `a customer leaves after ${toMs(sojournNs!)} ms; ${inSystem} are in the system`,
  },
});

const shapes = {
  exponential: (meanNs: number): Distribution => exponential(meanNs),
  deterministic: (meanNs: number): Distribution => deterministic(meanNs),
  'erlang-4': (meanNs: number): Distribution => erlang(4, meanNs),
  'hyperexponential-4': (meanNs: number): Distribution => hyperexponential(meanNs, 4),
} as const;

/** A station with random arrivals: M/M/1, M/M/c, M/G/1 and processor sharing, by its parameters. */
export const queue = defineScenario({
  id: 'kernel.queue',
  title: 'A queue with random arrivals',
  doc: 'Customers arrive at random, are served and leave. How long do they stay? The textbook models M/M/1, M/M/c, M/G/1 and processor sharing are choices of these parameters.',
  params: {
    servers: count({
      label: 'Servers',
      doc: 'How many customers are served at a time.',
      min: 1,
      max: 64,
      default: 1,
      say: (servers) => (servers === 1 ? '1 server' : `${servers} servers`),
    }),
    loadPercent: quantity('percent', {
      label: 'Load',
      doc: 'Offered work as a share of what the servers can do.',
      min: 1,
      max: 95,
      step: 1,
      default: 80,
      say: (percent) => `${percent} % load`,
    }),
    serviceMs: quantity('ms', {
      label: 'Service time',
      doc: 'Mean time that one server needs for one customer.',
      min: 0.001,
      max: 10_000,
      step: 1,
      default: 1,
    }),
    service: choice({
      label: 'Shape of service',
      doc: 'How service times spread around their mean.',
      values: {
        exponential: 'Exponential: squared coefficient of variation 1.',
        deterministic: 'Always the mean: squared coefficient of variation 0.',
        'erlang-4': 'Four exponential stages: squared coefficient of variation 1/4.',
        'hyperexponential-4': 'A mixture of short and long: squared coefficient of variation 4.',
      },
      default: 'exponential',
    }),
    discipline: choice({
      label: 'Discipline',
      doc: 'Who is served.',
      values: {
        fifo: 'In the order of arrival.',
        'processor-sharing': 'All at once, each at an equal share of the servers.',
      },
      default: 'fifo',
    }),
    customers: count({
      label: 'Customers',
      doc: 'Customers measured, after a tenth as many that warm the queue up.',
      min: 100,
      max: 1_000_000,
      default: 20_000,
    }),
  },
  metrics: {
    meanSojournMs: { label: 'Mean stay', doc: 'Mean time from arrival to departure.', better: 'lower' },
    meanSojournErrorMs: {
      label: 'Mean stay, ±',
      doc: 'Half width of its 95 % confidence interval, by batch means.',
      better: 'lower',
    },
    meanWaitMs: {
      label: 'Mean wait',
      doc: "Mean part of the stay beyond the customer's own service time.",
      better: 'lower',
    },
    p99SojournMs: {
      label: '99th percentile',
      doc: 'Stay that 99 % do not exceed, by nearest rank.',
      better: 'lower',
    },
    delayedPercent: { label: 'Delayed', doc: 'Share of customers that waited at all.', better: 'lower' },
    utilizationPercent: {
      label: 'Utilization',
      doc: 'Share of the servers in use, over time.',
      better: 'neither',
    },
    meanInSystem: { label: 'In the system', doc: 'Customers present, averaged over time.', better: 'lower' },
  },
  events,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    curve: {
      doc: 'Share of customers that stay longer than a time, with the 99th percentile marked. For exponential service in the order of arrival the closed form lies beside it.',
      model: ({
        params: { servers, loadPercent, serviceMs, service, discipline, customers },
        metrics,
        trace,
      }) =>
        tailCurve(
          measuredStaysNs(trace, warmupOf(customers)),
          metrics.p99SojournMs,
          service === 'exponential' && discipline === 'fifo'
            ? {
                tail: (ms) => stayTail(servers, loadPercent / 100, ms / serviceMs),
                source: servers === 1 ? 'M/M/1' : 'M/M/c, Erlang C',
              }
            : undefined,
        ),
    },
  },
  oracle:
    'Closed forms: M/M/1, Erlang C, Pollaczek–Khinchine and processor sharing, within the confidence interval that each run states (test/conformance/queueing.test.ts and queueScenario.test.ts).',
  stepBudget: 10_000_000,
  run({ params, trace, random, stepBudget, refuse }) {
    const serviceNs = params.serviceMs * nsPerMs;
    const interarrivalNs = serviceNs / params.servers / (params.loadPercent / 100);
    if (interarrivalNs < 10) refuse(tooFine(interarrivalNs));
    const simulation = new Simulation({ stepBudget });
    const record = (code: number, inSystem: number, sojournNs: number): void => {
      trace.append(code, simulation.now, simulation.cause, inSystem, sojournNs);
    };
    const result = simulateQueue(
      simulation,
      random,
      {
        interarrival: exponential(interarrivalNs),
        service: shapes[params.service](serviceNs),
        servers: params.servers,
        discipline: params.discipline,
      },
      { warmup: warmupOf(params.customers), customers: params.customers },
      {
        arrived: (inSystem) => record(trace.codes.arrive, inSystem, 0),
        left: (inSystem, sojournNs) => record(trace.codes.leave, inSystem, sojournNs),
      },
    );
    return {
      meanSojournMs: toMs(result.sojournNs.mean),
      meanSojournErrorMs: toMs(result.sojournNs.halfWidth),
      meanWaitMs: toMs(result.waitNs.mean),
      p99SojournMs: toMs(result.sojournPercentileNs(99)),
      delayedPercent: 100 * result.delayed.mean,
      utilizationPercent: 100 * result.utilisation,
      meanInSystem: result.meanInSystem,
    };
  },
});

/** Customers that leave before measuring begins. */
const warmupOf = (customers: number): number => Math.ceil(customers / 10);

function measuredStaysNs(trace: Trace<typeof events>, warmup: number): readonly number[] {
  const stays: number[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.code(row) === trace.codes.leave) stays.push(trace.field(row, 1));
  }
  return stays.slice(warmup);
}

const tooFine = (interarrivalNs: number): Witness => ({
  event: 0,
  expected: 'at least 10 ns between arrivals, on average',
  actual: `${interarrivalNs} ns`,
  because: 'Simulated time counts whole nanoseconds, and rounding would show. Choose a longer service time.',
});
