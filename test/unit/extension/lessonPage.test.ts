import assert from 'node:assert/strict';
import type { Answerable } from '../../../src/course/answering.ts';
import { exercisesOf } from '../../../src/extension/course.ts';
import { noProgress, withEvent } from '../../../src/extension/progress.ts';
import type { ExerciseResponse } from '../../../src/protocol/lessonPanel.ts';
import { bundledCourse } from './bundledCourse.ts';
import { reportOf } from './reports.ts';

describe('a lesson for its page', () => {
  it('has every part of the lesson, in order, with the numbers of the learner filled in', async () => {
    const course = await bundledCourse();
    for (const lesson of course.pack.lessons) {
      for (const seed of [0, 1, 4294967295]) {
        const page = course.host.pageOf(course.pack, lesson, seed, (path) => path);
        assert.deepEqual(
          page.parts.map(({ kind }) => kind),
          lesson.parts.map(({ kind }) => kind),
        );
        const asked = page.parts.flatMap((part) => ('askHtml' in part ? [part.askHtml] : []));
        for (const html of asked) assert.doesNotMatch(html, /\{\w+\}/, html);
      }
    }
  });

  it('survives the trip to the webview, which copies plain data alone', async () => {
    const course = await bundledCourse();
    const lesson = course.first()!;
    const page = course.host.pageOf(course.pack, lesson, 1, (path) => path);
    assert.deepEqual(JSON.parse(JSON.stringify(page)), page);
  });
});

describe('the state of an exercise', () => {
  const answerables = async (): Promise<readonly Answerable[]> =>
    exercisesOf((await bundledCourse()).first()!).filter((exercise) => exercise.kind !== 'task');

  it('is the answer that stands, judged again with its own feedback', async () => {
    const { host } = await bundledCourse();
    const question = (await answerables()).find(
      (exercise) => exercise.kind === 'question' && exercise.form === 'number',
    )!;
    const response: ExerciseResponse = { form: 'number', text: '1' };
    const event = {
      kind: 'answered',
      exercise: question.id,
      response,
      seed: 5,
      right: false,
      points: 0,
    } as const;
    const progress = withEvent(noProgress('l'), { id: 'x', at: 1, ...event });
    const state = host.answerStateOf(question, progress, 5);
    assert.equal(state.kind, 'answered');
    assert.ok(state.kind === 'answered' && state.feedbackHtml.startsWith('<p>') && state.attempts === 1);
    assert.equal(host.answerStateOf(question, progress, 6).kind, 'unanswered');
  });

  it('is open again when the lesson changed so that the old answer fits no more', async () => {
    const { host } = await bundledCourse();
    const choice = (await answerables()).find((exercise) => exercise.kind === 'critique')!;
    const response: ExerciseResponse = { form: 'choice', chosen: [99] };
    const event = {
      kind: 'answered',
      exercise: choice.id,
      response,
      seed: 5,
      right: true,
      points: 1,
    } as const;
    const progress = withEvent(noProgress('l'), { id: 'x', at: 1, ...event });
    assert.equal(host.answerStateOf(choice, progress, 5).kind, 'unanswered');
  });

  it('says when the exercise has changed since it was answered, and not when only its hints did', async () => {
    const { host } = await bundledCourse();
    const choice = (await answerables()).find((exercise) => exercise.kind === 'critique')!;
    const event = {
      kind: 'answered',
      exercise: choice.id,
      response: { form: 'choice', chosen: [0] },
      seed: 5,
      right: true,
      points: 1,
    } as const;
    const changed = (mark: string | undefined, now: typeof choice): boolean => {
      const marked = mark === undefined ? event : { ...event, mark };
      const state = host.answerStateOf(now, withEvent(noProgress('l'), { id: 'x', at: 1, ...marked }), 5);
      return state.kind === 'answered' && state.changed === true;
    };
    const mark = host.exerciseMark(choice);
    assert.match(mark, /^[0-9a-f]{16}$/);
    assert.equal(changed(mark, choice), false);
    assert.equal(
      changed(mark, { ...choice, explain: 'Better words.', title: 'T', at: { ...choice.at, line: 99 } }),
      false,
    );
    assert.equal(changed(mark, { ...choice, ask: 'Something else?' }), true);
    // Records of earlier versions have no mark.
    assert.equal(changed(undefined, { ...choice, ask: 'Something else?' }), false);
  });

  it('tells the same change of a task, whose parameters may be named like its members', async () => {
    const course = await bundledCourse();
    const { part } = course.tasks()[0]!;
    const mark = course.host.exerciseMark(part);
    const [check, ...others] = part.task.checks;
    const withCheck = (set: Record<string, string>) => ({
      ...part,
      task: { ...part.task, checks: [{ ...check!, set }, ...others] },
    });
    const marks = [{ path: 'a' }, { path: 'b' }].map((set) => course.host.exerciseMark(withCheck(set)));
    assert.equal(new Set([mark, ...marks]).size, 3);
    assert.equal(course.host.exerciseMark({ ...part, task: { ...part.task, hints: [], wrong: [] } }), mark);
    const graded = {
      id: 'g',
      at: 1,
      kind: 'graded',
      exercise: part.id,
      seed: 1,
      verdict: 'failed',
      points: 0,
      maxPoints: 2,
      submissionHash: 's',
      report: reportOf({ verdict: 'failed' }),
    } as const;
    const state = (of: string) =>
      course.host.taskState(part, withEvent(noProgress('l'), { ...graded, mark: of }), {
        opened: true,
        checking: false,
        pictures: {},
      });
    assert.deepEqual(
      [mark, 'other'].map((of) => 'changed' in state(of)),
      [false, true],
    );
  });

  it('shows as many hints as were asked for, and never more than there are', async () => {
    const { host } = await bundledCourse();
    const question = (await answerables()).find((exercise) => host.hintsOf(exercise).length > 0)!;
    let progress = noProgress('l');
    for (let shown = 0; shown <= host.hintsOf(question).length + 1; shown++) {
      const expected = Math.min(shown, host.hintsOf(question).length);
      assert.equal(host.answerStateOf(question, progress, 5).hintsHtml.length, expected);
      progress = withEvent(progress, { id: `h${shown}`, at: shown, kind: 'hinted', exercise: question.id });
    }
  });

  it('of a task is its latest report, with the author of a check speaking Markdown', async () => {
    const course = await bundledCourse();
    const { part } = course.tasks()[0]!;
    const report = reportOf({ verdict: 'failed' });
    const check = report.checks[0]!;
    const saying = { ...report, checks: [{ ...check, failure: { ...check.failure!, say: 'A *stack*.' } }] };
    const progress = withEvent(noProgress('l'), {
      id: 'g',
      at: 1,
      kind: 'graded',
      exercise: part.id,
      seed: 1,
      verdict: 'failed',
      points: 0,
      maxPoints: 2,
      submissionHash: 's',
      report: saying,
    });
    const state = course.host.taskState(part, progress, { opened: true, checking: false, pictures: {} });
    assert.ok(state.kind === 'task' && state.opened);
    assert.deepEqual(state.report, saying);
    assert.deepEqual(state.sayHtml, { rotates: '<p>A <em>stack</em>.</p>\n' });
  });
});
