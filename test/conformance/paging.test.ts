import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runBareMetal, supervisorMachine } from '../../src/engine/cpu/guests/bareMetal.ts';
import { decode } from '../../src/engine/cpu/machine/decode.ts';
import { guestDevices } from '../../src/engine/cpu/guests/guestDevices.ts';
import { Hart, mode, ramBase } from '../../src/engine/cpu/machine/hart.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import {
  pagingGuest,
  pagingGuestBytes,
  type PagingGuestOptions,
} from '../../src/engine/cpu/guests/pagingGuest.ts';
import { translate } from '../../src/engine/cpu/machine/translate.ts';
import type { Run } from '../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

const scenario = scenarios['cpu.paging']!;

/** References of a walk through n levels of the guest's table and m of the second stage (Bhargava et al., ASPLOS 2008). */
const twoDimensional = (n: number, m: number): number => (n + 1) * (m + 1) - 1;

/**
 * A machine in guest mode whose tables are written by hand: guest-physical addresses from 0x80000000 on lead to the second
 * 4 MiB of memory. The page at 0x40000000 is mapped in pages of 4 MiB or of 4 KiB, in each stage.
 */
function twoStages(guestLevels: number, hostLevels: number): Hart {
  const hart = new Hart({ ramBytes: 0x80_0000, misaligned: 'hardware' });
  const word = (offset: number, value: number): void => {
    hart.ram32[offset >>> 2] = value;
  };
  const entry = (address: number, bits: number): number => ((address >>> 12) << 10) | bits;
  // The second stage: its root of 16 KiB at 0x4000, a table of small pages at 0x8000.
  const window = ramBase + 0x40_0000;
  if (hostLevels === 1) word(0x4000 + 4 * 512, entry(window, 0xdf));
  else {
    word(0x4000 + 4 * 512, entry(ramBase + 0x8000, 1));
    for (let page = 0; page < 1024; page++) word(0x8000 + 4 * page, entry(window + page * 4096, 0xdf));
  }
  // The guest's table: its root at its guest-physical 0x80001000, a table of small pages behind it.
  if (guestLevels === 1) word(0x40_1000 + 4 * 256, entry(0x8000_0000, 0xcf));
  if (guestLevels === 2) {
    word(0x40_1000 + 4 * 256, entry(0x8000_2000, 1));
    word(0x40_2000, entry(0x8000_0000, 0xcf));
  }
  hart.mode = mode.supervisor;
  hart.satp = guestLevels === 0 ? 0 : 0x8000_0000 | (0x8000_1000 >>> 12);
  hart.guestMode = { secondStage: 0x4000 };
  return hart;
}

describe('the walk of two stages', () => {
  for (const guestLevels of [0, 1, 2]) {
    for (const hostLevels of [1, 2]) {
      const expected = twoDimensional(guestLevels, hostLevels);
      it(`of ${guestLevels} and ${hostLevels} levels reads ${expected} entries`, () => {
        const hart = twoStages(guestLevels, hostLevels);
        const address = guestLevels === 0 ? 0x8000_0123 : 0x4000_0123;
        assert.deepEqual(translate(hart, address, 'read', mode.supervisor), {
          kind: 'ram',
          offset: 0x40_0123,
        });
        assert.equal(hart.walkReads, expected);
      });
    }
  }
});

describe('the second stage', () => {
  const guestPageFault = { fetch: 20, read: 21, write: 23 } as const;
  const setRights = (hart: Hart, bits: number): void => {
    hart.ram32[0x8000 >>> 2] = (hart.ram32[0x8000 >>> 2]! & ~0xff) | bits;
  };
  const cases = [
    { rights: 'v r x u', bits: 0x5b, faults: ['write'] },
    { rights: 'v x u', bits: 0x59, faults: ['read', 'write'] },
    { rights: 'v r w u', bits: 0xd7, faults: ['fetch'] },
    { rights: 'v r w x, without u (section 8.5.1)', bits: 0xcf, faults: ['fetch', 'read', 'write'] },
    { rights: 'r w x u, not valid', bits: 0xde, faults: ['fetch', 'read', 'write'] },
  ] as const;
  for (const { rights, bits, faults } of cases) {
    it(`with ${rights} refuses: ${faults.join(', ')} (section 8.5.2)`, () => {
      for (const access of ['fetch', 'read', 'write'] as const) {
        const hart = twoStages(2, 2);
        setRights(hart, bits);
        const seen = translate(hart, 0x4000_0123, access, mode.supervisor);
        const refused = (faults as readonly string[]).includes(access);
        const expected = refused
          ? { kind: 'fault', cause: guestPageFault[access] }
          : { kind: 'ram', offset: 0x40_0123 };
        assert.deepEqual(seen, expected);
        if (refused) assert.equal(hart.exitGuestPhysical, 0x8000_0123);
      }
    });
  }
  it('reports the guest-physical address of a table that the guest put where no memory is', () => {
    const hart = twoStages(2, 2);
    hart.ram32[(0x40_1000 + 4 * 256) >>> 2] = ((0x9000_0000 >>> 12) << 10) | 1;
    const seen = translate(hart, 0x4000_5000, 'write', mode.supervisor);
    assert.deepEqual(seen, { kind: 'fault', cause: guestPageFault.write });
    assert.equal(hart.exitGuestPhysical, 0x9000_0014);
  });
});

/** A direct-mapped TLB as a table of three kinds of accesses in two modes, without anything of the machine's. */
class TlbModel {
  readonly #entries: number;
  #slots = new Map<string, number>();
  misses: number[] = [];

  constructor(entries: number) {
    this.#entries = entries;
  }

  flush(): void {
    this.#slots.clear();
  }

  access(kind: string, address: number): void {
    const page = Math.floor(address / 4096);
    const slot = `${kind} ${page % this.#entries}`;
    if (this.#slots.get(slot) === page) return;
    this.misses.push(address);
    if (address >= 0x4000_0000) this.#slots.set(slot, page);
  }
}

interface Counted {
  /** Misses before paging is on, which only a machine with a second stage has. */
  readonly before: number[];
  readonly misses: number[];
  readonly addressSpace: number;
  readonly pageTableWrites: number;
  readonly deviceAccesses: number;
  readonly pageFaults: number;
}

/** What a guest does on bare metal, counted from its instructions. */
function countOnBareMetal(options: PagingGuestOptions, tlbEntries: number): Counted {
  const program = pagingGuest(options);
  const hart = supervisorMachine(pagingGuestBytes(options.pages));
  hart.ram8.set(program.bytes);
  hart.pc = program.base;
  const ends: number[] = [];
  const ignore = (): void => undefined;
  hart.devices.push(
    ...guestDevices({ send: ignore, checkpoint: ignore, halt: (code) => void ends.push(code) }),
  );
  const tables = program.symbols.get('roots')!;
  const tlb = new TlbModel(tlbEntries);
  const early = new TlbModel(tlbEntries);
  let [addressSpace, pageTableWrites, deviceAccesses, pageFaults] = [0, 0, 0, 0];
  hart.onTrap = (cause) => {
    if (cause >= 12) pageFaults++;
  };
  hart.onInstruction = (pc, word) => {
    const isOn = hart.satp !== 0;
    const in_ = hart.mode === mode.user ? 'u' : 's';
    (isOn ? tlb : early).access(`${in_} fetch`, pc);
    const { name, format, rs1, immediate } = decode(word)!;
    if (name === 'sfence.vma' || (name.startsWith('csrr') && decode(word)!.csr === 0x180 && rs1 !== 0)) {
      addressSpace++;
      tlb.flush();
    } else if (name.startsWith('csrr') && decode(word)!.csr === 0x180) addressSpace++;
    // Changing SUM forgets all translations in this machine.
    if (name.startsWith('csrr') && decode(word)!.csr === 0x100 && (hart.x[rs1]! & 0x4_0000) !== 0)
      tlb.flush();
    if (!/^(l|s)[bhw]u?$/.test(name)) return;
    const address = (hart.x[rs1]! + immediate) >>> 0;
    if (address < 0x4000_0000 || address >= ramBase + pagingGuestBytes(options.pages)) deviceAccesses++;
    if (!isOn) {
      early.access(`${in_} ${format}`, address);
      return;
    }
    if (format === 'store' && address >= tables && address < tables + 0x4000) pageTableWrites++;
    tlb.access(`${in_} ${format}`, address);
  };
  while (ends.length === 0) run(hart, 1);
  return {
    before: early.misses,
    misses: tlb.misses,
    addressSpace,
    pageTableWrites,
    deviceAccesses,
    pageFaults,
  };
}

const anyOptions = fc.record({
  pages: fc.integer({ min: 4, max: 24 }),
  rounds: fc.integer({ min: 1, max: 4 }),
  turns: fc.integer({ min: 1, max: 5 }),
  sweep: fc.integer({ min: 0, max: 8 }),
  seed: fc.integer({ min: 1, max: 100_000 }),
});

function finished(params: Record<string, number>): Run {
  const outcome = scenario.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  assert.equal(outcome.run.end.kind, 'finished');
  return outcome.run;
}

/** What the guest's console must show: its two processes' loops over unbounded integers, without a machine or page tables. */
function expectedConsole({ pages, rounds, turns, sweep, seed }: PagingGuestOptions): string {
  const low = (value: bigint): bigint => BigInt.asUintN(32, value);
  return [0, 1]
    .map((process) => {
      let state = BigInt(seed + process);
      const data = Array.from({ length: pages }, () => Array.from({ length: 32 }, () => 0n));
      for (let turn = 0; turn < turns; turn++) {
        for (let round = 0; round < rounds; round++) {
          for (const page of data) {
            state = low(state ^ low(state << 13n));
            state = low(state ^ (state >> 17n));
            state = low(state ^ low(state << 5n));
            const at = Number(state & 0x7cn) / 4;
            page[at] = low(page[at]! + state);
          }
        }
        data[0]![0] = low(data[0]![0]! + 1n);
        if (sweep > 0) [data[1], data[2]] = [data[2]!, data[1]!];
      }
      const sum = data.flat().reduce((total, word) => low(low(total << 5n) - total + word), 0n);
      return `${sum.toString(16).padStart(8, '0')}\n`;
    })
    .join('');
}

describe('shadow and nested paging', () => {
  it('run a guest that computes what it must', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const params = { ...options, sweep: Math.min(options.sweep, options.pages) };
        const bare = runBareMetal(pagingGuest(params), pagingGuestBytes(params.pages), 1_000_000);
        assert.equal(bare.end, 0);
        assert.equal(bare.console, expectedConsole(params));
      }),
      { numRuns: 15 },
    );
  });

  it('exit for what the guest does on bare metal, and for no more', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const params = { ...options, sweep: Math.min(options.sweep, options.pages) };
        const { metrics } = finished(params);
        const counted = countOnBareMetal(params, 64);
        assert.equal(metrics['addressSpaceExits'], counted.addressSpace);
        assert.equal(metrics['tracedWrites'], counted.pageTableWrites, 'every store to a page table');
        assert.equal(metrics['guestFaults'], counted.pageFaults);
        assert.equal(
          metrics['nestedExits'],
          counted.deviceAccesses,
          'nothing but devices, and what is not there',
        );
      }),
      { numRuns: 15 },
    );
  });

  it('leave guests as they are on bare metal, and apart', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer({ min: 1, max: 2 }), (options, guests) => {
        const finishedRun = finished({ ...options, guests });
        for (const check of ['equivalent', 'isolated']) {
          assert.equal(scenario.checks[check]!.violated(finishedRun, {}), undefined, check);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('read as many page-table entries as the misses of a TLB make, by the closed form', () => {
    fc.assert(
      fc.property(anyOptions, fc.constantFrom(4, 8, 32, 128), (options, tlbEntries) => {
        const params = { ...options, sweep: Math.min(options.sweep, options.pages) };
        const { metrics } = finished({ ...params, tlbEntries });
        const { before, misses, pageFaults } = countOnBareMetal(params, tlbEntries);
        const isSmall = (address: number): boolean => address >= 0x4000_0000 && address < ramBase;
        const small = misses.filter(isSmall).length;
        const devices = misses.filter((address) => address < 0x4000_0000).length;
        const large = misses.length - small - devices;
        assert.equal(metrics['bareMisses'], misses.length);
        assert.equal(metrics['bareReferences'], 2 * small + large + devices);
        assert.equal(metrics['nestedMisses'], misses.length + before.length);
        // A walk that ends at the guest's own page fault lacks the last second stage. One to a device finds out at the root.
        const second = 2;
        const references =
          (small - pageFaults) * twoDimensional(2, second) +
          pageFaults * (twoDimensional(2, second) - second) +
          large * twoDimensional(1, second) +
          devices * (twoDimensional(1, second) - second + 1) +
          before.reduce((sum, address) => sum + (address < 0x4000_0000 ? 1 : twoDimensional(0, second)), 0);
        assert.equal(metrics['nestedReferences'], references);
      }),
      { numRuns: 12 },
    );
  });
});
