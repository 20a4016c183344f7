# Runs work() in machine mode, on bare memory, and reports its result.
  .section .text.start
  .globl _start
_start:
  la sp, stack_end
  la t0, unexpected_trap
  csrw mtvec, t0
  li a0, 7
  call work
  j report
