import { count } from '../../kernel/parameters.ts';

/** Parameters of every scenario that runs the guest kernel. */
export const vmmParameters = {
  quantumTicks: count({
    label: 'Time slice in the guest',
    doc: 'Ticks of the guest’s own scheduler: after so many instructions its kernel preempts a process.',
    min: 300,
    max: 100_000,
    default: 1000,
    say: (ticks) => `slices of ${ticks} ticks`,
  }),
  rounds: count({
    label: 'Work of a process',
    doc: 'Rounds of the loop of each of the guest’s two processes; each takes 12 instructions.',
    min: 1,
    max: 2000,
    default: 100,
    say: (rounds) => `${rounds} rounds of work`,
  }),
  seed: count({
    label: 'Data of the guests',
    doc: 'The number that the guests’ processes begin to compute with.',
    min: 1,
    max: 1_000_000,
    default: 7,
    say: (seed) => `data ${seed}`,
  }),
  timerBound: count({
    label: 'Timer bound',
    doc: 'The most instructions for which a guest may run before the VMM has the processor again.',
    min: 100,
    max: 1_000_000,
    default: 5000,
    say: (bound) => `at most ${bound} instructions at a time`,
  }),
};
