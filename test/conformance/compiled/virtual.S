# Runs work() as a process: in user mode, behind Sv32. Its system call is delegated to supervisor mode, which reports its result.
  .section .text.start
  .globl _start
_start:
  la t0, unexpected_trap
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  # one table: 4 MiB at its own address for the kernel, and the same memory at 0x40000000 for the process
  la t0, root
  li t1, (0x80000000 >> 12 << 10) | 0xcf
  li t2, 2048
  add t2, t2, t0
  sw t1, 0(t2)
  li t1, (0x80000000 >> 12 << 10) | 0xdf
  li t2, 1024
  add t2, t2, t0
  sw t1, 0(t2)
  srli t0, t0, 12
  li t1, 0x80000000
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li t0, 1 << 8
  csrw medeleg, t0
  la t0, from_user
  csrw stvec, t0
  # to user mode
  li t0, 3 << 11
  csrc mstatus, t0
  la t0, user - 0x40000000
  csrw mepc, t0
  mret
user:
  la sp, stack_end
  li a0, 7
  call work
  li a7, 93
  ecall
  .align 2
from_user:
  csrr t1, scause
  addi t1, t1, -8
  bnez t1, 1f
  j report
1: j unexpected_trap
  .data
  .align 12
root: .space 4096
