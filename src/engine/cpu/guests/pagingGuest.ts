import type { Assembled } from '../assembler/assembler.ts';
import {
  assembledOnce,
  checkpointMacro,
  chooseProcess,
  countProbe,
  deviceNames,
  loadRegisters,
  panic,
  powerOff,
  printHex,
  resumeProcess,
  saveRegisters,
  withWords,
} from './kernelParts.ts';

/** What the guest of the paging experiments is made with. */
export interface PagingGuestOptions {
  /** Pages of data of each of its two processes, from 4 on. */
  readonly pages: number;
  /** Times that a process goes through its pages in each of its turns. */
  readonly rounds: number;
  /** Turns of each process. */
  readonly turns: number;
  /** Page-table entries that the kernel examines and clears after each turn. */
  readonly sweep: number;
  /** Sets the processes' data apart from those of another guest. */
  readonly seed: number;
}

/** Bytes of memory of this guest. @param pages of data of each of its two processes */
export const pagingGuestBytes = (pages: number): number => 0x1_0000 + 2 * pages * 4096;
/** Most pages of data of a process. */
export const mostPages = 48;
/** Where a process finds its code; its data begin one page later. */
export const processBase = 0x4000_0000;

/**
 * A kernel that does little but virtual memory. Each of its two processes has an address space of its own. Pages come on
 * demand. After each turn the kernel looks at the accessed and dirty bits of some pages and clears them (the clock
 * algorithm), exchanges the frames of two pages, write-protects a third one, and switches the address space. When a process
 * ends it unmaps all its pages. It follows every change of a page table by `sfence.vma`, as the architecture asks. There is no
 * timer, so every run is the same to the bit, and all of the memory can be compared at checkpoints.
 */
export const pagingGuestSource = `
${deviceNames}    .equ POOL, 0x80010000
    .equ SUM, 0x40000

${checkpointMacro}    .text
boot:
    la sp, stack_top
    la t0, trap_entry
    csrw stvec, t0
    csrw sscratch, zero
    # Both page tables have the kernel and the devices at their own addresses, in pages of 4 MiB.
    la s0, roots
    la s1, leaves
    li s2, 2
1:  li t0, (0x80000000 >> 12 << 10) | 0xcf
    li t1, 512 * 4
    add t1, t1, s0
    sw t0, 0(t1)
    li t0, (UART >> 12 << 10) | 0xc7
    sw t0, 64 * 4(s0)
    li t0, 0xc7
    sw t0, 0(s0)
    # The process has a table of small pages, with its code in the first one.
    srli t0, s1, 2
    ori t0, t0, 1
    sw t0, 256 * 4(s0)
    la t0, user_code
    srli t0, t0, 2
    ori t0, t0, 0x5b
    sw t0, 0(s1)
    li t0, 4096
    add s0, s0, t0
    add s1, s1, t0
    addi s2, s2, -1
    bnez s2, 1b
    checkpoint 1

    call use_table
    # There is no memory behind the kernel's own.
    lw t0, memory_end
    lw t1, 0(t0)
    checkpoint 2
    la s0, frames
    li t0, ${processBase}
    sw t0, 128(s0)
    sw t0, 132 + 128(s0)
    li t0, 1
    sw t0, 132 + 40(s0)
    j resume

# Walk the page table of the process whose turn it is.
use_table:
    la t0, current
    lw t0, 0(t0)
    la t1, roots
    srli t1, t1, 12
    add t1, t1, t0
    li t0, 0x80000000
    or t1, t1, t0
    csrw satp, t1
    sfence.vma
    ret

    .align 2
trap_entry:
    csrrw sp, sscratch, sp
    bnez sp, from_user
    csrrw sp, sscratch, sp
    # The kernel itself traps once only, where there is no memory.
    csrr t0, scause
    addi t0, t0, -5
    bnez t0, panic
${countProbe}    sret

from_user:
${saveRegisters}    mv s0, sp
    la sp, stack_top
    csrr t0, sscratch
    sw t0, 8(s0)
    csrw sscratch, zero
    csrr t0, sepc
    sw t0, 128(s0)
    # s1: the process's table of small pages
    la s1, leaves
    la t0, current
    lw t0, 0(t0)
    slli t0, t0, 12
    add s1, s1, t0
    csrr t0, scause
    li t1, 8
    beq t0, t1, system_call
    li t1, 13
    beq t0, t1, page_fault
    li t1, 15
    beq t0, t1, page_fault
${panic}
page_fault:
    csrr t0, stval
    srli t0, t0, 12
    andi t0, t0, 0x3ff
    beqz t0, panic
    lw t1, pages
    bgt t0, t1, panic
    slli t0, t0, 2
    add t0, t0, s1
    lw t1, 0(t0)
    andi t2, t1, 1
    bnez t2, protected
    # The page has no frame yet.
    la t2, next_frame
    lw t1, 0(t2)
    li t3, 4096
    add t3, t3, t1
    sw t3, 0(t2)
    srli t1, t1, 2
    ori t1, t1, 0x17
    sw t1, 0(t0)
    la t0, faults
    j count
protected:
    andi t2, t1, 4
    bnez t2, panic
    ori t1, t1, 4
    sw t1, 0(t0)
    la t0, unprotected
count:
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    sfence.vma
    j resume

system_call:
    lw t0, 128(s0)
    addi t0, t0, 4
    sw t0, 128(s0)
    lw t0, 68(s0)
    li t1, 1
    beq t0, t1, yield
    li t1, 2
    beq t0, t1, exit
    j panic

yield:
    # Count the turn in the process's own memory.
    lw t0, 40(s0)
    li t2, SUM
    csrs sstatus, t2
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    csrc sstatus, t2
    # The clock's hand goes over some pages: which were used, which were written?
    lw s2, sweep
    beqz s2, 3f
    la s3, hands
    la t0, current
    lw t0, 0(t0)
    slli t0, t0, 2
    add s3, s3, t0
    lw s4, pages
    la s5, accessed
1:  lw t0, 0(s3)
    addi t1, t0, 1
    blt t1, s4, 2f
    li t1, 0
2:  sw t1, 0(s3)
    addi t0, t0, 1
    slli t0, t0, 2
    add t0, t0, s1
    lw t1, 0(t0)
    srli t2, t1, 6
    andi t2, t2, 1
    lw t3, 0(s5)
    add t3, t3, t2
    sw t3, 0(s5)
    srli t2, t1, 7
    andi t2, t2, 1
    lw t3, 4(s5)
    add t3, t3, t2
    sw t3, 4(s5)
    andi t1, t1, ~0xc0
    sw t1, 0(t0)
    addi s2, s2, -1
    bnez s2, 1b
    # The second and the third page exchange their frames; the fourth one may not be written.
    lw t0, 8(s1)
    lw t1, 12(s1)
    sw t1, 8(s1)
    sw t0, 12(s1)
    lw t0, 16(s1)
    andi t0, t0, ~4
    sw t0, 16(s1)
    sfence.vma
3:  la t0, turned
    lw t1, 0(t0)
    addi t2, t1, 1
    sw t2, 0(t0)
    bnez t1, schedule
    checkpoint 3
    j schedule

exit:
    la t0, current
    lw t0, 0(t0)
    slli t0, t0, 2
    la t1, results
    add t1, t1, t0
    lw t2, 40(s0)
    sw t2, 0(t1)
    la t1, alive
    add t1, t1, t0
    sw zero, 0(t1)
    # Its pages are unmapped.
    lw t0, pages
    addi t1, s1, 4
1:  sw zero, 0(t1)
    addi t1, t1, 4
    addi t0, t0, -1
    bnez t0, 1b
    sfence.vma
    la t0, current
    lw t1, 0(t0)
    addi t1, t1, 4
    li t0, TEST
    sw t1, 4(t0)

${chooseProcess}    j resume
switch:
    sw t3, 0(t0)
    call use_table
${resumeProcess}${loadRegisters}
all_done:
    la s0, results
    lw a0, 0(s0)
    call print_hex
    lw a0, 4(s0)
    call print_hex
    # What the kernel believes of its processor.
    la s1, beliefs
    csrr t0, sstatus
    sw t0, 0(s1)
    csrr t0, satp
    sw t0, 4(s1)
    checkpoint 6
${powerOff}
${printHex}
    # ---- a user process; a0 is its number
    .align 12
user_code:
    li s1, ${processBase} + 0x1000
    lw s2, turns
    lw s3, seed
    add s3, s3, a0
    lui s5, 1
1:  lw s4, rounds
2:  mv t0, s1
    lw t1, pages
3:  slli t2, s3, 13
    xor s3, s3, t2
    srli t2, s3, 17
    xor s3, s3, t2
    slli t2, s3, 5
    xor s3, s3, t2
    andi t2, s3, 0x7c
    add t2, t2, t0
    lw t3, 0(t2)
    add t3, t3, s3
    sw t3, 0(t2)
    add t0, t0, s5
    addi t1, t1, -1
    bnez t1, 3b
    addi s4, s4, -1
    bnez s4, 2b
    mv a0, s1
    li a7, 1
    ecall
    addi s2, s2, -1
    bnez s2, 1b
    # A sum of all words, in order.
    li a0, 0
    lw t1, pages
4:  li t2, 32
    mv t0, s1
5:  lw t3, 0(t0)
    slli t4, a0, 5
    sub a0, t4, a0
    add a0, a0, t3
    addi t0, t0, 4
    addi t2, t2, -1
    bnez t2, 5b
    add s1, s1, s5
    addi t1, t1, -1
    bnez t1, 4b
    li a7, 2
    ecall
6:  j 6b
pages: .word 16
rounds: .word 2
turns: .word 4
sweep: .word 4
seed: .word 7
memory_end: .word 0

    .data
    .align 12
roots: .space 8192
leaves: .space 8192
results: .word 0, 0
alive: .word 1, 1
current: .word 0
hands: .word 0, 0
accessed: .word 0, 0
faults: .word 0
unprotected: .word 0
probes: .word 0
turned: .word 0
beliefs: .word 0, 0
next_frame: .word POOL
    .align 4
frames: .space 264
    .align 4
    .space 256
stack_top:
`;

const program = assembledOnce('paging guest', pagingGuestSource);

/** The guest's machine code, with its options in the words that hold them. */
export function pagingGuest(options: PagingGuestOptions): Assembled {
  const { pages, rounds, turns, sweep, seed } = options;
  const own = program();
  return withWords(own, {
    pages,
    rounds,
    turns,
    sweep,
    seed,
    memory_end: own.base + pagingGuestBytes(pages),
  });
}
