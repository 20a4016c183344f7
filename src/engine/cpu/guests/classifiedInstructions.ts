import { assemble } from '../assembler/assembler.ts';
import { Hart, mode, ramBase, status, type Mode } from '../machine/hart.ts';
import { run } from '../machine/interpreter.ts';
import { causeName } from '../machine/trapCause.ts';

/** The instructions that are classified, as the assembler reads them. */
export const classifiedInstructions = [
  'add a0, a1, a2',
  'lw a0, 0(a3)',
  'auipc a0, 0',
  'ecall',
  'csrr a0, sstatus',
  'csrci sstatus, 2',
  'csrr a0, stvec',
  'csrw stvec, a1',
  'csrr a0, satp',
  'csrw satp, a1',
  'sret',
  'sfence.vma',
  'wfi',
] as const;

/** What an instruction did in one setting. */
interface Trial {
  /** The trap that it raised, as in `mcause`; undefined when it ran. */
  readonly trap: number | undefined;
  /** What a program sees afterwards: registers. Where it goes on is a change of mode's business. */
  readonly result: string;
  /** Whether mode, configuration or the use of a resource differ afterwards. */
  readonly reconfigures: boolean;
}

/** How an instruction is classified, with the observations that decide. */
export interface Classification {
  readonly instruction: string;
  /** It traps in user mode and not in supervisor mode. */
  readonly privileged: boolean;
  /** When it does not trap it changes mode or resources, or its result varies with the mode or with where the guest lies. */
  readonly sensitive: boolean;
  readonly inUser: string;
  readonly inSupervisor: string;
}

/**
 * Classifies an instruction by running it, after the definitions of Popek and Goldberg (CACM 1974, section 3): in both
 * modes, and under two settings of the machine that differ in all that a VMM chooses for a guest.
 */
export function classify(instruction: string, leaky: boolean): Classification {
  const trials = ([mode.user, mode.supervisor] as const).map((from) =>
    [0, 1].map((setting) => tryOut(instruction, from, setting, leaky)),
  );
  const [user, supervisor] = trials as [Trial[], Trial[]];
  const ran = [...user, ...supervisor].filter(({ trap }) => trap === undefined);
  const varies = new Set(ran.map(({ result }) => result)).size > 1;
  return {
    instruction,
    privileged:
      user.every(({ trap }) => trap !== undefined) && supervisor.every(({ trap }) => trap === undefined),
    sensitive: ran.some(({ reconfigures }) => reconfigures) || varies,
    inUser: saySeen(user),
    inSupervisor: saySeen(supervisor),
  };
}

function saySeen(trials: readonly Trial[]): string {
  const [first, second] = trials as [Trial, Trial];
  if (first.trap !== undefined) return `traps: ${causeName(first.trap)}`;
  if (first.reconfigures) return 'runs, and changes mode, configuration or the use of a resource';
  return first.result === second.result
    ? 'runs, and does the same whatever the configuration'
    : 'runs, and its result shows the configuration of the real machine';
}

function tryOut(instruction: string, from: Mode, setting: number, leaky: boolean): Trial {
  const hart = new Hart({ ramBytes: 8192, misaligned: 'hardware', leaky });
  const assembly = assemble(instruction);
  if (!assembly.ok) throw new Error(`${instruction}: ${assembly.problems[0]!.message}`);
  hart.ram8.set(assembly.value.bytes);
  hart.pmp.writeAddress(0, -1);
  hart.pmp.writeConfig(0, 0x1f);
  hart.exitOnTrap = true;
  hart.mode = from;
  // All that a VMM would choose for where and how a guest runs. `satp` stays in mode Bare: only its base differs.
  const base = setting === 0 ? 0x100 : 0x200;
  hart.mstatus = setting === 0 ? status.sie | status.spie | status.spp : status.spie;
  hart.satp = base;
  hart.stvec = ramBase + base;
  hart.sscratch = base;
  hart.sepc = ramBase + 64;
  hart.x[11] = 0x300;
  hart.x[12] = 5;
  hart.x[13] = ramBase + 4096;
  hart.ram32[1024] = 77;
  // A translation that is cached, so that forgetting it shows.
  hart.readTag[0] = 1;
  const before = configuration(hart);
  const stop = run(hart, 1);
  const trap = stop === 'trap' ? hart.exitCause : undefined;
  const waits = stop === 'stalled';
  return {
    trap,
    result: hart.x.join(' '),
    reconfigures: trap === undefined && (waits || configuration(hart) !== before),
  };
}

const configuration = (hart: Hart): string =>
  [hart.mode, hart.mstatus, hart.satp, hart.stvec, hart.sscratch, hart.mie, hart.readTag[0]].join(' ');
