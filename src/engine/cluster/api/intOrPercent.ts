/** A count, or a share of one: `3` or `"25%"`. Source: k8s.io/apimachinery/pkg/util/intstr. */
export type IntOrPercent = number | string;

/**
 * The count that a value stands for.
 * @param total what a percentage is of
 * @param round which way a share that is no whole number goes
 * @returns undefined when the text is no percentage
 */
export function scaledCount(value: IntOrPercent, total: number, round: 'up' | 'down'): number | undefined {
  if (typeof value === 'number') return value;
  const match = /^(\d+)%$/.exec(value);
  if (match === null) return undefined;
  const share = (Number(match[1]) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
