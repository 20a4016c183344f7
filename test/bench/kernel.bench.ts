import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, type Bench, type BenchRow } from './bench.ts';

/** Mean sojourn of M/M/1 with a service of 1 ms and utilisation 0.8. */
const meanSojournMs = 5;

/** A program that runs the models; undefined where the machine has none. Every contestant is a process of its own. */
type Peer = ((...args: readonly (string | number)[]) => readonly [rate: number, result: number]) | undefined;

const peer =
  (command: string, ...first: readonly string[]): NonNullable<Peer> =>
  (...args) =>
    execFileSync(command, [...first, ...args.map(String)], { encoding: 'utf8' })
      .trim()
      .split(' ')
      .map(Number) as [number, number];

const kernel = peer(process.execPath, '--expose-gc', join(import.meta.dirname, 'peers/kernel.mjs'));

function simpy(): Peer {
  const python = ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import simpy']).status === 0,
  );
  return python === undefined ? undefined : peer(python, 'test/bench/peers/kernel.py');
}

function cpp(folder: string): Peer {
  const program = join(folder, 'kernel');
  const compiler = spawnSync('g++', ['-O2', '-std=c++17', '-o', program, 'test/bench/peers/kernel.cpp']);
  return compiler.status === 0 ? peer(program) : undefined;
}

/** Customers per second. A contestant that simulates something else is no contestant. */
function customers([rate, sojournMs]: readonly [number, number]): number {
  if (Math.abs(sojournMs - meanSojournMs) > 0.2 * meanSojournMs) {
    throw new Error(`The mean sojourn is ${sojournMs}, expected about ${meanSojournMs}: the models differ.`);
  }
  return rate;
}

type Target = Pick<BenchRow, 'atLeast' | 'atMost'>;

/** A ratio of two rates; NaN stands for a peer that is not there. */
function ratio(what: string, value: number, missing: string, target: Target = {}): BenchRow {
  if (Number.isNaN(value)) return { what, value: undefined, unit: '', note: missing };
  return { what, value, unit: '×', ...target };
}

const noCompiler = 'g++ is not there or failed';
const noSimpy = 'no python3 here has simpy (Debian: python3-simpy3)';

function measureMm1(cppPeer: Peer, simpyPeer: Peer): BenchRow[] {
  const rate = inTurns({
    callbacks: () => customers(kernel('callbacks', 'simulation', 2e6)),
    processes: () => customers(kernel('processes', 'simulation', 4e5)),
    cpp: () => (cppPeer === undefined ? NaN : customers(cppPeer('mm1', 1e6))),
    simpy: () => (simpyPeer === undefined ? NaN : customers(simpyPeer(30_000))),
  });
  return [
    { what: 'M/M/1, callbacks', value: rate.callbacks, unit: 'customers/s of CPU', note: 'two events each' },
    {
      what: 'M/M/1, a process per customer',
      value: rate.processes,
      unit: 'customers/s of CPU',
      note: 'four events each',
    },
    ratio('M/M/1: callbacks beside SimPy', rate.callbacks / rate.simpy, noSimpy, { atLeast: 20 }),
    ratio('M/M/1: processes beside SimPy', rate.processes / rate.simpy, noSimpy),
    ratio('M/M/1: C++ priority_queue beside callbacks', rate.cpp / rate.callbacks, noCompiler, { atMost: 2 }),
  ];
}

function measureHold(cppPeer: Peer): BenchRow[] {
  return [10, 1e3, 1e5, 1e6].flatMap((pending) => {
    const events = pending <= 1e3 ? 3e6 : 1e6;
    const rate = inTurns(
      {
        simulation: () => kernel('hold', 'simulation', pending, events)[0],
        objects: () => kernel('hold', 'objects', pending, events)[0],
        cpp: () => (cppPeer === undefined ? NaN : cppPeer('hold', pending, events)[0]),
      },
      3,
    );
    const label = `hold, ${pending.toLocaleString('en')} pending`;
    const target = pending === 1e5 ? { atLeast: 2 } : {};
    return [
      { what: label, value: rate.simulation, unit: 'events/s of CPU' },
      ratio(`${label}: beside a heap of objects`, rate.simulation / rate.objects, '', target),
      ratio(`${label}: C++ priority_queue beside it`, rate.cpp / rate.simulation, noCompiler, { atMost: 2 }),
    ];
  });
}

export const bench: Bench = {
  name: 'Simulation kernel',
  async *run() {
    const folder = mkdtempSync(join(tmpdir(), 'kernel-bench-'));
    try {
      const cppPeer = cpp(folder);
      const bytes = (timeline: string): number => kernel('memory', timeline, 1e6)[0];
      yield* [
        ...measureMm1(cppPeer, simpy()),
        ...measureHold(cppPeer),
        { what: 'memory per pending event, of 10^6', value: bytes('simulation'), unit: 'bytes' },
        { what: 'memory per pending event, heap of objects', value: bytes('objects'), unit: 'bytes' },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
