import { defineEvents } from '../kernel/trace.ts';

/** Where a stage of a request's path runs; the lanes of its timeline. */
export const places = ['application', 'guest', 'hypervisor', 'backend', 'host kernel', 'device'] as const;
export type Place = (typeof places)[number];

/** What the time of a stage is spent on; the parts of its bar. */
export const spending = [
  'software',
  'exits',
  'waking',
  'waiting',
  'backend',
  'copies',
  'interrupts',
  'device',
] as const;
export type Spending = (typeof spending)[number];

const sayUs = (ns: number): string => `${Number((ns / 1000).toFixed(3))} µs`;

export const pathEvents = defineEvents({
  stage: {
    doc: 'A stage of the path begins, and takes so long. Its place and what it spends time on are numbers in the lists of the path model.',
    fields: ['place', 'spending', 'tookNs', 'what'],
    texts: ['what'],
    say: ({ place, tookNs }, { what }) => `${places[place!]}: ${what}, ${sayUs(tookNs!)}`,
  },
  access: {
    doc: 'Accesses of a driver to one register in a row. `writes` is 1 for writes.',
    fields: ['register', 'writes', 'width', 'times'],
    texts: ['register'],
    say: ({ writes, times, width }, { register }) =>
      `${writes === 1 ? 'writes' : 'reads'} ${register} (${width} bytes)${times === 1 ? '' : ` ${times} times`}`,
  },
  exit: {
    doc: 'The guest is left for the hypervisor, so many times.',
    fields: ['times', 'reason'],
    texts: ['reason'],
    say: ({ times }, { reason }) => `${times} ${times === 1 ? 'exit' : 'exits'}: ${reason}`,
  },
  copy: {
    doc: 'Data is copied by a CPU.',
    fields: ['bytes'],
    say: ({ bytes }) => `${bytes} bytes are copied`,
  },
  switch: {
    doc: 'A CPU switches to another thread or domain.',
    fields: ['to'],
    texts: ['to'],
    say: (_, { to }) => `a CPU switches to ${to}`,
  },
  interrupt: {
    doc: 'Interrupts reach a guest or, for containers and native, the kernel.',
    fields: ['times', 'posted'],
    say: ({ times, posted }) =>
      `${times} ${times === 1 ? 'interrupt' : 'interrupts'}${posted === 1 ? ', posted' : ''}`,
  },
  notify: {
    doc: 'One side tells the other that there is work.',
    fields: ['how'],
    texts: ['how'],
    say: (_, { how }) => `notification: ${how}`,
  },
  respond: { doc: 'The last response has arrived.', fields: [], say: () => 'the last response has arrived' },
});
export type PathEvents = typeof pathEvents;
