import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { scenarios } from '../../src/engine/scenarios.ts';

/*
 * Accesses to device registers per request, derived by running a driver's protocol against a device's state machine, beside
 * what was counted in QEMU under a Linux guest. Nothing is fitted. Tolerance, from the rounding of the rows to four digits and
 * the few requests in 500 that were preceded by a timer's: 0.01 accesses per request, register by register.
 * Rivals: one access per request whatever the device ("a request is an exit"), and one access per sector.
 */
const tolerance = 0.01;

interface Row {
  readonly id: string;
  readonly device: string;
  readonly operation: string;
  readonly bytes: number;
  readonly depth: number;
  readonly value: number;
  readonly registers: Readonly<Record<string, number>>;
}
const rows = JSON.parse(
  readFileSync(new URL('published/qemu-device-accesses.json', import.meta.url), 'utf8'),
) as readonly Row[];

/** Bursts of single packets: how often the host catches up in between depends on its speed, which the protocol does not say. */
const knownMisses = new Set(['QEMU-vnet_modern_msix-udp_tx_burst', 'QEMU-vnet_legacy_intx-udp_tx_burst']);

function run({ device, operation, bytes, depth }: Pick<Row, 'device' | 'operation' | 'bytes' | 'depth'>) {
  const outcome = scenarios['io.path']!.execute({
    params: {
      path: 'emulated',
      workload: /net|e1000|rtl/.test(device) ? 'network' : 'block',
      device,
      operation,
      sizeBytes: bytes,
      queueDepth: depth,
    },
  });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  const { trace, metrics } = outcome.run;
  let times = 0;
  const widths: Record<string, number> = {};
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'access') continue;
    times += trace.field(row, 3);
    const key = `${trace.field(row, 1) === 1 ? 'write' : 'read'} sz${trace.field(row, 2)}`;
    widths[key] = (widths[key] ?? 0) + trace.field(row, 3) / depth;
  }
  assert.equal(times / depth, metrics['deviceAccesses'], 'the metric is the sum of the trace');
  return { accesses: metrics['deviceAccesses']!, exits: metrics['exits']!, widths };
}

/** Accesses by direction and width, as the row counts them. */
function widthsOf(registers: Row['registers']): Record<string, number> {
  const widths: Record<string, number> = {};
  for (const [name, times] of Object.entries(registers)) {
    const [, kind, size] = / (read|write) .* (sz\d)$/.exec(name)!;
    widths[`${kind} ${size}`] = (widths[`${kind} ${size}`] ?? 0) + times;
  }
  return widths;
}

describe('device accesses per request, counted in QEMU under Linux', () => {
  it('has 44 rows, of which two are known misses', () => {
    assert.equal(rows.length, 44);
    assert.equal(rows.filter(({ id }) => knownMisses.has(id)).length, 2);
  });

  for (const row of rows) {
    if (knownMisses.has(row.id)) {
      it(`${row.id}: missed, as known`, () => {
        assert.ok(Math.abs(run(row).accesses - row.value) > tolerance);
      });
      continue;
    }
    it(`${row.id}: ${row.value}, by direction and width too`, () => {
      const { accesses, exits, widths } = run(row);
      assert.ok(Math.abs(accesses - row.value) <= tolerance, `${accesses} instead of ${row.value}`);
      assert.ok(exits >= accesses, 'every access of an emulated device is an exit');
      for (const [key, times] of Object.entries(widthsOf(row.registers))) {
        assert.ok(
          Math.abs((widths[key] ?? 0) - times) <= tolerance,
          `${key}: ${widths[key]} instead of ${times}`,
        );
      }
    });
  }

  it('rejects the rivals', () => {
    const gates = rows.filter(({ id }) => !knownMisses.has(id));
    const missedBy = (rival: (row: Row) => number): number =>
      gates.filter((row) => Math.abs(rival(row) - row.value) > tolerance).length;
    assert.ok(missedBy(() => 1) > gates.length / 2);
    assert.ok(missedBy(({ bytes }) => bytes / 512) > gates.length / 2);
  });
});

describe('device accesses that follow from the protocol', () => {
  const accesses = (device: string, bytes: number, operation = 'read', depth = 1): number =>
    run({ device, operation, bytes, depth }).accesses;

  it('IDE PIO takes four bytes per access of the data port, and four more accesses per block of 16 sectors', () => {
    // Per command 14 accesses, at the end of a read one more; per block of at most 8 KiB: status twice, the flush, bus master twice, data.
    for (const sectors of [1, 8, 16, 17, 100, 256]) {
      const blocks = Math.ceil(sectors / 16);
      assert.equal(accesses('ide-pio', sectors * 512), 14 + sectors * 128 + 5 * blocks, `${sectors} sectors`);
    }
  });
  it('IDE needs five more task file writes beyond 256 sectors, and another command beyond 1280 KiB', () => {
    assert.equal(accesses('ide-dma', 256 * 512), 26);
    assert.equal(accesses('ide-dma', 257 * 512), 31);
  });
  it('a serial port takes an access for every byte', () => {
    assert.ok(accesses('serial-16550', 1000, 'write') >= 1000);
    assert.equal(accesses('serial-polled', 100, 'write'), 2 * 100 + 4);
  });
  it('AHCI with command queueing takes two writes per command and five accesses per interrupt', () => {
    assert.equal(accesses('ahci', 4096), 7);
    assert.equal(accesses('ahci', 4096, 'read', 32), 2 + 5 / 32);
  });
});
