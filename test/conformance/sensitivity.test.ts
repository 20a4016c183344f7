import assert from 'node:assert/strict';
import { classifiedInstructions, classify } from '../../src/engine/cpu/guests/classifiedInstructions.ts';

/** From the Privileged ISA 1.12: CSRs 0x100 to 0x1ff need supervisor mode (2.1); SRET and SFENCE.VMA trap in U (3.3.2, 4.2.1); WFI may (3.3.3). */
const privilegedOnRiscv = new Set([
  'csrr a0, sstatus',
  'csrci sstatus, 2',
  'csrr a0, stvec',
  'csrw stvec, a1',
  'csrr a0, satp',
  'csrw satp, a1',
  'sret',
  'sfence.vma',
  'wfi',
]);
/**
 * The leaky processor's holes, each with the x86 instruction that it stands for, all on Robin and Irvine's list (USENIX
 * Security 2000, section 3): sensitive and unprivileged.
 */
const holes: Readonly<Record<string, string>> = {
  'csrr a0, sstatus': 'PUSHF, SMSW',
  'csrci sstatus, 2': 'POPF',
  'csrr a0, stvec': 'SIDT',
  'csrr a0, satp': 'SGDT, STR',
};
const robinIrvine = new Set([
  'SGDT',
  'SIDT',
  'SLDT',
  'SMSW',
  'PUSHF',
  'POPF',
  'LAR',
  'LSL',
  'VERR',
  'VERW',
  'STR',
]);

describe('privileged and sensitive instructions', () => {
  for (const instruction of classifiedInstructions) {
    it(`${instruction} on RISC-V: sensitive means privileged (Popek and Goldberg, theorem 1)`, () => {
      const { privileged, sensitive } = classify(instruction, false);
      assert.equal(privileged, privilegedOnRiscv.has(instruction));
      assert.equal(sensitive, privilegedOnRiscv.has(instruction));
    });
    it(`${instruction} on the leaky processor`, () => {
      const { privileged, sensitive } = classify(instruction, true);
      assert.equal(sensitive, privilegedOnRiscv.has(instruction), 'what is sensitive stays sensitive');
      assert.equal(privileged, privilegedOnRiscv.has(instruction) && !(instruction in holes));
    });
  }
  it('each hole stands for instructions that Robin and Irvine list', () => {
    for (const names of Object.values(holes)) {
      for (const name of names.split(', ')) assert.ok(robinIrvine.has(name), name);
    }
  });
});
