import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type {
  CritiquePagePart,
  ExerciseResponse,
  ExerciseState,
  QuestionPagePart,
} from '../../protocol/lessonPanel.ts';
import { Html, InSentence } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import type { Draft } from '../page/savedState.ts';
import { ChoiceField } from './choiceField.tsx';
import { ExerciseCard, partElementId, type CardProps } from './exerciseCard.tsx';
import { Feedback } from './feedback.tsx';
import { Hints } from './hints.tsx';
import { NumberField } from './numberField.tsx';
import { OrderField, shownFirst } from './orderField.tsx';
import { reachedPoints, useAnswering, useArrival, useDraft } from './useExercise.ts';
import { t } from '../page/messages.ts';

interface QuestionProps extends CardProps {
  readonly title: ComponentChildren;
  readonly part: QuestionPagePart;
  readonly state: ExerciseState;
}

/** A question with a number or a choice as its answer. */
export function Question({ part, title, level, state }: QuestionProps): JSX.Element {
  const askId = `${partElementId(part.id)}-ask`;
  return (
    <ExerciseCard
      id={part.id}
      level={level}
      icon="question"
      title={title}
      points={part.points}
      reached={reachedPoints(state)}
    >
      <Html id={askId} html={part.askHtml} class="ask" />
      {/* Another variant, as in a review, begins with an empty field. */}
      <AnswerForm key={part.askHtml} id={part.id} askId={askId} input={part.input} state={state} />
      <Feedback state={state} />
      <Hints id={part.id} count={part.hintCount} shownHtml={state.hintsHtml} />
    </ExerciseCard>
  );
}

interface CritiqueProps extends CardProps {
  readonly part: CritiquePagePart;
  readonly state: ExerciseState;
}

/** A classmate's claim, to be judged. */
export function Critique({ part, level, state }: CritiqueProps): JSX.Element {
  const askId = `${partElementId(part.id)}-ask`;
  return (
    <ExerciseCard
      id={part.id}
      level={level}
      icon="critique"
      title={
        part.title === undefined ? (
          t('A classmate says')
        ) : (
          <InSentence text={part.title} sentence={(own) => t('A classmate says: {0}', own)} />
        )
      }
      points={part.points}
      reached={reachedPoints(state)}
    >
      <blockquote class="claim">
        <Html html={part.claimHtml} />
      </blockquote>
      <Html id={askId} html={part.askHtml} class="ask" />
      <AnswerForm
        id={part.id}
        askId={askId}
        input={{ form: 'choice', pick: 'one', optionsHtml: part.optionsHtml }}
        state={state}
      />
      <Feedback state={state} />
    </ExerciseCard>
  );
}

interface AnswerFormProps {
  readonly id: string;
  readonly askId: string;
  readonly input: QuestionPagePart['input'];
  readonly state: ExerciseState;
}

/**
 * Where the answer is given. One button checks and, after an answer, tries again: it stays where it is, and so does
 * the focus.
 */
function AnswerForm({ id, askId, input, state }: AnswerFormProps): JSX.Element {
  const response = 'response' in state ? state.response : undefined;
  const [draft, change, forget] = useDraft(id, draftOf(response));
  const { pending, answer, retry } = useAnswering(id, state);
  const [missing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const answered = state.kind === 'answered';
  const shown = answered ? draftOf(response) : draft;
  const first = (): HTMLElement | null =>
    field.current ?? form.current!.querySelector('input:checked, input, .order-item button');
  useArrival(state, 'unanswered', () => {
    if (form.current!.contains(document.activeElement)) first()?.focus();
  });

  const submit = (event: Event): void => {
    event.preventDefault();
    if (answered) {
      change(draftOf(response));
      retry();
      return;
    }
    const given = responseOf(input, draft);
    setMissing(given === undefined);
    if (given === undefined) first()?.focus();
    else {
      answer(given);
      forget();
    }
  };
  return (
    <form ref={form} class="answer" noValidate onSubmit={submit}>
      {input.form === 'number' ? (
        <NumberField
          label={t('Your answer')}
          unit={input.unit}
          text={shown.text ?? ''}
          locked={answered || pending}
          invalid={missing || state.kind === 'unreadable'}
          describedBy={askId}
          inputRef={field}
          onText={(text) => {
            setMissing(false);
            change({ text });
          }}
        />
      ) : input.form === 'order' ? (
        <OrderField
          items={input.items}
          order={shown.order ?? shownFirst(input)}
          locked={answered || pending}
          askId={askId}
          onOrder={(order) => change({ order })}
        />
      ) : (
        <ChoiceField
          pick={input.pick}
          optionsHtml={input.optionsHtml}
          chosen={shown.chosen ?? []}
          locked={answered || pending}
          askId={askId}
          state={state}
          onChosen={(chosen) => {
            setMissing(false);
            change({ chosen });
          }}
        />
      )}
      <div class="answer-row">
        <button type="submit" class={answered ? '' : 'primary'} aria-disabled={pending}>
          {answered ? t('Try again') : t('Check answer')}
        </button>
        <p class="missing" role="alert">
          {missing && (
            <>
              <Icon name="ungradable" />{' '}
              {input.form === 'number' ? t('Type a number first.') : t('Choose an option first.')}
            </>
          )}
        </p>
      </div>
    </form>
  );
}

function draftOf(response: ExerciseResponse | undefined): Draft {
  switch (response?.form) {
    case undefined:
      return {};
    case 'number':
      return { text: response.text };
    case 'choice':
      return { chosen: response.chosen };
    case 'prediction':
      return { text: response.text, confidence: response.confidence };
    case 'order':
      return { order: response.order };
  }
}

function responseOf(input: QuestionPagePart['input'], draft: Draft): ExerciseResponse | undefined {
  switch (input.form) {
    case 'number': {
      const text = draft.text?.trim() ?? '';
      return text === '' ? undefined : { form: 'number', text };
    }
    case 'choice': {
      const chosen = draft.chosen ?? [];
      return chosen.length === 0 ? undefined : { form: 'choice', chosen };
    }
    case 'order':
      return { form: 'order', order: draft.order ?? shownFirst(input) };
  }
}
