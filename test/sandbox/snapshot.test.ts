import assert from 'node:assert/strict';
import type { GuestExports } from '../../src/grading/sandbox/quickjsExports.ts';
import { changedBytes, fill, takeSnapshot } from '../../src/grading/sandbox/snapshot.ts';

const pageBytes = 65_536;

/** What a snapshot needs of a machine: memory, a stack pointer and two addresses. */
class Machine {
  readonly memory: WebAssembly.Memory;
  readonly stack = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  addresses: readonly [number, number] = [0, 0];

  constructor(pages: number) {
    this.memory = new WebAssembly.Memory({ initial: pages });
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get exports(): GuestExports {
    return {
      memory: this.memory,
      __stack_pointer: this.stack,
      qjs_get_runtime_ptr: () => this.addresses[0],
      qjs_get_context_ptr: () => this.addresses[1],
      qjs_set_runtime_and_context: (runtime: number, context: number) =>
        (this.addresses = [runtime, context]),
    } as unknown as GuestExports;
  }
}

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function scribble(machine: Machine, next: (below: number) => number, runs: number): void {
  for (let run = 0; run < runs; run++) {
    const at = next(machine.bytes.length);
    const length = next(3000);
    for (let byte = at; byte < Math.min(at + length, machine.bytes.length); byte++)
      machine.bytes[byte] = next(4) === 0 ? 0 : next(256);
  }
}

describe('a snapshot', () => {
  it('brings any machine back to every byte, with and without an earlier one', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const next = numbers(seed);
      const machine = new Machine(2 + next(3));
      scribble(machine, next, next(20));
      const before = takeSnapshot(machine.exports);
      scribble(machine, next, next(10));
      if (next(2) === 0) machine.memory.grow(1);
      scribble(machine, next, next(10));
      machine.stack.value = next(1000);
      machine.addresses = [next(1000), next(1000)];
      const bytes = machine.bytes.slice();
      for (const snapshot of [takeSnapshot(machine.exports), takeSnapshot(machine.exports, before)]) {
        const other = new Machine(1);
        scribble(other, next, 30);
        fill(other.exports, snapshot);
        assert.deepEqual(other.bytes, bytes, `seed ${seed}`);
        assert.equal(other.stack.value, machine.stack.value);
        assert.deepEqual(other.addresses, machine.addresses);
        scribble(other, next, 30);
        fill(other.exports, snapshot);
        assert.deepEqual(other.bytes, bytes, `again, seed ${seed}`);
      }
    }
  });

  it('shares what did not change, zeros become others too, and edges of the memory count', () => {
    const machine = new Machine(1);
    machine.bytes.fill(7);
    const before = takeSnapshot(machine.exports);
    assert.equal(changedBytes(takeSnapshot(machine.exports, before)), 0);
    machine.bytes[0] = 0;
    machine.bytes[pageBytes - 1] = 8;
    const after = takeSnapshot(machine.exports, before);
    assert.equal(changedBytes(after), 2048);
    machine.bytes.fill(1);
    fill(machine.exports, after);
    assert.deepEqual([...machine.bytes.subarray(0, 2)], [0, 7]);
    assert.deepEqual([...machine.bytes.subarray(pageBytes - 2)], [7, 8]);
  });
});
