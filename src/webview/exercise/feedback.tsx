import type { ComponentChildren, JSX } from 'preact';
import type { ExerciseState } from '../../protocol/lessonPanel.ts';
import { Html } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { t } from '../page/messages.ts';

/**
 * What the answer was worth and why. The container is in the page from the start, so that screen readers announce
 * what comes into it. Icon and word say right or wrong; colour only repeats it.
 */
export function Feedback({ state }: { readonly state: ExerciseState }): JSX.Element {
  return (
    <div class="feedback" role="status">
      {state.kind === 'unreadable' && (
        <p class="verdict unreadable">
          <Icon name="ungradable" /> <span>{state.message}</span>
        </p>
      )}
      {state.kind === 'answered' && (
        <>
          {state.changed === true && (
            <ChangedNotice>
              {t(
                'This exercise has changed since you answered it. Your answer is judged as it is asked now.',
              )}
            </ChangedNotice>
          )}
          <p class={state.right ? 'verdict right' : 'verdict wrong'}>
            <Icon name={state.right ? 'right' : 'wrong'} />{' '}
            <span>
              <strong>{state.right ? t('Right') : t('Not right yet')}</strong>
            </span>
          </p>
          <Html html={state.feedbackHtml} />
          {state.explainHtml !== undefined && <Html html={state.explainHtml} class="explanation" />}
        </>
      )}
    </div>
  );
}

/** Above a verdict that is about an earlier text. */
export function ChangedNotice({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="notice">
      <Icon name="ungradable" />
      <p>{children}</p>
    </div>
  );
}
