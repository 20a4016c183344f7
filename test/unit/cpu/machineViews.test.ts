import assert from 'node:assert/strict';
import { assemble } from '../../../src/engine/cpu/assembler/assembler.ts';
import { GuestContext } from '../../../src/engine/cpu/guests/guestContext.ts';
import { Vcpu } from '../../../src/engine/cpu/vmm/vcpu.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

const assembly = assemble('nop');
assert.ok(assembly.ok);
const program = assembly.value;

/** What each view of a machine says of a guest that has not run, by the column that holds the guest's own CSRs. */
const views = [
  ['cpu.trap-and-emulate', 0, 2, new Vcpu(1, program, { base: 0, size: 4096 })],
  ['cpu.hardware-assist', 1, 2, new GuestContext(program)],
] as const;

describe('a guest that has not run yet', () => {
  for (const [id, name, column, machine] of views) {
    it(`is shown with the CSRs that it will find: ${id}`, () => {
      const outcome = scenarios[id]!.execute({ params: {} });
      assert.ok(outcome.ok);
      const { groups } = scenarios[id]!.views.state!.model(outcome.run, 0);
      const csrs = groups[0]!.rows.filter((row) => machine.readCsr(row[name]!) !== undefined);
      assert.equal(csrs.length, 9);
      for (const row of csrs) {
        const value = machine.readCsr(row[name]!)! >>> 0;
        assert.equal(row[column], `0x${value.toString(16).padStart(8, '0')}`, row[name]);
      }
    });
  }
});
