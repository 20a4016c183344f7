import type { Witness } from '../../kernel/scenario.ts';
import { firstOf, windowRows, type StormTrace } from './stormTrace.ts';

export const shown = (value: number): string => String(Number(value.toFixed(2)));

export function stillDown(trace: StormTrace, atNs: number): Witness {
  const at = windowRows(trace).find((row) => trace.timeNs(row) >= atNs) ?? trace.length - 1;
  // The latest retry that kept the service busy is what a learner can do something about.
  let event = at;
  while (event > 0 && trace.kind(event) !== 'retry') event--;
  const [came, ok, attempts, waiting] = [0, 1, 2, 3].map((index) => trace.field(at, index));
  return {
    event: trace.kind(event) === 'retry' ? event : at,
    expected: 'at least 95 % of the requests of a second to succeed by then',
    actual: `${ok} of ${came} in that quarter second, with ${attempts} attempts sent and ${waiting} waiting at the service`,
    because:
      'The cause has been over for a while. What keeps the service overloaded are attempts whose answers come too late for anybody.',
  };
}

export function tooManyRetries(trace: StormTrace, fromNs: number, atMost: number): Witness | undefined {
  const rows = windowRows(trace).filter((row) => trace.timeNs(row) > fromNs);
  for (let first = 0; first + 4 <= rows.length; first++) {
    const second = rows.slice(first, first + 4);
    const came = second.reduce((sum, row) => sum + trace.field(row, 0), 0);
    const attempts = second.reduce((sum, row) => sum + trace.field(row, 2), 0);
    if (attempts <= atMost * Math.max(1, came)) continue;
    let event = second.at(-1)!;
    while (event > 0 && trace.kind(event) !== 'retry') event--;
    return {
      event,
      expected: `at most ${shown(atMost)} attempts for each request that comes`,
      actual: `${attempts} attempts for ${came} requests in one second`,
      because:
        'When everything fails, every request is tried again. Retries that are not limited as a share of the requests multiply the load just when there is least room for it.',
    };
  }
  return undefined;
}

export function gaveUpEarly(trace: StormTrace, beforeNs: number, seen: number, atLeast: number): Witness {
  const given = firstOf(trace, 'giveUp');
  const event = given !== undefined && trace.timeNs(given) < beforeNs ? given : (firstOf(trace, 'shed') ?? 0);
  return {
    event,
    expected: `at least ${shown(atLeast)} % of the requests to succeed while the service is well`,
    actual: `${shown(seen)} %`,
    because: 'An error by chance is gone at the next attempt. That is what retries are for.',
  };
}
