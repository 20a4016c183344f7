import assert from 'node:assert/strict';
import { assemble, type Assembled } from '../../src/engine/cpu/assembler/assembler.ts';
import { clint } from '../../src/engine/cpu/machine/devices.ts';
import { Hart, ramBase } from '../../src/engine/cpu/machine/hart.ts';
import { run } from '../../src/engine/cpu/machine/interpreter.ts';

/** Assembles a source that must be right. */
export function assembled(source: string): Assembled {
  const assembly = assemble(source);
  assert.ok(assembly.ok, JSON.stringify(assembly));
  return assembly.value;
}

/** A hart with a program in its memory, which ends at `ebreak` in machine mode: every trap there is the embedder's. */
export function hartWith(source: string, options: { readonly misaligned?: 'hardware' | 'trap' } = {}): Hart {
  const hart = new Hart({ ramBytes: 1 << 20, misaligned: options.misaligned ?? 'hardware' });
  hart.devices.push(clint(hart));
  const { bytes } = assembled(source);
  hart.ram8.set(bytes);
  return hart;
}

/** Runs to the program's last label, `done`, which it reaches by `j done` in any mode. */
export function runToDone(source: string, options: { readonly misaligned?: 'hardware' | 'trap' } = {}): Hart {
  const { symbols } = assembled(source);
  const done = symbols.get('done')!;
  const hart = hartWith(source, options);
  for (let step = 0; step < 100_000; step++) {
    if (hart.pc === done) return hart;
    run(hart, 1);
  }
  throw new Error(
    `The program did not reach done; it is at ${hart.pc.toString(16)}, offset ${hart.pc - ramBase}.`,
  );
}
