import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type Assembled } from '../../src/engine/cpu/assembler/assembler.ts';
import { runBareMetal, supervisorMachine, type BareRun } from '../../src/engine/cpu/guests/bareMetal.ts';
import { readElf } from '../../src/engine/cpu/machine/elf.ts';
import { GuestModeHost } from '../../src/engine/cpu/hardwareAssist/guestModeHost.ts';
import { hypervisorPolicies } from '../../src/engine/cpu/hardwareAssist/hypervisorPolicy.ts';
import { referenceHypervisor } from '../../src/engine/cpu/hardwareAssist/referenceHypervisor.ts';
import { guestDevices } from '../../src/engine/cpu/guests/guestDevices.ts';
import { guestKernel, guestRamBytes } from '../../src/engine/cpu/guests/guestKernel.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';
import { referenceVmm } from '../../src/engine/cpu/vmm/referenceVmm.ts';
import { runProgram } from '../../src/engine/cpu/machine/testProgram.ts';
import { VirtualMachineHost } from '../../src/engine/cpu/vmm/virtualMachine.ts';
import { vmmEvents } from '../../src/engine/cpu/vmm/vmmEvents.ts';
import { vmmPolicies } from '../../src/engine/cpu/vmm/vmmPolicy.ts';
import { submissionOf } from '../../src/engine/kernel/scenario.ts';
import { Trace } from '../../src/engine/kernel/trace.ts';
import { elfFile } from '../unit/cpu/elfFile.ts';
import { inTurns, type Bench, type BenchRow } from './bench.ts';

/** The guest kernel with much work: paging, two processes, a timer interrupt every 5000 instructions. */
const program = guestKernel({ quantumTicks: 5000, rounds: 150_000, seed: 7 });
const limit = 100_000_000;

const seconds = (work: () => void): number => {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1000;
};

function bareMetal(hook: boolean): { readonly instructions: number; readonly seconds: number } {
  const hart = supervisorMachine(guestRamBytes);
  hart.ram8.set(program.bytes);
  hart.pc = program.base;
  const ends: number[] = [];
  const ignore = (): void => undefined;
  hart.devices.push(
    ...guestDevices({ send: ignore, checkpoint: ignore, halt: (code) => void ends.push(code) }),
  );
  let pcs = 0;
  if (hook) hart.onInstruction = (pc) => void (pcs = (pcs + pc) | 0);
  hart.onTrap = ignore;
  const took = seconds(() => {
    while (ends.length === 0) run(hart, 1_000_000);
  });
  return { instructions: hart.cycle, seconds: took };
}

const machineOf = (bare: BareRun, guest = program) => ({
  guests: [{ program: guest, bare }],
  guestBytes: guestRamBytes,
  hostBytes: 2 * guestRamBytes,
  timerBound: 5000,
  leaky: false,
  stepBudget: limit,
});
const refuse = (): never => {
  throw new Error('The reference was refused.');
};

function underVmm(bare: BareRun): number {
  const host = new VirtualMachineHost(machineOf(bare), new Trace(vmmEvents), refuse);
  const { vmm } = submissionOf(vmmPolicies, { vmm: referenceVmm }).start({ vmm: host.calls });
  return bare.instructions / seconds(() => host.run(vmm)) / 1e6;
}

function inGuestMode(bare: BareRun): number {
  const host = new GuestModeHost(machineOf(bare), new Trace(vmmEvents), refuse);
  const policies = submissionOf(hypervisorPolicies, { hypervisor: referenceHypervisor });
  const { hypervisor } = policies.start({ hypervisor: host.calls });
  return bare.instructions / seconds(() => host.run(hypervisor)) / 1e6;
}

/** A loop that QEMU and this machine run alike; then it switches the machine off. */
const loop = (rounds: number): string => `
loop:
    li t0, ${rounds}
    li a0, 1
1:  slli a1, a0, 13
    xor a0, a0, a1
    srli a1, a0, 17
    xor a0, a0, a1
    addi t0, t0, -1
    bnez t0, 1b
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
2:  j 2b
`;

/** What a hypervisor does on QEMU before its guest, the loop, runs in VS-mode: memory and devices at their own addresses, by hgatp. */
const intoGuestMode = `
    li t0, -1
    csrw pmpaddr0, t0
    csrwi pmpcfg0, 0x1f
    la s0, second_stage
    li t0, (0x80000000 >> 12 << 10) | 0xdf
    li t1, 512 * 4
    add t1, t1, s0
    sw t0, 0(t1)
    li t0, 0xdf
    sw t0, 0(s0)
    srli t0, s0, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw 0x680, t0 # hgatp
    .word 0x62000073 # hfence.gvma
    li t0, 1 << 11
    csrw mstatus, t0
    li t0, 1 << 7
    csrw mstatush, t0
    la t0, loop
    csrw mepc, t0
    mret
    .data
    .align 14
second_stage:
    .space 16384
    .text
`;

function assembledLoop(source: string): Assembled {
  const assembly = assemble(source);
  if (!assembly.ok) throw new Error(`The loop does not assemble: ${JSON.stringify(assembly.problems[0])}`);
  return assembly.value;
}

const loopFile = (source: string): Uint8Array => {
  const { bytes, base } = assembledLoop(source);
  return elfFile(bytes, base);
};

function loopOnBareMetal(rounds: number): number {
  const reading = readElf(loopFile(loop(rounds)), 1 << 20);
  if (!reading.ok) throw new Error(reading.error);
  const options = { ramBytes: 1 << 20, misaligned: 'hardware', maxInstructions: 1e9 } as const;
  return seconds(() => runProgram(reading.value, options));
}

function loopInGuestMode(rounds: number): number {
  const own = assembledLoop(loop(rounds));
  const bare = runBareMetal(own, guestRamBytes, limit * 10);
  const options = { ...machineOf(bare, own), timerBound: 1e6, stepBudget: limit * 10 };
  const host = new GuestModeHost(options, new Trace(vmmEvents), refuse);
  const policies = submissionOf(hypervisorPolicies, { hypervisor: referenceHypervisor });
  const { hypervisor } = policies.start({ hypervisor: host.calls });
  return seconds(() => host.run(hypervisor));
}

/** A loop in seconds here, beside ten times as many rounds on QEMU. @param before what QEMU's file has before the loop */
function besideQemu(where: string, cpu: string, before: string, here: (rounds: number) => number): BenchRow {
  const what = `QEMU, the same loop ${where}: times as fast as the interpreter`;
  const qemu = 'qemu-system-riscv32';
  if (spawnSync(qemu, ['--version']).status !== 0)
    return { what, value: undefined, unit: '×', note: `${qemu} is not installed` };
  const rounds = 20_000_000;
  const ours = here(rounds);
  const folder = mkdtempSync(join(tmpdir(), 'trapframe-bench-'));
  const image = join(folder, 'loop');
  const options = `-M virt -cpu ${cpu} -bios none -display none -monitor none -serial null -kernel`;
  try {
    const onQemu = (times: number): number => {
      writeFileSync(image, loopFile(before + loop(times)));
      return seconds(() => {
        const { status } = spawnSync(qemu, [...options.split(' '), image], { timeout: 120_000 });
        if (status !== 0) throw new Error(`${qemu} did not end the loop ${where}.`);
      });
    };
    const start = onQemu(1);
    return {
      what,
      value: (ours / (onQemu(10 * rounds) - start)) * 10,
      unit: '×',
      note: 'a loop of 2 · 10^8 rounds there, its start subtracted',
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = {
  name: 'RISC-V machine',
  async *run() {
    const bare = runBareMetal(program, guestRamBytes, limit);
    const mips = (hook: boolean): number => {
      const { instructions, seconds: took } = bareMetal(hook);
      return instructions / took / 1e6;
    };
    const measured = inTurns({
      plain: () => mips(false),
      hooked: () => mips(true),
      vmm: () => underVmm(bare),
      guestMode: () => inGuestMode(bare),
    });
    yield* [
      {
        what: 'guest kernel on bare metal, with paging, traps and a trace hook',
        value: measured.hooked,
        unit: 'MIPS',
        atLeast: 50,
      },
      { what: 'the same without the hook', value: measured.plain, unit: 'MIPS' },
      { what: 'the same under the reference VMM', value: measured.vmm, unit: 'MIPS' },
      {
        what: 'the same in guest mode, under the reference hypervisor',
        value: measured.guestMode,
        unit: 'MIPS',
      },
      besideQemu('on bare metal', 'rv32', '', loopOnBareMetal),
      besideQemu('in guest mode', 'rv32,h=true', intoGuestMode, loopInGuestMode),
    ];
  },
};
