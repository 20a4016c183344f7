import { callClasses, callParts, sumOfParts, usualSettings, type CallClassName } from './callCosts.ts';

/** Platforms on which the loops were measured: ptrace in runsc of 2022, systrap in runsc of 2024. */
export const measuredPlatforms = {
  systrap: 'runsc of July 2024, by a signal handler and shared memory.',
  ptrace: 'runsc of December 2022, by ptrace.',
} as const;
export type MeasuredPlatform = keyof typeof measuredPlatforms;

/** A program that does one thing over and over, measured natively and in a sandbox: medians of 15 runs, in nanoseconds a round. */
export interface MeasuredLoop {
  readonly doc: string;
  /** System calls of a round, by class. */
  readonly calls: Readonly<Partial<Record<CallClassName, number>>>;
  readonly nativeNs: number;
  readonly measuredNs: Readonly<Record<MeasuredPlatform, number>>;
  /** Whether one of the model's constants was set by it, so that it proves nothing. */
  readonly calibrates: boolean;
}

const loop = (
  doc: string,
  calls: MeasuredLoop['calls'],
  [nativeNs, systrap, ptrace]: readonly [number, number, number],
  calibrates = false,
): MeasuredLoop => ({ doc, calls, nativeNs, measuredNs: { systrap, ptrace }, calibrates });

/** Measured on Linux 6.18, 2 CPUs, itself a virtual machine (`test/conformance/published/gvisor-measured.json`, `gvisor-cpu.json`). */
export const measuredLoops = {
  'CPU loop': loop(
    'Computes a checksum bit by bit, without any system call.',
    {},
    [29_831_000, 29_862_000, 29_884_000],
  ),
  getpid: loop('Asks for its number.', { trivial: 1 }, [142, 6_767, 26_395]),
  'read 4 KiB': loop('Reads a page of a file that is open.', { read: 1 }, [463, 3_697, 28_175]),
  'write 4 KiB': loop('Writes a page of a file that is open.', { write: 1 }, [638, 9_718, 28_848]),
  'write a byte': loop('Writes a byte to /dev/null.', { write: 1 }, [168, 2_792, 27_524], true),
  stat: loop('Looks a file up.', { stat: 1 }, [757, 20_068, 29_261], true),
  'open and close': loop('Opens a file and closes it.', { open: 1, close: 1 }, [1_367, 29_036, 57_903]),
  'pipe, there and back': loop(
    'Sends a byte to another process and gets one back.',
    { read: 2, write: 2 },
    [14_125, 39_221, 110_633],
  ),
  'TCP, there and back': loop(
    'Sends a byte over loopback and gets one back.',
    { socket: 4 },
    [24_720, 120_633, 187_479],
    true,
  ),
  'fork and exit': loop(
    'Starts a process that ends at once.',
    { fork: 1 },
    [139_344, 3_669_292, 1_787_283],
    true,
  ),
  'fork and exec': loop('Starts a program.', { fork: 1, exec: 1 }, [496_707, 14_069_135, 6_463_004], true),
} as const satisfies Readonly<Record<string, MeasuredLoop>>;
export type MeasuredLoopName = keyof typeof measuredLoops;
export const measuredLoopNames = Object.keys(measuredLoops) as readonly MeasuredLoopName[];

/** Time of a round in the sandbox by the model: the measured native time, and for each call what the sandbox adds. */
export function predictedNs(name: MeasuredLoopName, platform: MeasuredPlatform): number {
  const { calls, nativeNs }: MeasuredLoop = measuredLoops[name];
  let ns = nativeNs;
  for (const [call, count] of Object.entries(calls) as [CallClassName, number][]) {
    const parts = callParts(call, { ...usualSettings, platform }, 1);
    ns += count * (sumOfParts(parts) - callClasses[call].nativeNs);
  }
  return ns;
}
