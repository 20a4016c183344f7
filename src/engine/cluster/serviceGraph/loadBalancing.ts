import type { RandomStream } from '../../kernel/random.ts';

/** How a caller chooses a replica. */
export const balancings = {
  random: 'Any replica, each equally likely.',
  'round-robin': 'One after the other; each caller counts for itself.',
  'least-loaded': 'One of those with the fewest requests outstanding: the first of them after a random one.',
  'two-choices':
    'The less loaded of two that are chosen at random (M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001).',
} as const;
export type Balancing = keyof typeof balancings;

/**
 * The replica that gets the next request.
 * @param outstanding requests sent to each replica and not answered yet
 * @param turns the caller's own counter stands at `caller`
 */
export function pickReplica(
  balancing: Balancing,
  outstanding: Int32Array,
  random: RandomStream,
  turns: Int32Array,
  caller: number,
): number {
  const replicas = outstanding.length;
  if (replicas === 1) return 0;
  switch (balancing) {
    case 'random':
      return random.integer(0, replicas - 1);
    case 'round-robin': {
      const turn = turns[caller]!;
      turns[caller] = turn + 1 === replicas ? 0 : turn + 1;
      return turn;
    }
    case 'least-loaded': {
      const from = random.integer(0, replicas - 1);
      let best = from;
      for (let step = 1; step < replicas; step++) {
        const replica = from + step < replicas ? from + step : from + step - replicas;
        if (outstanding[replica]! < outstanding[best]!) best = replica;
      }
      return best;
    }
    case 'two-choices': {
      const one = random.integer(0, replicas - 1);
      const drawn = random.integer(0, replicas - 2);
      const other = drawn >= one ? drawn + 1 : drawn;
      return outstanding[other]! < outstanding[one]! ? other : one;
    }
  }
}
