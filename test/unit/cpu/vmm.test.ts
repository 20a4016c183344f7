import assert from 'node:assert/strict';
import { referenceVmm } from '../../../src/engine/cpu/vmm/referenceVmm.ts';
import { vmmPolicies, type VmmPolicy } from '../../../src/engine/cpu/vmm/vmmPolicy.ts';
import type { AnySubmission, PolicyImplementation } from '../../../src/engine/kernel/policy.ts';
import { submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

type Vmm = PolicyImplementation<typeof VmmPolicy>;
const scenario = scenarios['cpu.trap-and-emulate']!;

/** The reference, with some of its decisions changed. */
function run(change: (reference: Vmm) => Partial<Vmm>, params: Record<string, number> = {}): Run {
  const submission = submissionOf(vmmPolicies, {
    vmm: () => {
      const reference = referenceVmm();
      return { ...reference, ...change(reference) };
    },
  }) as unknown as AnySubmission;
  const outcome = scenario.execute({ params, submission });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}
const refusal = (of: Run): string => {
  assert.ok(of.end.kind === 'refused', of.end.kind);
  return `${of.end.witness.expected}; ${of.end.witness.actual}`;
};
const resume = (
  reference: Vmm,
  change: (resume: ReturnType<Vmm['onTrap']>, trap: Parameters<Vmm['onTrap']>[0]) => object,
): Partial<Vmm> => ({
  onTrap: (trap, calls) => {
    const going = reference.onTrap(trap, calls);
    return { ...going, ...change(going, trap) };
  },
});

describe('a VMM that cannot work', () => {
  it('never advances the pc', () => {
    const stuck = run((reference) => resume(reference, (_going, { pc }) => ({ pc })));
    assert.equal(
      refusal(stuck),
      'the guest gets past this instruction; 64 exits in a row, and no instruction in between: illegal instruction at 0x80000010, csrrw zero, stvec, t0',
    );
  });
  it('jumps to where nothing is', () => {
    const wild = run((reference) =>
      resume(reference, (going, { cause }) => (cause === 'start' ? { pc: 0x1234_5678 } : going)),
    );
    assert.equal(
      refusal(wild),
      'the guest gets past this instruction; 64 exits in a row, and no instruction in between: instruction access fault at 0x00000000',
    );
    assert.ok(wild.end.kind === 'refused');
    assert.match(wild.end.witness.because, /It was entered for: instruction access fault at 0x12345678\.$/);
  });
  it('goes on where nothing is in place of the trap handler', () => {
    const wild = run((reference) =>
      resume(reference, (going, { cause, pc }) =>
        cause === 'start' || going.pc === pc + 4 ? going : { pc: 0x4567_8000 },
      ),
    );
    assert.ok(wild.end.kind === 'refused');
    assert.match(
      wild.end.witness.because,
      /^No instruction can be fetched there: who goes on has to go on at code\. The trap handler would be at 0x8[0-9a-f]{7}\.$/,
    );
  });
  it('places a guest outside of the host', () => {
    assert.match(
      refusal(run(() => ({ place: () => 1 << 20 }))),
      /^a multiple of 4096, at most 65536; 1048576/,
    );
    assert.match(refusal(run(() => ({ place: () => 12 }))), /; 12$/);
  });
  it('resumes a guest that does not exist, or that is off', () => {
    assert.match(
      refusal(run((reference) => resume(reference, () => ({ guest: 3 })))),
      /guest 3, which does not exist/,
    );
    const off = run(
      (reference) => ({
        onTrap(trap, calls) {
          const going = reference.onTrap(trap, calls);
          return calls.isHalted({ guest: 1 }) ? { ...going, guest: 1 } : going;
        },
      }),
      { guests: 2 },
    );
    assert.match(refusal(off), /guest 1, which is switched off/);
  });
});

describe('the checks of a VMM', () => {
  const violated = (of: Run, check: string, args = {}) => scenario.checks[check]!.violated(of, args);
  it('see a guest that keeps the processor too long', () => {
    const long = run((reference) => resume(reference, () => ({ runFor: 5001 })));
    assert.match(violated(long, 'keepsControl')!.actual, /5001 instructions/);
  });
  it('see a VMM that hardly lets the guest run', () => {
    const stepping = run((reference) => resume(reference, () => ({ runFor: 4 })));
    assert.equal(violated(stepping, 'equivalent'), undefined);
    assert.match(violated(stepping, 'efficient', { percent: 90 })!.expected, /at least 90 %/);
  });
  it('see a guest that gives up, and lead to the decision that brought the trap which it did not expect', () => {
    const wild = run((reference) =>
      resume(reference, (going, { instruction }) =>
        instruction?.name === 'sret' ? { pc: 0x4567_8000 } : going,
      ),
    );
    const { event, actual, because } = violated(wild, 'equivalent')!;
    assert.equal(actual, 'it gave up with code 1');
    assert.equal(
      because,
      'The guest’s kernel met a trap that it did not expect: guest 1 at 0x45678000: instruction page fault.',
    );
    assert.match(wild.trace.say(wild.trace.cause(event)), /^guest 1 goes on at 0x45678000 in virtual /);
  });
  it('see a value that differs at a checkpoint, and say which', () => {
    const lying = run((reference) => ({
      onTrap: (trap, calls) =>
        reference.onTrap(trap, {
          ...calls,
          readCsr: (of) => (of.csr === 'satp' ? 0 : calls.readCsr(of)),
        }),
    }));
    assert.match(
      violated(lying, 'equivalent')!.actual,
      /memory at beliefs \+ 8 = 0x00000000 in guest 1 at checkpoint 4/,
    );
  });
});
