import type { PolicyImplementation, PolicyRun } from '../kernel/policy.ts';
import { choice } from '../kernel/parameters.ts';
import { creditScheduler } from './creditScheduler.ts';
import { eevdfScheduler } from './eevdfScheduler.ts';
import { realTimeScheduler } from './realTimeScheduler.ts';
import { roundRobinScheduler } from './roundRobinScheduler.ts';
import type { SchedulerPolicy } from './schedulerPolicy.ts';
import { shortSliceScheduler } from './shortSliceScheduler.ts';
import { wakeFirstScheduler } from './wakeFirstScheduler.ts';

const periodMs = 10;
const ioSliceMs = 0.5;

export const schedulerParameter = choice({
  label: 'Scheduler',
  doc: 'Which built-in scheduler decides. A scheduler of your own takes its place.',
  values: {
    'round-robin': 'Strict rotation in slices of the configured length.',
    'wake-first': 'Strict rotation, but who wakes takes the CPU at once, however often it wakes.',
    credit:
      "Xen's credit scheduler, with BOOST for who wakes with credit left, in slices of the configured length.",
    eevdf: 'A fair scheduler after EEVDF, as in Linux: base slices of 3 ms, ticks of 4 ms.',
    'real-time': `Budgets and periods after Xen's RTDS: an equal part of every ${periodMs} ms for each VM.`,
    'short-slice': `CPU 0 is a core for I/O: it runs who has just woken, in slices of ${ioSliceMs} ms.`,
  },
  default: 'round-robin',
});

/** The built-in scheduler that a run's `scheduler` parameter names. */
export function chosenScheduler(run?: PolicyRun): PolicyImplementation<typeof SchedulerPolicy> {
  const params = run?.params ?? {};
  const number = (name: string, otherwise: number): number =>
    (params[name] as number | undefined) ?? otherwise;
  switch (params['scheduler']) {
    case 'wake-first':
      return wakeFirstScheduler();
    case 'credit':
      return creditScheduler(number('sliceMs', 30));
    case 'eevdf':
      return eevdfScheduler();
    case 'real-time':
      return realTimeScheduler(
        Math.min(periodMs, (periodMs * number('cpus', 1)) / number('vms', 1)),
        periodMs,
      );
    case 'short-slice':
      return shortSliceScheduler(ioSliceMs);
    default:
      return roundRobinScheduler();
  }
}
