import type { Nanoseconds } from '../../kernel/time.ts';

const [minute, hour, day, year] = [60, 3600, 86_400, 365 * 86_400];

/**
 * A span as kubectl says it: seconds below two minutes, minutes and seconds below ten minutes, and so on, never more than
 * two units. Source: k8s.io/apimachinery/pkg/util/duration, HumanDuration.
 */
export function humanDuration(ns: Nanoseconds): string {
  const s = Math.floor(ns / 1e9);
  const two = (big: number, bigUnit: string, small: number, smallUnit: string): string => {
    const rest = Math.floor((s % big) / small);
    return `${Math.floor(s / big)}${bigUnit}${rest === 0 ? '' : `${rest}${smallUnit}`}`;
  };
  if (s < 2 * minute) return `${s}s`;
  if (s < 10 * minute) return two(minute, 'm', 1, 's');
  if (s < 3 * hour) return `${Math.floor(s / minute)}m`;
  if (s < 8 * hour) return two(hour, 'h', minute, 'm');
  if (s < 2 * day) return `${Math.floor(s / hour)}h`;
  if (s < 8 * day) return two(day, 'd', hour, 'h');
  if (s < 2 * year) return `${Math.floor(s / day)}d`;
  if (s < 8 * year) return two(year, 'y', day, 'd');
  return `${Math.floor(s / year)}y`;
}
