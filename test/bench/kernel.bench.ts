import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exponential } from '../../src/engine/kernel/distributions.ts';
import { Process } from '../../src/engine/kernel/process.ts';
import { RandomStream } from '../../src/engine/kernel/random.ts';
import { Resource } from '../../src/engine/kernel/resource.ts';
import { Simulation } from '../../src/engine/kernel/simulation.ts';
import { inTurns, type Bench, type BenchRow } from './bench.ts';
import { ObjectHeap } from './objectHeap.ts';

const serviceNs = exponential(1e6);
const interarrivalNs = exponential(1.25e6);
const meanSojournMs = 5;

/** M/M/1 at 0.8, written with callbacks. Returns customers per second. */
function callbacks(customers: number): number {
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
  const startMs = performance.now();
  sim.run();
  const tookMs = performance.now() - startMs;
  checkSojourn(sojourns / left / 1e6);
  return (customers / tookMs) * 1000;
}

/** M/M/1 at 0.8, written as SimPy would: a process per customer, a resource as the server. */
function processes(customers: number): number {
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
  const startMs = performance.now();
  sim.run();
  const tookMs = performance.now() - startMs;
  checkSojourn(sojourns / left / 1e6);
  return (customers / tookMs) * 1000;
}

/** A contestant that simulates something else is no contestant. */
function checkSojourn(ms: number): void {
  if (Math.abs(ms - meanSojournMs) > 0.2 * meanSojournMs) {
    throw new Error(`The mean sojourn is ${ms}, expected about ${meanSojournMs}: the models differ.`);
  }
}

const random = new RandomStream(7, 8, 9);
const delays = Int32Array.from({ length: 65536 }, () => 1 + Math.floor(random.uniform() * 2e6));

interface Timeline {
  step(): void;
  schedule(delayNs: number, action: () => void): void;
}

/** The hold model (D. Jones, CACM 29, 1986): every event schedules one more, so that `pending` stay. Events per second. */
function hold(timeline: Timeline, pending: number, events: number): number {
  let held = 0;
  const again = (): void => timeline.schedule(delays[held++ & 65535]!, again);
  for (let event = 0; event < pending; event++) again();
  for (let event = 0; event < pending / 2; event++) timeline.step();
  const startMs = performance.now();
  for (let event = 0; event < events; event++) timeline.step();
  return (events / (performance.now() - startMs)) * 1000;
}

/** Bytes that one of 10^6 pending events takes, as the process sees it. */
function bytesPerEvent(timeline: Timeline): number {
  const used = (): number => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const action = (): void => {};
  const before = used();
  for (let event = 0; event < 1e6; event++) timeline.schedule(delays[event & 65535]!, action);
  const bytes = (used() - before) / 1e6;
  // Still needed here, so that it is not collected before it is measured.
  timeline.step();
  return bytes;
}

/** The rate that a peer prints; it is checked to have simulated the same. */
function peer(command: string, args: readonly string[], isMm1: boolean): number {
  const [rate, result] = execFileSync(command, args, { encoding: 'utf8' }).trim().split(' ').map(Number) as [
    number,
    number,
  ];
  if (isMm1) checkSojourn(result);
  return rate;
}

function pythonWithSimpy(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import simpy']).status === 0,
  );
}

/** The C++ peer, compiled into `folder`; undefined where there is no compiler. */
function compiled(folder: string): string | undefined {
  const program = join(folder, 'kernel');
  const { status } = spawnSync('g++', ['-O2', '-std=c++17', '-o', program, 'test/bench/peers/kernel.cpp']);
  return status === 0 ? program : undefined;
}

const noCompiler = 'g++ is not there or failed';
const noSimpy = 'no python3 here has simpy (Debian: python3-simpy3)';

function measureMm1(cpp: string | undefined, python: string | undefined): BenchRow[] {
  const rate = inTurns({
    callbacks: () => callbacks(1e6),
    processes: () => processes(3e5),
    cpp: () => (cpp === undefined ? NaN : peer(cpp, ['mm1', '1000000'], true)),
    simpy: () => (python === undefined ? NaN : peer(python, ['test/bench/peers/kernel.py', '30000'], true)),
  });
  const against = (what: string, value: number, missing: string, rest: Partial<BenchRow> = {}): BenchRow =>
    Number.isNaN(value)
      ? { what, value: undefined, unit: '', note: missing }
      : { what, value, unit: '×', ...rest };
  return [
    { what: 'M/M/1, callbacks', value: rate.callbacks, unit: 'customers/s', note: 'two events each' },
    {
      what: 'M/M/1, a process per customer',
      value: rate.processes,
      unit: 'customers/s',
      note: 'four events each',
    },
    against('callbacks beside SimPy', rate.callbacks / rate.simpy, noSimpy, { atLeast: 20 }),
    against('processes beside SimPy', rate.processes / rate.simpy, noSimpy),
    against('C++ priority_queue beside callbacks', rate.cpp / rate.callbacks, noCompiler, { atMost: 2 }),
  ];
}

function measureHold(cpp: string | undefined): BenchRow[] {
  return [10, 1e3, 1e5, 1e6].flatMap((pending): BenchRow[] => {
    const events = pending === 1e6 ? 5e5 : 1e6;
    const rate = inTurns(
      {
        simulation: () => hold(new Simulation(), pending, events),
        objects: () => hold(new ObjectHeap(), pending, events),
        cpp: () => (cpp === undefined ? NaN : peer(cpp, ['hold', `${pending}`, `${events}`], false)),
      },
      3,
    );
    const label = `hold, ${pending.toLocaleString('en')} pending`;
    return [
      { what: label, value: rate.simulation, unit: 'events/s' },
      {
        what: `${label}: beside a heap of objects`,
        value: rate.simulation / rate.objects,
        unit: '×',
        ...(pending === 1e5 ? { atLeast: 2 } : {}),
      },
      cpp === undefined
        ? { what: `${label}: C++ priority_queue`, value: undefined, unit: '', note: noCompiler }
        : {
            what: `${label}: C++ priority_queue beside it`,
            value: rate.cpp / rate.simulation,
            unit: '×',
            atMost: 2,
          },
    ];
  });
}

export const bench: Bench = {
  name: 'Simulation kernel',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'kernel-bench-'));
    try {
      const cpp = compiled(folder);
      return [
        ...measureMm1(cpp, pythonWithSimpy()),
        ...measureHold(cpp),
        { what: 'memory per pending event, of 10^6', value: bytesPerEvent(new Simulation()), unit: 'bytes' },
        {
          what: 'memory per pending event, heap of objects',
          value: bytesPerEvent(new ObjectHeap()),
          unit: 'bytes',
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
