import assert from 'node:assert/strict';
import { answerKey, type Answerable } from '../../../src/course/answering.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { exercisesOf } from '../../../src/extension/course.ts';
import * as courseHost from '../../../src/extension/courseHost.ts';
import type { PreviewSession } from '../../../src/extension/previewSession.ts';
import { bundledCourse } from './bundledCourse.ts';

const path = (picture: string): string => picture;

async function previewOf(id: string, seed: number | undefined): Promise<PreviewSession> {
  const { pack, lesson } = await bundledCourse().then((course) => ({
    pack: course.pack,
    lesson: course.lesson(id)!,
  }));
  const session = courseHost.newPreview(seed);
  session.show(pack, lesson);
  return session;
}

describe('the preview of a lesson', () => {
  it('shows the page that the learner of a seed sees, and their variants', async () => {
    const course = await bundledCourse();
    const session = await previewOf('round-robin-latency', 7);
    const { next: _, ...learners } = course.host.pageOf(course.pack, session.lesson!, 7, path);
    assert.deepEqual(session.page(path), learners);
    session.choose(undefined);
    assert.notDeepEqual(session.page(path), learners);
    const { contentHash } = session.lesson!;
    assert.equal(session.gradingOf('round-robin', 'text')!.lessonHash, contentHash);
  });

  it('has the key and the words for every answer of every exercise of the course', async () => {
    const course = await bundledCourse();
    for (const lesson of course.pack.lessons.slice(0, 6)) {
      const session = await previewOf(lesson.id, 3);
      for (const exercise of exercisesOf(lesson)) {
        const sheet = session.sheet(exercise.id)!;
        assert.equal(sheet.problem, undefined, exercise.id);
        assert.deepEqual(JSON.parse(JSON.stringify(sheet)), sheet);
        const text = JSON.stringify(sheet);
        assert.doesNotMatch(text, /\{(?:vms|sliceMs|answer)\}/, exercise.id);
        if (exercise.kind === 'task') assert.equal(sheet.answers.length, 2 + exercise.task.wrong.length);
        else assert.ok(sheet.answers.some(({ right }) => right) || sheet.key !== undefined, exercise.id);
      }
    }
  });

  it('judges what its author tries, forgets it with another variant, and records nothing', async () => {
    const session = await previewOf('round-robin-latency', 7);
    const id = 'rr-worst-wait';
    const key = answerKey(session.exercise(id) as Answerable, 7, scenarios);
    assert.ok(key.ok && key.kind === 'number');
    session.answer(id, { form: 'number', text: 'abc' });
    assert.equal(session.state(id)!.kind, 'unreadable');
    session.answer(id, { form: 'number', text: String(key.value) });
    const state = session.state(id)!;
    assert.ok(state.kind === 'answered' && state.right && state.attempts === 2);
    session.hint(id);
    assert.equal(session.state(id)!.hintsHtml.length, 1);
    session.retry(id);
    assert.equal(session.state(id)!.kind, 'unanswered');
    session.choose(8);
    assert.deepEqual(session.state(id), { kind: 'unanswered', hintsHtml: [] });
  });

  it('judges the same answer by the text as it is now', async () => {
    const course = await bundledCourse();
    const session = await previewOf('round-robin-latency', 7);
    const critique = exercisesOf(session.lesson!).find(({ kind }) => kind === 'critique')!;
    assert.ok(critique.kind === 'critique');
    const wrong = critique.options.findIndex(({ right }) => !right);
    session.answer(critique.id, { form: 'choice', chosen: [wrong] });
    const turned = {
      ...critique,
      options: critique.options.map((option, index) => ({ ...option, right: index === wrong })),
    };
    const parts = session.lesson!.parts.map((part) => (part === critique ? turned : part));
    session.show(course.pack, { ...session.lesson!, parts });
    const state = session.state(critique.id)!;
    assert.ok(state.kind === 'answered' && state.right);
    assert.equal(session.sheet(critique.id)!.answers[wrong]!.right, true);
  });
});
