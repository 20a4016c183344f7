import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Hart, ramBase } from '../../src/engine/cpu/machine/hart.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import { assembled } from './guestMachine.ts';

/**
 * The base integer and M instructions against their definitions in the Unprivileged ISA (20191213, sections 2.4 and 7),
 * written over unbounded integers: another arithmetic than the interpreter's doubles and 32-bit operators.
 */
const bits = (value: bigint): bigint => BigInt.asUintN(32, value);
const u = (value: number): bigint => BigInt(value >>> 0);
const s = (value: number): bigint => BigInt(value | 0);
const shamt = (value: number): bigint => BigInt(value & 31);
const least = -(2n ** 31n);

const registerForms: Readonly<Record<string, (a: number, b: number) => bigint>> = {
  add: (a, b) => u(a) + u(b),
  sub: (a, b) => u(a) - u(b),
  sll: (a, b) => u(a) << shamt(b),
  srl: (a, b) => u(a) >> shamt(b),
  sra: (a, b) => s(a) >> shamt(b),
  slt: (a, b) => (s(a) < s(b) ? 1n : 0n),
  sltu: (a, b) => (u(a) < u(b) ? 1n : 0n),
  xor: (a, b) => u(a) ^ u(b),
  or: (a, b) => u(a) | u(b),
  and: (a, b) => u(a) & u(b),
  mul: (a, b) => u(a) * u(b),
  mulh: (a, b) => (s(a) * s(b)) >> 32n,
  mulhsu: (a, b) => (s(a) * u(b)) >> 32n,
  mulhu: (a, b) => (u(a) * u(b)) >> 32n,
  // Table 7.1: division by zero and overflow.
  div: (a, b) => (b === 0 ? -1n : s(a) === least && s(b) === -1n ? least : s(a) / s(b)),
  divu: (a, b) => (b === 0 ? 2n ** 32n - 1n : u(a) / u(b)),
  rem: (a, b) => (b === 0 ? s(a) : s(a) === least && s(b) === -1n ? 0n : s(a) % s(b)),
  remu: (a, b) => (b === 0 ? u(a) : u(a) % u(b)),
};
const immediateForms = {
  addi: 'add',
  slti: 'slt',
  sltiu: 'sltu',
  xori: 'xor',
  ori: 'or',
  andi: 'and',
} as const;

const interesting = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 31, 32, 0x7fff_ffff, -0x8000_0000, 0x8000, 0xffff, 0x1_0000),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);

function result(instruction: string, a: number, b: number): bigint {
  const hart = new Hart({ ramBytes: 4096, misaligned: 'hardware' });
  hart.ram8.set(assembled(instruction).bytes);
  hart.x[10] = a;
  hart.x[11] = b;
  run(hart, 1);
  assert.equal(hart.pc, ramBase + 4);
  return u(hart.x[12]!);
}

describe('integer instructions agree with their definition over unbounded integers', () => {
  for (const [name, define] of Object.entries(registerForms)) {
    it(name, () => {
      fc.assert(
        fc.property(interesting, interesting, (a, b) => {
          assert.equal(result(`${name} a2, a0, a1`, a, b), bits(define(a, b)), `${name} ${a}, ${b}`);
        }),
      );
    });
  }
  for (const [name, as] of Object.entries(immediateForms)) {
    it(name, () => {
      fc.assert(
        fc.property(interesting, fc.integer({ min: -2048, max: 2047 }), (a, b) => {
          assert.equal(
            result(`${name} a2, a0, ${b}`, a, 0),
            bits(registerForms[as]!(a, b)),
            `${name} ${a}, ${b}`,
          );
        }),
      );
    });
  }
  it('shifts by an immediate', () => {
    fc.assert(
      fc.property(fc.constantFrom('sll', 'srl', 'sra'), interesting, fc.nat(31), (name, a, b) => {
        assert.equal(result(`${name}i a2, a0, ${b}`, a, 0), bits(registerForms[name]!(a, b)));
      }),
    );
  });
  it('branches', () => {
    const conditions: Readonly<Record<string, (a: number, b: number) => boolean>> = {
      beq: (a, b) => u(a) === u(b),
      bne: (a, b) => u(a) !== u(b),
      blt: (a, b) => s(a) < s(b),
      bge: (a, b) => s(a) >= s(b),
      bltu: (a, b) => u(a) < u(b),
      bgeu: (a, b) => u(a) >= u(b),
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(conditions)), interesting, interesting, (name, a, b) => {
        const hart = new Hart({ ramBytes: 4096, misaligned: 'hardware' });
        hart.ram8.set(assembled(`${name} a0, a1, . + 64`).bytes);
        hart.x[10] = a;
        hart.x[11] = b;
        run(hart, 1);
        assert.equal(hart.pc - ramBase, conditions[name]!(a, b) ? 64 : 4, `${name} ${a}, ${b}`);
      }),
    );
  });
  it('atomics', () => {
    const operations: Readonly<Record<string, (memory: number, register: number) => bigint>> = {
      swap: (_, register) => u(register),
      add: (memory, register) => u(memory) + u(register),
      xor: (memory, register) => u(memory) ^ u(register),
      or: (memory, register) => u(memory) | u(register),
      and: (memory, register) => u(memory) & u(register),
      min: (memory, register) => (s(memory) < s(register) ? s(memory) : s(register)),
      max: (memory, register) => (s(memory) > s(register) ? s(memory) : s(register)),
      minu: (memory, register) => (u(memory) < u(register) ? u(memory) : u(register)),
      maxu: (memory, register) => (u(memory) > u(register) ? u(memory) : u(register)),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(operations)),
        interesting,
        interesting,
        (name, memory, register) => {
          const hart = new Hart({ ramBytes: 8192, misaligned: 'hardware' });
          hart.ram8.set(assembled(`amo${name}.w a2, a1, (a0)`).bytes);
          hart.x[10] = ramBase + 4096;
          hart.x[11] = register;
          hart.ram32[1024] = memory;
          run(hart, 1);
          assert.equal(u(hart.x[12]!), u(memory));
          assert.equal(u(hart.ram32[1024]), bits(operations[name]!(memory, register)), name);
        },
      ),
    );
  });
});
