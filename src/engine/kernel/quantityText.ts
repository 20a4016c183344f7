/** Numbers of any unit as people read them, in tables and beside pictures. */

/** At most `digits` significant digits, thousands grouped: `1,234.5`. */
export function sayNumber(value: number, digits = 6): string {
  const rounded = Number(value.toPrecision(digits));
  const text = String(rounded);
  if (Math.abs(rounded) < 1000 || text.includes('e')) return text;
  const [whole, fraction] = text.split('.');
  const grouped = whole!.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** @param unit empty for plain numbers */
export const sayQuantity = (value: number, unit: string, digits = 6): string =>
  `${sayNumber(value, digits)} ${unit}`.trimEnd();

/**
 * As a headline shows a measured number: whole numbers wholly, others to four significant digits, of less than a percent two, thousands
 * grouped. The tables behind a picture have more digits.
 * @param unit empty for plain numbers
 */
export const sayMeasured = (value: number, unit: string): string => {
  if (Number.isInteger(value)) return sayNumber(value, 15);
  if (unit === '%' && Math.abs(value) < 1) return sayNumber(value, 2);
  return sayNumber(value, Math.max(4, String(Math.trunc(Math.abs(value))).length));
};

/** Ends of a name and the unit that they mean. */
const unitEndings: readonly (readonly [RegExp, string])[] = [
  [/Ns$/, 'ns'],
  [/Us$/, 'µs'],
  [/Ms$/, 'ms'],
  [/[a-z]S$|Seconds$/, 's'],
  [/Percent$/, '%'],
  [/MBps$/, 'MB/s'],
  [/Gbps$/, 'Gbit/s'],
  [/Iops$/, '/s'],
  [/PerSecond$/, '/s'],
  [/Cycles$/, 'cycles'],
  [/Bytes$/, 'bytes'],
  [/KiB$/, 'KiB'],
  [/MiB$/, 'MiB'],
  [/GiB$/, 'GiB'],
];

/** The unit that stands in the name of a parameter or metric (`worstWaitMs` is in ms), or an empty text. */
export const unitInName = (name: string): string =>
  unitEndings.find(([ending]) => ending.test(name))?.[1] ?? '';
