import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../src/engine/cpu/assembler/assembler.ts';
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

const machineOf = (bare: BareRun) => ({
  guests: [{ program, bare }],
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

/** A loop that QEMU and this machine run alike. */
function loopFile(rounds: number): Uint8Array {
  const assembly = assemble(`
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
2:  j 2b`);
  if (!assembly.ok) throw new Error('The loop does not assemble.');
  return elfFile(assembly.value.bytes, assembly.value.base);
}

function besideQemu(): BenchRow {
  const what = 'QEMU, the same loop: times as fast as the interpreter';
  const qemu = 'qemu-system-riscv32';
  if (spawnSync(qemu, ['--version']).status !== 0)
    return { what, value: undefined, unit: '×', note: `${qemu} is not installed` };
  const rounds = 20_000_000;
  const reading = readElf(loopFile(rounds), 1 << 20);
  if (!reading.ok) throw new Error(reading.error);
  const options = { ramBytes: 1 << 20, misaligned: 'hardware', maxInstructions: 1e9 } as const;
  const ours = seconds(() => runProgram(reading.value, options));
  const folder = mkdtempSync(join(tmpdir(), 'trapframe-bench-'));
  try {
    const onQemu = (times: number): number => {
      writeFileSync(join(folder, 'loop'), loopFile(times));
      return seconds(() =>
        spawnSync(qemu, [
          '-M',
          'virt',
          '-bios',
          'none',
          '-kernel',
          join(folder, 'loop'),
          '-display',
          'none',
          '-monitor',
          'none',
          '-serial',
          'null',
        ]),
      );
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
  run() {
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
    return Promise.resolve([
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
      besideQemu(),
    ]);
  },
};
