import assert from 'node:assert/strict';
import { guestDocument } from '../../../src/engine/cpu/paravirtualization/guestDocument.ts';
import { paravirtualGuestSource } from '../../../src/engine/cpu/guests/paravirtualGuest.ts';
import { readDocument } from '../../../src/engine/kernel/document.ts';
import type { AnySubmission } from '../../../src/engine/kernel/policy.ts';
import type { Run } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

const scenario = scenarios['cpu.paravirtual']!;

/** The built-in kernel with a part of its source replaced. */
function changed(part: string, by: string): string {
  assert.ok(paravirtualGuestSource.includes(part), `no ${JSON.stringify(part)}`);
  return paravirtualGuestSource.replace(part, by);
}
function runOf(source: string): Run {
  const reading = readDocument(guestDocument, source);
  assert.ok(reading.ok, JSON.stringify(reading));
  const submission: AnySubmission = { documents: { guest: reading.value }, start: () => ({}) };
  const outcome = scenario.execute({ submission });
  assert.ok(outcome.ok);
  return outcome.run;
}
/** What a run is refused for, and the line of the source. */
function refusal(source: string): string {
  const { end, documents } = runOf(source);
  assert.ok(end.kind === 'refused', end.kind);
  const { place, expected, actual } = end.witness;
  const at = place === undefined ? undefined : documents['guest']!.at(place);
  return `${at === undefined ? '' : `${source.split('\n')[at.line - 1]!.trim()} | `}${expected}; ${actual}`;
}
const violation = (source: string, check: string, args = {}): string | undefined => {
  const run = runOf(source);
  assert.equal(run.end.kind, 'finished', JSON.stringify(run.end));
  const witness = scenario.checks[check]!.violated(run, args);
  return witness === undefined ? undefined : `${witness.expected}; ${witness.actual}`;
};

describe('a hypercall that the VMM cannot do', () => {
  const load = '    la a0, root\n    hypercall SET_TABLE';
  it('has no such number', () => {
    assert.equal(refusal(changed(load, '    hypercall 42')), 'hypercall 42 | a number from 1 to 9 in a7; 42');
  });
  it('names memory that is not the guest’s', () => {
    assert.equal(
      refusal(changed(load, '    li a0, 0x40000000\n    hypercall SET_TABLE')),
      'hypercall SET_TABLE | 4096 bytes of the guest’s memory, from 0x80000000 to 0x8000ffff, at a multiple of 4096; a0 of SET_TABLE is 0x40000000',
    );
    assert.match(refusal(changed('la a0, interrupts', 'la a0, interrupts + 2')), /SHARE_FLAG is 0x8000/);
    assert.match(
      refusal(changed('    sub a1, a3, a0', '    li a0, 0x8000fff0\n    li a1, 20')),
      /20 bytes of the guest’s memory.*a0 of CONSOLE_WRITE/,
    );
  });
  it('is about more than one call may be', () => {
    assert.equal(
      refusal(changed('    sub a1, a3, a0', '    li a1, -1')),
      'hypercall CONSOLE_WRITE | at most 4096 bytes in a1 of CONSOLE_WRITE; -1',
    );
  });
  it('maps a page of somebody else', () => {
    assert.match(
      refusal(
        changed('    la t0, frame\n    srli t0, t0, 2\n    ori t0, t0, 0xc7', '    li t0, 0x20040000 | 0xc7'),
      ),
      /^hypercall UPDATE_TABLES \| page-table entries that lead to the guest’s own memory; entry 0 is 0x200400c7, which leads to 0x80100000$/,
    );
  });
  it('waits for a tick that nobody asked for', () => {
    assert.match(
      refusal(
        changed('    next_tick\n    la s4, interrupts', '    la s4, interrupts').replace(
          '    next_tick\n    mv a0, sp',
          '    mv a0, sp',
        ),
      ),
      /^1: {2}hypercall WAIT \| a tick that ends the wait; no timer is set$/,
    );
  });
  it('has a stack for frames that is no memory', () => {
    assert.match(refusal(changed('    mv a1, sp', '    li a1, 0')), /^hypercall SET_TRAPS \| 144 bytes/);
  });
});

describe('the flag that a kernel shares with the VMM', () => {
  /** Notes a flag that is 1 where it must be 0, and the other way round, in a word that is compared. */
  const noted = (at: string, isWrong: 'beqz' | 'bnez'): string =>
    changed(at, `${at}    lw t0, interrupts\n    ${isWrong} t0, 9f\n    la t1, torn\n    sw t1, 0(t1)\n9:\n`);
  it('is 0 in the handler', () => {
    assert.equal(violation(noted('tick:\n', 'beqz'), 'equivalent'), undefined);
  });
  it('is again what it was after the handler', () => {
    assert.equal(violation(noted('1:  hypercall WAIT\n', 'bnez'), 'equivalent'), undefined);
    assert.match(violation(noted('1:  hypercall WAIT\n', 'beqz'), 'equivalent')!, /torn/);
  });
});

describe('a kernel that was changed in part', () => {
  it('is told of the first instruction that leaks', () => {
    const source = changed(
      '    la a0, beliefs\n    hypercall GET_STATE\n    checkpoint 2',
      '    la t1, beliefs\n    csrr t0, satp\n    sw t0, 8(t1)\n    checkpoint 2',
    );
    const run = runOf(source);
    const witness = scenario.checks['nothingLeaks']!.violated(run, {})!;
    assert.match(witness.actual, /^csrrs t0, satp, zero at 0x800000.. runs in user mode and does not trap$/);
    const line = run.documents['guest']!.at(run.trace.placeOf(witness.event)!)!.line;
    assert.equal(source.split('\n')[line - 1], '    csrr t0, satp');
  });
  it('does not end when interrupts stay masked', () => {
    assert.match(
      refusal(changed('    li t0, 1\n    sw t0, 0(s4)\n1:  hypercall WAIT', '1:  hypercall WAIT')),
      /switches itself off after about \d+ ticks/,
    );
  });
  it('does not end without a handler', () => {
    assert.match(
      refusal(changed('la a0, trap_entry', 'li a0, 0')),
      /^stvec, which SET_TRAPS sets, as the kernel sees it .* = trap_entry, as on bare metal/,
    );
  });
  it('does not end when its handler begins with what traps', () => {
    assert.match(
      refusal(changed('trap_entry:\n', 'trap_entry:\n    csrw mtvec, zero\n')),
      /64 exits in a row, .*: illegal instruction at 0x8\w+, csrrw zero, mtvec, zero$/,
    );
  });
  it('looks for ticks without a rest', () => {
    const source = changed('1:  hypercall WAIT', '1:');
    assert.match(violation(source, 'sleeps')!, /guest 1 has the processor all the time/);
  });
  it('asks for a tick once', () => {
    const source = changed(
      '    next_tick\n    mv a0, sp',
      '    lw t0, 132(sp)\n    lw t1, 136(sp)\n    andi t1, t1, 256\n    beqz t1, 3f\n    next_tick\n3:  mv a0, sp',
    );
    const reading = readDocument(guestDocument, source);
    assert.ok(reading.ok);
    const submission: AnySubmission = { documents: { guest: reading.value }, start: () => ({}) };
    const outcome = scenario.execute({ submission, params: { rounds: 1000 } });
    assert.ok(outcome.ok);
    const witness = scenario.checks['preempts']!.violated(outcome.run, {});
    assert.match(
      witness!.expected,
      /^at least 7 ticks while the process runs: the work takes 8000 instructions, and a slice 1000$/,
    );
    assert.equal(witness!.actual, '1');
  });
  it('stores to its page table, entry by entry', () => {
    const source = changed('    sw t0, 4(s3)\n', '    sw t0, 4(s3)\n    sw t0, 0(s1)\n');
    assert.equal(
      violation(source, 'batches', { most: 1 }),
      'at most one exit of guest 1 for its page table; a store to the table, one of many',
    );
  });
  it('may lie elsewhere and keep more data', () => {
    const moved = changed('boot:\n', 'boot:\n    .rept 1200\n    nop\n    .endr\n');
    assert.equal(violation(moved, 'equivalent'), undefined);
  });
});

describe('the source of a guest as a document', () => {
  const problems = (source: string): readonly string[] => {
    const reading = readDocument(guestDocument, source);
    assert.ok(!reading.ok);
    return reading.problems.map(
      ({ line, column, message, suggestion }) => `${line}:${column}: ${message} ${suggestion ?? ''}`,
    );
  };
  it('says where it does not assemble', () => {
    const source = changed('    la a0, root\n', '    la a0, rot\n');
    const line = source.split('\n').findIndex((text) => text.includes('rot')) + 1;
    assert.deepEqual(problems(source), [`${line}:12: "rot" is defined nowhere. Did you mean root?`]);
  });
  it('says which label is missing', () => {
    assert.match(
      problems(paravirtualGuestSource.replaceAll('torn', 'broken'))[0]!,
      /^1:1: There is no label "torn"/,
    );
    assert.match(problems(changed('quantum: .word 1000', '.equ quantum, 5'))[0]!, /no label "quantum"/);
  });
  it('has to fit into memory', () => {
    assert.match(
      problems(changed('updates: .space 256 * 8', 'updates: .space 256 * 800'))[0]!,
      /^1:1: The guest needs \d+ bytes; it has 65536/,
    );
  });
});
