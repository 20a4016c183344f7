import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../src/engine/cpu/assembler/assembler.ts';
import { readElf } from '../../src/engine/cpu/machine/elf.ts';
import { runProgram } from '../../src/engine/cpu/machine/testProgram.ts';
import { randomStreams, type RandomStream } from '../../src/engine/kernel/random.ts';
import { elfFile } from '../unit/cpu/elfFile.ts';
import { isInstalled } from './installedTool.ts';
import { assembled } from './guestMachine.ts';

const qemu = 'qemu-system-riscv32';

/**
 * The same random programs on QEMU's `virt` machine and on this one, with every register and the memory that they wrote
 * compared at the end. Programs mix arithmetic, memory accesses of every size and alignment, atomics, branches, CSRs and
 * traps, first in machine mode, then in user mode through a page table.
 */
describe('random programs end as on QEMU', () => {
  before(function () {
    if (!isInstalled(qemu)) {
      console.log(`      ${qemu} is not installed: not compared with it (apt-get install qemu-system-misc)`);
      this.skip();
    }
  });

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`seed ${seed}`, () => {
      const { bytes, base } = assembled(randomProgram(randomStreams(seed).stream('program')));
      const file = elfFile(bytes, base);
      const reading = readElf(file, 64 << 20);
      assert.ok(reading.ok, JSON.stringify(reading));
      const ours = runProgram(reading.value, {
        ramBytes: 64 << 20,
        misaligned: 'hardware',
        maxInstructions: 1e6,
      });
      assert.equal(ours.end.kind, 'passed', JSON.stringify(ours.end));
      const theirs = onQemu(file);
      assert.deepEqual(wordsOf(ours.output), wordsOf(theirs));
      assert.ok(theirs.length > 128, 'QEMU printed the registers');
    });
  }
});

const wordsOf = (bytes: Uint8Array): string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) =>
    view.getUint32(4 * index, true).toString(16),
  );
};

function onQemu(file: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'trapframe-qemu-'));
  try {
    writeFileSync(join(folder, 'program'), file);
    const { stdout } = spawnSync(
      qemu,
      [
        '-M',
        'virt',
        '-m',
        '64',
        '-bios',
        'none',
        '-kernel',
        join(folder, 'program'),
        '-display',
        'none',
        '-monitor',
        'none',
        '-serial',
        'stdio',
      ],
      { timeout: 30_000, maxBuffer: 1 << 20 },
    );
    return new Uint8Array(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Registers that the random part may use: not the bases of its memory (s0, s1) nor the handler's (tp, gp). */
const free = [
  'ra',
  'sp',
  't0',
  't1',
  't2',
  'a0',
  'a1',
  'a2',
  'a3',
  'a4',
  'a5',
  'a6',
  'a7',
  's2',
  's3',
  's4',
  's5',
  't3',
  't4',
  't5',
  't6',
];
const registerOps = [
  'add',
  'sub',
  'sll',
  'srl',
  'sra',
  'slt',
  'sltu',
  'xor',
  'or',
  'and',
  'mul',
  'mulh',
  'mulhsu',
  'mulhu',
  'div',
  'divu',
  'rem',
  'remu',
];
const immediateOps = ['addi', 'slti', 'sltiu', 'xori', 'ori', 'andi'];
const atomics = [
  'amoswap.w',
  'amoadd.w',
  'amoxor.w',
  'amoor.w',
  'amoand.w',
  'amomin.w',
  'amomax.w',
  'amominu.w',
  'amomaxu.w',
];
const branches = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'];

function randomProgram(random: RandomStream): string {
  const pick = <T>(from: readonly T[]): T => from[random.integer(0, from.length - 1)]!;
  const reg = (): string => pick(free);
  const body: string[] = [];
  const one = (machine: boolean): string => {
    switch (random.integer(0, machine ? 11 : 9)) {
      case 0:
      case 1:
      case 2:
        return `${pick(registerOps)} ${reg()}, ${reg()}, ${reg()}`;
      case 3:
        return `${pick(immediateOps)} ${reg()}, ${reg()}, ${random.integer(-2048, 2047)}`;
      case 4:
        return `${pick(['slli', 'srli', 'srai'])} ${reg()}, ${reg()}, ${random.integer(0, 31)}`;
      case 5:
        return `${pick(['lb', 'lbu', 'lh', 'lhu', 'lw'])} ${reg()}, ${random.integer(-64, 64)}(s0)`;
      case 6:
        return `${pick(['sb', 'sh', 'sw'])} ${reg()}, ${random.integer(-64, 64)}(s0)`;
      case 7:
        return `${pick(atomics)} ${reg()}, ${reg()}, (s0)`;
      case 8:
        return `${pick(branches)} ${reg()}, ${reg()}, . + 8`;
      case 9:
        return pick([
          `lui ${reg()}, ${random.integer(0, 0xfffff)}`,
          `auipc ${reg()}, ${random.integer(0, 0xfffff)}`,
          '.word 0xffffffff',
          'ebreak',
          `lw ${reg()}, 0(s1)`,
          `lr.w ${reg()}, (s0)\n sc.w ${reg()}, ${reg()}, (s0)`,
          'csrr t0, mie',
        ]);
      case 10:
        return `csrrw ${reg()}, ${pick(['mscratch', 'sscratch', 'scause', 'stval'])}, ${reg()}`;
      default:
        return `${pick(['csrrs', 'csrrc'])} ${reg()}, ${pick(['mscratch', 'sscratch', 'stval'])}, ${reg()}`;
    }
  };
  const block = (machine: boolean): void => {
    for (let index = 0; index < 300; index++) body.push(`    ${one(machine)}`);
    // The last one may be a branch over the next.
    body.push('    nop');
  };
  const initial = free.map((name) => `    li ${name}, ${random.integer(-(2 ** 31), 2 ** 31 - 1)}`);
  block(true);
  const machineBlock = body.splice(0);
  block(false);
  const user = body.splice(0);
  return `
    la t0, trap
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
    csrw mstatus, zero
    csrw sstatus, zero
    la s0, middle
    li s1, 0x18000000
    li gp, 0
    li tp, 0
${initial.join('\n')}
${machineBlock.join('\n')}
    .align 2
paged:
    la t0, root
    li t1, (0x80000000 >> 12 << 10) | 0x1f
    li t2, 2048
    add t0, t0, t2
    sw t1, 0(t0)
    la t0, root
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
    li t0, 0x1800
    csrc mstatus, t0
    la t0, inUser
    csrw mepc, t0
    mret
inUser:
${user.join('\n')}
    ecall
    .align 2
trap:
    csrw mscratch, t0
    csrr t0, mcause
    slli gp, gp, 1
    xor gp, gp, t0
    addi t0, t0, -3
    beqz t0, 1f # after EBREAK, mtval may be 0 or the pc: the specification allows both
    csrr t0, mtval
    add tp, tp, t0
1:  csrr t0, mcause
    addi t0, t0, -8
    beqz t0, finish
    csrr t0, mepc
    add tp, tp, t0
    addi t0, t0, 4
    csrw mepc, t0
    csrr t0, mscratch
    mret
finish:
    csrr t0, mscratch
    csrw satp, zero
    la s1, registers
${Array.from({ length: 32 }, (_, n) => `    sw x${n}, ${4 * n}(s1)`).join('\n')}
    lw t1, root + 2048
    sw t1, 0(s1)
    li t0, 0x10000000
    addi t1, s1, 128
    mv t2, s1
    call print
    la t2, scratch
    addi t1, t2, 512
    call print
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
1:  j 1b
print:
    lbu t3, 5(t0)
    andi t3, t3, 0x20
    beqz t3, print
    lbu t3, 0(t2)
    sb t3, 0(t0)
    addi t2, t2, 1
    bne t1, t2, print
    ret
    .data
    .align 12
root: .space 4096
registers: .space 128
scratch: .space 256
middle: .space 256
`;
}

describe('GNU as makes the same code', () => {
  const as = 'riscv64-unknown-elf-as';
  before(function () {
    if (!isInstalled(as)) {
      console.log(
        `      ${as} is not installed: not compared with it (apt-get install binutils-riscv64-unknown-elf)`,
      );
      this.skip();
    }
  });
  for (const seed of [1, 2, 3]) {
    it(`seed ${seed}`, () => {
      const source = randomProgram(randomStreams(seed).stream('program'));
      const ours = assemble(source);
      assert.ok(ours.ok);
      const folder = mkdtempSync(join(tmpdir(), 'trapframe-as-'));
      try {
        writeFileSync(join(folder, 'a.s'), `.option norelax\n${source}`);
        const run = (program: string, ...args: string[]): void => {
          const done = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
          assert.equal(done.status, 0, done.stderr);
        };
        run(as, '-march=rv32ima_zicsr_zifencei', '-mabi=ilp32', 'a.s', '-o', 'a.o');
        run(
          'riscv64-unknown-elf-ld',
          '-melf32lriscv',
          '-Ttext=0x80000000',
          '-e',
          '0x80000000',
          '--no-warn-rwx-segments',
          '-o',
          'a.elf',
          'a.o',
        );
        run('riscv64-unknown-elf-objcopy', '-O', 'binary', '-j', '.text', 'a.elf', 'a.bin');
        const theirs = wordsOf(new Uint8Array(readFileSync(join(folder, 'a.bin'))));
        assert.ok(theirs.length > 600, `${theirs.length} words`);
        const text = wordsOf(ours.value.bytes).slice(0, theirs.length);
        // Where .data lies is the linker's choice, and so is what la, lw and call of it become.
        const differing = text.filter((word, index) => word !== theirs[index]);
        assert.ok(differing.length <= 2 * 8, `${differing.length} words differ`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
