import { assemble, type Assembled } from '../assembler/assembler.ts';

// What kernels here have in common: parts of their source, each of whole lines.

/** Tells the machine outside that the kernel came to a numbered point: a store to the test device. */
export const checkpointMacro = `    .macro checkpoint number
    li t0, TEST
    li t1, \\number
    sw t1, 4(t0)
    .endm

`;

/** Where the console and the test device are. */
export const deviceNames = `    .equ UART, 0x10000000
    .equ TEST, 0x00100000
`;

/** Keeps all registers but the stack pointer in the frame that it points to. */
export const saveRegisters = `    .irp r, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sw x\\r, 4 * \\r(sp)
    .endr
`;

/** Gets them back, and the stack pointer at last, and returns from the trap. */
export const loadRegisters = `    .irp r, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    lw x\\r, 4 * \\r(sp)
    .endr
    lw sp, 8(sp)
    sret
`;

/** What must not happen ends the machine, with a status that is not success. */
export const panic = `panic:
    li t0, TEST
    li t1, 0x13333
    sw t1, 0(t0)
    j panic
`;

/** Prints a0 in hexadecimal, and a line feed. */
export const printHex = `print_hex:
    li t0, UART
    li t1, 28
1:  srl t2, a0, t1
    andi t2, t2, 15
    li t3, 10
    blt t2, t3, 2f
    addi t2, t2, 'a' - '0' - 10
2:  addi t2, t2, '0'
    sb t2, 0(t0)
    addi t1, t1, -4
    bgez t1, 1b
    li t2, '\\n'
    sb t2, 0(t0)
    ret
`;

/** Ends the machine with success. */
export const powerOff = `    li t0, TEST
    li t1, 0x5555
    sw t1, 0(t0)
1:  j 1b
`;

/** Entries of 4 MiB for the kernel and the devices, at their own addresses, in the root table at s0. */
export const mapKernel = `    li t0, (0x80000000 >> 12 << 10) | 0xcf
    li t1, 512 * 4
    add t1, t1, s0
    sw t0, 0(t1)
    li t0, (UART >> 12 << 10) | 0xc7
    sw t0, 64 * 4(s0)
    li t0, 0xc7
    sw t0, 0(s0)
`;

/** The other of two processes, if it lives, else the same again, else the end. */
export const chooseProcess = `schedule:
    la t0, current
    lw t1, 0(t0)
    la t2, alive
    xori t3, t1, 1
    slli t4, t3, 2
    add t4, t4, t2
    lw t4, 0(t4)
    bnez t4, switch
    slli t4, t1, 2
    add t4, t4, t2
    lw t4, 0(t4)
    beqz t4, all_done
`;

/** The frame of the process whose turn it is, and user mode in the status. */
export const resumeProcess = `resume:
    la t0, current
    lw t0, 0(t0)
    li t1, 132
    mul t0, t0, t1
    la sp, frames
    add sp, sp, t0
    csrw sscratch, sp
    lw t0, 128(sp)
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
`;

/** A trap of the kernel itself where there is no memory: it counts, and goes on behind the access. */
export const countProbe = `    la t0, probes
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
`;

/** The next pseudo-random word in s3. Marsaglia, "Xorshift RNGs", 2003 */
export const shuffle = `slli t0, s3, 13
    xor s3, s3, t0
    srli t0, s3, 17
    xor s3, s3, t0
    slli t0, s3, 5
    xor s3, s3, t0
`;

/** A program of the course, assembled once, when it is first asked for. Throws where it does not assemble: that is a bug of ours. */
export function assembledOnce(name: string, source: string): () => Assembled {
  let known: Assembled | undefined;
  return () => {
    if (known !== undefined) return known;
    const assembled = assemble(source);
    if (!assembled.ok)
      throw new Error(`The ${name} does not assemble: ${JSON.stringify(assembled.problems[0])}`);
    known = assembled.value;
    return known;
  };
}

/** A copy of a program with other words at some of its labels. */
export function withWords(program: Assembled, words: Readonly<Record<string, number>>): Assembled {
  const bytes = program.bytes.slice();
  const view = new DataView(bytes.buffer);
  for (const [label, word] of Object.entries(words))
    view.setUint32(program.symbols.get(label)! - program.base, word, true);
  return { ...program, bytes };
}
