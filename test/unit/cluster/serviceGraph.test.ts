import assert from 'node:assert/strict';
import fc from 'fast-check';
import { balancings, type Balancing } from '../../../src/engine/cluster/serviceGraph/loadBalancing.ts';
import { clientLibrary, noRetries } from '../../../src/engine/cluster/serviceGraph/resilience.ts';
import type {
  CallSpec,
  GraphSpec,
  Resilience,
  ServiceSpec,
} from '../../../src/engine/cluster/serviceGraph/graphSpec.ts';
import { ServiceGraph } from '../../../src/engine/cluster/serviceGraph/serviceGraph.ts';
import { deterministic, uniform, type Distribution } from '../../../src/engine/kernel/distributions.ts';
import { randomStreams } from '../../../src/engine/kernel/random.ts';

/** Gives the listed values one after the other, then the last one for ever. */
function listed(values: readonly number[]): Distribution {
  let next = 0;
  return { mean: NaN, scv: NaN, sample: () => values[Math.min(next++, values.length - 1)]! };
}

const call = (to: number, changes: Partial<CallSpec> = {}): CallSpec => ({
  to,
  fanOut: 1,
  balancing: 'random',
  hopNs: 0,
  timeoutNs: Infinity,
  hedgeAfterNs: Infinity,
  optional: false,
  resilience: noRetries,
  ...changes,
});

const leaf = (changes: Partial<ServiceSpec>): ServiceSpec => ({
  name: 'leaf',
  replicas: 1,
  concurrency: 1,
  queueLimit: 1e9,
  work: deterministic(1),
  errorShare: 0,
  stages: [],
  ...changes,
});

interface Answer {
  readonly request: number;
  readonly nowNs: number;
  readonly latencyNs: number;
  readonly ok: boolean;
}

const sendingNs = 2000;

/** Sends requests until {@link sendingNs}, waits for all answers, and looks at each service every nanosecond. */
function run(
  spec: GraphSpec,
  {
    seed = 1,
    ties,
    lookedUntilNs = 0,
  }: { seed?: number; ties?: number | undefined; lookedUntilNs?: number } = {},
): {
  graph: ServiceGraph;
  answers: readonly Answer[];
  sent: readonly string[];
  looked: readonly (readonly { working: number; waiting: number }[])[];
} {
  const answers: Answer[] = [];
  const sent: string[] = [];
  const graph = new ServiceGraph(
    spec,
    randomStreams(seed),
    { stepBudget: 1e7, ties },
    {
      sent: (nowNs, request, attempt) => void sent.push(`${nowNs} ${request} ${attempt}`),
      answered: (nowNs, request, latencyNs, ok) => void answers.push({ request, nowNs, latencyNs, ok }),
    },
  );
  const looked: { working: number; waiting: number }[][] = [];
  for (let ns = 0; ns <= lookedUntilNs; ns++) {
    const look = (): void => {
      looked.push(
        spec.services.map((_, index) => ({ working: graph.working(index), waiting: graph.waiting(index) })),
      );
    };
    if (lookedUntilNs > 0) graph.simulation.at(ns, look, 127);
  }
  graph.run(sendingNs, 'drain');
  return { graph, answers, sent, looked };
}

// A drawn graph: services call only later ones, so that every request ends.
interface DrawnCall {
  readonly skip: number;
  readonly fanOut: number;
  readonly balancing: Balancing;
  readonly hopNs: number;
  readonly timeoutNs: number;
  readonly hedgeAfterNs: number;
  readonly optional: boolean;
  readonly attempts: number;
  readonly jitter: boolean;
  readonly budgetShare: number;
  readonly failuresToOpen: number | undefined;
}
interface DrawnService {
  readonly replicas: number;
  readonly concurrency: number;
  readonly queueLimit: number;
  readonly workNs: number;
  readonly errorShare: number;
  readonly dropsExpired: boolean;
  readonly stages: readonly (readonly DrawnCall[])[];
}

const drawnCall: fc.Arbitrary<DrawnCall> = fc.record({
  skip: fc.nat(2),
  fanOut: fc.integer({ min: 1, max: 3 }),
  balancing: fc.constantFrom(...(Object.keys(balancings) as Balancing[])),
  hopNs: fc.nat(5),
  timeoutNs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 5, max: 300 })),
  hedgeAfterNs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 100 })),
  optional: fc.boolean(),
  attempts: fc.integer({ min: 1, max: 4 }),
  jitter: fc.boolean(),
  budgetShare: fc.constantFrom(0, 0.1, 0.5, Infinity),
  failuresToOpen: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
});
const drawnServices = fc.array(
  fc.record<DrawnService>({
    replicas: fc.integer({ min: 1, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    queueLimit: fc.nat(6),
    workNs: fc.integer({ min: 1, max: 40 }),
    errorShare: fc.constantFrom(0, 0, 0.2),
    dropsExpired: fc.boolean(),
    stages: fc.array(fc.array(drawnCall, { maxLength: 2 }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What a client library was asked and told. */
interface Watched {
  sends: number;
  retries: number;
  ended: number;
}

function graphOf(
  services: readonly DrawnService[],
  client: DrawnCall,
  watch: (resilience: Resilience, drawn: DrawnCall) => Resilience = (resilience) => resilience,
): GraphSpec {
  const made = (drawn: DrawnCall, to: number): CallSpec => ({
    ...drawn,
    to,
    resilience: watch(
      clientLibrary(
        {
          attempts: drawn.attempts,
          backoffNs: 7,
          jitter: drawn.jitter,
          budgetShare: drawn.budgetShare,
          ...(drawn.failuresToOpen === undefined
            ? {}
            : { breaker: { failures: drawn.failuresToOpen, openNs: 150 } }),
        },
        randomStreams(5).stream('jitter'),
      ),
      drawn,
    ),
  });
  return {
    services: services.map(({ stages, workNs, ...service }, index) => ({
      ...service,
      name: `service ${index}`,
      work: uniform(1, 2 * workNs),
      stages: stages
        .map((stage) =>
          stage.flatMap((each) => {
            const to = index + 1 + each.skip;
            return to < services.length ? [made(each, to)] : [];
          }),
        )
        .filter((stage) => stage.length > 0),
    })),
    client: { ...made(client, 0), fanOut: 1 },
    interarrival: uniform(10, 60),
    disturbances: [],
  };
}

/** Without all that makes a call end other than by its answer. */
const patient: Partial<DrawnCall> = {
  timeoutNs: Infinity,
  hedgeAfterNs: Infinity,
  attempts: 1,
  failuresToOpen: undefined,
};
const unbroken: Partial<DrawnService> = { errorShare: 0, queueLimit: 1e9, dropsExpired: false };
const calm = (services: readonly DrawnService[], changes: Partial<DrawnService> = {}): DrawnService[] =>
  services.map((service) => ({
    ...service,
    ...unbroken,
    ...changes,
    stages: service.stages.map((stage) => stage.map((each) => ({ ...each, ...patient }))),
  }));

describe('a graph of services', () => {
  it('ends every request exactly once, and loses no visit, in whichever order ties run', () => {
    fc.assert(
      fc.property(
        drawnServices,
        drawnCall,
        fc.nat(99),
        fc.option(fc.nat(99), { nil: undefined }),
        (services, client, seed, ties) => {
          const { graph, answers, sent } = run(graphOf(services, client), { seed, ties });
          const ended = answers.map(({ request }) => request).toSorted((one, other) => one - other);
          assert.deepEqual(
            ended,
            Array.from({ length: graph.requests }, (_, request) => request),
          );
          assert.equal(graph.succeeded, answers.filter(({ ok }) => ok).length);
          assert.equal(graph.latenciesNs.length, graph.succeeded);
          assert.equal(graph.requests, graph.succeeded + graph.failed);
          assert.equal(graph.underWay, 0);
          assert.ok(graph.shed <= graph.failed);
          assert.equal(graph.attempts, sent.length);
          assert.ok(graph.attempts >= graph.requests - graph.shed);
          services.forEach(({ dropsExpired }, index) => {
            const { arrived, rejected, completed, wasted } = graph.totals[index]!;
            assert.equal(graph.waiting(index) + graph.working(index), 0);
            assert.ok(wasted <= completed);
            const dropped = arrived - rejected - completed;
            assert.ok(dropsExpired ? dropped >= 0 : dropped === 0, `${dropped} visits of ${index} are gone`);
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never lets anybody wait before a free place', () => {
    fc.assert(
      fc.property(drawnServices, drawnCall, fc.nat(99), (drawn, client, seed) => {
        const services = drawn.map((service) => ({ ...service, replicas: 1 }));
        const { looked } = run(graphOf(services, client), { seed, lookedUntilNs: 2500 });
        for (const instant of looked) {
          instant.forEach(({ working, waiting }, index) => {
            const { concurrency, queueLimit } = services[index]!;
            assert.ok(working <= concurrency && waiting <= queueLimit);
            if (waiting > 0) assert.equal(working, concurrency);
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it("obeys Little's law at each service, counted nanosecond by nanosecond", () => {
    fc.assert(
      fc.property(drawnServices, drawnCall, fc.nat(99), (drawn, drawnClient, seed) => {
        const services = calm(drawn);
        const sojournsNs = services.map(() => 0);
        const spec = graphOf(services, { ...drawnClient, ...patient });
        const counted = (one: CallSpec): CallSpec => ({
          ...one,
          resilience: {
            ...one.resilience,
            succeeded: (_nowNs, _attempt, latencyNs) => {
              sojournsNs[one.to]! += latencyNs - 2 * one.hopNs;
            },
          },
        });
        const { looked, graph } = run(
          {
            ...spec,
            services: spec.services.map((service) => ({
              ...service,
              stages: service.stages.map((stage) => stage.map(counted)),
            })),
            client: counted(spec.client),
          },
          { seed, lookedUntilNs: 30_000 },
        );
        fc.pre(graph.simulation.now === 30_000);
        services.forEach((_, index) => {
          const insideNs = looked.reduce(
            (sum, instant) => sum + instant[index]!.working + instant[index]!.waiting,
            0,
          );
          const workingNs = looked.reduce((sum, instant) => sum + instant[index]!.working, 0);
          assert.equal(insideNs, sojournsNs[index]);
          assert.equal(workingNs, graph.totals[index]!.busyNs);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('answers where nobody waits after the longest way through the calls, in whichever order ties run', () => {
    fc.assert(
      fc.property(
        drawnServices,
        drawnCall,
        fc.option(fc.nat(99), { nil: undefined }),
        (drawn, client, ties) => {
          const services = calm(drawn, { concurrency: 1e9 });
          const spec = graphOf(services, { ...client, ...patient });
          const constant = {
            ...spec,
            services: spec.services.map((service, index) => ({
              ...service,
              work: deterministic(services[index]!.workNs),
            })),
          };
          const ofCallNs = ({ to, hopNs }: CallSpec): number =>
            2 * hopNs +
            services[to]!.workNs +
            constant.services[to]!.stages.reduce((sum, stage) => sum + Math.max(...stage.map(ofCallNs)), 0);
          const { answers } = run(constant, { ties });
          assert.ok(answers.length > 0);
          for (const { latencyNs, ok } of answers) {
            assert.equal(latencyNs, ofCallNs(constant.client));
            assert.ok(ok);
          }
        },
      ),
    );
  });

  it('is the same again from the same seed', () => {
    fc.assert(
      fc.property(
        drawnServices,
        drawnCall,
        fc.nat(99),
        fc.option(fc.nat(99), { nil: undefined }),
        (services, client, seed, ties) => {
          const [one, other] = [1, 2].map(() => {
            const { answers, sent, graph } = run(graphOf(services, client), { seed, ties });
            return { answers, sent, totals: graph.totals };
          });
          assert.deepEqual(one, other);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a station', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 });
  const works = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 60, maxLength: 60 });
  /** Latencies by request: the customers of the list, then nobody. */
  const latencies = (
    gapsNs: readonly number[],
    worksNs: readonly number[],
    concurrency: number,
  ): number[] => {
    const { answers } = run({
      services: [leaf({ concurrency, work: listed(worksNs) })],
      client: call(0),
      interarrival: listed([...gapsNs, 1e9]),
      disturbances: [],
    });
    return answers.toSorted((one, other) => one.request - other.request).map(({ latencyNs }) => latencyNs);
  };

  it('serves as the recursion of Kiefer and Wolfowitz says', () => {
    fc.assert(
      fc.property(gaps, works, fc.integer({ min: 1, max: 4 }), (gapsNs, worksNs, places) => {
        const loadsNs = Array.from({ length: places }, () => 0);
        const expected = gapsNs.map((gapNs, index) => {
          loadsNs.forEach((load, place) => (loadsNs[place] = Math.max(0, load - gapNs)));
          loadsNs.sort((one, other) => one - other);
          loadsNs[0]! += worksNs[index]!;
          return loadsNs[0]!;
        });
        assert.deepEqual(latencies(gapsNs, worksNs, places), expected);
      }),
    );
  });

  it('makes nobody wait longer with one place more', () => {
    fc.assert(
      fc.property(gaps, works, fc.integer({ min: 1, max: 4 }), (gapsNs, worksNs, places) => {
        const fewer = latencies(gapsNs, worksNs, places);
        latencies(gapsNs, worksNs, places + 1).forEach((latencyNs, request) =>
          assert.ok(latencyNs <= fewer[request]!),
        );
      }),
    );
  });
});

describe('a hedged call', () => {
  it('is answered by the first of two attempts, once, and sends the second only when it must', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 100 }),
        (worksNs, hedgeAfterNs) => {
          const winners: string[] = [];
          const { graph, answers } = run({
            services: [leaf({ concurrency: 1e9, work: listed(worksNs) })],
            client: call(0, {
              hedgeAfterNs,
              resilience: {
                ...noRetries,
                succeeded: (nowNs, attempt) => void winners.push(`${nowNs} ${attempt}`),
              },
            }),
            // Far enough apart that works come in the order of attempts.
            interarrival: deterministic(250),
            disturbances: [],
          });
          let next = 0;
          const work = (): number => worksNs[Math.min(next++, worksNs.length - 1)]!;
          const expected = answers.map(({ nowNs, latencyNs }) => {
            const sentNs = nowNs - latencyNs;
            const first = work();
            if (first <= hedgeAfterNs) return `${sentNs + first} 1`;
            const second = hedgeAfterNs + work();
            return second < first ? `${sentNs + second} 2` : `${sentNs + first} 1`;
          });
          assert.equal(answers.length, 8);
          assert.deepEqual(winners, expected);
          assert.equal(graph.totals[0]!.completed, next);
          assert.equal(graph.totals[0]!.wasted, next - answers.length);
        },
      ),
    );
  });
});

describe('a client library', () => {
  it('never retries more than its budget', () => {
    fc.assert(
      fc.property(
        drawnServices,
        drawnCall,
        fc.constantFrom(0, 0.1, 0.5),
        fc.nat(99),
        (services, client, budgetShare, seed) => {
          const watched = new Map<DrawnCall, Watched>();
          const spec = graphOf(
            services.map((service) => ({ ...service, errorShare: 0.5 })),
            { ...client, budgetShare, attempts: 4 },
            (resilience, drawn) => {
              const seen: Watched = { sends: 0, retries: 0, ended: 0 };
              watched.set(drawn, seen);
              return {
                send: (nowNs) => {
                  const sent = resilience.send(nowNs);
                  if (sent) seen.sends++;
                  return sent;
                },
                retryAfter: (...failure) => {
                  const delayNs = resilience.retryAfter(...failure);
                  if (delayNs === undefined) seen.ended++;
                  else seen.retries++;
                  assert.ok(seen.retries <= 10 + drawn.budgetShare * seen.sends + 1e-9);
                  return delayNs;
                },
                succeeded: (...success) => {
                  seen.ended++;
                  resilience.succeeded(...success);
                },
              };
            },
          );
          run(spec, { seed });
          for (const { sends, ended } of watched.values()) assert.equal(ended, sends);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('retries at most as often as it may, waiting up to twice as long each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.boolean(), fc.nat(99), (attempts, jitter, seed) => {
        const library = clientLibrary(
          { attempts, backoffNs: 100, jitter, budgetShare: Infinity },
          randomStreams(seed).stream('jitter'),
        );
        assert.ok(library.send(0));
        for (let attempt = 1; attempt < attempts; attempt++) {
          const delayNs = library.retryAfter(0, attempt, 'error')!;
          const fullNs = 100 * 2 ** (attempt - 1);
          if (jitter) assert.ok(delayNs >= 0 && delayNs < fullNs);
          else assert.equal(delayNs, fullNs);
        }
        assert.equal(library.retryAfter(0, attempts, 'error'), undefined);
      }),
    );
  });

  it('opens, waits, tries once and closes its circuit breaker as the pattern says', () => {
    const steps = fc.array(fc.record({ gapNs: fc.nat(60), ok: fc.boolean() }), { maxLength: 80 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (requests, failures) => {
        const openNs = 100;
        const library = clientLibrary(
          { attempts: 1, backoffNs: 0, jitter: false, budgetShare: Infinity, breaker: { failures, openNs } },
          randomStreams(1).stream('jitter'),
        );
        type State = { kind: 'closed'; inRow: number } | { kind: 'open'; sinceNs: number };
        let state: State = { kind: 'closed', inRow: 0 };
        let nowNs = 0;
        for (const { gapNs, ok } of requests) {
          nowNs += gapNs;
          const refuses: boolean = state.kind === 'open' && nowNs < state.sinceNs + openNs;
          assert.equal(library.send(nowNs), !refuses);
          if (refuses) continue;
          // While the one that tries is under way, nobody else is sent.
          if (state.kind === 'open') assert.equal(library.send(nowNs), false);
          if (ok) {
            library.succeeded(nowNs, 1, 1);
            state = { kind: 'closed', inRow: 0 };
          } else {
            assert.equal(library.retryAfter(nowNs, 1, 'error'), undefined);
            if (state.kind === 'open' || state.inRow + 1 >= failures)
              state = { kind: 'open', sinceNs: nowNs };
            else state = { kind: 'closed', inRow: state.inRow + 1 };
          }
        }
      }),
    );
  });
});
