# Runs work() in machine mode, on bare memory, and reports its result by tohost.
  .section .text.start
  .globl _start
_start:
  la sp, stack_end
  la t0, trap
  csrw mtvec, t0
  li a0, 7
  call work
  slli t1, a0, 1
  ori t1, t1, 1
  j finish
  .align 2
trap:
  csrr t1, mcause
  slli t1, t1, 1
  ori t1, t1, 1
finish:
  la t0, tohost
  sw t1, 0(t0)
  sw zero, 4(t0)
1: j 1b
  .bss
  .align 4
  .space 16384
stack_end:
  .data
  .align 6
  .globl tohost, fromhost
  .type tohost, @object
  .size tohost, 8
tohost: .dword 0
  .align 6
  .type fromhost, @object
  .size fromhost, 8
fromhost: .dword 0
