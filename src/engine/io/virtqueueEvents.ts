import { defineEvents } from '../kernel/trace.ts';

/** What can go wrong with a queue. */
export const queueViolations = {
  garbage: 'the device took a buffer that was not published',
  'lost-wake-up': 'the device sleeps while a buffer waits, and nobody will wake it',
  'lost-interrupt': 'the device has used a buffer, and the driver will not hear of it',
  'lost-buffer': 'a buffer was published and never came back',
  duplicate: 'a buffer came back twice, before the device had used it, or with another length',
} as const;
export type QueueViolation = keyof typeof queueViolations;
export const violationNames = Object.keys(queueViolations) as QueueViolation[];

const index = (value: number): string => String(value);

/** One tick of the trace's clock is one access to the rings, by either side. */
export const virtqueueEvents = defineEvents({
  interleaving: {
    doc: 'An interleaving begins: its number, how often it departs from the usual order, and whether the device is awake at its start.',
    fields: ['number', 'departures', 'awake', 'buffers'],
    say: ({ number, departures, awake, buffers }) =>
      `interleaving ${number}: ${buffers} ${buffers === 1 ? 'buffer' : 'buffers'}, device ${awake === 1 ? 'awake' : 'asleep'}, ${departures} departures from the usual order`,
  },
  store: {
    doc: 'The driver stores a value. `held` is 1 when the store is not visible to the device yet.',
    fields: ['place', 'value', 'held'],
    texts: ['place', 'value'],
    say: ({ held }, { place, value }) =>
      `driver: ${place} = ${value}${held === 1 ? ', not visible yet' : ''}`,
  },
  load: {
    doc: 'The driver loads a value. `early` is 1 when it sees an older value than the device has stored.',
    fields: ['place', 'value', 'early'],
    texts: ['place', 'value'],
    say: ({ early }, { place, value }) =>
      `driver: reads ${place}: ${value}${early === 1 ? ', an old value: the load was done early' : ''}`,
  },
  barrier: {
    doc: 'The driver executes a barrier.',
    fields: ['kind'],
    texts: ['kind'],
    say: (_, { kind }) => `driver: ${kind} barrier`,
  },
  visible: {
    doc: 'Stores that were held back become visible to the device.',
    fields: ['stores', 'places'],
    texts: ['places'],
    say: (_, { places }) => `now visible: ${places}`,
  },
  notify: {
    doc: 'The driver notifies the device: an exit.',
    fields: [],
    say: () => 'driver: notifies the device',
  },
  published: {
    doc: 'The driver has returned from publishing buffers.',
    fields: ['buffers'],
    decides: true,
    say: ({ buffers }) => `driver: done publishing ${buffers}`,
  },
  handled: {
    doc: 'The driver has returned from its interrupt handler.',
    fields: [],
    decides: true,
    say: () => 'driver: done with the interrupt',
  },
  complete: {
    doc: 'The driver gives a buffer back.',
    fields: ['address', 'written'],
    say: ({ address, written }) => `driver: buffer ${address} is complete, ${written} bytes written`,
  },
  take: {
    doc: 'The device takes a buffer from the available ring.',
    fields: ['slot', 'descriptor', 'address'],
    say: ({ slot, descriptor, address }) =>
      `device: takes descriptor ${descriptor} from slot ${slot}: buffer ${address}`,
  },
  use: {
    doc: 'The device stores into the used ring.',
    fields: ['address'],
    say: ({ address }) => `device: has used buffer ${address}`,
  },
  announce: {
    doc: 'The device stores the used index.',
    fields: ['index'],
    say: ({ index: at }) => `device: used index = ${index(at!)}`,
  },
  look: {
    doc: 'The device looks for available buffers.',
    fields: ['found'],
    say: ({ found }) => (found === 1 ? 'device: finds a buffer' : 'device: finds nothing'),
  },
  arm: {
    doc: 'The device asks for a notification when the available index passes this one.',
    fields: ['index'],
    say: ({ index: at }) => `device: avail_event = ${index(at!)}`,
  },
  sleep: { doc: 'The device sleeps until it is notified.', fields: [], say: () => 'device: sleeps' },
  interrupt: {
    doc: 'The device raises an interrupt.',
    fields: [],
    say: () => 'device: interrupts the driver',
  },
  violation: {
    doc: 'The queue is broken: see the list of violations.',
    fields: ['kind', 'address'],
    say: ({ kind, address }) => `${queueViolations[violationNames[kind!]!]} (buffer ${address})`,
  },
  end: {
    doc: 'All interleavings within the bound were explored.',
    fields: ['explored'],
    say: ({ explored }) => `${explored} interleavings explored`,
  },
});
export type VirtqueueEvents = typeof virtqueueEvents;
