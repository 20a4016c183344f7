import type { ComponentChildren, JSX } from 'preact';
import type {
  AnswerSheet as Sheet,
  ExerciseState,
  LessonPage as Page,
  PagePart,
} from '../../protocol/lessonPanel.ts';
import { Critique, Question } from '../exercise/question.tsx';
import { Prediction } from '../exercise/prediction.tsx';
import { Task } from '../exercise/task.tsx';
import { partElementId } from '../exercise/exerciseCard.tsx';
import { Figure } from '../figure/figure.tsx';
import { ContentLanguage } from './contentLanguage.ts';
import { Html, InSentence } from './html.tsx';
import { Icon } from './icons.tsx';
import { AnswerSheet } from '../preview/answerSheet.tsx';
import { useLesson } from './lessonContext.ts';
import { progressOf } from './lessonView.ts';
import { pageLanguage, t } from './messages.ts';

interface LessonPageProps {
  readonly page: Page;
  readonly exercises: Readonly<Record<string, ExerciseState>>;
  /** Of a preview: what only its author sees. */
  readonly sheets?: Readonly<Record<string, Sheet>>;
  /** Of a preview: its parts lead to their source. */
  readonly isPreview?: boolean;
}

/** A whole lesson: its head, its parts in order, and where to go from there. */
export function LessonPage({
  page,
  exercises,
  sheets = {},
  isPreview = false,
}: LessonPageProps): JSX.Element {
  const { send } = useLesson();
  const levels = headingLevels(page.parts);
  const titles = exerciseTitles(page.parts);
  return (
    <ContentLanguage value={page.language}>
      <article class="lesson" lang={page.language}>
        <header class="lesson-head">
          <p class="lesson-module">{page.moduleTitle}</p>
          <h1 tabIndex={-1}>{page.title}</h1>
          <p class="lesson-summary">{page.summary}</p>
          <LessonProgress page={page} exercises={exercises} />
        </header>
        {page.parts.map((part, index) => (
          <div
            key={part.kind === 'prose' ? `prose-${index}` : part.id}
            class={`part part-${part.kind}`}
            data-part={index}
            {...(isPreview ? { onDblClick: () => send({ type: 'goToSource', part: index }) } : {})}
          >
            <ContentLanguage value={part.language ?? page.language}>
              <Part
                part={part}
                level={levels[index]!}
                title={titles[index]}
                page={page}
                exercises={exercises}
              />
              {'id' in part && sheets[part.id] !== undefined && (
                <AnswerSheet id={part.id} sheet={sheets[part.id]!} />
              )}
            </ContentLanguage>
          </div>
        ))}
        <footer class="lesson-end">
          {isPreview ? null : page.next === undefined ? (
            <p lang={pageLanguage()}>{t('This was the last lesson of the course so far.')}</p>
          ) : (
            <>
              <p lang={pageLanguage()}>{t('Next lesson')}</p>
              <button
                type="button"
                class="next"
                onClick={() => send({ type: 'openLesson', id: page.next!.id })}
              >
                {page.next.title} <Icon name="go" />
              </button>
            </>
          )}
        </footer>
      </article>
    </ContentLanguage>
  );
}

interface PartProps extends LessonPageProps {
  readonly part: PagePart;
  readonly level: number;
  readonly title: ComponentChildren;
}

const untouched: ExerciseState = { kind: 'unanswered', hintsHtml: [] };

function Part({ part, level, title, page, exercises }: PartProps): JSX.Element {
  switch (part.kind) {
    case 'prose':
      return <Html html={part.html} />;
    case 'figure':
      return (
        <div id={partElementId(part.id)} tabIndex={-1} lang={pageLanguage()}>
          <Figure part={part} />
        </div>
      );
    case 'question':
      return (
        <Question
          id={part.id}
          part={part}
          level={level}
          title={title}
          state={exercises[part.id] ?? untouched}
        />
      );
    case 'prediction':
      return <Prediction id={part.id} part={part} level={level} state={exercises[part.id] ?? untouched} />;
    case 'critique':
      return <Critique id={part.id} part={part} level={level} state={exercises[part.id] ?? untouched} />;
    case 'task':
      return (
        <Task id={part.id} part={part} level={level} state={exercises[part.id] ?? untouched} page={page} />
      );
  }
}

function LessonProgress({ page, exercises }: LessonPageProps): JSX.Element {
  const progress = progressOf(page, exercises);
  const { done, points, maxPoints } = progress;
  const words = t(
    '{0} of {1} exercises done, {2} of {3} points',
    done,
    progress.exercises,
    points,
    maxPoints,
  );
  return (
    <p class="lesson-progress" lang={pageLanguage()}>
      <span>{t('About {0} minutes', page.minutes)}</span>
      {progress.exercises > 0 && (
        <>
          <progress max={progress.exercises} value={progress.done} aria-label={t('Exercises done')} />
          <span>{words}</span>
        </>
      )}
    </p>
  );
}

/** Exercises stand one rank below the prose heading before them, so that ranks never skip. */
function headingLevels(parts: readonly PagePart[]): readonly number[] {
  let prose = 1;
  return parts.map((part) => {
    if (part.kind === 'prose') {
      const ranks = [...part.html.matchAll(/<h([1-6])[\s>]/g)];
      const last = ranks.at(-1);
      if (last !== undefined) prose = Number(last[1]);
    }
    return prose + 1;
  });
}

/** Questions are numbered; the other exercises have titles of their own. */
function exerciseTitles(parts: readonly PagePart[]): readonly ComponentChildren[] {
  let questions = 0;
  return parts.map((part) => {
    if (part.kind !== 'question') return undefined;
    const number = ++questions;
    return part.title === undefined ? (
      t('Question {0}', number)
    ) : (
      <InSentence text={part.title} sentence={(own) => t('Question {0}: {1}', number, own)} />
    );
  });
}
