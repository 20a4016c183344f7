import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readElf } from '../../../src/engine/cpu/machine/elf.ts';
import { runProgram, sayEnd } from '../../../src/engine/cpu/machine/testProgram.ts';
import { elfFile } from './elfFile.ts';

const ram = 1 << 20;
const program = (): Uint8Array =>
  elfFile(Uint8Array.of(0x13, 0, 0, 0, 1, 2, 3, 4), 0x8000_0000, { tohost: 0x8000_0004 });
const errorOf = (file: Uint8Array): string => {
  const reading = readElf(file, ram);
  assert.ok(!reading.ok, 'it was read');
  return reading.error;
};
const changed = (at: number, ...bytes: number[]): Uint8Array => {
  const file = program();
  file.set(bytes, at);
  return file;
};

describe('ELF files', () => {
  it('give segments, entry and symbols', () => {
    const reading = readElf(program(), ram);
    assert.ok(reading.ok, JSON.stringify(reading));
    assert.equal(reading.value.entry, 0x8000_0000);
    assert.equal(reading.value.symbols.get('tohost'), 0x8000_0004);
    assert.deepEqual([...reading.value.segments[0]!.bytes], [0x13, 0, 0, 0, 1, 2, 3, 4]);
  });

  it('are refused in words when they are something else', () => {
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /no ELF file/],
      [new TextEncoder().encode('#!/bin/sh\n'), /no ELF file/],
      [program().subarray(0, 30), /cut off: the ELF header/],
      [program().subarray(0, 90), /cut off: segment 0/],
      [changed(4, 2), /64-bit program/],
      [changed(5, 2), /big-endian/],
      [changed(18, 62), /another processor \(ELF machine 62\)/],
      [changed(16, 1), /object file/],
      [changed(16, 3), /ELF type is 3/],
      [changed(24, 2), /not a multiple of 4/],
      [changed(27, 0x70), /entry point 0x70000000 lies outside/],
      [changed(52 + 15, 0x10), /belongs at 0x10000000/],
      [changed(52 + 20, 4), /8 bytes in the file and 4 in memory/],
      [changed(44, 0), /no segment to load/],
      [changed(52 + 4, 0xff, 0xff, 0xff, 0xff), /cut off: segment 0/],
    ];
    for (const [file, message] of cases) assert.match(errorOf(file), message);
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(260), fc.nat(255)), { maxLength: 12 }),
        fc.nat(300),
        (changes, length) => {
          const file = program();
          for (const [at, byte] of changes) if (at < file.length) file[at] = byte;
          readElf(file.subarray(0, length), ram);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are read or refused in one line, cut off anywhere and with any byte changed, and what is read runs to a verdict', () => {
    const sound = program();
    const files = [
      ...Array.from(sound, (_, length) => sound.subarray(0, length)),
      ...Array.from(sound, (byte, at) =>
        [0, 0x7f, 0xff, byte ^ 0x80, byte ^ 1].map((value) => changed(at, value)),
      ).flat(),
    ];
    for (const file of files) {
      const reading = readElf(file, 1 << 16);
      if (!reading.ok) {
        assert.match(reading.error, /^[A-Z].*\. (Compile|Link|Build|Give) .+\.$/);
        continue;
      }
      const { end, instructions } = runProgram(reading.value, {
        ramBytes: 1 << 16,
        misaligned: 'hardware',
        maxInstructions: 200,
      });
      assert.match(sayEnd(end, instructions), /^.+$/);
    }
  });
});
