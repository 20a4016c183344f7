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
