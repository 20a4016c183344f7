import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { problemOfModel } from '../../../src/engine/kernel/viewProblems.ts';
import type { Run } from '../../../src/engine/kernel/scenario.ts';
import { readDocument } from '../../../src/engine/kernel/document.ts';
import { designDocument } from '../../../src/engine/io/designDocument.ts';
import { designPaths, hosts, impossibleIn, type DesignPath } from '../../../src/engine/io/hostPlan.ts';
import { ioPaths } from '../../../src/engine/io/ioPaths.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';

const path = scenarios['io.path']!;
const requests = fc.record({
  path: fc.constantFrom(...Object.keys(ioPaths)),
  workload: fc.constantFrom('block', 'network'),
  operation: fc.constantFrom('read', 'write', 'exchange'),
  sizeBytes: fc.constantFrom(1, 512, 1500, 4096, 65_536),
  queueDepth: fc.integer({ min: 1, max: 32 }),
  coalesceInterrupts: fc.boolean(),
  postedInterrupts: fc.boolean(),
  backendWaitUs: fc.constantFrom(0, 0, 1000, 30_000),
  guestWaitUs: fc.constantFrom(0, 0, 500, 90_000),
});

function run(params: Record<string, string | number | boolean>): Run {
  const outcome = path.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  assert.deepEqual(outcome.run.end, { kind: 'finished' });
  return outcome.run;
}

describe('a request on any path', () => {
  it('goes forward in time, and has views that can be drawn', () => {
    fc.assert(
      fc.property(requests, (params) => {
        const of = run(params);
        const { trace } = of;
        for (let row = 1; row < trace.length; row++) assert.ok(trace.timeNs(row) >= trace.timeNs(row - 1));
        for (const view of Object.values(path.views))
          assert.equal(
            problemOfModel((view as { model: (run: Run, event: number) => never }).model(of, 0)),
            undefined,
          );
        const { timeUs, exits, copies, contextSwitches } = of.metrics as Record<string, number>;
        assert.ok(timeUs! > 0 && exits! >= 0 && copies! >= 0 && contextSwitches! >= 0);
      }),
      { numRuns: 200 },
    );
  });
  it('takes no less time when somebody waits longer for a CPU, and no more when interrupts are posted', () => {
    fc.assert(
      fc.property(requests, (params) => {
        const time = (of: Run): number => of.metrics['timeUs']!;
        const base = time(run(params));
        assert.ok(time(run({ ...params, backendWaitUs: params.backendWaitUs + 100 })) >= base);
        assert.ok(time(run({ ...params, guestWaitUs: params.guestWaitUs + 100 })) >= base);
        assert.ok(
          time(run({ ...params, postedInterrupts: true })) <=
            time(run({ ...params, postedInterrupts: false })),
        );
      }),
      { numRuns: 100 },
    );
  });
  it('exits only where there is a hypervisor', () => {
    fc.assert(
      fc.property(requests, (params) => {
        const { exits } = run(params).metrics;
        if (params.path === 'native' || params.path === 'container') assert.equal(exits, 0);
      }),
    );
  });
});

describe('a host design', () => {
  const { vms } = hosts.shop;
  const designs = fc.tuple(...vms.map(() => fc.constantFrom(...(Object.keys(designPaths) as DesignPath[]))));

  it('reads back as what was written', () => {
    fc.assert(
      fc.property(designs, fc.boolean(), (choice, posted) => {
        const text = [
          `postedInterrupts: ${posted}`,
          'vms:',
          ...vms.map(({ name }, nth) => `  ${name}: ${choice[nth]}`),
          '',
        ].join('\n');
        const reading = readDocument(designDocument, text);
        assert.ok(reading.ok);
        const { value } = reading.value as {
          value: { paths: ReadonlyMap<string, DesignPath>; postedInterrupts: boolean };
        };
        assert.deepEqual(
          [...value.paths],
          vms.map(({ name }, nth) => [name, choice[nth]]),
        );
        assert.equal(value.postedInterrupts, posted);
      }),
    );
  });
  it('is read or refused with a place, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `vms:\n  ${text}`),
        ),
        (text) => {
          const reading = readDocument(designDocument, text);
          if (!reading.ok)
            assert.ok(reading.problems.length > 0 && reading.problems.every(({ message }) => message !== ''));
        },
      ),
      { numRuns: 1000 },
    );
  });
  it('that can be built with some functions can be built with more', () => {
    fc.assert(
      fc.property(designs, fc.integer({ min: 0, max: 6 }), (choice, functions) => {
        const design = new Map(vms.map(({ name }, nth) => [name, choice[nth]!]));
        if (impossibleIn(vms, design, functions) === undefined)
          assert.equal(impossibleIn(vms, design, functions + 1), undefined);
        else if (impossibleIn(vms, design, 6) === undefined)
          assert.ok([...design.values()].filter((each) => each === 'sr-iov').length > functions);
      }),
    );
  });
});
