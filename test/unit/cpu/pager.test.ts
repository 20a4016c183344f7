import assert from 'node:assert/strict';
import { pagerPolicies, type PagerPolicy } from '../../../src/engine/cpu/memory/pagerPolicy.ts';
import { referencePager } from '../../../src/engine/cpu/memory/referencePager.ts';
import {
  CallError,
  type AnySubmission,
  type PolicyImplementation,
} from '../../../src/engine/kernel/policy.ts';
import { submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

type Pager = PolicyImplementation<typeof PagerPolicy>;
const scenario = scenarios['cpu.paging']!;

/** The reference, with some of its decisions changed. */
function run(change: (reference: Pager) => Partial<Pager>, params: Record<string, number> = {}): Run {
  const submission = submissionOf(pagerPolicies, {
    pager: () => {
      const reference = referencePager();
      return { ...reference, ...change(reference) };
    },
  }) as unknown as AnySubmission;
  const outcome = scenario.execute({ params: { pages: 6, turns: 2, ...params }, submission });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.run;
}
const refusal = (of: Run): string => {
  assert.ok(of.end.kind === 'refused', of.end.kind);
  return of.end.witness.actual;
};
const violated = (of: Run, check: string): string => {
  assert.equal(of.end.kind, 'finished');
  return scenario.checks[check]!.violated(of, {})?.actual ?? 'holds';
};

describe('a pager that cannot work', () => {
  it('says that the instruction can run, and maps nothing', () => {
    const idle = run(() => ({ onFault: () => ({ action: 'retry', physical: undefined }) }));
    assert.equal(refusal(idle), '64 exits in a row there: instruction page fault at 0x80000000');
  });
  it('gives every fault to the guest', () => {
    const circles = run(() => ({ onFault: () => ({ action: 'page-fault', physical: undefined }) }));
    assert.equal(refusal(circles), '64 exits in a row there: instruction page fault at 0x00000000');
  });
  it('asks for memory that is not there', () => {
    const seen: string[] = [];
    const attempt = (call: () => unknown): void => {
      try {
        call();
        seen.push('done');
      } catch (error) {
        assert.ok(error instanceof CallError);
        seen.push(error.errno);
      }
    };
    run((reference) => ({
      onFault(fault, calls) {
        if (seen.length === 0) {
          const rights = { read: true, write: true, execute: true, user: true };
          attempt(() => calls.readGuest({ guest: 1, physical: 0x8008_0000 }));
          attempt(() => calls.readGuest({ guest: 1, physical: 0x8000_0002 }));
          attempt(() => calls.writeGuest({ guest: 1, physical: 0x7fff_fffc, value: 1, sizeBytes: 4 }));
          attempt(() => calls.map({ guest: 1, table: 7, page: 0x1000, frame: 0x9000_0000, ...rights }));
          attempt(() => calls.map({ guest: 1, table: 7, page: 0x1004, frame: 0x8000_0000, ...rights }));
          attempt(() => calls.unmap({ guest: 1, table: 7, page: 0x1000 }));
        }
        return reference.onFault(fault, calls);
      },
    }));
    assert.deepEqual(seen, ['EFAULT', 'EFAULT', 'EFAULT', 'EFAULT', 'EFAULT', 'done']);
  });
});

describe('the checks of a pager', () => {
  it('see a page of somebody else, and whose it is', () => {
    const stray = run(
      (reference) => ({
        onFault: (fault, calls) =>
          reference.onFault(
            { ...fault, memory: { ...fault.memory, sizeBytes: 2 * fault.memory.sizeBytes } },
            calls,
          ),
      }),
      { guests: 2 },
    );
    assert.equal(violated(stray, 'isolated'), '0x8041c000, which belongs to guest 2');
  });
  it('see a table that is walked after the switch to another one', () => {
    const same = run((reference) => ({
      onAddressSpace: (change, calls) => Math.min(1, reference.onAddressSpace(change, calls)),
    }));
    assert.match(violated(same, 'equivalent'), /in guest 1 at checkpoint/);
  });
});
