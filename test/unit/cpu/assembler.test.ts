import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assemble } from '../../../src/engine/cpu/assembler/assembler.ts';
import { decode, disassemble } from '../../../src/engine/cpu/machine/decode.ts';
import { instructions } from '../../../src/engine/cpu/machine/instructionSet.ts';

function wordsOf(source: string): number[] {
  const assembly = assemble(source);
  assert.ok(assembly.ok, JSON.stringify(assembly));
  const { bytes } = assembly.value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(4 * index, true));
}
const problemsOf = (source: string): string[] => {
  const assembly = assemble(source);
  assert.ok(!assembly.ok, 'it assembles');
  return assembly.problems.map(
    ({ line, column, message, suggestion }) =>
      `${line}:${column} ${message}${suggestion === undefined ? '' : ` ${suggestion}`}`,
  );
};
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/** A legal word of an instruction: its fixed bits, and any others, except for those that its text does not show. */
const anyWord = fc.constantFrom(...instructions).chain(({ match, mask, format }) =>
  fc.integer({ min: 0, max: 0xffff_ffff }).map((random) => {
    if (format === 'fence') return match === 0x0f ? 0x0ff0000f : match;
    return ((random & ~mask) | match) >>> 0;
  }),
);

describe('assembler and disassembler', () => {
  it('undo each other, for every instruction', () => {
    fc.assert(
      fc.property(anyWord, (word) => {
        const text = disassemble(word, 0x8000_0000);
        assert.ok(!text.startsWith('.word'), text);
        assert.deepEqual(wordsOf(text).map(hex), [hex(word)], text);
      }),
      { numRuns: 2000 },
    );
  });

  it('show a word that is no instruction as data', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (word) => {
        const text = disassemble(word, 0x8000_0000);
        if (decode(word) !== undefined) return;
        assert.deepEqual(wordsOf(text).map(hex), [hex(word)]);
      }),
    );
  });

  it('load every constant with li', () => {
    const known: [value: number, words: string[]][] = [
      [0, ['00000513']],
      [-1, ['fff00513']],
      [2047, ['7ff00513']],
      [2048, ['00001537', '80050513']],
      [0x1000, ['00001537']],
      [0x8000_0000, ['80000537']],
      [0x1234_5678, ['12345537', '67850513']],
    ];
    for (const [value, words] of known)
      assert.deepEqual(wordsOf(`li a0, ${value}`).map(hex), words, String(value));
  });

  it('place labels, data and constants', () => {
    const assembly = assemble(`
      .equ size, 3
      .text
start: la a0, message     # the address
1:    bnez a0, 1b
      j 1f
      nop
1:    ret
      .data
message: .asciz "hi"
      .align 2
numbers: .word start, size * 4, 'A', -1
      .byte 1, 2
`);
    assert.ok(assembly.ok, JSON.stringify(assembly));
    const { symbols, bytes, base, lines } = assembly.value;
    assert.equal(symbols.get('start'), base);
    assert.equal(symbols.get('message'), base + 24);
    assert.equal(symbols.get('numbers'), base + 28);
    assert.deepEqual([...bytes.subarray(24, 28)], [0x68, 0x69, 0, 0]);
    const view = new DataView(bytes.buffer);
    assert.deepEqual(
      [28, 32, 36, 40].map((at) => view.getInt32(at, true)),
      [base | 0, 12, 65, -1],
    );
    assert.equal(lines.get(base + 12), 6);
    // bne a0, zero, to itself
    assert.equal(hex(view.getUint32(8, true)), '00051063');
  });

  it('expand macros, repetition and conditions', () => {
    const words = wordsOf(`
      .macro push register, by=4
      addi sp, sp, -\\by
      sw \\register, 0(sp)
      .endm
      .equ debug, 0
      push ra
      push s0, 8
      .rept 2
      nop
      .endr
      .irp r, 5, 6
      mv x\\r, zero
      .endr
      .if debug
      ebreak
      .else
      wfi
      .endif
    `);
    assert.deepEqual(words.map(hex), [
      'ffc10113',
      '00112023',
      'ff810113',
      '00812023',
      '00000013',
      '00000013',
      '00000293',
      '00000313',
      '10500073',
    ]);
  });

  it('say what is wrong, and where', () => {
    assert.deepEqual(
      problemsOf(
        [
          'start: adi a0, a0, 1',
          '  addi a0, a0, 5000',
          '  lw a0, 4[sp]',
          '  csrr a0, sstatsu',
          '  j nowhere',
          '  add a0, a1',
          '  mv a0, q7',
          'start: nop',
          '  .wrod 1',
          '  li a0, 0x1ffffffff',
          '  .byte 256',
        ].join('\n'),
      ),
      [
        '1:8 There is no instruction "adi" on this machine (RV32IMA). Did you mean addi?',
        '2:16 5000 does not fit into 12 bits: an immediate here is from -2048 to 2047. Load it into a register with li.',
        '3:10 An address was expected, but here stands "4[sp]". Write it as offset(register), such as 8(sp).',
        '4:12 There is no CSR "sstatsu" on this machine. Did you mean sstatus?',
        '5:5 "nowhere" is defined nowhere.',
        '6:11 add takes 3 operands, but 2 are given. Write add rd, rs1, rs2.',
        '7:10 A register was expected, but here stands "q7". Registers: zero, ra, sp, a0 … a7, t0 …, s0 …, x0 … x31.',
        '8:1 "start" is already defined. Give one of the two another name.',
        '9:3 The directive .wrod is not known. Did you mean .word?',
        '10:10 8589934591 does not fit into 32 bits.',
        '11:9 256 does not fit into 1 bytes.',
      ],
    );
  });

  it('refuse blocks that do not end, and macros that do not', () => {
    assert.deepEqual(problemsOf('.macro twice\nnop'), ['1:1 This block is not closed: .endm is missing.']);
    assert.match(
      problemsOf('.macro again\nagain\n.endm\nagain')[0]!,
      /^4:1 The macro again uses itself without end\./,
    );
    assert.deepEqual(problemsOf('.endr'), ['1:1 .endr ends a block that was not begun.']);
  });

  it('never throw, whatever the text', () => {
    const word = fc.constantFrom(
      'li',
      'lw',
      '.word',
      '.macro',
      '.endm',
      'a0',
      '%hi(',
      ')',
      '(',
      '"',
      "'",
      '\\x',
      ':',
      '1:',
      '1b',
      ',',
      '#',
      '0x',
      '-',
      ';',
      'x',
      '=',
      '.if',
      '.rept 3',
      '.endr',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (parts) => {
        assemble(parts.join(' '));
      }),
      { numRuns: 500 },
    );
  });
});
