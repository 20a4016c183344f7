/**
 * What the leaky processor does in user mode instead of trapping, and the instructions of the x86 that it stands for, all of which are on
 * the list of sensitive, unprivileged instructions in J. S. Robin and C. E. Irvine, "Analysis of the Intel Pentium's Ability to Support a
 * Secure Virtual Machine Monitor", USENIX Security 2000, section 3.
 */
export interface Leak {
  /** As the assembler reads it. */
  readonly instruction: string;
  readonly x86: readonly string[];
  /** What happens in user mode. */
  readonly effect: string;
  /** What goes wrong for a guest kernel. */
  readonly harm: string;
}

export const leaks: readonly Leak[] = [
  {
    instruction: 'csrr rd, sstatus',
    x86: ['PUSHF', 'SMSW'],
    effect: 'reads the real status register',
    harm: 'The kernel sees the VMM’s flags: it finds interrupts masked that it has enabled.',
  },
  {
    instruction: 'csrw sstatus, rs1',
    x86: ['POPF'],
    effect: 'drops the write',
    harm: 'The kernel masks or enables interrupts, and nothing changes: critical sections are interrupted, or no tick ever comes.',
  },
  {
    instruction: 'csrr rd, stvec',
    x86: ['SIDT'],
    effect: 'reads where the real trap handler is',
    harm: 'The kernel learns that it is not alone, and where the VMM lies.',
  },
  {
    instruction: 'csrr rd, satp',
    x86: ['SGDT', 'STR'],
    effect: 'reads where the real table of translations is',
    harm: 'The kernel follows a table that is not its own.',
  },
  {
    instruction: 'csrr rd, sscratch',
    x86: ['SLDT'],
    effect: 'reads the pointer that the real kernel keeps for itself',
    harm: 'The kernel takes it for its own, and saves registers in the wrong place.',
  },
];

/** The rest of the list, which has no counterpart here, and why. */
export const notModelled: readonly { readonly x86: readonly string[]; readonly because: string }[] = [
  {
    x86: ['LAR', 'LSL', 'VERR', 'VERW'],
    because: 'they look into segment descriptors, and RISC-V has no segments',
  },
  {
    x86: ['CALL', 'JMP', 'INT', 'RET', 'POP', 'PUSH', 'MOV'],
    because:
      'they load or show segment registers and call gates, whose low bits hold the privilege level; RISC-V shows no level to programs',
  },
];
