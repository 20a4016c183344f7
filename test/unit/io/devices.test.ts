import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { devices, type DeviceName } from '../../../src/engine/io/devices/devices.ts';
import {
  inPieces,
  operations,
  payloadsOf,
  perInterrupt,
  sectorsOf,
  type DeviceRequest,
  type Operation,
} from '../../../src/engine/io/deviceProtocol.ts';

const requests: fc.Arbitrary<DeviceRequest> = fc.record({
  operation: fc.constantFrom(...(Object.keys(operations) as Operation[])),
  bytes: fc.integer({ min: 1, max: 50_000 }),
  depth: fc.integer({ min: 1, max: 12 }),
  coalesce: fc.boolean(),
});

function performed(name: DeviceName, request: DeviceRequest) {
  const bus = devices[name].perform(request);
  const count = bus.accesses.reduce((sum, each) => sum + each.count, 0);
  return { count, interrupts: bus.interrupts, accesses: bus.accesses };
}

/** A line that rises while its handler runs is looked at once more, and nothing is found. */
const inVain = (name: DeviceName, { depth }: DeviceRequest): number => (name === 'serial-16550' ? depth : 0);

describe('every device', () => {
  for (const name of Object.keys(devices) as DeviceName[])
    it(`${name}: counts whole accesses of a register's width, the same twice`, () => {
      fc.assert(
        fc.property(requests, (request) => {
          const first = performed(name, request);
          const second = performed(name, request);
          assert.deepEqual(first, second);
          for (const { bytes, count } of first.accesses)
            assert.ok([1, 2, 4, 8].includes(bytes) && count >= 1);
        }),
        { numRuns: 15 },
      );
    });

  for (const name of Object.keys(devices) as DeviceName[])
    it(`${name}: more requests take no fewer accesses, and sharing interrupts takes no more`, () => {
      fc.assert(
        fc.property(requests, (request) => {
          const { count } = performed(name, request);
          assert.ok(performed(name, { ...request, depth: request.depth + 1 }).count >= count);
          const shared = performed(name, { ...request, coalesce: true }).count;
          assert.ok(shared <= performed(name, { ...request, coalesce: false }).count + inVain(name, request));
        }),
        { numRuns: 15 },
      );
    });
});

describe('how requests are cut', () => {
  it('into pieces that add up, all but the last of the greatest size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 300 }), (total, most) => {
        const pieces = inPieces(total, most);
        assert.equal(
          pieces.reduce((sum, piece) => sum + piece, 0),
          total,
        );
        assert.ok(pieces.slice(0, -1).every((piece) => piece === most) && pieces.at(-1)! >= 1);
      }),
    );
  });
  it('into interrupts that report every completion once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.boolean(), (completions, coalesce) => {
        const interrupts = perInterrupt(completions, coalesce);
        assert.equal(
          interrupts.reduce((sum, each) => sum + each, 0),
          completions,
        );
        assert.equal(interrupts.length, coalesce ? 1 : completions);
      }),
    );
  });
  it('into whole sectors and packets that hold the bytes, and no more than one too many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (bytes) => {
        assert.ok(sectorsOf(bytes) * 512 >= bytes && (sectorsOf(bytes) - 1) * 512 < bytes);
        const payloads = payloadsOf(bytes);
        assert.ok(payloads.every((payload) => payload <= 1460));
        assert.equal(
          payloads.reduce((sum, payload) => sum + payload, 0),
          bytes,
        );
      }),
    );
  });
});
