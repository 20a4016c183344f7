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
      /traps for ever, after 1003 instructions: instruction access fault at 0x00000000, 1001 times in a row\. .*It was entered for: environment call from M-mode at 0x80000004, ecall\.$/,
    );
    await program('.half 0x450d, 0x8082');
    assert.match(
      (await run()).out,
      /It was entered for: illegal instruction at 0x80000000, 0x450d: data, or a compressed instruction, which this machine does not know\.$/,
    );
    await program('la t0, tohost\n li t1, 0x100\n sw t1, 0(t0)\n1: j 1b');
    assert.equal((await run()).code, 2);
  });

  it('refuses bad input with 2, and says what it is', async () => {
    await writeFile(join(folder(), 'program'), 'no program');
    assert.deepEqual(await run(), {
      code: 2,
      out: '',
      err: 'trapframe: program: This is no ELF file: it does not begin with the bytes 7f 45 4c 46. Give the program that ld made, for example one of riscv-tests.',
    });
    assert.match((await trapframe(folder(), 'cpu', 'run', 'nowhere')).err, /there is no such file/);
    assert.match((await trapframe(folder(), 'cpu', 'walk')).err, /"walk" is nothing that cpu does/);
    await program('nop');
    assert.match((await run('--max-instructions', '0')).err, /but must be a whole number from 1 on/);
    assert.match((await run('--misaligned', 'maybe')).err, /hardware, trap/);
  });

  it('says of every damaged program in one line what is wrong, and ends with 2', async () => {
    const bytes = Uint8Array.of(0x13, 0, 0, 0, 0x6f, 0, 0, 0);
    const sound = (): Uint8Array => elfFile(bytes, 0x8000_0000, { tohost: 0x8000_0004 });
    const changed = (at: number, ...values: number[]): Uint8Array => {
      const file = sound();
      file.set(values, at);
      return file;
    };
    const header = 52;
    const most = [0xff, 0xff, 0xff, 0xff];
    const damaged: [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /^This is no ELF file: it is empty\./],
      [sound().subarray(0, 20), /^The file is cut off: the ELF header/],
      [sound().subarray(0, 70), /^The file is cut off: program header 0/],
      [changed(4, 2), /^This is a 64-bit program; .* Compile it with/],
      [changed(5, 2), /^The program is big-endian/],
      [changed(18, 3), /^The program is for another processor \(ELF machine 3\)/],
      [changed(24, 0, 0, 0, 0x40), /^The entry point 0x40000000 lies outside of what is loaded\./],
      [
        changed(24, 2),
        /^The entry point 0x80000002 is not a multiple of 4, as if instructions were compressed, .* Compile/,
      ],
      [changed(28, ...most), /^The file is cut off: program header 0/],
      [changed(44, 0, 0), /^The program has no segment to load\./],
      [changed(44, 0xff, 0xff), /^The file claims 65535 program headers/],
      [changed(header + 12, 0, 0, 0, 0), /^Segment 0 belongs at 0x0 to 0x8, but memory is from 0x80000000/],
      [changed(header + 16, ...most), /^Segment 0 has 4294967295 bytes in the file and 8 in memory\./],
      [changed(header + 20, ...most), /^Segment 0 belongs at 0x80000000 to 0x17fffffff, but memory is/],
      [twice(sound()), /^Two segments overlap: both have the byte at 0x80000004\./],
    ];
    for (const [file, message] of damaged) {
      await writeFile(join(folder(), 'program'), file);
      const { code, out, err } = await run();
      assert.deepEqual([code, out, err.includes('\n')], [2, '', false], err);
      const said = err.replace('trapframe: program: ', '');
      assert.match(said, message);
      assert.match(said, / (Compile|Link|Take|Build|Give)\b/, `no next step in: ${said}`);
    }
  });
});

/** A file with its segment twice: the second one four bytes on. */
function twice(file: Uint8Array): Uint8Array {
  const table = file.slice(52, 84);
  const grown = new Uint8Array(file.length + 64);
  grown.set(file);
  grown.set(table, file.length);
  grown.set(table, file.length + 32);
  const view = new DataView(grown.buffer);
  view.setUint32(file.length + 32 + 12, 0x8000_0004, true);
  view.setUint32(28, file.length, true);
  view.setUint16(44, 2, true);
  return grown;
}
