import assert from 'node:assert/strict';
import { textValues } from '../../../../src/course/answering.ts';
import type { Exercise } from '../../../../src/course/model.ts';
import { scenarios } from '../../../../src/engine/scenarios.ts';
import { packAt } from '../../../../src/cli/packArgument.ts';
import { askedText, classItem, exercisesOf } from '../../../../src/grading/class/classItems.ts';

const { pack } = await packAt(undefined, '/', false);
const graded = exercisesOf(pack, ['round-robin-latency']);
const named = (id: string): (typeof graded)[number] => graded.find(({ exercise }) => exercise.id === id)!;
const answerable = (id: string): Exclude<Exercise, { kind: 'task' }> => {
  const { exercise } = named(id);
  assert.ok(exercise.kind !== 'task');
  return exercise;
};

describe('what a class is graded on', () => {
  it('has the title of each exercise, and of a task the file that is handed in', () => {
    assert.deepEqual(
      ['rr-worst-wait', 'rr-shorter-is-better', 'round-robin'].map((id) => {
        const { title, lesson, file } = classItem(named(id), scenarios);
        return [title, lesson, file];
      }),
      [
        ['The longest wait', 'round-robin-latency', undefined],
        ['Always shorter?', 'round-robin-latency', undefined],
        ['Write the round-robin scheduler', 'round-robin-latency', 'round-robin/scheduler.ts'],
      ],
    );
  });

  it('says of mistakes what the lesson says, with its own numbers', () => {
    const { mistakes } = classItem(named('rr-worst-wait'), scenarios);
    assert.match(mistakes[0]!.say, /The whole rotation of 4 × 30 ms is/);
    for (const each of exercisesOf(pack, []))
      for (const { text = '', say } of classItem(each, scenarios).mistakes)
        assert.equal(/\{[A-Za-z]\w*\}/.test(text + say), false, `${each.exercise.id}: ${say}`);
  });

  it('asks with the numbers of the learner, and shows a claim as what somebody else says', () => {
    const question = answerable('rr-worst-wait');
    const asked = askedText(question, textValues(question, 3, scenarios));
    const { vms, sliceMs } = textValues(question, 3, scenarios);
    assert.ok(asked.startsWith(`${Number(vms)} VMs share one CPU in slices of ${Number(sliceMs)} ms`), asked);
    assert.equal(
      askedText(answerable('rr-shorter-is-better'), {}),
      '> I would set the slice to 0.1 ms: shorter slices are always better.\n\nWhat does your classmate leave out?',
    );
  });
});
