# A kernel for one process, under a VMM that it knows of.
    .equ UART, 0x10000000
    .equ TEST, 0x00100000
    .equ WINDOW, 0x50000000

    .macro checkpoint number
    li t0, TEST
    li t1, \number
    sw t1, 4(t0)
    .endm

    .equ SET_TRAPS, 1
    .equ SHARE_FLAG, 2
    .equ SET_TABLE, 3
    .equ UPDATE_TABLES, 4
    .equ CONSOLE_WRITE, 5
    .equ SET_TIMER, 6
    .equ WAIT, 7
    .equ RETURN, 8
    .equ GET_STATE, 9

    # Of the registers only a0 and a7 change.
    .macro hypercall number
    li a7, \number
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

    # The kernel and the devices lie at their own addresses, in pages of 4 MiB.
    la s0, root
    li t0, (0x80000000 >> 12 << 10) | 0xcf
    li t1, 512 * 4
    add t1, t1, s0
    sw t0, 0(t1)
    li t0, (UART >> 12 << 10) | 0xc7
    sw t0, 64 * 4(s0)
    li t0, 0xc7
    sw t0, 0(s0)
    # The process has a page of code. The window is empty as yet.
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

    la a0, root
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
    # Look at each page once.
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

    # ---- a section that must not be interrupted, again and again
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

    # ---- code that is patched: the second instruction of step, at last the first
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

    # ---- the process: its registers are 0, and traps are enabled in it
    la a0, context
    li t0, 1073741824
    sw t0, 128(a0)
    li t0, 0x20
    sw t0, 136(a0)
    hypercall RETURN

step:
    addi a0, a0, 0
    addi a0, a0, 0
    lw a1, calls
    addi a1, a1, 1
    la a2, calls
    sw a1, 0(a2)
    ret
calls:
    .word 0

    # ---- traps: sp is at a frame with all registers, pc at 128, cause at 132
    .align 2
trap_entry:
    lw t0, 132(sp)
    bltz t0, tick
    li t1, 8
    beq t0, t1, all_done
panic:
    li t0, TEST
    li t1, 0x13333
    sw t1, 0(t0)
    j panic
tick:
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
    la s1, beliefs
    csrr t0, sstatus
    sw t0, 0(s1)
    li a0, -1
    hypercall SET_TIMER
    checkpoint 4
    li t0, TEST
    li t1, 0x5555
    sw t1, 0(t0)
1:  j 1b

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
    li t2, '\n'
    sb t2, 0(a3)
    addi a3, a3, 1
    ret

    # ---- what the process runs: directly, whatever is done to the kernel
    .align 12
user_code:
    lw s2, rounds
    lw s3, seed
1:  slli t0, s3, 13
    xor s3, s3, t0
    srli t0, s3, 17
    xor s3, s3, t0
    slli t0, s3, 5
    xor s3, s3, t0
    addi s2, s2, -1
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
    .align 4
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
