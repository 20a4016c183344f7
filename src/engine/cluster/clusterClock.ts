import type { Nanoseconds } from '../kernel/time.ts';

export const seconds = (s: number): Nanoseconds => Math.round(s * 1e9);
export const toSeconds = (ns: Nanoseconds): number => ns / 1e9;

/** Seconds as a person reads them. */
export const saySeconds = (ns: Nanoseconds): string => `${Number((ns / 1e9).toFixed(3))} s`;
