import type { VirtqueueDriverPolicy } from 'trapframe';

// The driver's side of a split virtqueue. It works as long as nothing happens at the same time.

let size = 0;
let available = 0; // where the next buffer goes
let used = 0; // the next used buffer to take back

export const driver: VirtqueueDriverPolicy = {
  setup({ queueSize, firstIndex }) {
    size = queueSize;
    available = firstIndex;
    used = firstIndex;
  },

  publish({ buffers }, calls) {
    for (const { address, bytes, deviceWrites } of buffers) {
      // Which descriptors are free? Not always this one.
      const descriptor = available % size;
      calls.writeDescriptor({ descriptor, address, bytes, deviceWrites });
      calls.writeAvailable({ slot: available % size, descriptor });
      available = available + 1;
    }
    calls.writeAvailableIndex({ value: available });
    // Does the device want to be notified?
  },

  interrupt(_, calls) {
    // Take back what the device has used: readUsedIndex, readUsed, complete, and writeUsedEvent at the end.
  },
};
