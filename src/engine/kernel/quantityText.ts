/** Numbers of any unit as people read them, in tables and beside pictures. */

/** At most six significant digits, thousands grouped: `1,234.5`. */
export function sayNumber(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const text = String(rounded);
  if (Math.abs(rounded) < 1000 || text.includes('e')) return text;
  const [whole, fraction] = text.split('.');
  const grouped = whole!.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** @param unit empty for plain numbers */
export const sayQuantity = (value: number, unit: string): string => `${sayNumber(value)} ${unit}`.trimEnd();
