import { hypercalls } from './hypercalls.ts';
import { assembledOnce, panic, powerOff } from './kernelParts.ts';
import {
  buildTables,
  kernelNames,
  leakyUserBase,
  lookAtPages,
  patchCode,
  patchedRoutine,
  processAndData,
} from './leakyGuest.ts';

/** The kernel of `leakyGuest.ts` for a VMM that it knows of: the same work, by hypercalls in place of privileged instructions. */
export const paravirtualGuestSource = `# A kernel for one process, under a VMM that it knows of.
${kernelNames}${hypercalls.map(({ name, number }) => `    .equ ${name}, ${number}\n`).join('')}
    # Of the registers only a0 and a7 change.
    .macro hypercall number
    li a7, \\number
    ecall
    .endm

    .macro next_tick
    lw a0, quantum
    hypercall SET_TIMER
    .endm

    .text
boot:
    la sp, kernel_stack_top
    la a0, trap_entry
    mv a1, sp
    hypercall SET_TRAPS
    la a0, interrupts
    hypercall SHARE_FLAG

${buildTables}    la a0, root
    hypercall SET_TABLE

    # ---- what the kernel believes of its processor
    la a0, beliefs
    hypercall GET_STATE
    checkpoint 2

    # ---- map the window: every page shows the same frame
    la s1, window_leaf
    la t0, frame
    srli t0, t0, 2
    ori t0, t0, 0xc7
    lw s2, pages
    la s3, updates
map_next:
    sw s1, 0(s3)
    sw t0, 4(s3)
    addi s1, s1, 4
    addi s3, s3, 8
    addi s2, s2, -1
    bnez s2, map_next
    la a0, updates
    lw a1, pages
    hypercall UPDATE_TABLES
${lookAtPages}    # ---- a section that must not be interrupted, again and again
    next_tick
    la s1, pair
    la s4, interrupts
    li s2, 40
    li t0, 1
    sw t0, 0(s4)
section:
    lw s3, 0(s4)
    sw zero, 0(s4)
    lw t0, 0(s1)
    addi t0, t0, 1
    sw t0, 0(s1)
    sw t0, 4(s1)
    sw s3, 0(s4)
    addi s2, s2, -1
    bnez s2, section
    sw zero, 0(s4)

${patchCode}    # ---- the process: its registers are 0, and traps are enabled in it
    la a0, context
    li t0, ${leakyUserBase}
    sw t0, 128(a0)
    li t0, 0x20
    sw t0, 136(a0)
    hypercall RETURN

${patchedRoutine}    # ---- traps: sp is at a frame with all registers, pc at 128, cause at 132
    .align 2
trap_entry:
    lw t0, 132(sp)
    bltz t0, tick
    li t1, 8
    beq t0, t1, all_done
${panic}tick:
    # A tick in the kernel: half of an update must never show.
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
    mv a0, sp
    hypercall RETURN

    # ---- the process has called the kernel: print, sleep, and switch off
all_done:
    lw s1, 40(sp)
    la sp, kernel_stack_top
    la a3, text
    mv a0, s1
    call put_hex
    la s0, results
    lw a0, 0(s0)
    call put_hex
    lw a0, 4(s0)
    call put_hex
    la a0, text
    sub a1, a3, a0
    hypercall CONSOLE_WRITE
    checkpoint 3

    la s0, ticks
    sw zero, 0(s0)
    next_tick
    la s4, interrupts
    li t0, 1
    sw t0, 0(s4)
1:  hypercall WAIT
    lw t1, 0(s0)
    li t2, 2
    blt t1, t2, 1b
    sw zero, 0(s4)
    la a0, beliefs
    hypercall GET_STATE
    li a0, -1
    hypercall SET_TIMER
    checkpoint 4
${powerOff}
    # Puts a number and the end of a line at a3, which moves on.
put_hex:
    li t1, 28
1:  srl t2, a0, t1
    andi t2, t2, 15
    li t3, 10
    blt t2, t3, 2f
    addi t2, t2, 'a' - '0' - 10
2:  addi t2, t2, '0'
    sb t2, 0(a3)
    addi a3, a3, 1
    addi t1, t1, -4
    bgez t1, 1b
    li t2, '\\n'
    sb t2, 0(a3)
    addi a3, a3, 1
    ret

${processAndData}    .align 4
interrupts: .word 0
text: .space 64
updates: .space 256 * 8
    .align 4
volatile_begin:
ticks: .word 0
    .align 4
context: .space 144
    .space 512
kernel_stack_top:
volatile_end:
`;

/** Its machine code. */
export const paravirtualProgram = assembledOnce('paravirtualized guest', paravirtualGuestSource);
