import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberText, quantityText, readQuantity, unitName } from '../../../src/course/quantities.ts';

const read = (typed: string, unit = 'ms'): string => {
  const reading = readQuantity(typed, unit);
  if (!reading.ok) return reading.message;
  return `${reading.value}${reading.note === undefined ? '' : ` (${reading.note})`}`;
};

describe('typed numbers', () => {
  const readings: readonly (readonly [typed: string, unit: string, understood: string])[] = [
    ['90', 'ms', '90'],
    [' 90 ms ', 'ms', '90'],
    ['90ms', 'ms', '90'],
    ['90 MS', 'ms', '90'],
    ['0.09 s', 'ms', '90'],
    ['90000 µs', 'ms', '90'],
    ['90000 us', 'ms', '90'],
    ['.5', 'ms', '0.5'],
    ['5.', 'ms', '5'],
    ['1e3', 'ms', '1000'],
    ['−4', 'ms', '-4'],
    ['+4', 'ms', '4'],
    ['1 000', 'ms', '1000'],
    ['1_000_000', 'ms', '1000000'],
    ['1,000,000', 'ms', '1000000'],
    ['1,000.5', 'ms', '1000.5'],
    ['3,5', 'ms', '3.5 (Read as 3.5: a point separates decimals here.)'],
    ['0,125 s', 'ms', '125 (Read as 0.125: a point separates decimals here.)'],
    [',5', 'ms', '0.5 (Read as 0.5: a point separates decimals here.)'],
    ['5 %', '%', '5'],
    ['5 percent', '%', '5'],
    ['4 KiB', 'bytes', '4096'],
    ['2048 KiB', 'MiB', '2'],
    ['7 switches', 'switches', '7'],
    ['', 'ms', 'There is no number yet. Write one, for example 90 or 90 ms.'],
    ['abc', 'ms', 'That is not a number. Write one number, for example 90 or 90 ms.'],
    ['(4-1)*30', 'ms', 'That is not a number. Write one number, for example 90 or 90 ms.'],
    ['abc', '', 'That is not a number. Write one number, for example 90.'],
    ['1,000', 'ms', '1,000 can mean 1000 or 1.000. Write it without the comma, or with a point.'],
    ['90/30/3', 'ms', 'There is more than one number. Write one alone.'],
    ['90 30', 'ms', 'There is more than one number. Write one alone.'],
    ['1.2.3', 'ms', 'There is more than one point or comma. Write one number, such as 3.5.'],
    ['90 KiB', 'ms', 'The answer is in ms, and KiB cannot be turned into that.'],
    ['90 bananas', 'ms', '"bananas" is no unit that fits here. The answer is in ms.'],
    ['90 ms', '', 'This answer has no unit. Write the number without "ms".'],
    ['1e999', 'ms', 'That number is too large. Write a smaller one.'],
    ['9'.repeat(70), 'ms', 'That is too long for a number. Write one number, for example 90 or 90 ms.'],
  ];
  for (const [typed, unit, understood] of readings) {
    it(`"${typed.slice(0, 12)}" in ${unit === '' ? 'no unit' : unit}`, () =>
      assert.equal(read(typed, unit), understood));
  }

  it('reads back every number that it writes, in every unit of time', () => {
    const unit = fc.constantFrom('ns', 'µs', 'ms', 's');
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 6 }),
        unit,
        (digits, shift, name) => {
          const value = digits / 10 ** shift;
          const reading = readQuantity(quantityText(value, name), name);
          assert.ok(reading.ok);
          assert.equal(numberText(reading.value), numberText(value));
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('ms', '%', '', 'x'),
        (typed, unit) => void readQuantity(typed, unit),
      ),
    );
  });

  it('names a unit as people write it', () =>
    assert.deepEqual(['us', 'percent', 'kib', 'requests'].map(unitName), ['µs', '%', 'KiB', 'requests']));
});
