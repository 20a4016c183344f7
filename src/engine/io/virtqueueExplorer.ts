import { QueueBroken, type ChoiceKind, type Schedule, type VirtqueueMachine } from './virtqueueMachine.ts';

/** A departure from the usual order: at which choice of the interleaving, and which course instead of the usual. */
interface Departure {
  readonly choice: number;
  readonly course: number;
}

interface Choice {
  readonly alternatives: number;
  readonly cost: number;
}

/** What a departure costs. An order of steps is nothing rare; faults of memory order need one of them and one reordering. */
const costs: Readonly<Record<ChoiceKind, number>> = { reorder: 1, order: 2 };

/** Follows a list of departures, and notes the choices that there were. */
class Recorded implements Schedule {
  readonly choices: Choice[] = [];
  readonly #departures: ReadonlyMap<number, number>;
  constructor(departures: readonly Departure[]) {
    this.#departures = new Map(departures.map(({ choice, course }) => [choice, course]));
  }
  choose(alternatives: number, kind: ChoiceKind): number {
    const course = this.#departures.get(this.choices.length) ?? 0;
    this.choices.push({ alternatives, cost: costs[kind] });
    return Math.min(course, alternatives - 1);
  }
}

export interface Exploration {
  readonly explored: number;
  /** The most departures of an interleaving that was explored. */
  readonly deepest: number;
}

/**
 * Explores interleavings of publishing `buffers` buffers and taking them back, the cheapest first: the usual order, then those that
 * depart from it by one reordered access, by one step of the device in between, by one of each, and so on, until `most` were run,
 * there are none left, or one broke the queue. Each begins and ends with an empty queue, so that the same driver goes on to the
 * next one. What breaks first departs little, which is what makes it readable.
 */
export function explore(
  machine: VirtqueueMachine,
  options: {
    readonly buffers: number;
    readonly awake: boolean;
    readonly most: number;
    readonly firstNumber: number;
  },
): Exploration {
  /** Interleavings to run, by cost, each in the order in which it was found. */
  const byCost: (readonly Departure[])[][] = [[[]]];
  let explored = 0;
  let deepest = 0;
  for (let cost = 0; cost < byCost.length; cost++) {
    for (const departures of byCost[cost] ?? []) {
      if (explored >= options.most || machine.broken) return { explored, deepest };
      const schedule = new Recorded(departures);
      deepest = Math.max(deepest, departures.length);
      machine.beginInterleaving(
        options.firstNumber + explored,
        departures.length,
        options.awake,
        options.buffers,
      );
      explored++;
      runInterleaving(machine, schedule, options.buffers);
      const last = departures.at(-1)?.choice ?? -1;
      for (let choice = last + 1; choice < schedule.choices.length; choice++) {
        const { alternatives, cost: more } = schedule.choices[choice]!;
        for (let course = 1; course < alternatives; course++) {
          const bucket = (byCost[cost + more] ??= []);
          if (bucket.length < options.most) bucket.push([...departures, { choice, course }]);
        }
      }
    }
  }
  return { explored, deepest };
}

function runInterleaving(machine: VirtqueueMachine, schedule: Schedule, buffers: number): void {
  machine.follow(schedule);
  try {
    machine.publish(buffers);
    machine.settle();
    machine.examine();
  } catch (thrown) {
    if (!(thrown instanceof QueueBroken)) throw thrown;
  }
}
