import { exponential } from '../kernel/distributions.ts';
import { quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { noCause } from '../kernel/trace.ts';
import { ClientPolicy, failureReasons } from './serviceGraph/clientPolicy.ts';
import { clientLibrary } from './serviceGraph/resilience.ts';
import type { Resilience } from './serviceGraph/graphSpec.ts';
import { ServiceGraph } from './serviceGraph/serviceGraph.ts';
import { stormParameters } from './serviceGraph/stormParameters.ts';
import { ratesOverTime, windowNs } from './serviceGraph/stormRates.ts';
import { firstOf, latestWindow, shedUntil, stormEvents, windowRows } from './serviceGraph/stormTrace.ts';
import { gaveUpEarly, shown, stillDown, tooManyRetries } from './serviceGraph/stormWitnesses.ts';
import type { PolicyImplementation, PolicyRun } from '../kernel/policy.ts';

const nsPerMs = 1e6;
const nsPerSecond = 1e9;
/** Requests that come closer to the slow moment may still be under way when it begins. */
const settleNs = nsPerSecond;

/** A server that is slow for a moment, and clients whose retries may keep it overloaded for ever. */
export const retryStorm = defineScenario({
  id: 'cluster.retry-storm',
  title: 'A slow moment, and the retries after it',
  doc:
    'Clients call a service with a timeout, and decide about retries. For a moment the service is slow. Attempts that time out ' +
    'are still worked on, and each retry adds load: the overload may outlive its cause (a metastable failure; Bronson et al., HotOS 2021).',
  params: stormParameters,
  metrics: {
    goodputBeforePercent: {
      label: 'Success before',
      doc: 'Share of the requests that succeeded, of those that came at least a second before the slow moment.',
      better: 'higher',
    },
    goodputAfterPercent: {
      label: 'Success at the end',
      doc: 'Share of the requests that came in the last quarter of the run and succeeded, those that were over by its end.',
      better: 'higher',
    },
    recoverySeconds: {
      label: 'Down afterwards',
      doc: 'From the end of the slow moment until at least 95 % of the requests of a whole second succeed; until the end of the run if they never do.',
      better: 'lower',
    },
    attemptsPerRequest: {
      label: 'Attempts per request',
      doc: 'Attempts sent for each request that came, over the whole run.',
      better: 'lower',
    },
    peakAttemptsPerRequest: {
      label: 'Attempts per request, at most',
      doc: 'The same in the worst second from the slow moment on.',
      better: 'lower',
    },
    shedBeforePercent: {
      label: 'Not sent before',
      doc: 'Share of the requests before the slow moment that were failed without being sent.',
      better: 'lower',
    },
    capacityPerSecond: {
      label: 'Capacity',
      doc: 'Requests that the service can work on in a second.',
      better: 'neither',
    },
    wastedPercent: {
      label: 'Wasted work',
      doc: 'Share of the work of the service whose answer nobody waited for any more.',
      better: 'lower',
    },
  },
  events: stormEvents,
  policies: { client: ClientPolicy },
  builtIn: { client: builtInClient },
  checks: {
    recovers: {
      title: 'The service recovers',
      doc: 'At most `withinSeconds` after the slow moment, 95 % of the requests of a second succeed again.',
      args: {
        withinSeconds: quantity('s', {
          label: 'Within',
          doc: 'Time that recovery may take.',
          min: 0,
          max: 300,
          step: 1,
          default: 4,
        }),
      },
      violated: ({ trace, params, metrics }, { withinSeconds }: { readonly withinSeconds: number }) =>
        metrics.recoverySeconds <= withinSeconds
          ? undefined
          : stillDown(trace, (params.slowFromS + params.slowForS + withinSeconds) * nsPerSecond),
    },
    boundedRetries: {
      title: 'Retries stay bounded',
      doc: 'In no second from the slow moment on are there more than `atMost` attempts for each request that comes.',
      args: {
        atMost: quantity('none', {
          label: 'At most',
          doc: 'Attempts for each request.',
          min: 1,
          max: 100,
          step: 0.1,
          default: 1.5,
        }),
      },
      violated: ({ trace, params }, { atMost }: { readonly atMost: number }) =>
        tooManyRetries(trace, params.slowFromS * nsPerSecond, atMost),
    },
    retriesTransients: {
      title: 'A chance error is tried again',
      doc: 'At least `atLeastPercent` of the requests that come a second before the slow moment or earlier succeed, although some attempts fail by chance.',
      args: {
        atLeastPercent: quantity('percent', {
          label: 'At least',
          doc: 'Share of the requests that succeed.',
          min: 0,
          max: 100,
          step: 0.1,
          default: 99.5,
        }),
      },
      violated: ({ trace, params, metrics }, { atLeastPercent }: { readonly atLeastPercent: number }) =>
        metrics.goodputBeforePercent >= atLeastPercent
          ? undefined
          : gaveUpEarly(trace, params.slowFromS * nsPerSecond, metrics.goodputBeforePercent, atLeastPercent),
    },
    sendsWhenHealthy: {
      title: 'Nothing is held back while all is well',
      doc: 'At most `atMostPercent` of the requests before the slow moment are failed without being sent.',
      args: {
        atMostPercent: quantity('percent', {
          label: 'At most',
          doc: 'Share of the requests that are held back.',
          min: 0,
          max: 100,
          step: 0.1,
          default: 0.5,
        }),
      },
      violated: ({ trace, metrics }, { atMostPercent }: { readonly atMostPercent: number }) =>
        metrics.shedBeforePercent <= atMostPercent
          ? undefined
          : {
              event: firstOf(trace, 'shed') ?? 0,
              expected: `at most ${atMostPercent} % of the requests held back before the slow moment`,
              actual: `${shown(metrics.shedBeforePercent)} %`,
              because: 'The service was well. A chance error now and then is no reason to stop sending.',
            },
    },
  },
  views: {
    curve: {
      doc: 'Requests that came, attempts that were sent and requests that succeeded, per second, over time.',
      model: (run) => ratesOverTime(run.trace, run.params),
    },
    state: {
      doc: 'The latest quarter of a second at the service.',
      model(run, event) {
        const row = latestWindow(run.trace, event);
        const cells =
          row === undefined
            ? []
            : [
                ['Requests that came', String(run.trace.field(row, 0))],
                ['Requests that succeeded', String(run.trace.field(row, 1))],
                ['Attempts sent', String(run.trace.field(row, 2))],
                ['Waiting at the service', String(run.trace.field(row, 3))],
              ];
        return {
          kind: 'state',
          groups: [
            {
              title: 'The latest quarter of a second',
              columns: ['What', 'How many'],
              rows: cells,
              whenEmpty: 'The first quarter of a second is not over yet.',
            },
          ],
        };
      },
    },
  },
  oracle:
    'Erlang C for the quiet service, and the stability condition of retries: the overload lasts when the load times the attempts exceeds the capacity, and ends when it does not (test/conformance/retryStorm.test.ts).',
  stepBudget: 2_000_000,
  shufflesTies: true,
  run({ params, trace, random, stepBudget, ties, start }) {
    const client = start({ client: {} }).client;
    const record = (kind: keyof typeof stormEvents, a = 0, b = 0, c = 0): number =>
      trace.append(trace.codes[kind], graph.simulation.now, noCause, a, b, c);
    const window = { came: 0, ok: 0, attempts: 0 };
    const slowNs = [params.slowFromS, params.slowFromS + params.slowForS].map((s) =>
      Math.round(s * nsPerSecond),
    );
    const [slowFromNs, slowToNs] = slowNs as [number, number];
    const endNs = Math.round(params.durationS * nsPerSecond);
    const resilience: Resilience = {
      send(nowNs) {
        window.came++;
        if (client.send === undefined || client.send({ nowMs: nowNs / nsPerMs })) return true;
        record('shed');
        return false;
      },
      retryAfter(nowNs, attempt, reason) {
        const delayMs = client.failed({ nowMs: nowNs / nsPerMs, attempt, reason });
        const code = failureReasons.indexOf(reason);
        if (delayMs === undefined) {
          record('giveUp', attempt, code);
          return undefined;
        }
        record('retry', attempt, code, Math.round(delayMs * nsPerMs));
        return Math.round(delayMs * nsPerMs);
      },
      succeeded(nowNs, attempt, latencyNs) {
        client.succeeded?.({ nowMs: nowNs / nsPerMs, attempt, latencyMs: latencyNs / nsPerMs });
      },
    };
    /** By request: when it came, and whether it succeeded; undefined while it is under way. */
    const cameNs: number[] = [];
    const succeeded: (boolean | undefined)[] = [];
    const graph = new ServiceGraph(
      {
        services: [
          {
            name: 'service',
            replicas: 1,
            concurrency: params.workers,
            queueLimit: params.queueLimit,
            work: exponential(params.workMs * nsPerMs),
            errorShare: params.errorPercent / 100,
            stages: [],
          },
        ],
        client: {
          to: 0,
          fanOut: 1,
          balancing: 'random',
          hopNs: 0,
          timeoutNs: Math.round(params.timeoutMs * nsPerMs),
          hedgeAfterNs: Infinity,
          optional: false,
          resilience,
        },
        interarrival: exponential(nsPerSecond / params.requestsPerSecond),
        disturbances:
          params.slowForS === 0
            ? []
            : [{ service: 0, fromNs: slowFromNs, toNs: slowToNs, slowdown: params.slowdown }],
      },
      random,
      { stepBudget, ties },
      {
        sent: (nowNs, request, attempt) => {
          window.attempts++;
          if (attempt === 1) cameNs[request] = nowNs;
          record('send', request, attempt);
        },
        answered: (nowNs, request, latencyNs, ok) => {
          cameNs[request] ??= nowNs;
          succeeded[request] = ok;
          if (ok) window.ok++;
          record('answer', request, latencyNs, ok ? 1 : 0);
        },
      },
    );
    if (params.slowForS > 0) {
      graph.simulation.at(slowFromNs, () => void record('slow', params.slowdown), -100);
      if (slowToNs <= endNs) graph.simulation.at(slowToNs, () => void record('recover'), -100);
    }
    for (let atNs = windowNs; atNs <= endNs; atNs += windowNs) {
      graph.simulation.at(
        atNs,
        () => {
          trace.append(
            trace.codes.window,
            atNs,
            noCause,
            window.came,
            window.ok,
            window.attempts,
            graph.waiting(0),
          );
          window.came = window.ok = window.attempts = 0;
        },
        120,
      );
    }
    graph.run(endNs, 'stop');
    trace.append(trace.codes.end, endNs, noCause);

    const shareOf = (fromNs: number, toNs: number): number => {
      let over = 0;
      let good = 0;
      cameNs.forEach((at, request) => {
        if (at < fromNs || at >= toNs || succeeded[request] === undefined) return;
        over++;
        if (succeeded[request]) good++;
      });
      return over === 0 ? 0 : (100 * good) / over;
    };
    const rows = windowRows(trace);
    const perSecond = rows.slice(0, Math.max(0, rows.length - 3)).map((_, first) => {
      const second = rows.slice(first, first + 4);
      const sum = (field: number): number =>
        second.reduce((total, row) => total + trace.field(row, field), 0);
      return {
        fromNs: trace.timeNs(second[0]!) - windowNs,
        toNs: trace.timeNs(second.at(-1)!),
        came: sum(0),
        attempts: sum(2),
      };
    });
    const recovered = perSecond.find(({ fromNs, toNs }) => fromNs >= slowToNs && shareOf(fromNs, toNs) >= 95);
    const shedBefore = shedUntil(trace, slowFromNs);
    const cameBefore = cameNs.filter((at) => at < slowFromNs).length;
    const { completed, wasted } = graph.totals[0]!;
    return {
      goodputBeforePercent: shareOf(0, slowFromNs - settleNs),
      goodputAfterPercent: shareOf(endNs * 0.75, endNs),
      recoverySeconds: params.slowForS === 0 ? 0 : ((recovered?.fromNs ?? endNs) - slowToNs) / nsPerSecond,
      attemptsPerRequest: graph.requests === 0 ? 0 : graph.attempts / graph.requests,
      peakAttemptsPerRequest: Math.max(
        0,
        ...perSecond
          .filter(({ fromNs }) => fromNs >= slowFromNs)
          .map(({ came, attempts }) => (came === 0 ? 0 : attempts / came)),
      ),
      shedBeforePercent: cameBefore === 0 ? 0 : (100 * shedBefore) / cameBefore,
      capacityPerSecond: (params.workers * 1000) / params.workMs,
      wastedPercent: completed === 0 ? 0 : (100 * wasted) / completed,
    };
  },
});

/** The clients that the parameters describe. */
function builtInClient(run?: PolicyRun): PolicyImplementation<typeof ClientPolicy> {
  const { attempts, backoffMs, jitter, budgetPercent, breakerFailures } = run!.params as {
    readonly attempts: number;
    readonly backoffMs: number;
    readonly jitter: string;
    readonly budgetPercent: number;
    readonly breakerFailures: number;
  };
  const library = clientLibrary(
    {
      attempts,
      backoffNs: backoffMs * nsPerMs,
      jitter: jitter === 'full',
      budgetShare: budgetPercent >= 100 ? Infinity : budgetPercent / 100,
      ...(breakerFailures === 0 ? {} : { breaker: { failures: breakerFailures, openNs: nsPerSecond } }),
    },
    run!.random.stream('backoff'),
  );
  return {
    send: ({ nowMs }) => library.send(nowMs * nsPerMs),
    failed({ nowMs, attempt, reason }) {
      const delayNs = library.retryAfter(nowMs * nsPerMs, attempt, reason);
      return delayNs === undefined ? undefined : delayNs / nsPerMs;
    },
    succeeded: ({ nowMs, attempt, latencyMs }) =>
      library.succeeded(nowMs * nsPerMs, attempt, latencyMs * nsPerMs),
  };
}
