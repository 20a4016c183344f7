import type { VirtqueueDriverPolicy } from 'trapframe';

let size = 0;
let available = 0;
let used = 0;
const free: number[] = [];
const addressOf: number[] = [];

const next = (index: number): number => (index + 1) & 0xffff;

export const driver: VirtqueueDriverPolicy = {
  setup({ queueSize, firstIndex }) {
    size = queueSize;
    available = firstIndex;
    used = firstIndex;
    for (let descriptor = 0; descriptor < size; descriptor++) free.push(descriptor);
  },

  publish({ buffers }, calls) {
    for (const { address, bytes, deviceWrites } of buffers) {
      const descriptor = free.pop()!;
      addressOf[descriptor] = address;
      calls.writeDescriptor({ descriptor, address, bytes, deviceWrites });
      calls.writeAvailable({ slot: available % size, descriptor });
      available = next(available);
    }
    // Descriptors and slots before the index that announces them.
    calls.barrier({ kind: 'write' });
    calls.writeAvailableIndex({ value: available });
    // The index before the look at what the device asks for: a store before a load.
    calls.barrier({ kind: 'full' });
    const event = calls.readAvailableEvent({});
    if (next(event) === available) calls.notify({});
  },

  interrupt(_, calls) {
    for (;;) {
      const seen = calls.readUsedIndex({});
      // The index before the slots that it announces.
      calls.barrier({ kind: 'read' });
      while (used !== seen) {
        const { descriptor, written } = calls.readUsed({ slot: used % size });
        used = next(used);
        free.push(descriptor);
        calls.complete({ address: addressOf[descriptor], written });
      }
      // Ask for the next interrupt, and look once more: the device may have been faster.
      calls.writeUsedEvent({ value: used });
      calls.barrier({ kind: 'full' });
      if (calls.readUsedIndex({}) === used) return;
    }
  },
};
