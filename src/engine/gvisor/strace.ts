import { classOf } from './callCosts.ts';

/** What a log of strace says, as far as it could be read. */
export interface ImportedTrace {
  readonly calls: ReadonlyMap<string, number>;
  /** From the first to the last time stamp, in seconds; undefined for logs without. */
  readonly seconds: number | undefined;
  /** Names of files that were opened or looked at, and of those that were created. */
  readonly files: ReadonlySet<string>;
  readonly created: ReadonlySet<string>;
  /** Lines that are no call: each with its number, from 1, and its text. */
  readonly unread: readonly { readonly line: number; readonly text: string }[];
  /** Calls whose cost the model does not know, with how often. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** `-c`: `100.00    0.000123           1       100         3 openat`. */
const summaryRow = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z_]\w*)\s*$/;
/** `1234 12:00:00.123456 openat(AT_FDCWD, "a", O_RDONLY) = 3 <0.000010>`, with everything but the call optional. */
const logRow =
  /^(?:\[pid\s+\d+\]\s*|\d+\s+)?(?:(?:\d{2}:\d{2}:\d{2}(?:\.\d+)?|\d+\.\d+)\s+)?([a-z_]\w*)\((.*)$/;
/** The time of a call, of the end of one, of a signal or an exit. */
const stampOf =
  /^(?:\[pid\s+\d+\]\s*|\d+\s+)?(\d{2}:\d{2}:\d{2}(?:\.\d+)?|\d+\.\d+)\s+(?:[a-z_]\w*\(|<\.\.\. |---|\+\+\+)/;
const resumedRow = /^(?:\[pid\s+\d+\]\s*|\d+\s+)?(?:\S+\s+)?<\.\.\. (\w+) resumed>/;
/** Seconds since 1970 that no log of strace -ttt is older than: smaller ones are relative. */
const firstUnixTime = 1e6;
/** Signals, exits, headers and rules of the summary. */
const noCall =
  /^(?:\[pid\s+\d+\]\s*|\d+\s+)?(?:\S+\s+)?(?:---|\+\+\+|strace:)|^\s*%\s+time|^[-\s]+$|^\s*[\d.]+\s+[\d.]+\s+(?:\d+\s+)?\d+\s+(?:\d+\s+)?total\s*$|^\s*$/;

/**
 * Reads what `strace -f -c`, or `strace -f` with any of `-t`, `-tt`, `-ttt`, `-r`, `-T`, printed. Never throws. Lines that are no call are
 * counted, not dropped.
 */
export function importStrace(text: string): ImportedTrace {
  const calls = new Map<string, number>();
  const unknown = new Map<string, number>();
  const files = new Set<string>();
  const created = new Set<string>();
  const unread: { line: number; text: string }[] = [];
  let first: number | undefined;
  let last: number | undefined;
  const count = (name: string, times: number): void => {
    const into = classOf(name) === undefined ? unknown : calls;
    into.set(name, (into.get(name) ?? 0) + times);
  };
  text.split(/\r?\n/).forEach((row, index) => {
    const summary = summaryRow.exec(row);
    if (summary !== null && summary[2] !== 'total') {
      count(summary[2]!, Number(summary[1]));
      return;
    }
    const stamp = stampOf.exec(row)?.[1];
    const at = stamp === undefined ? undefined : secondsOf(stamp);
    if (at !== undefined) {
      first ??= at;
      // With -r each is the time since the one before; and past midnight a clock starts again.
      if (!stamp!.includes(':') && at < firstUnixTime) last = (last ?? 0) + at;
      else last = at < first ? at + 86_400 : at;
    }
    // The second half of a call that another thread's line cut in two: it was counted at its first.
    if (noCall.test(row) || resumedRow.test(row)) return;
    const call = logRow.exec(row);
    if (call === null) {
      unread.push({ line: index + 1, text: row.slice(0, 120) });
      return;
    }
    const [, name, rest] = call;
    // A thread shares its address space, which is what makes a process dear.
    count(name!.startsWith('clone') && rest!.includes('CLONE_THREAD') ? 'futex' : name!, 1);
    const path = /"((?:[^"\\]|\\.)*)"/.exec(rest!)?.[1];
    if (
      path !== undefined &&
      /^(?:open|openat|openat2|creat|stat|lstat|newfstatat|statx|access|faccessat2?)$/.test(name!)
    ) {
      if (/O_CREAT/.test(rest!) || name === 'creat') created.add(path);
      else if (!/= -1 /.test(rest!)) files.add(path);
    }
  });
  return {
    calls,
    unknown,
    files,
    created,
    unread,
    seconds: first === undefined || last === undefined ? undefined : last - first,
  };
}

function secondsOf(stamp: string): number {
  if (!stamp.includes(':')) return Number(stamp);
  const [hours, minutes, seconds] = stamp.split(':').map(Number);
  return hours! * 3600 + minutes! * 60 + seconds!;
}
