import { choice, count } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import type { Trace } from '../kernel/trace.ts';
import { memoryModels } from './sharedRings.ts';
import { virtqueueDriver } from './virtqueueDriver.ts';
import {
  violationNames,
  virtqueueEvents,
  type QueueViolation,
  type VirtqueueEvents,
} from './virtqueueEvents.ts';
import { explore } from './virtqueueExplorer.ts';
import { VirtqueueMachine, QueueBroken, usualOrder } from './virtqueueMachine.ts';
import { virtqueuePolicies } from './virtqueuePolicy.ts';
import { ringStateAt } from './virtqueueState.ts';
import { queueTimeline } from './virtqueueTimeline.ts';

interface QueueRun {
  readonly trace: Trace<VirtqueueEvents>;
  readonly metrics: { readonly notificationsPerRequest: number; readonly neededPerRequest: number };
}

/** A split virtqueue under every order of driver and device steps that the bound allows. */
export const virtqueue = defineScenario({
  id: 'io.virtqueue',
  title: 'A virtqueue under many interleavings',
  doc:
    'A driver publishes buffers through a split virtqueue and takes them back, while the device works on the same rings. First many ' +
    'orders of their steps are explored, fewest departures from the usual order first: the device may run between any two accesses of the driver, and accesses may be reordered as the memory model allows. ' +
    'Then a stream of requests tells how many notifications and interrupts a request takes.',
  params: {
    queueSize: choiceOfSize(),
    batch: count({
      label: 'Buffers at a time',
      doc: 'Most buffers that are published together. Fewer are explored too.',
      min: 1,
      max: 4,
      default: 2,
      say: (buffers) => `up to ${buffers} at a time`,
    }),
    memory: choice({
      label: 'Memory',
      doc: "How far the driver's accesses may be reordered as the device sees them.",
      values: memoryModels,
      default: 'weak',
    }),
    firstIndex: count({
      label: 'First index',
      doc: 'Where the indexes of the queue stand at the start. They wrap after 65535.',
      min: 0,
      max: 65_535,
      default: 0,
      say: (index) => (index === 0 ? 'a new queue' : `indexes from ${index}`),
    }),
    interleavings: count({
      label: 'Interleavings',
      doc: 'Most interleavings that are explored, shared among batch sizes and between a sleeping and a waking device.',
      min: 2,
      max: 100_000,
      default: 1200,
      say: (most) => `${most} interleavings`,
    }),
    requests: count({
      label: 'Requests',
      doc: 'Length of the stream, in which nothing is reordered, the device is slower than the driver, and every 16 requests there is a pause.',
      min: 0,
      max: 10_000,
      default: 64,
      say: (requests) => `${requests} requests`,
    }),
  },
  metrics: {
    explored: { label: 'Interleavings', doc: 'Interleavings that were run.', better: 'higher' },
    departures: {
      label: 'Departures',
      doc: 'The most departures from the usual order in one of them.',
      better: 'higher',
    },
    broken: {
      label: 'Broken',
      doc: 'Is 1 when an interleaving broke the queue; the run ends there.',
      better: 'lower',
    },
    notificationsPerRequest: {
      label: 'Notifications',
      doc: 'Notifications of the device per request of the stream. Each is an exit.',
      better: 'lower',
    },
    neededPerRequest: {
      label: 'Notifications asked for',
      doc: 'How often the device had asked, by its event index, to be notified of what was published, per request of the stream.',
      better: 'neither',
    },
    interruptsPerRequest: {
      label: 'Interrupts',
      doc: 'Interrupts per request of the stream.',
      better: 'lower',
    },
  },
  events: virtqueueEvents,
  policies: virtqueuePolicies,
  builtIn: { driver: virtqueueDriver },
  checks: {
    exactlyOnce: {
      title: 'Every buffer comes back exactly once',
      doc: 'No interleaving that was explored loses a buffer, a wake-up or an interrupt, gives a buffer back twice, or shows the device what was not written.',
      args: {},
      violated: ({ trace }: QueueRun) => brokenQueue(trace),
    },
    fewNotifications: {
      title: 'The device is notified only when it asked',
      doc: 'The stream takes no more notifications than the device had asked for by its event index.',
      args: {},
      violated: ({ trace, metrics }: QueueRun) => tooManyNotifications(trace, metrics),
    },
  },
  views: {
    timeline: {
      doc: 'The steps of driver and device in the last interleaving.',
      model: (run) => queueTimeline(run.trace),
    },
    state: {
      doc: 'The rings as driver and device see them, after any event.',
      model: (run, event) => ringStateAt(run.trace, event),
    },
  },
  oracle:
    'The specification: vring_need_event against a search over all indexes, the orders of virtio 1.2 section 2.7.13, and drivers that each lack one barrier or one rule, which must be caught (test/conformance/virtqueue.test.ts).',
  stepBudget: 1_000_000,
  run({ params, trace, start }) {
    const machine = new VirtqueueMachine(
      { queueSize: Number(params.queueSize), firstIndex: params.firstIndex, memory: params.memory },
      trace,
    );
    machine.start(start({ driver: machine.handlers() }).driver);
    let explored = 0;
    let departures = 0;
    // More buffers have more orders: each batch size gets its part by its number of buffers.
    const parts = params.batch * (params.batch + 1);
    for (let buffers = 1; buffers <= params.batch && !machine.broken; buffers++) {
      for (const awake of [false, true]) {
        if (machine.broken) break;
        const result = explore(machine, {
          buffers,
          awake,
          most: Math.max(1, Math.floor((params.interleavings * buffers) / parts)),
          firstNumber: explored + 1,
        });
        explored += result.explored;
        departures = Math.max(departures, result.deepest);
      }
    }
    const flow = machine.broken ? { notifications: 0, needed: 0, interrupts: 0 } : streamOf(machine, params);
    if (!machine.broken) machine.record('end', explored);
    const per = (total: number): number => (params.requests === 0 ? 0 : total / params.requests);
    return {
      explored,
      departures,
      broken: machine.broken ? 1 : 0,
      notificationsPerRequest: per(flow.notifications),
      neededPerRequest: per(flow.needed),
      interruptsPerRequest: per(flow.interrupts),
    };
  },
});

function choiceOfSize() {
  return choice({
    label: 'Queue size',
    doc: 'Descriptors of the queue, a power of two.',
    values: {
      '4': '4 descriptors.',
      '8': '8 descriptors.',
      '16': '16 descriptors.',
      '64': '64 descriptors.',
    },
    default: '8',
  });
}

/** Steps of the device between two publications of the stream, and requests between two pauses. */
const deviceSteps = 3;
const pauseEvery = 16;

/** Requests one after the other while the device works, in the usual order. */
function streamOf(
  machine: VirtqueueMachine,
  { requests, batch }: { readonly requests: number; readonly batch: number },
): { readonly notifications: number; readonly needed: number; readonly interrupts: number } {
  const [notifications, interrupts] = [machine.notifications, machine.interrupts];
  let needed = 0;
  machine.follow(usualOrder);
  machine.beginInterleaving(0, 0, false, requests);
  try {
    for (let sent = 0; sent < requests;) {
      const together = Math.min(batch, requests - sent, machine.free);
      if (together === 0) {
        machine.settle();
        machine.examine();
        if (machine.broken) break;
        continue;
      }
      if (machine.device.asksFor(together)) needed++;
      machine.publish(together);
      machine.runFor(deviceSteps);
      // A pause, in which the device catches up and falls asleep.
      if (Math.floor(sent / pauseEvery) !== Math.floor((sent + together) / pauseEvery)) machine.settle();
      sent += together;
    }
    machine.settle();
    machine.examine();
  } catch (thrown) {
    if (!(thrown instanceof QueueBroken)) throw thrown;
  }
  return {
    notifications: machine.notifications - notifications,
    needed,
    interrupts: machine.interrupts - interrupts,
  };
}

const explanations: Readonly<Record<QueueViolation, Pick<Witness, 'expected' | 'because'>>> = {
  garbage: {
    expected:
      'that the device finds, in every slot before the available index, a descriptor that was published and not yet used',
    because:
      'The device saw the available index before it saw the descriptor or the ring slot that goes with it, or the index counts a buffer that is not there. What the index announces has to be visible first.',
  },
  'lost-wake-up': {
    expected: 'that the device is notified when it sleeps and asked for it, so that the buffer is taken',
    because:
      'The driver decided that no notification was needed, while the device decided that there was nothing to do. Each must write its own side before it reads the other, with nothing in between reordered.',
  },
  'lost-interrupt': {
    expected: 'that the driver takes the used buffer back, now or at another interrupt',
    because:
      'The device used a buffer while the driver was about to leave its handler, and raised no interrupt, because used_event did not ask for one yet. After asking, the driver has to look once more.',
  },
  'lost-buffer': {
    expected: 'that the available index covers every published buffer',
    because: 'The device has taken all that the available index announces, and this buffer was not among it.',
  },
  duplicate: {
    expected: 'that complete names a buffer which the device has used and which was not given back before',
    because:
      'What the driver took from the used ring is not what the device put there: an old value, a slot that was read already, or the wrong buffer.',
  },
};

function brokenQueue(trace: Trace<VirtqueueEvents>): Witness | undefined {
  for (let row = trace.length - 1; row >= 0; row--) {
    if (trace.kind(row) !== 'violation') continue;
    const kind = violationNames[trace.field(row, 0)]!;
    const { expected, because } = explanations[kind];
    return {
      event: row,
      expected,
      actual: trace.say(row),
      because: `${because} What happened: ${storyBefore(trace, row)}.`,
    };
  }
  return undefined;
}

/** The last steps of the interleaving that led to an event, in order. */
function storyBefore(trace: Trace<VirtqueueEvents>, row: number): string {
  const longest = 10;
  const steps: string[] = [];
  for (let at = row - 1; at >= 0 && trace.kind(at) !== 'interleaving' && steps.length < longest; at--) {
    steps.unshift(trace.say(at));
  }
  return steps.join('; ');
}

function tooManyNotifications(
  trace: Trace<VirtqueueEvents>,
  metrics: QueueRun['metrics'],
): Witness | undefined {
  const broken = brokenQueue(trace);
  if (broken !== undefined) return broken;
  const { notificationsPerRequest: sent, neededPerRequest: needed } = metrics;
  if (sent <= needed + 1e-9) return undefined;
  let last = trace.length - 1;
  while (last > 0 && trace.kind(last) !== 'notify') last--;
  return {
    event: last,
    expected: `${Number(needed.toFixed(4))} notifications per request: so often the device had asked for one`,
    actual: `${Number(sent.toFixed(4))} notifications per request`,
    because:
      'A device that is awake finds new buffers by itself. Each notification that it did not ask for is an exit for nothing: compare avail_event with the indexes before and after.',
  };
}
