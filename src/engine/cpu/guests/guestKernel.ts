import type { Assembled } from '../assembler/assembler.ts';
import {
  assembledOnce,
  checkpointMacro,
  chooseProcess,
  countProbe,
  deviceNames,
  loadRegisters,
  mapKernel,
  panic,
  powerOff,
  printHex,
  resumeProcess,
  saveRegisters,
  shuffle,
  withWords,
} from './kernelParts.ts';

/** What a guest kernel is made with. */
export interface GuestOptions {
  /** Ticks of a time slice of the guest kernel's own scheduler. */
  readonly quantumTicks: number;
  /** Rounds of work of each of its two user processes. */
  readonly rounds: number;
  /** Sets the processes' data apart from those of another guest. */
  readonly seed: number;
}

/** Bytes of memory that a guest is given. */
export const guestRamBytes = 0x1_0000;

/** Where the user processes' code appears in their address space. */
export const userCodeBase = 0x4000_0000;

/**
 * A small operating-system kernel in assembly: it boots in supervisor mode, turns Sv32 on, runs two user processes that
 * it preempts with the timer (Sstc), maps their pages when they first touch them, serves system calls, refuses their
 * privileged instructions, prints to a console, and sleeps in WFI at the end. At checkpoints all of its memory outside of
 * `volatile_begin` to `volatile_end` is a function of the options alone, not of when a timer interrupt came.
 */
export const guestKernelSource = `
${deviceNames}
${checkpointMacro}    .text
boot:
    la sp, kernel_stack_top
    la t0, trap_entry
    csrw stvec, t0
    csrw sscratch, zero
    li t0, -1
    csrw stimecmp, t0
    csrw stimecmph, zero

    # The kernel and the devices lie at their own addresses, in pages of 4 MiB.
    la s0, root
${mapKernel}    # Processes have a page of code. Their pages of data come when they touch them.
    la t0, leaf
    srli t1, t0, 2
    ori t1, t1, 1
    sw t1, 256 * 4(s0)
    la t1, user_code
    srli t1, t1, 2
    ori t1, t1, 0x5b
    sw t1, 0(t0)
    checkpoint 1

    la t0, root
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
    # There is no memory behind the kernel's own.
    li t0, 0x80000000 + ${guestRamBytes}
    lw t1, 0(t0)
    checkpoint 2

    la s0, frames
    li t0, ${userCodeBase}
    sw t0, 128(s0)
    sw t0, 128 + 132(s0)
    li t0, 1
    sw t0, 40 + 132(s0)
    la t1, alive
    sw t0, 0(t1)
    sw t0, 4(t1)
    li t0, 0x20
    csrw sie, t0
    rdtime t0
    lw t1, quantum
    add t0, t0, t1
    csrw stimecmp, t0
    j resume

    # ---- traps
    .align 2
trap_entry:
    csrrw sp, sscratch, sp
    bnez sp, from_user
    csrrw sp, sscratch, sp
    addi sp, sp, -16
    sw t0, 0(sp)
    sw t1, 4(sp)
    csrr t0, scause
    bltz t0, kernel_timer
    addi t0, t0, -5
    bnez t0, panic
${countProbe}    j kernel_return
kernel_timer:
    la t0, ticks
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    rdtime t0
    lw t1, quantum
    add t0, t0, t1
    csrw stimecmp, t0
kernel_return:
    lw t0, 0(sp)
    lw t1, 4(sp)
    addi sp, sp, 16
    sret

from_user:
${saveRegisters}    mv s0, sp
    la sp, kernel_stack_top
    csrr t0, sscratch
    sw t0, 8(s0)
    csrw sscratch, zero
    csrr t0, sepc
    sw t0, 128(s0)
    csrr t0, scause
    bltz t0, user_timer
    li t1, 8
    beq t0, t1, system_call
    li t1, 2
    beq t0, t1, refuse
    li t1, 13
    beq t0, t1, page_fault
    li t1, 15
    beq t0, t1, page_fault
${panic}
user_timer:
    la t0, ticks
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    rdtime t0
    lw t1, quantum
    add t0, t0, t1
    csrw stimecmp, t0
    j schedule

page_fault:
    csrr t0, stval
    srli t1, t0, 12
    andi t1, t1, 0x3ff
    li t2, 1
    blt t1, t2, panic
    li t2, 2
    bgt t1, t2, panic
    la t2, pool - 4096
    slli t3, t1, 12
    add t2, t2, t3
    srli t2, t2, 2
    ori t2, t2, 0xd7
    la t3, leaf
    slli t1, t1, 2
    add t3, t3, t1
    sw t2, 0(t3)
    sfence.vma
    la t0, faults
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    j resume

refuse:
    la t0, refused
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    li t0, -1
    sw t0, 40(s0)
    j skip_instruction

system_call:
    lw t0, 68(s0)
    li t1, 1
    beq t0, t1, report
    li t1, 2
    beq t0, t1, exit
    j panic
report:
    la t0, current
    lw t0, 0(t0)
    slli t0, t0, 2
    la t1, results
    add t1, t1, t0
    lw t0, 40(s0)
    sw t0, 0(t1)
skip_instruction:
    lw t0, 128(s0)
    addi t0, t0, 4
    sw t0, 128(s0)
    j resume
exit:
    la t0, current
    lw t0, 0(t0)
    slli t0, t0, 2
    la t1, alive
    add t1, t1, t0
    sw zero, 0(t1)

${chooseProcess}    mv t3, t1
switch:
    sw t3, 0(t0)
${resumeProcess}    li t0, 0x20
    csrs sstatus, t0
${loadRegisters}
    # ---- the end
all_done:
    .irp r, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li x\\r, 0
    .endr
    la sp, kernel_stack_top
    la t0, current
    sw zero, 0(t0)
    la s0, results
    lw a0, 0(s0)
    call print_hex
    lw a0, 4(s0)
    call print_hex
    checkpoint 3

    # Two more ticks, asleep.
    la s0, ticks
    sw zero, 0(s0)
    rdtime t0
    lw t1, quantum
    add t0, t0, t1
    csrw stimecmp, t0
    csrsi sstatus, 2
1:  wfi
    lw t1, 0(s0)
    li t2, 2
    blt t1, t2, 1b
    csrci sstatus, 2
    # What the kernel believes of its processor.
    la s1, beliefs
    csrr t0, sstatus
    sw t0, 0(s1)
    csrr t0, stvec
    sw t0, 4(s1)
    csrr t0, satp
    sw t0, 8(s1)
    li t0, -1
    csrw stimecmp, t0
    checkpoint 4
${powerOff}
${printHex}
    # ---- a user process; a0 is its number
    .align 12
user_code:
    mv s0, a0
    slli t0, s0, 12
    li s1, ${userCodeBase} + 0x1000
    add s1, s1, t0
    lw s2, rounds
    lw s3, seed
    add s3, s3, s0
1:  ${shuffle}    andi t1, s3, 0x3fc
    add t1, t1, s1
    lw t2, 0(t1)
    add t2, t2, s3
    sw t2, 0(t1)
    addi s2, s2, -1
    bnez s2, 1b
    # A user process may not know where the page table is.
    csrr s4, satp
    mv s4, a0
    li a0, 0
    li t0, 256
2:  lw t1, 0(s1)
    add a0, a0, t1
    addi s1, s1, 4
    addi t0, t0, -1
    bnez t0, 2b
    add a0, a0, s4
    li a7, 1
    ecall
    li a7, 2
    ecall
3:  j 3b
rounds: .word 100
seed: .word 7

    .data
    .align 12
root: .space 4096
leaf: .space 4096
pool: .space 8192
results: .word 0, 0
alive: .word 0, 0
current: .word 0
faults: .word 0
refused: .word 0
probes: .word 0
beliefs: .word 0, 0, 0
quantum: .word 1000
    .align 4
volatile_begin:
ticks: .word 0
    .align 4
frames: .space 264
    .align 4
    .space 512
kernel_stack_top:
volatile_end:
`;

const program = assembledOnce('guest kernel', guestKernelSource);

/** The guest's machine code, with its options in the words that hold them. */
export const guestKernel = ({ quantumTicks, rounds, seed }: GuestOptions): Assembled =>
  withWords(program(), { quantum: quantumTicks, rounds, seed });
