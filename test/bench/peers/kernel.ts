// The kernel's own models, each in a process of its own as the other peers are: kernel.mjs <model> <numbers…> prints
// what was done per second (for `memory`: bytes per event), then a result to check.
import { exponential } from '../../../src/engine/kernel/distributions.ts';
import { Process } from '../../../src/engine/kernel/process.ts';
import { RandomStream } from '../../../src/engine/kernel/random.ts';
import { Resource } from '../../../src/engine/kernel/resource.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';
import { ObjectHeap } from './objectHeap.ts';

/** Processor time, so that a busy machine does not decide who is faster. Compiler and collector threads count too. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Measured {
  readonly rate: number;
  readonly result: number;
}

const serviceNs = exponential(1e6);
const interarrivalNs = exponential(1.25e6);

/** M/M/1 at 0.8, written with callbacks. Customers per second, and the mean sojourn in ms. */
function callbacks(customers: number): Measured {
  const sim = new Simulation();
  const arrivals = new RandomStream(1, 2, 3);
  const services = new RandomStream(4, 5, 6);
  const line = new Float64Array(4096);
  let first = 0;
  let waiting = 0;
  let busy = false;
  let left = 0;
  let sojourns = 0;
  const serve = (arrivedNs: number): void =>
    void sim.schedule(Math.round(serviceNs.sample(services)), depart, 0, arrivedNs);
  const depart = (arrivedNs: number): void => {
    sojourns += sim.now - arrivedNs;
    if (++left === customers) sim.stop();
    if (waiting === 0) {
      busy = false;
      return;
    }
    waiting--;
    serve(line[first++ & 4095]!);
  };
  const arrive = (): void => {
    if (busy) {
      line[(first + waiting++) & 4095] = sim.now;
    } else {
      busy = true;
      serve(sim.now);
    }
    sim.schedule(Math.round(interarrivalNs.sample(arrivals)), arrive);
  };
  arrive();
  const startMs = cpuMs();
  sim.run();
  const tookMs = cpuMs() - startMs;
  return { rate: (customers / tookMs) * 1000, result: sojourns / left / 1e6 };
}

/** M/M/1 at 0.8, written as SimPy would: a process per customer, a resource as the server. */
function processes(customers: number): Measured {
  const sim = new Simulation();
  const arrivals = new RandomStream(1, 2, 3);
  const services = new RandomStream(4, 5, 6);
  const server = new Resource(sim, { name: 'server', capacity: 1 });
  let left = 0;
  let sojourns = 0;
  function* customer(self: Process) {
    const arrivedNs = sim.now;
    yield self.acquire(server);
    yield self.hold(Math.round(serviceNs.sample(services)));
    server.release();
    sojourns += sim.now - arrivedNs;
    if (++left === customers) sim.stop();
  }
  new Process(sim, 'source', function* (self) {
    for (;;) {
      yield self.hold(Math.round(interarrivalNs.sample(arrivals)));
      new Process(sim, 'customer', customer);
    }
  });
  const startMs = cpuMs();
  sim.run();
  const tookMs = cpuMs() - startMs;
  return { rate: (customers / tookMs) * 1000, result: sojourns / left / 1e6 };
}

const random = new RandomStream(7, 8, 9);
const delays = Int32Array.from({ length: 65536 }, () => 1 + Math.floor(random.uniform() * 2e6));

/** Times past two seconds, as nearly all are, are no small integers to the engine, and objects then hold them boxed. */
function passAnHour(timeline: Timeline): void {
  timeline.schedule(3.6e12, () => {});
  timeline.step();
}

interface Timeline {
  step(): void;
  schedule(delayNs: number, action: () => void): void;
}

/** The hold model (D. Jones, CACM 29, 1986): every event schedules one more, so that `pending` stay. Events per second. */
function hold(timeline: Timeline, pending: number, events: number): Measured {
  passAnHour(timeline);
  let held = 0;
  const again = (): void => timeline.schedule(delays[held++ & 65535]!, again);
  for (let event = 0; event < pending; event++) again();
  for (let event = 0; event < pending / 2; event++) timeline.step();
  const startMs = cpuMs();
  for (let event = 0; event < events; event++) timeline.step();
  return { rate: (events / (cpuMs() - startMs)) * 1000, result: held };
}

/** Bytes that one of so many pending events takes, as the process sees it. */
function memory(timeline: Timeline, pending: number): Measured {
  passAnHour(timeline);
  const used = (): number => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  let ran = 0;
  const action = (): void => void ran++;
  const before = used();
  for (let event = 0; event < pending; event++) timeline.schedule(delays[event & 65535]!, action);
  const rate = (used() - before) / pending;
  // Still needed here, so that it is not collected before it is measured.
  timeline.step();
  return { rate, result: ran };
}

const timelineOf: Readonly<Record<string, () => Timeline>> = {
  simulation: () => new Simulation(),
  objects: () => new ObjectHeap(),
};

const models: Readonly<Record<string, (timeline: () => Timeline, ...sizes: number[]) => Measured>> = {
  callbacks: (_, customers = 0) => callbacks(customers),
  processes: (_, customers = 0) => processes(customers),
  hold: (timeline, pending = 0, events = 0) => {
    // Once for the compiler, with so many events that it optimizes.
    hold(timeline(), Math.min(pending, 1000), 300_000);
    return hold(timeline(), pending, events);
  },
  memory: (timeline, pending = 0) => memory(timeline(), pending),
};

const [model = '', kind = '', ...sizes] = process.argv.slice(2);
const run = models[model];
const timeline = timelineOf[kind];
if (run === undefined || timeline === undefined)
  throw new Error(`There is no model '${model}' on '${kind}'.`);
if (model === 'callbacks' || model === 'processes') run(timeline, 200_000);
const { rate, result } = run(timeline, ...sizes.map(Number));
console.log(`${rate} ${result}`);
