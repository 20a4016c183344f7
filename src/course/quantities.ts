import { t } from './messages.ts';

/** Numbers with units as people type and read them. */

export type Reading =
  | {
      readonly ok: true;
      /** In the unit that was asked for. */
      readonly value: number;
      /** Half of the last digit that was typed, in the unit asked for: the number is meant this exactly. */
      readonly halfDigit: number;
      /** Significant digits that were typed. */
      readonly digits: number;
      /** How it was understood, when that could surprise. */
      readonly note?: string;
    }
  | { readonly ok: false; readonly message: string };

interface UnitScale {
  readonly dimension: 'time' | 'size' | 'share';
  readonly factor: number;
  readonly name: string;
}

const scale = (dimension: UnitScale['dimension'], factor: number, name: string): UnitScale => ({
  dimension,
  factor,
  name,
});
const units: ReadonlyMap<string, UnitScale> = new Map([
  ['ns', scale('time', 1, 'ns')],
  ['us', scale('time', 1e3, 'µs')],
  ['µs', scale('time', 1e3, 'µs')],
  ['μs', scale('time', 1e3, 'µs')],
  ['ms', scale('time', 1e6, 'ms')],
  ['s', scale('time', 1e9, 's')],
  ['sec', scale('time', 1e9, 's')],
  ['b', scale('size', 1, 'bytes')],
  ['byte', scale('size', 1, 'bytes')],
  ['bytes', scale('size', 1, 'bytes')],
  ['kib', scale('size', 1024, 'KiB')],
  ['mib', scale('size', 1024 * 1024, 'MiB')],
  ['gib', scale('size', 1024 * 1024 * 1024, 'GiB')],
  ['%', scale('share', 1, '%')],
  ['percent', scale('share', 1, '%')],
]);

/** The unit as it stands behind a number: `us` is written `µs`; one that is not known, as it is. */
export const unitName = (unit: string): string => units.get(unit.toLowerCase())?.name ?? unit;

/** Whether a number in this unit is a time. */
export const isTimeUnit = (unit: string): boolean => units.get(unit)?.dimension === 'time';

/**
 * Reads a typed number: `90`, `90 ms`, `0.09 s`, `1 000`, `3,5` (with a note). Never throws.
 * @param unit what the question asks for: `ms`, `%`, or empty
 */
export function readQuantity(typed: string, unit: string): Reading {
  const text = typed.trim().replaceAll('−', '-');
  const example = unit === '' ? '90' : t('{0} or {1}', '90', `90 ${unit}`);
  if (text === '')
    return { ok: false, message: t('There is no number yet. Write one, for example {0}.', example) };
  if (text.length > 60)
    return {
      ok: false,
      message: t('That is too long for a number. Write one number, for example {0}.', example),
    };

  const match = /^([+-]?)(\d[\d ’'_.,\u00a0\u202f]*|[.,]\d+)(e[+-]?\d{1,3})?\s*([^\d\s].*)?$/i.exec(text);
  if (match === null)
    return { ok: false, message: t('That is not a number. Write one number, for example {0}.', example) };
  const [, sign, digitsTyped, exponent = '', unitTyped = ''] = match;

  const plain = plainNumber(digitsTyped!.trim());
  if (!plain.ok) return plain;
  const number = Number(sign! + plain.text + exponent);
  if (!Number.isFinite(number))
    return { ok: false, message: t('That number is too large. Write a smaller one.') };

  const converted = conversion(unitTyped.trim(), unit);
  if (!converted.ok) return converted;
  const decimals = (plain.text.split('.')[1] ?? '').length - Number(exponent.slice(1) || 0);
  return {
    ok: true,
    value: converted.times(number),
    halfDigit: converted.times(0.5 * powerOfTen(-decimals)),
    digits: plain.text.replace('.', '').replace(/^0+/, '').length,
    ...(plain.note === undefined ? {} : { note: plain.note }),
  };
}

type PlainNumber =
  | { readonly ok: true; readonly text: string; readonly note?: string }
  | { readonly ok: false; readonly message: string };

/** Digits with at most one decimal point. Groups of three are joined, a decimal comma is read with a note. */
function plainNumber(typed: string): PlainNumber {
  const text = typed.replace(/(?<=\d)[ ’'_\u00a0\u202f](?=\d{3}(?!\d))/g, '');
  if (/[ ’'_\u00a0\u202f]/.test(text))
    return { ok: false, message: t('There is more than one number. Write one alone.') };
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(text)) return { ok: true, text };
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(text) || /^\d{1,3}(?:,\d{3}){2,}$/.test(text)) {
    return { ok: true, text: text.replaceAll(',', '') };
  }
  const comma = /^(\d*),(\d*)$/.exec(text);
  if (comma === null)
    return { ok: false, message: t('There is more than one point or comma. Write one number, such as 3.5.') };
  const [, whole = '', fraction = ''] = comma;
  if (fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole)) {
    return {
      ok: false,
      message: t(
        '{0} can mean {1} or {2}. Write it without the comma, or with a point.',
        text,
        whole + fraction,
        `${whole}.${fraction}`,
      ),
    };
  }
  const point = `${whole === '' ? '0' : whole}.${fraction}`;
  return { ok: true, text: point, note: t('Read as {0}: a point separates decimals here.', point) };
}

type Conversion =
  | { readonly ok: true; readonly times: (value: number) => number }
  | { readonly ok: false; readonly message: string };

function conversion(typed: string, wanted: string): Conversion {
  const same: Conversion = { ok: true, times: (value) => value };
  if (typed === '' || typed.toLowerCase() === wanted.toLowerCase()) return same;
  if (/\d/.test(typed)) return { ok: false, message: t('There is more than one number. Write one alone.') };
  const from = units.get(typed.toLowerCase());
  const to = units.get(wanted.toLowerCase());
  if (wanted === '')
    return {
      ok: false,
      message: t('This answer has no unit. Write the number without "{0}".', brief(typed)),
    };
  if (from === undefined)
    return {
      ok: false,
      message: t('"{0}" is no unit that fits here. The answer is in {1}.', brief(typed), wanted),
    };
  if (to === undefined || from.dimension !== to.dimension) {
    return {
      ok: false,
      message: t('The answer is in {0}, and {1} cannot be turned into that.', wanted, from.name),
    };
  }
  // One exact factor: multiplying by 1e-3 would turn 90 µs into 0.09000000000000001 ms.
  if (from.factor >= to.factor) return { ok: true, times: (value) => value * (from.factor / to.factor) };
  return { ok: true, times: (value) => value / (to.factor / from.factor) };
}

const brief = (text: string): string => (text.length > 12 ? `${text.slice(0, 12)}…` : text);

const powerOfTen = (exponent: number): number => Number(`1e${exponent}`);

/** A number as people write it: at most 12 significant digits, so that 0.1 + 0.2 reads 0.3. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** A number with its unit: `90 ms`, `5 %`. */
export const quantityText = (value: number, unit: string): string =>
  unit === '' ? numberText(value) : `${numberText(value)} ${unit}`;
