import { textValues, type TextValues } from '../course/answering.ts';
import { renderInlineMarkdown, renderMarkdown, type PictureAddress } from '../course/markdown.ts';
import type { Lesson, LessonPart, OrderExercise, Pack, QuestionPart, TaskPart } from '../course/model.ts';
import { presentedOrder } from '../course/ordering.ts';
import { roundSeed } from '../course/seeds.ts';
import { variantOf, type ScenarioTable } from '../course/variants.ts';
import type { LessonPage, OrderInput, PagePart, QuestionPagePart } from '../protocol/lessonPanel.ts';

/** Whose page it is, and where it is shown. */
export interface Reader {
  /** The learner's; without one the homework's own values are shown. */
  readonly seed: number | undefined;
  /** The round of review that each exercise is in. */
  readonly roundOf: (exercise: string) => number;
  readonly scenarios: ScenarioTable;
  readonly pictureAddress: PictureAddress;
}

/** A lesson as its page shows it to one learner. */
export function lessonPage(pack: Pack, lesson: Lesson, reader: Reader): LessonPage {
  const module = pack.modules.find(({ id }) => id === lesson.module);
  const inOrder = pack.modules.flatMap(({ id }) => pack.lessons.filter((other) => other.module === id));
  const next = inOrder[inOrder.indexOf(lesson) + 1];
  return {
    id: lesson.id,
    language: lesson.language,
    title: lesson.title,
    moduleTitle: module?.title ?? lesson.module,
    summary: lesson.summary,
    minutes: lesson.minutes,
    parts: lesson.parts.map((part) => ({
      ...pagePart(part, inItsRound(part, reader)),
      ...(part.language === undefined ? {} : { language: part.language }),
    })),
    ...(next === undefined ? {} : { next: { id: next.id, title: next.title } }),
  };
}

const inItsRound = (part: LessonPart, reader: Reader): Reader =>
  part.kind === 'prose' || reader.seed === undefined
    ? reader
    : { ...reader, seed: roundSeed(reader.seed, reader.roundOf(part.id)) };

function pagePart(part: LessonPart, { seed, scenarios, pictureAddress }: Reader): PagePart {
  const html = (markdown: string, values?: TextValues): string =>
    renderMarkdown(markdown, values, pictureAddress);
  switch (part.kind) {
    case 'prose':
      return { kind: 'prose', html: html(part.markdown) };
    case 'figure':
      return {
        kind: 'figure',
        id: part.id,
        scenario: part.scenario,
        ...(part.title === undefined ? {} : { title: part.title }),
        ...(part.caption === undefined ? {} : { captionHtml: html(part.caption) }),
        ...(part.view === undefined ? {} : { view: part.view }),
        controls: part.controls,
        set: part.set,
        ...(part.compare === undefined ? {} : { compare: part.compare }),
        ...(part.start === undefined ? {} : { start: part.start }),
        metrics: part.metrics,
      };
    case 'question':
      return {
        kind: 'question',
        id: part.id,
        ...(part.title === undefined ? {} : { title: part.title }),
        askHtml: html(part.ask, textValues(part, seed, scenarios)),
        input: inputOf(part, seed),
        hintCount: part.hints.length,
        points: part.points,
      };
    case 'prediction':
      return {
        kind: 'prediction',
        id: part.id,
        ...(part.title === undefined ? {} : { title: part.title }),
        askHtml: html(part.ask, textValues(part, seed, scenarios)),
        unit: part.unit,
        ...(part.form === 'order' ? { order: orderInput(part, seed) } : {}),
        ...(part.form === 'order' || part.axis === undefined ? {} : { axis: part.axis }),
        scenario: part.scenario,
        params: variantOf(part, seed),
        ...(part.view === undefined ? {} : { view: part.view }),
        points: part.points,
      };
    case 'critique':
      return {
        kind: 'critique',
        id: part.id,
        ...(part.title === undefined ? {} : { title: part.title }),
        claimHtml: html(part.claim),
        askHtml: html(part.ask),
        optionsHtml: part.options.map(({ text }) => renderInlineMarkdown(text)),
        points: part.points,
      };
    case 'task':
      return taskPart(part, html(part.task.brief));
  }
}

function inputOf(part: QuestionPart, seed: number | undefined): QuestionPagePart['input'] {
  switch (part.form) {
    case 'number':
      return { form: 'number', unit: part.unit };
    case 'choice':
      return {
        form: 'choice',
        pick: part.pick,
        optionsHtml: part.options.map(({ text }) => renderInlineMarkdown(text)),
      };
    case 'order':
      return orderInput(part, seed);
  }
}

const orderInput = (part: OrderExercise, seed: number | undefined): OrderInput => ({
  form: 'order',
  items: presentedOrder(part, seed).map((item) => ({
    item,
    html: renderInlineMarkdown(part.items[item]!.text),
  })),
});

function taskPart({ id, task }: TaskPart, briefHtml: string): PagePart {
  return {
    kind: 'task',
    id,
    title: task.title,
    briefHtml,
    file: task.file,
    checks: task.checks.map((check) => ({ id: check.id, title: check.title, points: check.points })),
    hintCount: task.hints.length,
    points: task.checks.reduce((sum, check) => sum + check.points, 0),
  };
}
