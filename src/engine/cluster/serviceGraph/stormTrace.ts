import { defineEvents, type Trace } from '../../kernel/trace.ts';
import { failureReasons } from './clientPolicy.ts';

const nsPerMs = 1e6;

/** What happens in a storm of retries, as learners see it. */
export const stormEvents = defineEvents({
  retry: {
    doc: 'An attempt failed (`reason`: 0 timeout, 1 error, 2 rejected), and another will be made after `delayNs`.',
    fields: ['attempt', 'reason', 'delayNs'],
    decides: true,
    say: ({ attempt, reason, delayNs }) =>
      `attempt ${attempt} failed (${failureReasons[reason!]}); the next comes after ${Number((delayNs! / nsPerMs).toFixed(3))} ms`,
  },
  giveUp: {
    doc: 'An attempt failed, and the request is given up.',
    fields: ['attempt', 'reason'],
    decides: true,
    say: ({ attempt, reason }) =>
      `attempt ${attempt} failed (${failureReasons[reason!]}), and the request is given up`,
  },
  shed: {
    doc: 'A new request is failed without being sent.',
    fields: [],
    decides: true,
    say: () => 'a request is failed at once, without being sent',
  },
  send: { doc: 'An attempt is sent.', fields: ['request', 'attempt'] },
  answer: { doc: 'A request is over; `ok` says how.', fields: ['request', 'latencyNs', 'ok'] },
  slow: { doc: 'The server becomes `slowdown` times as slow.', fields: ['slowdown'] },
  recover: { doc: 'The server is as fast as before.', fields: [] },
  window: {
    doc: 'A quarter of a second is over: requests that came, were answered in time, failed, and attempts that were sent; and who waits at the server.',
    fields: ['came', 'ok', 'attempts', 'waiting'],
    say: ({ came, ok, attempts, waiting }) =>
      `in this quarter second ${came} requests came, ${ok} succeeded, ${attempts} attempts were sent; ${waiting} wait at the server`,
  },
  end: { doc: 'The run ends.', fields: [] },
});

export type StormTrace = Trace<typeof stormEvents>;

/** Requests that were not sent before a time. */
export function shedUntil(trace: StormTrace, untilNs: number): number {
  let shed = 0;
  for (let row = 0; row < trace.length && trace.timeNs(row) < untilNs; row++)
    if (trace.code(row) === trace.codes.shed) shed++;
  return shed;
}

/** The first event of a kind at or after a time. */
export function firstOf(trace: StormTrace, kind: keyof typeof stormEvents, fromNs = 0): number | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.timeNs(row) >= fromNs && trace.kind(row) === kind) return row;
  }
  return undefined;
}

/** The latest window that was over at an event. */
export function latestWindow(trace: StormTrace, event: number): number | undefined {
  for (let row = event; row >= 0; row--) if (trace.code(row) === trace.codes.window) return row;
  return undefined;
}

export const windowRows = (trace: StormTrace): number[] =>
  Array.from({ length: trace.length }, (_, row) => row).filter(
    (row) => trace.code(row) === trace.codes.window,
  );
