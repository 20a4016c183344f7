import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  changedExercises,
  exerciseProgress,
  includesProgress,
  mergeProgress,
  noProgress,
  parseProgress,
  resetProgress,
  serializeProgress,
  withEvent,
  type LessonProgress,
  type ProgressEvent,
} from '../../../src/extension/progress.ts';
import { reportOf } from './reports.ts';

/** As JSON gives them back: with a prototype. */
const plain = { noNullPrototype: true } as const;
const response = fc.oneof(
  fc.record({ form: fc.constant('number' as const), text: fc.string({ maxLength: 5 }) }, plain),
  fc.record({ form: fc.constant('choice' as const), chosen: fc.array(fc.nat(5), { maxLength: 3 }) }, plain),
  fc.record(
    {
      form: fc.constant('prediction' as const),
      text: fc.string({ maxLength: 5 }),
      confidence: fc.constantFrom(50 as const, 70 as const, 90 as const),
    },
    plain,
  ),
);
const exercise = fc.constantFrom('a', 'b');
const at = fc.nat(20);

/** What happened, without an id: ids are unique over all windows, so they are dealt out afterwards. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('opened' as const), at }),
  fc.record({ kind: fc.constant('retried' as const), at, exercise }),
  fc.record({ kind: fc.constant('hinted' as const), at, exercise }),
  fc.record({ kind: fc.constant('reviewed' as const), at, exercise, round: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant('answered' as const),
    at,
    exercise,
    response,
    seed: fc.nat(2),
    right: fc.boolean(),
    points: fc.nat(3),
  }),
  fc
    .record({
      at,
      exercise,
      verdict: fc.constantFrom('passed' as const, 'failed' as const, 'ungradable' as const),
    })
    .map((graded) => ({
      ...graded,
      kind: 'graded' as const,
      seed: 1,
      points: 1,
      maxPoints: 2,
      submissionHash: 'h',
      report: reportOf({ verdict: graded.verdict }),
    })),
);

/** Records of one lesson in several windows: subsets of one set of events, so that they share some. */
const copies = (count: number) =>
  fc
    .record({
      happenings: fc.array(happening, { maxLength: 12 }),
      masks: fc.array(fc.nat(), { minLength: count, maxLength: count }),
      generations: fc.array(fc.nat(1), { minLength: count, maxLength: count }),
    })
    .map(({ happenings, masks, generations }) => {
      const events = happenings.map((event, index): ProgressEvent => ({ id: `e${index}`, ...event }));
      return masks.map((mask, copy) =>
        events
          .filter((_, index) => ((mask >> (index % 30)) & 1) === 1)
          .reduce(withEvent, { ...noProgress('lesson'), generation: generations[copy]! }),
      );
    });

describe('progress', () => {
  it('merges in any order, any grouping and any number of times to the same record', () => {
    fc.assert(
      fc.property(copies(3), ([a, b, c]) => {
        assert.deepEqual(mergeProgress(a!, b!), mergeProgress(b!, a!));
        assert.deepEqual(mergeProgress(mergeProgress(a!, b!), c!), mergeProgress(a!, mergeProgress(b!, c!)));
        assert.deepEqual(mergeProgress(a!, a!), a);
      }),
    );
  });

  it('loses no event of the same generation, and none that came after a reset', () => {
    fc.assert(
      fc.property(copies(2), ([a, b]) => {
        const merged = mergeProgress(a!, b!);
        for (const copy of [a!, b!]) assert.ok(includesProgress(merged, copy));
        const reset = resetProgress(merged);
        assert.deepEqual(mergeProgress(reset, a!).events, []);
      }),
    );
  });

  it('names the exercises that look different after a merge, and no other', () => {
    fc.assert(
      fc.property(copies(2), ([a, b]) => {
        const merged = mergeProgress(a!, b!);
        const changed = changedExercises(a!, merged);
        for (const id of ['a', 'b']) {
          const [before, after] = [a!, merged].map((progress) => exerciseProgress(progress, id));
          if (!changed.includes(id)) assert.deepEqual(after, before, id);
        }
        assert.deepEqual(changedExercises(merged, merged), []);
      }),
    );
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(copies(1), ([progress]) => {
        assert.deepEqual(parseProgress(serializeProgress(progress!), 'lesson'), {
          ok: true,
          value: progress,
        });
      }),
    );
  });

  it('never takes a damaged file for a record, whatever is cut off or changed in it', () => {
    const whole = serializeProgress(
      withEvent(noProgress('lesson'), { id: 'x', at: 5, kind: 'hinted', exercise: 'a' }),
    ).trimEnd();
    for (let length = 0; length < whole.length; length++) {
      assert.equal(parseProgress(whole.slice(0, length), 'lesson').ok, false, `cut to ${length}`);
    }
    const problems = [
      ['[]', 'has no format number'],
      ['{"format":2}', 'has format 2, which a newer Trapframe wrote'],
      ['{"format":0}', 'has the unknown format 0'],
      ['{"format":1,"lesson":"other","generation":0,"events":[]}', 'belongs to the lesson other'],
      ['{"format":1,"lesson":"lesson","generation":-1,"events":[]}', 'has no generation'],
      ['{"format":1,"lesson":"lesson","generation":0}', 'has no list of events'],
      [
        '{"format":1,"lesson":"lesson","generation":0,"events":[{"id":"x","at":1,"kind":"answered","exercise":"a"}]}',
        'has an event that cannot be read (number 1)',
      ],
    ];
    for (const [text, problem] of problems) {
      assert.deepEqual(parseProgress(text!, 'lesson'), { ok: false, problem });
    }
  });

  it('keeps the report of the newest grading alone', () => {
    const graded = (id: string, time: number): ProgressEvent => ({
      id,
      at: time,
      kind: 'graded',
      exercise: 'a',
      seed: 1,
      verdict: 'failed',
      points: 0,
      maxPoints: 1,
      submissionHash: id,
      report: reportOf({ verdict: 'failed' }),
    });
    const progress = [graded('old', 1), graded('new', 2)].reduce(withEvent, noProgress('lesson'));
    assert.deepEqual(
      progress.events.map((event) => [event.id, 'report' in event]),
      [
        ['old', false],
        ['new', true],
      ],
    );
  });
});

describe('what is known about an exercise', () => {
  const answered = (id: string, time: number, right: boolean, seed = 1): ProgressEvent => ({
    id,
    at: time,
    kind: 'answered',
    exercise: 'a',
    response: { form: 'number', text: id },
    seed,
    right,
    points: right ? 2 : 0,
  });
  const after = (...events: ProgressEvent[]) =>
    exerciseProgress(events.reduce<LessonProgress>(withEvent, noProgress('lesson')), 'a', 1);

  it('stands as answered last, and is done once it was right', () => {
    const known = after(answered('first', 1, true), answered('second', 2, false));
    assert.deepEqual([known.answer?.id, known.attempts, known.points, known.state], ['second', 2, 2, 'done']);
  });

  it('is open again after a retry, with the record kept', () => {
    const known = after(answered('first', 1, false), { id: 'r', at: 2, kind: 'retried', exercise: 'a' });
    assert.deepEqual([known.answer, known.attempts, known.state], [undefined, 1, 'tried']);
  });

  it('counts an answer to the variant of another folder, but does not show it', () => {
    const known = after(answered('elsewhere', 1, true, 2));
    assert.deepEqual([known.answer, known.points, known.state], [undefined, 2, 'done']);
  });

  it('counts no attempt for work that could not be judged', () => {
    const ungradable: ProgressEvent = {
      id: 'g',
      at: 1,
      kind: 'graded',
      exercise: 'a',
      seed: 1,
      verdict: 'ungradable',
      points: 0,
      maxPoints: 3,
      submissionHash: 'h',
    };
    const known = after(ungradable);
    assert.deepEqual([known.attempts, known.state, known.grading?.id], [0, 'untouched', 'g']);
  });
});
