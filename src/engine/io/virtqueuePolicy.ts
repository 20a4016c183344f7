import { flag, id, int, list, nothing, oneOf, record } from '../kernel/codec.ts';
import { definePolicy } from '../kernel/policy.ts';

/** Largest queue of the model. */
export const largestQueue = 64;

const index = (doc: string) => int(doc, { min: 0, max: 65_535 });
const slot = (doc: string) => id(doc, 'slot', largestQueue - 1);
const descriptor = (doc: string) => id(doc, 'descriptor', largestQueue - 1);
const noInput = record('Nothing is needed.', 'NoInput', {});

export const barrierKinds = ['read', 'write', 'full'] as const;
export type BarrierKind = (typeof barrierKinds)[number];

/** The driver's side of a split virtqueue (virtio 1.2, section 2.7), with event indexes. */
export const VirtqueueDriverPolicy = definePolicy({
  id: 'driver',
  typeName: 'VirtqueueDriverPolicy',
  doc:
    'The driver side of a split virtqueue with event indexes (VIRTIO_F_EVENT_IDX). The rings lie in memory that the device reads and writes ' +
    'at the same time; each call is one access to it. Indexes count buffers, run freely and wrap from 65535 to 0; a ring slot is an index modulo the queue size.',
  decisions: {
    setup: {
      doc: 'Tells the size of the queue and where its indexes stand, once, before anything else. The queue is empty and all descriptors are free.',
      input: record('A queue that is ready for use.', 'VirtqueueSetup', {
        queueSize: int('Descriptors, and slots of either ring: a power of two.', {
          min: 1,
          max: largestQueue,
        }),
        firstIndex: index(
          'Where both indexes stand. 0 for a new queue; another number for one that was in use before.',
        ),
      }),
      output: nothing,
    },
    publish: {
      doc:
        'Makes buffers available to the device: descriptors first, then ring slots, then the index; and notifies the device, if it asked for that. ' +
        'There are never more buffers than free descriptors.',
      input: record('Buffers to hand to the device.', 'PublishRequest', {
        buffers: list(
          'At least one.',
          record('A buffer in guest memory.', 'GuestBuffer', {
            address: int('Its address, which identifies it.', { min: 1, max: 2 ** 40 }),
            bytes: int('Its length.', { min: 1, max: 2 ** 20 }),
            deviceWrites: flag('Whether the device writes to it (or reads from it).'),
          }),
          largestQueue,
        ),
      }),
      output: nothing,
    },
    interrupt: {
      doc: 'The device raised an interrupt. Take every used buffer back and call `complete` for each, then say with `writeUsedEvent` when the next interrupt is wanted.',
      input: noInput,
      output: nothing,
    },
  },
  calls: {
    writeDescriptor: {
      doc: 'Stores a descriptor.',
      input: record('A descriptor of one buffer.', 'DescriptorStore', {
        descriptor: descriptor('Which one.'),
        address: int("The buffer's address.", { min: 0, max: 2 ** 40 }),
        bytes: int("The buffer's length.", { min: 0, max: 2 ** 20 }),
        deviceWrites: flag('Whether the device writes to the buffer.'),
      }),
      output: nothing,
      errors: ['EINVAL'],
    },
    writeAvailable: {
      doc: 'Stores a descriptor number into a slot of the available ring.',
      input: record('A slot of the available ring.', 'AvailableStore', {
        slot: slot('Which slot.'),
        descriptor: descriptor('The descriptor that it names.'),
      }),
      output: nothing,
      errors: ['EINVAL'],
    },
    writeAvailableIndex: {
      doc: 'Stores the available index: where the next buffer will go. The device takes every buffer before it.',
      input: record('The index.', 'IndexStore', { value: index('The new value.') }),
      output: nothing,
      errors: [],
    },
    readAvailableEvent: {
      doc: 'Loads `avail_event`, which the device writes: it wants a notification when the buffer with this index is made available.',
      input: noInput,
      output: index('The event index.'),
      errors: [],
    },
    readUsedIndex: {
      doc: 'Loads the used index, which the device writes: buffers before it have been used.',
      input: noInput,
      output: index('The used index.'),
      errors: [],
    },
    readUsed: {
      doc: 'Loads a slot of the used ring.',
      input: record('A slot of the used ring.', 'UsedSlot', { slot: slot('Which slot.') }),
      output: record('What the device put there.', 'UsedElement', {
        descriptor: descriptor('The descriptor of the buffer that was used.'),
        written: int('Bytes that the device wrote.', { min: 0, max: 2 ** 20 }),
      }),
      errors: ['EINVAL'],
    },
    writeUsedEvent: {
      doc: 'Stores `used_event`: the device raises an interrupt when it has used the buffer with this index.',
      input: record('The event index.', 'EventStore', { value: index('The used index that matters.') }),
      output: nothing,
      errors: [],
    },
    barrier: {
      doc:
        'A memory barrier. `write`: stores before it become visible before stores after it. `read`: loads after it see at least what loads before it saw of the device. ' +
        '`full`: all stores before it are visible before any access after it.',
      input: record('Which barrier.', 'BarrierRequest', { kind: oneOf('Its kind.', barrierKinds) }),
      output: nothing,
      errors: [],
    },
    notify: {
      doc: 'Writes the notify register, which wakes the device. It is an exit of the guest. All stores before it are visible to the device.',
      input: noInput,
      output: nothing,
      errors: [],
    },
    complete: {
      doc: 'Gives a used buffer back to whoever published it. Its descriptor is free again.',
      input: record('A used buffer.', 'CompletedBuffer', {
        address: int("The buffer's address.", { min: 0, max: 2 ** 40 }),
        written: int('Bytes that the device wrote, as the used ring says.', { min: 0, max: 2 ** 20 }),
      }),
      output: nothing,
      errors: [],
    },
  },
});

export const virtqueuePolicies = { driver: VirtqueueDriverPolicy };
