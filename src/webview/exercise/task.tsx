import type { JSX } from 'preact';
import type { ExerciseState, LessonPage, TaskPagePart } from '../../protocol/lessonPanel.ts';
import { Html, InSentence, OwnText } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { useLesson } from '../page/lessonContext.ts';
import { ExerciseCard, partElementId, type CardProps } from './exerciseCard.tsx';
import { ChangedNotice } from './feedback.tsx';
import { Hints } from './hints.tsx';
import { CheckList, TaskVerdict } from './taskReport.tsx';
import { reachedPoints } from './useExercise.ts';
import { t } from '../page/messages.ts';

interface TaskProps extends CardProps {
  readonly part: TaskPagePart;
  readonly state: ExerciseState;
  readonly page: LessonPage;
}

type TaskState = Extract<ExerciseState, { readonly kind: 'task' }>;

/** A code task: opened and checked from here, written in the editor. */
export function Task({ part, level, state, page }: TaskProps): JSX.Element {
  const { send } = useLesson();
  const task: TaskState =
    state.kind === 'task'
      ? state
      : {
          kind: 'task',
          hintsHtml: state.hintsHtml,
          opened: false,
          checking: false,
          sayHtml: {},
          pictures: {},
          pinned: [],
        };
  const { opened, checking, report } = task;
  return (
    <ExerciseCard
      id={part.id}
      level={level}
      icon="task"
      title={<OwnText text={part.title} />}
      points={part.points}
      reached={reachedPoints(state)}
    >
      <Html html={part.briefHtml} class="ask" />
      <div class="answer-row">
        <button
          type="button"
          class={opened ? '' : 'primary'}
          onClick={() => send({ type: 'openTask', id: part.id })}
        >
          {t('Open {0}', part.file)}
        </button>
        <button
          type="button"
          class={opened ? 'primary' : ''}
          aria-disabled={!opened || checking}
          onClick={() => opened && !checking && send({ type: 'checkTask', id: part.id })}
        >
          {t('Check')}
        </button>
        {opened && (
          <button
            type="button"
            class="quiet"
            aria-disabled={checking}
            onClick={() => !checking && send({ type: 'resetTask', id: part.id })}
          >
            <Icon name="reset" /> {t('Reset to the starter')}
          </button>
        )}
        <p class="aside">
          {opened
            ? t('Saving the file checks it too. Reset keeps a backup of your file.')
            : t('Opening puts the file into a folder of your choice.')}
        </p>
      </div>
      <div role="status" class="feedback" aria-busy={checking}>
        {task.changed === true && !checking && (
          <ChangedNotice>{t('This task has changed since this verdict. Check again.')}</ChangedNotice>
        )}
        <TaskVerdict report={report} checking={checking} />
      </div>
      <CheckList part={part} level={level + 1} task={task} />
      <Hints id={part.id} count={part.hintCount} shownHtml={task.hintsHtml} />
      {report?.verdict === 'passed' && <NextStep part={part} page={page} />}
    </ExerciseCard>
  );
}

/** After a task passed: the part that follows, or the next lesson. */
function NextStep({
  part,
  page,
}: {
  readonly part: TaskPagePart;
  readonly page: LessonPage;
}): JSX.Element | null {
  const { send } = useLesson();
  const later = page.parts.slice(
    page.parts.findIndex((one) => one.kind === 'task' && one.id === part.id) + 1,
  );
  const following = later.find((one) => one.kind !== 'prose');
  if (following !== undefined) {
    return (
      <p class="next-step">
        <Icon name="go" /> <a href={`#${partElementId(following.id)}`}>{t('Go on with the next part')}</a>
      </p>
    );
  }
  if (page.next === undefined) return null;
  const { id, title } = page.next;
  return (
    <p class="next-step">
      <button type="button" class="primary" onClick={() => send({ type: 'openLesson', id })}>
        <InSentence text={title} sentence={(own) => t('Next lesson: {0}', own)} /> <Icon name="go" />
      </button>
    </p>
  );
}
