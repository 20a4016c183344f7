import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { address, int, list, optional, record, text } from '../../../src/engine/kernel/codec.ts';
import { choice, count, flagParameter, quantity } from '../../../src/engine/kernel/parameters.ts';
import type { Scenario } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { caseWords } from '../../../src/engine/kernel/caseWords.ts';
import { valueLiteral } from '../../../src/grading/valueLiteral.ts';

describe('a case in words', () => {
  const words = (id: string, params: Record<string, number | string>): string =>
    caseWords(scenarios[id]!, { params });

  it('says what was given, in the order of the scenario', () => {
    assert.equal(words('scheduling.round-robin', { sliceMs: 10, vms: 2 }), '2 VMs, 10 ms slices');
    assert.equal(
      words('scheduling.host', { durationMs: 300, sliceMs: 5, ioVms: 1, vms: 3 }),
      '3 VMs, 1 of them I/O-bound, 5 ms slices, over 300 ms',
    );
    assert.equal(words('scheduling.round-robin', { vms: 1 }), '1 VM');
  });

  it('says so when nothing was given', () => assert.equal(words('scheduling.host', {}), 'the usual values'));

  it('uses label and unit where a parameter has no words of its own', () => {
    const common = { doc: '' };
    const params = {
      nodes: count({ ...common, label: 'Nodes', min: 0, max: 9, default: 1 }),
      vcpus: count({ ...common, label: 'VCPUs of a node', min: 0, max: 9, default: 1 }),
      delayUs: quantity('us', { ...common, label: 'Delay', min: 0, max: 9, step: 1, default: 1 }),
      share: quantity('percent', { ...common, label: 'I/O share', min: 0, max: 9, step: 1, default: 1 }),
      kind: choice({ ...common, label: 'Kind of disk', values: { hdd: '', ssd: '' }, default: 'hdd' }),
      shared: flagParameter({ ...common, label: 'Shared', default: false }),
    };
    assert.equal(
      caseWords({ params } as unknown as Scenario, {
        params: { nodes: 2, vcpus: 3, delayUs: 2.5, share: 5, kind: 'ssd', shared: true },
      }),
      'nodes 2, VCPUs of a node 3, delay 2.5 µs, I/O share 5 %, kind of disk ssd, shared true',
    );
  });
});

describe('a value as a literal', () => {
  it('is TypeScript that means the value', () => {
    assert.equal(valueLiteral(undefined), 'undefined');
    assert.equal(valueLiteral({}), '{}');
    assert.equal(valueLiteral([]), '[]');
    assert.equal(
      valueLiteral({ vcpu: 2, name: 'a "b"', on: true, list: [1, { x: -0.5 }], none: undefined }),
      '{ vcpu: 2, name: "a \\"b\\"", on: true, list: [1, { x: -0.5 }], none: undefined }',
    );
    assert.equal(valueLiteral(Uint8Array.of(1, 255)), 'Uint8Array [1, 255]');
  });

  it('writes numbers as they were declared, wherever they stand, and leaves out what may be left out', () => {
    const codec = record('', 'Access', {
      pc: address(''),
      size: int('', { min: 0, max: 2 ** 32 - 1 }),
      pages: list('', address(''), 4),
      target: optional('', address('')),
      store: optional('', record('', 'Store', { at: address('') })),
      csr: text('', 8),
    });
    const value = { pc: 0x8000_0004, size: 4096, pages: [0, 0x1000], target: 0x8000_0010 };
    assert.equal(
      valueLiteral({ ...value, store: { at: 0x8000_0008 }, csr: 'satp' }, codec),
      '{ pc: 0x80000004, size: 4096, pages: [0x0, 0x1000], target: 0x80000010, store: { at: 0x80000008 }, csr: "satp" }',
    );
    assert.equal(valueLiteral(0x8000_0004, address('')), '0x80000004');
    assert.equal(
      valueLiteral({ pc: 16, target: undefined, csr: undefined }, codec),
      '{ pc: 0x10, csr: undefined }',
    );
  });

  it('writes as it is what a declaration does not allow', () => {
    const codec = record('', 'Target', { target: address('') });
    assert.equal(
      valueLiteral([-4, 0.5, { target: '0', other: 16 }], list('', address(''), 4)),
      '[-4, 0.5, { target: "0", other: 16 }]',
    );
    assert.equal(valueLiteral({ target: -4, other: 16 }, codec), '{ target: -4, other: 16 }');
  });

  it('says plain data exactly: read back, it is the same', () => {
    const data = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.double({ noNaN: true }).filter((number) => !Object.is(number, -0)),
        fc.boolean(),
        fc.constant(undefined),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(data, (value) => {
        const back: unknown = runInThisContext(`(${valueLiteral(value, undefined, Infinity)})`);
        assert.deepEqual(back, value);
      }),
    );
  });

  it('never exceeds its limit, and shows by an ellipsis that it was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 60 }),
        (value, limit) => {
          const whole = valueLiteral(value, undefined, Infinity);
          const shown = valueLiteral(value, undefined, limit);
          if (whole.length <= limit) assert.equal(shown, whole);
          else assert.equal(shown, `${whole.slice(0, limit - 1)}…`);
        },
      ),
    );
    assert.equal(valueLiteral('x'.repeat(1000)).length, 400);
  });
});
