import assert from 'node:assert/strict';
import fc from 'fast-check';
import { trapAndEmulate } from '../../../src/engine/cpu/trapAndEmulate.ts';
import { disassemble } from '../../../src/engine/cpu/machine/decode.ts';
import { registerNames } from '../../../src/engine/cpu/machine/instructionSet.ts';
import { exitState, type VmmEvents } from '../../../src/engine/cpu/vmm/vmmEvents.ts';
import type { Trace } from '../../../src/engine/kernel/trace.ts';

type Params = Readonly<Record<string, number | string>>;

function run(params: Params) {
  const outcome = trapAndEmulate.execute({ params });
  assert.ok(outcome.ok);
  return outcome.run as typeof outcome.run & { readonly trace: Trace<VmmEvents> };
}

const rowsOf = (trace: Trace<VmmEvents>): readonly number[] =>
  Array.from({ length: trace.length }, (_, row) => row);
const said = (trace: Trace<VmmEvents>, row: number): string => `${trace.timeNs(row)} ${trace.say(row)}`;
const small = { rounds: 3, quantumTicks: 300 };

describe('following a guest from instruction to instruction', () => {
  it('changes nothing but that each directly run instruction is an event', () => {
    fc.assert(
      fc.property(
        fc.record({
          guests: fc.integer({ min: 1, max: 2 }),
          rounds: fc.integer({ min: 1, max: 40 }),
          quantumTicks: fc.integer({ min: 300, max: 2000 }),
          timerBound: fc.integer({ min: 100, max: 5000 }),
        }),
        (params) => {
          const plain = run(params);
          const followed = run({ ...params, steps: 'instructions' });
          assert.deepEqual(followed.metrics, plain.metrics);
          const rows = rowsOf(followed.trace);
          const others = rows.filter((row) => followed.trace.kind(row) !== 'execute');
          assert.deepEqual(
            others.map((row) => said(followed.trace, row)),
            rowsOf(plain.trace).map((row) => said(plain.trace, row)),
          );
          const { exits, directPercent } = plain.metrics as { exits: number; directPercent: number };
          const direct = (directPercent * exits) / (100 - directPercent);
          assert.equal(rows.length - others.length, Math.round(direct));
        },
      ),
      { numRuns: 5 },
    );
  });

  it('shows the registers that the guest then leaves with, whoever ran meanwhile', () => {
    const { trace, params, metrics } = run({ ...small, guests: 2, timerBound: 700, steps: 'instructions' });
    const shown = (event: number): ReadonlyMap<string, string> => {
      const { groups } = trapAndEmulate.views.state!.model({ trace, params, metrics } as never, event);
      assert.equal(groups[1]!.title, `Registers of guest ${trace.field(event, 0)}`);
      return new Map(groups[1]!.rows.flatMap(([a, b, c, d]) => [[a!, b!] as const, [c!, d!] as const]));
    };
    const exits = rowsOf(trace).filter(
      (row) => trace.kind(row) === 'exit' && trace.kind(row - 1) === 'execute',
    );
    assert.ok(exits.length > 50);
    assert.equal(new Set(exits.map((row) => trace.field(row, 0))).size, 2);
    for (const exit of exits) {
      const left = exitState(trace.textsOf(exit)['state']!).registers;
      const registers = shown(exit - 1);
      assert.deepEqual(
        registerNames.map((name) => Number(registers.get(name))),
        left.map((value) => value >>> 0),
        `event ${exit}`,
      );
    }
  });

  it('marks the line that ran, and says where it led', () => {
    const { trace, params, metrics } = run({ ...small, steps: 'instructions' });
    const whole = { trace, params, metrics } as never;
    const executed = rowsOf(trace).filter((row) => trace.kind(row) === 'execute');
    let asWritten = 0;
    for (const row of executed.filter((_, index) => index % 23 === 0)) {
      const listing = trapAndEmulate.views.listing!.model(whole, row);
      assert.equal(listing.happening, 'runs directly');
      const line = listing.lines[listing.current!]!.text;
      const [name] = disassemble(trace.field(row, 2), trace.field(row, 1)).split(' ');
      // Pseudo-instructions and macros have names of their own.
      if (['xor', 'sll', 'srl', 'slli', 'srli', 'mul', 'bltu', 'bne'].includes(name!)) {
        assert.ok(line.includes(name!), `${name} in ${line}`);
        asWritten++;
      }
      const next = row + 1;
      const leads = trace.field(next, trace.kind(next) === 'execute' ? 1 : 2);
      const pc = trapAndEmulate.views.state!.model(whole, row).groups[0]!.rows.find(([at]) => at === 'pc')!;
      assert.equal(Number(pc[2]), leads >>> 0);
    }
    assert.ok(asWritten > 20, String(asWritten));
  });
});
