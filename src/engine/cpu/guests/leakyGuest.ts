import type { Assembled } from '../assembler/assembler.ts';
import {
  assembledOnce,
  checkpointMacro,
  deviceNames,
  loadRegisters,
  mapKernel,
  panic,
  powerOff,
  printHex,
  saveRegisters,
  shuffle,
  withWords,
} from './kernelParts.ts';

/** What the leaky processor's guest is made with. */
export interface LeakyGuestOptions {
  /** Ticks of a time slice of the guest's kernel. */
  readonly quantumTicks: number;
  /** Rounds of work of its process. */
  readonly rounds: number;
  /** What the process begins to compute with. */
  readonly seed: number;
  /** Pages that the kernel maps one by one, after paging is on. */
  readonly pages: number;
  /** How often the kernel patches its own code. */
  readonly patches: number;
}

/** Bytes of memory that this guest is given. */
export const leakyGuestBytes = 0x1_0000;
/** Where its process sees its code. */
export const leakyUserBase = 0x4000_0000;
/** Instructions of a round of its work. */
export const processRound = 8;

/** Addresses, and how the kernel tells that it came to a checkpoint. */
export const kernelNames = `${deviceNames}    .equ WINDOW, 0x50000000

${checkpointMacro}`;

/** Builds the page table, up to the first checkpoint. */
export const buildTables = `    # The kernel and the devices lie at their own addresses, in pages of 4 MiB.
    la s0, root
${mapKernel}    # The process has a page of code. The window is empty as yet.
    la t0, user_leaf
    srli t1, t0, 2
    ori t1, t1, 1
    sw t1, 256 * 4(s0)
    la t1, user_code
    srli t1, t1, 2
    ori t1, t1, 0x5b
    sw t1, 0(t0)
    la t0, window_leaf
    srli t1, t0, 2
    ori t1, t1, 1
    sw t1, 320 * 4(s0)
    checkpoint 1

`;

/** Adds up a word of each page of the window. */
export const lookAtPages = `    # Look at each page once.
    la t0, frame
    li t1, 3
    sw t1, 0(t0)
    li s1, WINDOW
    lw s2, pages
    li s3, 0
    li s5, 4096
look_next:
    lw t0, 0(s1)
    add s3, s3, t0
    add s1, s1, s5
    addi s2, s2, -1
    bnez s2, look_next
    la t0, seen
    sw s3, 0(t0)

`;

/** Code that is patched: a routine as often as asked, and what runs right after the store. */
export const patchCode = `    # ---- code that is patched: the second instruction of step, at last the first
    li s2, 0
    li s4, 0
patch_next:
    la t0, step
    slli t1, s2, 20
    li t2, 0x00050513
    or t1, t1, t2
    sw t1, 4(t0)
    fence.i
    li s3, 10
1:  mv a0, s4
    jal step
    mv s4, a0
    addi s3, s3, -1
    bnez s3, 1b
    addi s2, s2, 1
    lw t1, patches
    blt s2, t1, patch_next
    la t0, step
    li t1, 0x00150513
    sw t1, 0(t0)
    fence.i
    mv a0, s4
    jal step
    mv s4, a0
    # A store that changes what runs right after it.
    la t0, 1f
    li t1, 0x00748493
    li s1, 0
    sw t1, 0(t0)
    fence.i
1:  addi s1, s1, 1
    add s4, s4, s1
    la t0, patched
    sw s4, 0(t0)

`;

/** The routine that is patched, and what it counts. */
export const patchedRoutine = `step:
    addi a0, a0, 0
    addi a0, a0, 0
    lw a1, calls
    addi a1, a1, 1
    la a2, calls
    sw a1, 0(a2)
    ret
calls:
    .word 0

`;

/** The process, page tables, results and options. */
export const processAndData = `    # ---- what the process runs: directly, whatever is done to the kernel
    .align 12
user_code:
    lw s2, rounds
    lw s3, seed
1:  ${shuffle}    addi s2, s2, -1
    bnez s2, 1b
    mv a0, s3
    ecall
2:  j 2b
rounds: .word 100
seed: .word 7

    .data
    .align 12
root: .space 4096
user_leaf: .space 4096
window_leaf: .space 4096
frame: .space 4096
beliefs: .word 0, 0, 0, 0
results:
seen: .word 0
patched: .word 0
pair: .word 0, 0
torn: .word 0
quantum: .word 1000
pages: .word 32
patches: .word 3
`;

/**
 * A small kernel that does what is hard to virtualize on a leaky processor. It reads what it believes of its processor, masks
 * interrupts around a critical section and restores them, maps pages while paging is on, patches its own code as kernels do
 * for static keys and tracepoints, preempts a process, and sleeps. At checkpoints all of its memory outside of
 * `volatile_begin` to `volatile_end` is a function of the options alone, not of when a timer interrupt came.
 *
 * The parts that touch no privileged state stand apart: the kernel that knows of its VMM has them too.
 */
export const leakyGuestSource = `# A kernel for one process.
${kernelNames}    .macro next_tick
    rdtime t0
    lw t1, quantum
    add t0, t0, t1
    csrw stimecmp, t0
    .endm

    .text
boot:
    la sp, kernel_stack_top
    la t0, trap_entry
    csrw stvec, t0
    csrw sscratch, zero
    li t0, -1
    csrw stimecmp, t0
    csrw stimecmph, zero

${buildTables}    la t0, root
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    sfence.vma

    # ---- what the kernel believes of its processor
    la s1, beliefs
    csrr t0, sstatus
    sw t0, 0(s1)
    csrr t0, stvec
    sw t0, 4(s1)
    csrr t0, satp
    sw t0, 8(s1)
    csrr t0, sscratch
    sw t0, 12(s1)
    checkpoint 2

    # ---- map the window: every page shows the same frame
    la s1, window_leaf
    la t0, frame
    srli t0, t0, 2
    ori t0, t0, 0xc7
    lw s2, pages
map_next:
    sw t0, 0(s1)
    addi s1, s1, 4
    addi s2, s2, -1
    bnez s2, map_next
    sfence.vma
${lookAtPages}    # ---- a section that must not be interrupted, again and again
    li t0, 0x20
    csrw sie, t0
    next_tick
    la s1, pair
    li s2, 40
    csrsi sstatus, 2
section:
    csrrci s3, sstatus, 2
    lw t0, 0(s1)
    addi t0, t0, 1
    sw t0, 0(s1)
    sw t0, 4(s1)
    csrw sstatus, s3
    addi s2, s2, -1
    bnez s2, section
    csrci sstatus, 2

${patchCode}    # ---- the process
    la sp, context
    li t0, ${leakyUserBase}
    sw t0, 128(sp)
    j resume

${patchedRoutine}    # ---- traps
    .align 2
trap_entry:
    csrrw sp, sscratch, sp
    bnez sp, from_user
    csrrw sp, sscratch, sp
    # A tick in the kernel: half of an update must never show.
    addi sp, sp, -16
    sw t0, 0(sp)
    sw t1, 4(sp)
    sw t2, 8(sp)
    la t2, pair
    lw t0, 0(t2)
    lw t1, 4(t2)
    beq t0, t1, 1f
    la t2, torn
    sw t0, 0(t2)
1:  la t2, ticks
    lw t0, 0(t2)
    addi t0, t0, 1
    sw t0, 0(t2)
    next_tick
    lw t0, 0(sp)
    lw t1, 4(sp)
    lw t2, 8(sp)
    addi sp, sp, 16
    sret

from_user:
${saveRegisters}    csrr t0, sscratch
    sw t0, 8(sp)
    csrr t0, sepc
    sw t0, 128(sp)
    csrr t0, scause
    bltz t0, 1f
    li t1, 8
    beq t0, t1, all_done
${panic}1:  la t1, ticks
    lw t0, 0(t1)
    addi t0, t0, 1
    sw t0, 0(t1)
    next_tick
resume:
    csrw sscratch, sp
    lw t0, 128(sp)
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
    li t0, 0x20
    csrs sstatus, t0
${loadRegisters}
    # ---- the process has called the kernel: print, sleep, and switch off
all_done:
    csrw sscratch, zero
    mv a3, a0
    .irp r, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li x\\r, 0
    .endr
    la sp, kernel_stack_top
    mv a0, a3
    call print_hex
    la s0, results
    lw a0, 0(s0)
    call print_hex
    lw a0, 4(s0)
    call print_hex
    checkpoint 3

    la s0, ticks
    sw zero, 0(s0)
    next_tick
    csrsi sstatus, 2
1:  wfi
    lw t1, 0(s0)
    li t2, 2
    blt t1, t2, 1b
    csrci sstatus, 2
    la s1, beliefs
    csrr t0, sstatus
    sw t0, 0(s1)
    csrr t0, sscratch
    sw t0, 12(s1)
    li t0, -1
    csrw stimecmp, t0
    checkpoint 4
${powerOff}
${printHex}
${processAndData}    .align 4
volatile_begin:
ticks: .word 0
    .align 4
context: .space 132
    .align 4
    .space 512
kernel_stack_top:
volatile_end:
`;

/** Words of the source that the options are written to, by label. */
export const leakyOptionLabels = {
  quantumTicks: 'quantum',
  rounds: 'rounds',
  seed: 'seed',
  pages: 'pages',
  patches: 'patches',
} as const;

const ownProgram = assembledOnce('leaky guest', leakyGuestSource);

/** The guest's machine code, with its options in the words that hold them. @param program of the same labels */
export const leakyGuest = (options: LeakyGuestOptions, program: Assembled = ownProgram()): Assembled =>
  withWords(
    program,
    Object.fromEntries(
      Object.entries(leakyOptionLabels).map(([option, label]) => [
        label,
        options[option as keyof LeakyGuestOptions],
      ]),
    ),
  );
