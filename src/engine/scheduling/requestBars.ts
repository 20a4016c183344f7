import { toMs } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import type { BarsModel } from '../kernel/view.ts';
import type { SchedulingEvents } from './schedulingEvents.ts';

const parts = [
  { label: 'VM 1 runs', tone: 'focus', letter: '1' },
  { label: 'others run', tone: 'busy', letter: '' },
  { label: 'switching', tone: 'overhead', letter: 's' },
  { label: 'cold caches', tone: 'idle', letter: 'c' },
  { label: 'nobody runs', tone: 'waiting', letter: '' },
] as const satisfies BarsModel['parts'];
const [works, others, switching, cold, nobody] = [0, 1, 2, 3, 4];

/**
 * Where the time of the request goes on a host with one CPU: what the CPU does from its arrival until VM 1 runs, and from
 * there until the response leaves, or until the run ends.
 */
export function requestBars(trace: Trace<SchedulingEvents>): BarsModel {
  const waiting = parts.map(() => 0);
  const serving = parts.map(() => 0);
  let into: number[] | undefined;
  let doing = nobody;
  let sinceNs = 0;
  /** Until then the vCPU that runs has cold caches. */
  let coldUntilNs = 0;
  const pass = (nowNs: number): void => {
    if (into !== undefined) {
      const warmNs = Math.min(nowNs, Math.max(sinceNs, coldUntilNs));
      into[cold]! += warmNs - sinceNs;
      into[doing]! += nowNs - warmNs;
    }
    sinceNs = nowNs;
  };
  for (let row = 0; row < trace.length; row++) {
    const nowNs = trace.timeNs(row);
    pass(nowNs);
    switch (trace.kind(row)) {
      case 'arrive':
        into = waiting;
        break;
      case 'handle':
        into = serving;
        break;
      case 'respond':
        into = undefined;
        break;
      case 'switch':
        doing = switching;
        break;
      case 'dispatch':
        doing = trace.field(row, 1) === 1 ? works : others;
        coldUntilNs = nowNs + trace.field(row, 2);
        break;
      case 'deschedule':
        doing = nobody;
        coldUntilNs = nowNs;
        break;
      default:
        break;
    }
  }
  return {
    kind: 'bars',
    title: 'Where the time of the request goes',
    axis: { label: 'Time', unit: 'ms' },
    parts,
    rows: [
      { label: 'Until VM 1 runs', values: waiting.map(toMs) },
      { label: 'From there until the response', values: serving.map(toMs) },
    ],
  };
}
