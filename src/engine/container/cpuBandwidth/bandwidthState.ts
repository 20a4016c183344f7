import type { Trace } from '../../kernel/trace.ts';
import { sayMs, type StateModel } from '../../kernel/view.ts';
import { poolStates } from './bandwidthPool.ts';
import type { CpuEvents } from './cpuEvents.ts';

/** The pool and the CPUs right after an event, as bandwidth control sees them. */
export function bandwidthStateAt(
  trace: Trace<CpuEvents>,
  event: number,
  limit: { readonly quotaNs: number; readonly burstNs: number },
  cpus: number,
): StateModel {
  const does = Array.from({ length: cpus }, () => 'nothing of the group to run');
  const granted = Array.from({ length: cpus }, () => 0);
  const used = Array.from({ length: cpus }, () => 0);
  const sinceNs = Array.from({ length: cpus }, () => 0);
  let poolNs = 0;
  let periodNs = 0;
  let number = 0;
  for (const state of poolStates(trace, limit)) {
    if (state.row > event) {
      poolNs = state.poolNs;
      break;
    }
    const { row } = state;
    ({ poolNs, periodNs } = state);
    const atNs = trace.timeNs(row);
    const cpu = trace.field(row, 0);
    const say = (what: string): void => {
      does[cpu] = what;
      sinceNs[cpu] = atNs;
    };
    switch (trace.kind(row)) {
      case 'run':
        say(`runs ${trace.textOf(trace.field(row, 1))}`);
        break;
      case 'stop':
        used[cpu]! += trace.field(row, 2);
        say('nothing of the group to run');
        break;
      case 'throttle':
        say('throttled');
        break;
      case 'unthrottle':
        say('may run again');
        break;
      case 'grant':
        granted[cpu]! += trace.field(row, 3);
        break;
      case 'giveBack':
        granted[cpu]! -= trace.field(row, 2);
        break;
      case 'period':
        number = trace.field(row, 1);
        break;
      default:
        break;
    }
  }
  const last = Math.min(event, trace.length - 1);
  if (last === trace.length - 1) {
    for (const state of poolStates(trace, limit)) ({ poolNs } = state);
  }
  return {
    kind: 'state',
    groups: [
      {
        title: 'The group',
        columns: ['period', 'began at', 'left in the pool'],
        rows: [[String(number), sayMs(periodNs), sayMs(poolNs)]],
        whenEmpty: '',
      },
      {
        title: 'CPUs',
        columns: ['CPU', 'does', 'since', 'granted so far', 'used before this'],
        rows: does.map((what, cpu) => [
          String(cpu),
          what,
          sayMs(sinceNs[cpu]!),
          sayMs(granted[cpu]!),
          sayMs(used[cpu]!),
        ]),
        whenEmpty: 'No CPU.',
      },
    ],
  };
}
