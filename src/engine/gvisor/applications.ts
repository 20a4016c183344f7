import {
  callClasses,
  callClassNames,
  callParts,
  type CallClassName,
  type CallParts,
  type SandboxSettings,
} from './callCosts.ts';

/** What an application does in a stretch of native time: the shape of its system call trace. */
export interface Application {
  readonly name: string;
  readonly doc: string;
  /** Native time that it stands for, in seconds. */
  readonly seconds: number;
  /** Calls in that time, by class. */
  readonly calls: Readonly<Partial<Record<CallClassName, number>>>;
  /** Files that exist and are used, and files that it creates. */
  readonly files: number;
  readonly created: number;
}

/** Applications by the shape of their traces, one second each. Assumed: orders of magnitude that such programs have. */
export const applications = {
  numeric: {
    name: 'numeric',
    doc: 'Multiplies matrices; allocates now and then.',
    seconds: 1,
    calls: { memory: 60, wait: 200, write: 10 },
    files: 5,
    created: 1,
  },
  encoding: {
    name: 'encoding',
    doc: 'Encodes video: reads and writes large blocks, threads wait for each other.',
    seconds: 1,
    calls: { read: 900, write: 450, wait: 3500, memory: 600, time: 900 },
    files: 4,
    created: 1,
  },
  'key-value store': {
    name: 'key-value store',
    doc: 'Answers small requests from memory over the network, like Redis.',
    seconds: 1,
    calls: { socket: 40_000, wait: 20_000, time: 40_000 },
    files: 2,
    created: 0,
  },
  build: {
    name: 'build',
    doc: 'Compiles many small files: looks for headers, starts compilers.',
    seconds: 1,
    calls: {
      stat: 45_000,
      open: 9_000,
      read: 18_000,
      write: 6_000,
      close: 18_000,
      memory: 9_000,
      fork: 60,
      exec: 60,
    },
    files: 2500,
    created: 800,
  },
  'web server': {
    name: 'web server',
    doc: 'Serves small files, one short request after the other.',
    seconds: 1,
    calls: {
      socket: 20_000,
      open: 5_000,
      stat: 5_000,
      read: 5_000,
      close: 10_000,
      wait: 10_000,
      time: 10_000,
    },
    files: 60,
    created: 0,
  },
  copy: {
    name: 'copy',
    doc: 'Copies a tree of files of some kilobytes.',
    seconds: 1,
    calls: { stat: 24_000, open: 24_000, read: 90_000, write: 90_000, close: 48_000 },
    files: 12_000,
    created: 12_000,
  },
  shell: {
    name: 'shell',
    doc: 'Runs a script that starts small programs.',
    seconds: 1,
    calls: {
      fork: 900,
      exec: 900,
      open: 14_000,
      stat: 18_000,
      read: 18_000,
      write: 4_000,
      memory: 30_000,
      close: 20_000,
    },
    files: 400,
    created: 100,
  },
} as const satisfies Readonly<Record<string, Application>>;
export type ApplicationName = keyof typeof applications;
export const applicationNames = Object.keys(applications) as ApplicationName[];

/** Time of an application, natively and in a sandbox, in nanoseconds. */
export interface SandboxTime {
  readonly nativeNs: number;
  /** Computing between the calls, the same in both. */
  readonly computeNs: number;
  /** Native time of the calls themselves. */
  readonly nativeCallsNs: number;
  readonly parts: CallParts;
  readonly sandboxNs: number;
  readonly calls: number;
}

/**
 * @param batching operations that one call submits (as with io_uring), 1 or more: reads, writes and messages share an interception
 */
export function timeOf(application: Application, settings: SandboxSettings, batching = 1): SandboxTime {
  const nativeNs = application.seconds * 1e9;
  const lookups = (application.calls.stat ?? 0) + (application.calls.open ?? 0);
  const asksFiles = lookups === 0 ? 0 : outsideLookups(application, settings, lookups) / lookups;
  const sum = { interception: 0, sentry: 0, files: 0, network: 0, addressSpace: 0 };
  let nativeCallsNs = 0;
  let calls = 0;
  for (const name of callClassNames) {
    const count = application.calls[name] ?? 0;
    if (count === 0) continue;
    const parts = callParts(name, settings, asksFiles);
    const interceptions = count / (batched.has(name) ? batching : 1);
    sum.interception += interceptions * parts.interception;
    sum.sentry += count * parts.sentry;
    sum.files += count * parts.files;
    sum.network += count * parts.network;
    sum.addressSpace += count * parts.addressSpace;
    nativeCallsNs += count * callClasses[name].nativeNs;
    calls += count;
  }
  // A trace may claim more calls than its time has room for; then it does nothing but calls.
  const computeNs = Math.max(0, nativeNs - nativeCallsNs);
  const inSandbox = sum.interception + sum.sentry + sum.files + sum.network + sum.addressSpace;
  return {
    nativeNs: computeNs + nativeCallsNs,
    computeNs,
    nativeCallsNs,
    parts: sum,
    sandboxNs: computeNs + inSandbox,
    calls,
  };
}

const batched: ReadonlySet<CallClassName> = new Set(['read', 'write', 'socket']);

/** Lookups that leave the Sentry: all of them where others may change files; else each file once, and created ones never with an overlay. */
function outsideLookups(
  { files, created }: Application,
  { fileAccess, overlay }: SandboxSettings,
  lookups: number,
): number {
  if (overlay === 'root') return Math.min(lookups, files);
  if (fileAccess === 'exclusive') return Math.min(lookups, files + created);
  return lookups;
}
