import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { EventQueue, type EventHandle } from '../../../src/engine/kernel/eventQueue.ts';
import { randomStreams } from '../../../src/engine/kernel/random.ts';

type Command =
  | { readonly kind: 'push'; readonly time: number; readonly priority: number }
  | { readonly kind: 'pop' }
  | { readonly kind: 'cancel'; readonly which: number };

const commands = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('push' as const),
        time: fc.nat(12),
        priority: fc.integer({ min: -2, max: 2 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(400) }) },
  ),
  { maxLength: 400 },
);

const nothing = (): void => {};

describe('EventQueue', () => {
  it('agrees with a sorted array under any mix of pushes, pops and cancellations', () => {
    fc.assert(
      fc.property(commands, (mix: readonly Command[]) => {
        const queue = new EventQueue();
        const handles: EventHandle[] = [];
        let model: { time: number; priority: number; number: number }[] = [];
        for (const command of mix) {
          if (command.kind === 'push') {
            const number = handles.length;
            handles.push(queue.push(command.time, command.priority, nothing, number, -number, number + 7));
            model.push({ time: command.time, priority: command.priority, number });
            model.sort((x, y) => x.time - y.time || x.priority - y.priority || x.number - y.number);
          } else if (command.kind === 'pop') {
            const first = model.shift();
            assert.equal(queue.pop(), first !== undefined);
            if (first !== undefined) {
              assert.deepEqual(
                [queue.time, queue.a, queue.b, queue.cause],
                [first.time, first.number, -first.number, first.number + 7],
              );
            }
          } else if (handles.length > 0) {
            const number = command.which % handles.length;
            const left = model.filter((event) => event.number !== number);
            assert.equal(queue.isPending(handles[number]!), left.length < model.length);
            assert.equal(queue.cancel(handles[number]!), left.length < model.length);
            model = left;
          }
          assert.equal(queue.size, model.length);
          assert.equal(queue.peek(), model[0]?.time ?? Infinity);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps order, numbers and cancellation while it grows to 5,000 events', () => {
    const queue = new EventQueue();
    const random = randomStreams(7).stream('times');
    const times = Array.from({ length: 5000 }, () => random.integer(0, 900));
    const handles = times.map((time, number) => queue.push(time, 0, nothing, number, 0, -1));
    for (let number = 0; number < handles.length; number += 3) queue.cancel(handles[number]!);
    const expected = times
      .map((time, number) => ({ time, number }))
      .filter(({ number }) => number % 3 !== 0)
      .toSorted((x, y) => x.time - y.time || x.number - y.number);
    const left: { time: number; number: number }[] = [];
    while (queue.pop()) left.push({ time: queue.time, number: queue.a });
    assert.deepEqual(left, expected);
  });

  it('never cancels an event through the handle of an earlier event in the same slot', () => {
    const queue = new EventQueue();
    const old: EventHandle[] = [];
    for (let round = 0; round < 300; round++) {
      old.push(queue.push(round, 0, nothing, 0, 0, -1));
      if (round % 2 === 0) queue.pop();
      else queue.cancel(old.at(-1)!);
    }
    const current = queue.push(300, 0, nothing, 0, 0, -1);
    assert.ok(old.every((handle) => !queue.cancel(handle)));
    assert.equal(new Set([...old, current]).size, 301);
    assert.ok(queue.isPending(current));
  });

  it('permutes equal times and priorities, and nothing else, when ties are shuffled', () => {
    const events = fc.array(fc.record({ time: fc.nat(3), priority: fc.integer({ min: -1, max: 1 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(events, fc.integer(), (list, seed) => {
        const queue = new EventQueue(randomStreams(seed).stream('ties'));
        list.forEach(({ time, priority }, number) => queue.push(time, priority, nothing, number, 0, -1));
        const left: number[] = [];
        while (queue.pop()) left.push(queue.a);
        assert.deepEqual(
          left.toSorted((x, y) => x - y),
          list.map((_, number) => number),
        );
        const keys = left.map((number) => list[number]!);
        for (let at = 1; at < keys.length; at++) {
          const [before, after] = [keys[at - 1]!, keys[at]!];
          assert.ok(
            before.time < after.time || (before.time === after.time && before.priority <= after.priority),
          );
        }
      }),
    );
  });

  it('gives every order of three tied events about as often as the others', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const queue = new EventQueue(randomStreams(seed).stream('ties'));
      for (let number = 0; number < 3; number++) queue.push(5, 0, nothing, number, 0, -1);
      let order = '';
      while (queue.pop()) order += queue.a;
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    assert.equal(seen.size, 6);
    for (const [order, times] of seen)
      assert.ok(times > 60 && times < 140, `${order} came ${times} times in 600`);
  });
});
