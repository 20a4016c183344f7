import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  choice,
  count,
  defaultOf,
  flagParameter,
  nearest,
  parseParameter,
  quantity,
  resolveParameters,
  type Parameter,
} from '../../../src/engine/kernel/parameters.ts';

const text = { label: 'Label', doc: 'Meaning.' };
const vms = count({ ...text, min: 1, max: 64, default: 4 });
const sliceMs = quantity('ms', { ...text, min: 0.1, max: 1000, step: 1, default: 30 });
const costUs = quantity('us', { ...text, min: 0, max: 10_000, step: 10, default: 0 });
const durationS = quantity('s', { ...text, min: 0, max: 1e6, step: 1, default: 1 });
const phase = quantity('percent', { ...text, min: 0, max: 100, step: 1, default: 0 });
const charge = choice({ ...text, values: { added: 'Between.', slice: 'Within.' }, default: 'added' });
const boost = flagParameter({ ...text, default: false });

const parse = (parameter: Parameter, typed: string, name = 'it') => {
  const parsed = parseParameter(name, parameter, typed);
  return parsed.ok ? parsed.value : parsed.message;
};

describe('a parameter read from text', () => {
  const accepted: [Parameter, string, number | string | boolean][] = [
    [sliceMs, '30', 30],
    [sliceMs, '30ms', 30],
    [sliceMs, ' 30 ms ', 30],
    [sliceMs, '0.03s', 30],
    [sliceMs, '0.07s', 70],
    [sliceMs, '30000us', 30],
    [sliceMs, '30000\u00b5s', 30],
    [sliceMs, '30000\u03bcs', 30],
    [sliceMs, '30000000ns', 30],
    [sliceMs, '3e1', 30],
    [sliceMs, '3e-2s', 30],
    [sliceMs, '.5', 0.5],
    [sliceMs, '1.', 1],
    [costUs, '0.05ms', 50],
    [costUs, '50', 50],
    [durationS, '250ms', 0.25],
    [phase, '12.5', 12.5],
    [phase, '12.5%', 12.5],
    [phase, '12.5 percent', 12.5],
    [vms, '4', 4],
    [vms, ' 4 ', 4],
    [count({ ...text, min: -10, max: 10_000, default: 0 }), '1_000', 1000],
    [count({ ...text, min: -10, max: 10_000, default: 0 }), '\u22123', -3],
    [charge, 'slice', 'slice'],
    [boost, 'true', true],
    [boost, 'false', false],
  ];
  for (const [parameter, typed, value] of accepted) {
    it(`takes ${JSON.stringify(typed)} as ${value}`, () => assert.equal(parse(parameter, typed), value));
  }

  const refused: [Parameter, string, string][] = [
    [sliceMs, 'thirty', 'it is "thirty", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '30 kg', 'it is "30 kg", but must be a number of milliseconds from 0.1 to 1000.'],
    [
      sliceMs,
      '30 constructor',
      'it is "30 constructor", but must be a number of milliseconds from 0.1 to 1000.',
    ],
    [sliceMs, '30 MS', 'it is "30 MS", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '30%', 'it is "30%", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '30 ms 5', 'it is "30 ms 5", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '1,5', 'it is "1,5", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '0x10', 'it is "0x10", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, 'NaN', 'it is "NaN", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, 'Infinity', 'it is "Infinity", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '', 'it is "", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '1e999', 'it is "1e999", but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '-1', 'it is -1, but must be a number of milliseconds from 0.1 to 1000.'],
    [sliceMs, '5s', 'it is "5s" (5000), but must be a number of milliseconds from 0.1 to 1000.'],
    [phase, '101', 'it is 101, but must be a percentage from 0 to 100.'],
    [phase, '5ms', 'it is "5ms", but must be a percentage from 0 to 100.'],
    [vms, '0', 'it is 0, but must be a whole number from 1 to 64.'],
    [vms, '65', 'it is 65, but must be a whole number from 1 to 64.'],
    [vms, '4.5', 'it is "4.5", but must be a whole number from 1 to 64.'],
    [vms, 'four', 'it is "four", but must be a whole number from 1 to 64.'],
    [vms, '4ms', 'it is "4ms", but must be a whole number from 1 to 64.'],
    [vms, '', 'it is "", but must be a whole number from 1 to 64.'],
    [vms, '1__0', 'it is "1__0", but must be a whole number from 1 to 64.'],
    [vms, '\u22124', 'it is "\u22124" (-4), but must be a whole number from 1 to 64.'],
    [charge, 'add', 'it is "add", but must be one of: added, slice. Did you mean added?'],
    [charge, 'never', 'it is "never", but must be one of: added, slice.'],
    [charge, 'toString', 'it is "toString", but must be one of: added, slice.'],
    [boost, 'yes', 'it is "yes", but must be true or false.'],
  ];
  for (const [parameter, typed, message] of refused) {
    it(`refuses ${JSON.stringify(typed)}`, () => assert.equal(parse(parameter, typed), message));
  }

  it('is the same time in every unit', () => {
    const anyTime = quantity('ms', { ...text, min: 0, max: 1e12, step: 1, default: 0 });
    const decimal = (digits: string, places: number): string =>
      places === 0
        ? digits
        : `${digits.padStart(places + 1, '0').slice(0, -places)}.${digits.padStart(places + 1, '0').slice(-places)}`;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e14 }), (ns) => {
        const spelled = [
          `${ns}ns`,
          `${decimal(String(ns), 3)}us`,
          decimal(String(ns), 6),
          `${decimal(String(ns), 9)}s`,
        ];
        for (const each of spelled) assert.equal(parse(anyTime, each), ns / 1e6, each);
      }),
    );
  });

  it('never throws and never yields a value outside the range', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.stringMatching(/^-?[0-9._e+]{1,6} ?(ms|s|us|%|KiB)?$/),
    );
    fc.assert(
      fc.property(odd, fc.constantFrom<Parameter>(vms, sliceMs, phase, charge, boost), (typed, parameter) => {
        const parsed = parseParameter('it', parameter, typed);
        if (!parsed.ok) assert.match(parsed.message, /^it is .*, but must be .*[.?]$/s);
        else assert.equal(resolveParameters({ it: parameter }, { it: parsed.value }).ok, true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parameters resolved against a schema', () => {
  const schema = {
    vms,
    sliceMs,
    serviceMs: quantity('ms', {
      ...text,
      min: 0,
      max: 1000,
      step: 1,
      default: (earlier) => earlier['sliceMs'] as number,
    }),
    charge,
    boost,
  };
  const problems = (given: Record<string, number | string | boolean>) => {
    const resolved = resolveParameters(schema, given);
    return resolved.ok ? [] : resolved.problems.map(({ name, message }) => `${name}: ${message}`);
  };

  it('get their defaults, which may follow from earlier ones', () => {
    const plain = { vms: 4, sliceMs: 30, serviceMs: 30, charge: 'added', boost: false };
    assert.deepEqual(resolveParameters(schema, {}), { ok: true, value: plain });
    assert.deepEqual(resolveParameters(schema, { sliceMs: 7 }), {
      ok: true,
      value: { ...plain, sliceMs: 7, serviceMs: 7 },
    });
    assert.equal(defaultOf(schema.serviceMs, { sliceMs: 9 }), 9);
  });

  it('come out in the order of the schema, whatever order they were given in', () => {
    const resolved = resolveParameters(schema, { boost: true, serviceMs: 1, vms: 2 });
    assert.ok(resolved.ok);
    assert.equal(
      JSON.stringify(resolved.value),
      '{"vms":2,"sliceMs":30,"serviceMs":1,"charge":"added","boost":true}',
    );
  });

  it('are refused all at once, each with its own sentence', () => {
    assert.deepEqual(problems({ vms: 0, charge: 'other', slicMs: 3, boost: 1, sliceMs: '30' }), [
      'slicMs: There is no parameter slicMs. Did you mean sliceMs?',
      'vms: vms is 0, but must be a whole number from 1 to 64.',
      'sliceMs: sliceMs is "30", but must be a number of milliseconds from 0.1 to 1000.',
      'charge: charge is "other", but must be one of: added, slice.',
      'boost: boost is 1, but must be true or false.',
    ]);
  });

  it('do not blame a default for the value it follows from', () => {
    assert.deepEqual(problems({ sliceMs: 5000 }), [
      'sliceMs: sliceMs is 5000, but must be a number of milliseconds from 0.1 to 1000.',
    ]);
  });

  it('know no name that every object has', () => {
    assert.deepEqual(problems({ constructor: 1 }), [
      'constructor: There is no parameter constructor. Parameters: vms, sliceMs, serviceMs, charge, boost.',
    ]);
  });

  it('are never NaN or infinite', () => {
    for (const sliceMs of [NaN, Infinity, -Infinity]) assert.equal(problems({ sliceMs }).length, 1);
    assert.equal(problems({ vms: NaN }).length, 1);
  });
});

describe('the nearest name', () => {
  const parameters = ['vms', 'sliceMs', 'switchCostUs', 'switchCharge', 'coldStartUs', 'arrivalPhase'];
  const cases: [string, readonly string[], string | undefined][] = [
    ['vm', parameters, 'vms'],
    ['VMs', parameters, 'vms'],
    ['slice', parameters, 'sliceMs'],
    ['slicems', parameters, 'sliceMs'],
    ['switchCost', parameters, 'switchCostUs'],
    ['phase', parameters, 'arrivalPhase'],
    ['switch', parameters, undefined],
    ['oi', ['io'], 'io'],
    ['n', parameters, undefined],
    ['', parameters, undefined],
    ['xyz', ['vms'], undefined],
    ['simulat', ['simulate', 'scenarios'], 'simulate'],
    ['sim', ['simulate', 'scenarios'], 'simulate'],
    ['round-robin', ['scheduling.round-robin', 'scheduling.host'], 'scheduling.round-robin'],
    ['host', ['scheduling.round-robin', 'scheduling.host'], 'scheduling.host'],
    ['scheduling', ['scheduling.round-robin', 'scheduling.host'], undefined],
    ['anything', [], undefined],
  ];
  for (const [typed, candidates, meant] of cases) {
    it(`to ${JSON.stringify(typed)} is ${meant}`, () => assert.equal(nearest(typed, candidates), meant));
  }

  it('is the name itself where it is there', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, selector: (each) => each.toLowerCase() }),
        (names) => {
          for (const name of names) assert.equal(nearest(name, names), name);
        },
      ),
    );
  });
});
