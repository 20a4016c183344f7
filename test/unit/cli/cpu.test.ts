import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble } from '../../../src/engine/cpu/assembler/assembler.ts';
import { elfFile } from '../cpu/elfFile.ts';
import { temporaryFolder, trapframe } from './terminal.ts';

describe('trapframe cpu run', () => {
  const folder = temporaryFolder();
  const program = async (source: string): Promise<void> => {
    const assembly = assemble(`${source}\n.data\n.align 6\ntohost: .dword 0\nfromhost: .dword 0`);
    assert.ok(assembly.ok, JSON.stringify(assembly));
    const { bytes, base, symbols } = assembly.value;
    const file = elfFile(bytes, base, { tohost: symbols.get('tohost')!, fromhost: symbols.get('fromhost')! });
    await writeFile(join(folder(), 'program'), file);
  };
  const run = (...options: string[]) => trapframe(folder(), 'cpu', 'run', 'program', ...options);
  /** The end of a test of riscv-tests: the number that stands in gp. */
  const report = 'la t0, tohost\n1: sw gp, 0(t0)\n sw zero, 4(t0)\n j 1b';

  it('ends with 0 when the program reports a pass', async () => {
    await program(`li gp, 1\n${report}`);
    assert.deepEqual(await run(), { code: 0, out: 'program: passed after 68 instructions', err: '' });
  });

  it('ends with 1 and the number of the test that failed', async () => {
    await program(`li gp, (7 << 1) | 1\n${report}`);
    const { code, out } = await run();
    assert.deepEqual([code, out], [1, 'program: failed: test 7, after 68 instructions']);
  });

  it('prints what the program sends to the console, whichever half of the word comes first', async () => {
    const send = (char: string, order: string) =>
      `1: lw t2, 0(t0)\n lw t3, 4(t0)\n or t2, t2, t3\n bnez t2, 1b\n li t1, '${char}'\n li t2, 0x01010000\n ${order}`;
    await program(
      `la t0, tohost\n ${send('H', 'sw t1, 0(t0)\n sw t2, 4(t0)')}\n ${send('i', 'sw t2, 4(t0)\n sw t1, 0(t0)')}
       1: lw t2, 4(t0)\n bnez t2, 1b\n li gp, 1\n ${report.replaceAll('1b', '2f').replace('1:', '2:').replace('j 2f', 'j 2b')}`,
    );
    const { code, out } = await run();
    assert.deepEqual([code, out.split('\n')[0]], [0, 'Hi']);
  });

  it('says why a program did not end', async () => {
    await program('1: j 1b');
    assert.match(
      (await run('--max-instructions', '1000')).out,
      /did not finish in 1000 instructions; it was at 0x80000000/,
    );
    await program('csrwi mie, 0\n wfi');
    assert.match((await run()).out, /waits for ever/);
    await program('csrw mtvec, zero\n ecall');
    const looping = await run();
    assert.equal(looping.code, 1);
    assert.match(
      looping.out,
      /traps for ever: the handler at 0x00000000 itself raises "instruction access fault"/,
    );
    await program('la t0, tohost\n li t1, 0x100\n sw t1, 0(t0)\n1: j 1b');
    assert.equal((await run()).code, 2);
  });

  it('refuses bad input with 2, and says what it is', async () => {
    await writeFile(join(folder(), 'program'), 'no program');
    assert.deepEqual(await run(), {
      code: 2,
      out: '',
      err: 'trapframe: program: This is no ELF file: it does not begin with the bytes 7f 45 4c 46.',
    });
    assert.match((await trapframe(folder(), 'cpu', 'run', 'nowhere')).err, /there is no such file/);
    assert.match((await trapframe(folder(), 'cpu', 'walk')).err, /"walk" is nothing that cpu does/);
    await program('nop');
    assert.match((await run('--max-instructions', '0')).err, /but must be a whole number from 1 on/);
    assert.match((await run('--misaligned', 'maybe')).err, /hardware, trap/);
  });
});
