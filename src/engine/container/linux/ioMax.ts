/** Limits of a disk in `io.max`: bytes and operations per second, reading and writing; Infinity for `max`. */
export interface IoLimits {
  readonly rbps: number;
  readonly wbps: number;
  readonly riops: number;
  readonly wiops: number;
}
export const ioLimitKeys = ['rbps', 'wbps', 'riops', 'wiops'] as const;

export const unlimitedIo: IoLimits = { rbps: Infinity, wbps: Infinity, riops: Infinity, wiops: Infinity };

/** A line that was written into `io.max`; limits that it does not name stay as they are. */
export type IoMaxLine =
  | { readonly ok: true; readonly device: string; readonly limits: Partial<IoLimits> }
  | { readonly ok: false; readonly errno: 'EINVAL' | 'ENODEV' | 'ERANGE'; readonly part: string };

/**
 * Reads a line as block/blk-throttle.c does (tg_set_limit, blkg_conf_prep): a disk as `major:minor`, then limits. None may be 0 (ERANGE) or
 * 1 (EINVAL).
 * @param disks the whole disks that there are, as `major:minor`: a partition has no limits of its own
 */
export function readIoMaxLine(line: string, disks: readonly string[]): IoMaxLine {
  const [device = '', ...words] = line.trim().split(/\s+/);
  if (!/^\d+:\d+$/.test(device)) return { ok: false, errno: 'EINVAL', part: device };
  if (!disks.includes(device)) return { ok: false, errno: 'ENODEV', part: device };
  const limits: { -readonly [K in keyof IoLimits]?: number } = {};
  for (const part of words) {
    const match = /^(\w+)=(max|\d+)$/.exec(part);
    const key = ioLimitKeys.find((each) => each === match?.[1]);
    if (match === null) return { ok: false, errno: 'EINVAL', part };
    const value = match[2] === 'max' ? Infinity : Number(match[2]);
    if (value === 0) return { ok: false, errno: 'ERANGE', part };
    if (key === undefined || value === 1) return { ok: false, errno: 'EINVAL', part };
    limits[key] = value;
  }
  return { ok: true, device, limits };
}

/** The line that reading `io.max` gives for a disk; undefined where nothing is limited. */
export function ioMaxText(device: string, limits: IoLimits): string | undefined {
  if (ioLimitKeys.every((key) => limits[key] === Infinity)) return undefined;
  const shown = ioLimitKeys.map((key) => `${key}=${limits[key] === Infinity ? 'max' : limits[key]}`);
  return `${device} ${shown.join(' ')}`;
}
