import assert from 'node:assert/strict';
import { hartWith, runToDone } from './guestMachine.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';

/**
 * The privileged architecture (Privileged ISA 1.12) by small programs, each written from a section of the specification. A
 * handler at `trap` counts in s11, keeps the last cause, pc and value in s8 to s10, and goes on after the instruction.
 */
const withHandler = (body: string): string => `
    la t0, trap
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
${body}
    j done
    .align 2
trap:
    addi s11, s11, 1
    csrr s8, mcause
    csrr s9, mepc
    csrr s10, mtval
    addi t6, s9, 4
    csrw mepc, t6
    li t5, 0x1800
    csrr t6, mstatus
    and s7, t6, t5
    beq s8, zero, 1f
    mret
1:  jr s6
    .align 2
done: j done
    .data
    .align 12
root: .space 4096
leaf: .space 4096
page: .word 0x11111111
    .space 4092
`;
const [s7, s8, s9, s10, s11] = [23, 24, 25, 26, 27] as const;
const enter = (mode: 'user' | 'supervisor'): string => `
    li t0, 0x1800
    csrc mstatus, t0
    li t0, ${mode === 'user' ? '0' : '0x800'}
    csrs mstatus, t0
    la t0, 9f
    csrw mepc, t0
    mret
9:
`;
/** Sv32 with a page of the program's own at its addresses, and `page` at 0x4000_0000 with some rights. */
const paging = (rights: string): string => `
    la t0, root
    li t1, (0x80000000 >> 12 << 10) | 0xcf
    li t2, 512 * 4
    add t2, t0, t2
    sw t1, 0(t2)
    la t1, leaf
    srli t1, t1, 2
    ori t1, t1, 1
    li t2, 256 * 4
    add t2, t0, t2
    sw t1, 0(t2)
    la t1, page
    srli t1, t1, 2
    ori t1, t1, ${rights}
    la t2, leaf
    sw t1, 0(t2)
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
`;

describe('privileged architecture', () => {
  const traps: [title: string, body: string, cause: number, fromMode?: number][] = [
    ['ECALL from U (table 3.6)', `${enter('user')} ecall`, 8, 0],
    ['ECALL from S', `${enter('supervisor')} ecall`, 9, 0x800],
    ['ECALL from M', 'ecall', 11, 0x1800],
    ['EBREAK', 'ebreak', 3],
    ['an all-zero word is illegal', '.word 0', 2],
    ['a machine CSR in S', `${enter('supervisor')} csrr a0, mstatus`, 2],
    ['a supervisor CSR in U', `${enter('user')} csrr a0, sstatus`, 2],
    ['MRET in S', `${enter('supervisor')} mret`, 2],
    ['SRET in U', `${enter('user')} sret`, 2],
    ['SRET in S with TSR', `li t0, 1 << 22\n csrs mstatus, t0\n ${enter('supervisor')} sret`, 2],
    ['WFI in S with TW', `li t0, 1 << 21\n csrs mstatus, t0\n ${enter('supervisor')} wfi`, 2],
    ['satp in S with TVM', `li t0, 1 << 20\n csrs mstatus, t0\n ${enter('supervisor')} csrr a0, satp`, 2],
    ['SFENCE.VMA in S with TVM', `li t0, 1 << 20\n csrs mstatus, t0\n ${enter('supervisor')} sfence.vma`, 2],
    ['writing a read-only CSR', 'csrw mhartid, zero', 2],
    ['rdcycle in U without mcounteren', `${enter('user')} rdcycle a0`, 2],
    ['a load outside memory', 'li t0, 0x70000000\n lw a0, 0(t0)', 5],
    ['a store outside memory', 'li t0, 0x70000000\n sw a0, 0(t0)', 7],
    ['a misaligned atomic', 'la t0, page\n lr.w a0, (t0)\n addi t0, t0, 2\n amoadd.w a0, a0, (t0)', 6],
    [
      'a user page read by S without SUM',
      `${paging('0xdf')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)`,
      13,
    ],
    ['a page without W', `${paging('0xc3')} ${enter('supervisor')} li t0, 0x40000000\n sw a0, 0(t0)`, 15],
    [
      'a page with W and without R is reserved',
      `${paging('0xc5')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)`,
      13,
    ],
    ['an unmapped page', `${paging('0xcf')} ${enter('supervisor')} li t0, 0x50000000\n lw a0, 0(t0)`, 13],
    [
      'a page of S read by U',
      `${paging('0xcf')} la t0, root\n li t1, (0x80000000 >> 12 << 10) | 0xdf\n li t2, 2048\n add t0, t0, t2\n sw t1, 0(t0)\n ${enter('user')} li t0, 0x40000000\n lw a0, 0(t0)`,
      13,
    ],
  ];
  for (const [title, body, cause, fromMode] of traps) {
    it(`traps: ${title}`, () => {
      const hart = runToDone(withHandler(body));
      assert.equal(hart.x[s11], 1, 'number of traps');
      assert.equal(hart.x[s8], cause);
      if (fromMode !== undefined) assert.equal(hart.x[s7], fromMode, 'mstatus.MPP');
    });
  }

  it('fetches beyond memory and from misaligned addresses trap at the right pc', () => {
    const wild = runToDone(withHandler('la s6, done\n li t0, 0x10000002\n jr t0'));
    assert.equal(wild.x[s8], 0, 'without C, a target that is no multiple of 4 is misaligned');
    assert.equal(wild.x[s10], 0x1000_0002);
    const hart = runToDone(
      withHandler('nop')
        .replace('beq s8, zero, 1f\n    mret', 'jr s6')
        .replace('nop', 'la s6, done\n li t0, 0x10000000\n jr t0'),
    );
    assert.equal(hart.x[s8], 1);
    assert.equal(hart.x[s9], 0x1000_0000);
  });

  it('does nothing of an instruction that traps', () => {
    const hart = runToDone(withHandler('li a0, 7\n li t0, 0x70000000\n lw a0, 0(t0)'));
    assert.equal(hart.x[10], 7);
  });

  it('sets A and D when it uses a page, and D only for a store (section 4.3.1)', () => {
    const read = runToDone(
      withHandler(`${paging('0x0f')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)\n lw a1, leaf`),
    );
    assert.equal(read.x[10], 0x1111_1111);
    assert.equal(read.x[11]! & 0xff, 0x4f);
    const write = runToDone(
      withHandler(
        `${paging('0x0f')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)\n sw t0, 0(t0)\n lw a1, leaf`,
      ),
    );
    assert.equal(write.x[11]! & 0xff, 0xcf);
  });

  it('keeps an old translation until SFENCE.VMA and not after it (section 4.2.1)', () => {
    const hart = runToDone(
      withHandler(
        `${paging('0xcf')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)\n la t1, leaf\n sw zero, 0(t1)\n sfence.vma\n lw a0, 0(t0)`,
      ),
    );
    assert.equal(hart.x[s8], 13);
    assert.equal(hart.x[s10], 0x4000_0000);
  });

  it('reads executable pages with MXR, and user pages with SUM', () => {
    const mxr = runToDone(
      withHandler(
        `li t0, 1 << 19\n csrs mstatus, t0\n ${paging('0xc9')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)`,
      ),
    );
    assert.equal(mxr.x[10], 0x1111_1111);
    const sum = runToDone(
      withHandler(
        `li t0, 1 << 18\n csrs mstatus, t0\n ${paging('0xdf')} ${enter('supervisor')} li t0, 0x40000000\n lw a0, 0(t0)`,
      ),
    );
    assert.equal(sum.x[10], 0x1111_1111);
  });

  it('lends machine mode the rights of MPP with MPRV (section 3.1.6.3)', () => {
    const hart = runToDone(
      withHandler(
        `${paging('0xcf')} li t0, 0x800 | (1 << 17)\n csrs mstatus, t0\n li t1, 0x40000000\n lw a0, 0(t1)\n csrc mstatus, t0`,
      ),
    );
    assert.equal(hart.x[10], 0x1111_1111);
  });

  it('delegates to supervisor mode, and never what comes from machine mode (section 3.1.8)', () => {
    const source = `
      la t0, inS
      csrw stvec, t0
      li t0, 1 << 3
      csrw medeleg, t0
      la t0, inM
      csrw mtvec, t0
      li t0, -1
      csrw pmpaddr0, t0
      csrwi pmpcfg0, 0x1f
      ebreak
back: ${enter('supervisor')}
      ebreak
      .align 2
inM:  addi s0, s0, 1
      la t0, back
      jr t0
      .align 2
inS:  addi s1, s1, 1
      csrr a0, scause
      csrr a1, sstatus
      j done
done: j done`;
    const hart = runToDone(source);
    assert.deepEqual([hart.x[8], hart.x[9], hart.x[10]], [1, 1, 3]);
    assert.equal(hart.x[11]! & 0x100, 0x100, 'sstatus.SPP');
  });

  it('takes interrupts by priority, masks them by mode, and vectors them (sections 3.1.9 and 3.1.7)', () => {
    const source = `
      la t0, table + 1
      csrw mtvec, t0
      li t0, 0x2000000
      li t1, 1
      sw t1, 0(t0)
      li t0, 0x888
      csrw mie, t0
      li t0, 0x2004000
      sw zero, 4(t0)
      sw zero, 0(t0)
      csrr a3, mip
      nop
      csrsi mstatus, 8
      nop
done: j done
      .align 6
table: j done
      nop
      nop
      j soft
      nop
      nop
      nop
      j timer
soft: li t0, 0x2000000
      sw zero, 0(t0)
      slli a0, a0, 4
      addi a0, a0, 3
      mret
timer: li t0, 0x2004000
      li t1, -1
      sw t1, 4(t0)
      slli a0, a0, 4
      addi a0, a0, 7
      mret`;
    const hart = hartWith(source);
    run(hart, 100);
    assert.equal(hart.x[10], 0x37, 'the software interrupt, then the timer');
    assert.equal(hart.x[13]! & 0x88, 0x88);
  });

  it('sleeps in WFI until the timer, even with interrupts masked (section 3.3.3)', () => {
    const hart = hartWith(`
      li t0, 0x2004000
      sw zero, 4(t0)
      li t1, 5000
      sw t1, 0(t0)
      li t0, 0x80
      csrw mie, t0
      wfi
      rdtime a0
      nop
done: j done`);
    run(hart, 12);
    assert.ok(hart.x[10]! >= 5000 && hart.x[10]! < 5010, String(hart.x[10]));
  });

  it('says when WFI can never end', () => {
    assert.equal(run(hartWith('csrwi mie, 0\n wfi\n nop'), 100), 'stalled');
  });

  it('keeps to legal values: MPP, satp, tvec, and what is delegable (WARL)', () => {
    const hart = runToDone(`
      li t0, 0x1000
      csrw mstatus, t0
      csrr a0, mstatus
      li t0, -1
      csrw satp, t0
      csrr a1, satp
      csrw medeleg, t0
      csrr a2, medeleg
      csrw mideleg, t0
      csrr a3, mideleg
      csrw mepc, t0
      csrr a4, mepc
      csrw sstatus, t0
      csrr a5, sstatus
      csrr a6, misa
      li t0, 0x80000000
      csrw tselect, t0
      csrr a7, tselect
done: j done`);
    const unsigned = Array.from(hart.x.subarray(10, 18), (value) => value >>> 0);
    assert.deepEqual(
      unsigned.map((value) => value.toString(16)),
      ['0', '803fffff', 'b3ff', '222', 'fffffffc', 'c0122', '40141101', '0'],
    );
  });

  it('counts what retires, and lets counters be set (section 3.1.10)', () => {
    const hart = runToDone(`
      csrwi minstret, 0
      csrr a0, minstret
      nop
      csrr a1, minstret
      li t0, -1
      csrw minstret, t0
      csrw minstreth, t0
      nop
      csrr a2, minstret
      csrr a3, minstreth
      csrwi mcountinhibit, 4
      csrr a4, minstret
      nop
      csrr a5, minstret
done: j done`);
    assert.deepEqual([hart.x[10], hart.x[11], hart.x[12], hart.x[13]], [0, 2, 0, 0]);
    assert.equal(hart.x[14], hart.x[15]);
  });

  it('does not count an instruction that could not be fetched as retired', () => {
    const hart = hartWith('li t0, 0x10000000\n jr t0');
    run(hart, 4);
    // lui, jalr, and two fetches that failed: of the target, and of the handler at 0.
    assert.deepEqual([hart.cycle, hart.trapped], [4, 2]);
  });

  it('breaks a reservation by SC, by another address and by a trap (Unprivileged 8.2)', () => {
    const hart = runToDone(
      withHandler(`
      la t0, page
      sc.w a0, t0, (t0)
      lr.w t1, (t0)
      sc.w a1, t1, (t0)
      sc.w a2, t1, (t0)
      lr.w t1, (t0)
      addi t2, t0, 64
      sc.w a3, t1, (t2)
      lr.w t1, (t0)
      ecall
      sc.w a4, t1, (t0)`),
    );
    assert.deepEqual(Array.from(hart.x.subarray(10, 15)), [1, 0, 1, 1, 1]);
  });

  it('runs code that it has just written, after FENCE.I', () => {
    const hart = runToDone(`
      la t0, patch
      lw t1, good
      sw t1, 0(t0)
      fence.i
patch: li a0, 1
      j done
done: j done
      .data
good: .word 0x02a00513 # li a0, 42`);
    assert.equal(hart.x[10], 42);
  });

  it('does misaligned accesses in hardware, also over a page, or traps before anything happens', () => {
    const source = withHandler(`
      la t0, page
      li t1, 0x12345678
      sw t1, -2(t0)
      lw a0, -2(t0)
      lhu a1, -1(t0)
      lbu a2, 1(t0)`);
    const hart = runToDone(source);
    assert.deepEqual([hart.x[10], hart.x[11], hart.x[12]], [0x1234_5678, 0x3456, 0x12]);
    const trapping = runToDone(source, { misaligned: 'trap' });
    assert.deepEqual([trapping.x[s11], trapping.x[s8]], [3, 4]);
    assert.equal(trapping.x[12], 0x11);
  });

  it('protects physical memory by NAPOT regions, and lets machine mode pass (section 3.7)', () => {
    const source = withHandler(`
      la t0, page
      srli t0, t0, 2
      ori t0, t0, 511
      csrw pmpaddr0, t0
      li t0, -1
      csrw pmpaddr1, t0
      li t0, 0x1f19
      csrw pmpcfg0, t0
      la t1, page
      sw zero, 0(t1)
      ${enter('user')}
      lw a0, 0(t1)
      sw t1, 0(t1)`);
    const hart = runToDone(source);
    assert.deepEqual([hart.x[s11], hart.x[s8], hart.x[s10]! >>> 0], [1, 7, hart.x[6]! >>> 0]);
  });
});
