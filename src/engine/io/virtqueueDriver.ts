import type { PolicyImplementation } from '../kernel/policy.ts';
import type { VirtqueueDriverPolicy } from './virtqueuePolicy.ts';
import { indexDistance, indexPlus, needsEvent } from './vringEvent.ts';

/** A right driver: what runs when no other is given. */
export function virtqueueDriver(): PolicyImplementation<typeof VirtqueueDriverPolicy> {
  let queueSize = 1;
  let available = 0;
  let used = 0;
  let free: number[] = [];
  let addressOf: number[] = [];
  return {
    setup(queue) {
      ({ queueSize } = queue);
      available = queue.firstIndex;
      used = queue.firstIndex;
      free = Array.from({ length: queueSize }, (_, descriptor) => descriptor);
      addressOf = [];
    },
    publish({ buffers }, calls) {
      const before = available;
      for (const { address, bytes, deviceWrites } of buffers) {
        const descriptor = free.pop()!;
        addressOf[descriptor] = address;
        calls.writeDescriptor({ descriptor, address, bytes, deviceWrites });
        calls.writeAvailable({ slot: available % queueSize, descriptor });
        available = indexPlus(available, 1);
      }
      calls.barrier({ kind: 'write' });
      calls.writeAvailableIndex({ value: available });
      calls.barrier({ kind: 'full' });
      if (needsEvent(calls.readAvailableEvent({}), available, before)) calls.notify({});
    },
    interrupt(_, calls) {
      for (;;) {
        const seen = calls.readUsedIndex({});
        if (indexDistance(used, seen) === 0) {
          calls.writeUsedEvent({ value: used });
          calls.barrier({ kind: 'full' });
          if (calls.readUsedIndex({}) === used) return;
          continue;
        }
        calls.barrier({ kind: 'read' });
        while (used !== seen) {
          const { descriptor, written } = calls.readUsed({ slot: used % queueSize });
          free.push(descriptor);
          used = indexPlus(used, 1);
          calls.complete({ address: addressOf[descriptor]!, written });
        }
      }
    },
  };
}
