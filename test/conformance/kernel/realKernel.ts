import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Step } from './simulated.ts';

/** The kernel of this machine, or why sequences can't be run on it. */
export type RealKernel =
  | {
      readonly kind: 'available';
      /** What root may do here at most: CapBnd of this process. */
      readonly bounding: bigint;
      run(sequences: readonly (readonly Step[])[]): readonly (readonly Answer[])[];
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Looks for what the runs need: Linux, root, namespaces, Python, and a C compiler for the program that is executed. */
export function realKernel(): RealKernel {
  const unavailable = (reason: string): RealKernel => ({ kind: 'unavailable', reason });
  if (process.platform !== 'linux') return unavailable('this is no Linux');
  if (process.getuid?.() !== 0) return unavailable('it takes root');
  const folder = mkdtempSync(join(tmpdir(), 'trapframe-kernel-'));
  const program = join(folder, 'showCredentials');
  const source = join(import.meta.dirname, 'showCredentials.c');
  const compiled = spawnSync('cc', ['-static', '-O1', '-o', program, source], { encoding: 'utf8' });
  if (compiled.status !== 0) return unavailable('no C compiler makes static programs here');
  const run = (sequences: readonly (readonly Step[])[]): readonly unknown[] => {
    const result = spawnSync('python3', [join(import.meta.dirname, 'realKernel.py'), program], {
      input: sequences.map((sequence) => `${JSON.stringify(sequence)}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    return result.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  };
  const [first] = run([[{ by: 'p1', call: 'getpid' }]]);
  if (!Array.isArray(first)) return unavailable(`namespaces can't be made here: ${JSON.stringify(first)}`);
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    kind: 'available',
    bounding: BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)![1]!}`),
    run: (sequences) => run(sequences) as (readonly Answer[])[],
  };
}
