import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Confidence, ExerciseState, PredictionPagePart } from '../../protocol/lessonPanel.ts';
import { useRun } from '../figure/useRun.ts';
import { sayNumber } from '../../engine/kernel/quantityText.ts';
import { Html, InlineHtml, InSentence } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { Sentences } from '../page/said.tsx';
import { Picture, titleOf } from '../views/picture.tsx';
import { ExerciseCard, Heading, partElementId, type CardProps } from './exerciseCard.tsx';
import { ChangedNotice } from './feedback.tsx';
import { NumberField } from './numberField.tsx';
import { OrderField, shownFirst } from './orderField.tsx';
import { nsPerUnit, readNumber } from './predictedTimeline.ts';
import { predictedView } from './predictedView.ts';
import { TimeMark } from './timeMark.tsx';
import { reachedPoints, useAnswering, useArrival, useDraft } from './useExercise.ts';
import { t } from '../page/messages.ts';

interface PredictionProps extends CardProps {
  readonly part: PredictionPagePart;
  readonly state: ExerciseState;
}

/** A guess that is committed before the run is shown, with how sure the learner is. */
export function Prediction({ part, level, state }: PredictionProps): JSX.Element {
  const askId = `${partElementId(part.id)}-ask`;
  const heading = useRef<HTMLDivElement>(null);
  // The form that had the focus is gone; the result takes it.
  useArrival(state, 'answered', () => heading.current?.querySelector<HTMLElement>('h3, h4, h5, h6')?.focus());
  return (
    <ExerciseCard
      id={part.id}
      level={level}
      icon="prediction"
      title={
        part.title === undefined ? (
          t('Predict, then run')
        ) : (
          <InSentence text={part.title} sentence={(own) => t('Predict, then run: {0}', own)} />
        )
      }
      points={part.points}
      reached={reachedPoints(state)}
    >
      <Html id={askId} html={part.askHtml} class="ask" />
      {state.kind === 'answered' ? null : <CommitForm part={part} askId={askId} state={state} />}
      <div ref={heading} class="feedback" role="status">
        {state.kind === 'unreadable' && (
          <p class="verdict unreadable">
            <Icon name="ungradable" /> <span>{state.message}</span>
          </p>
        )}
        {state.kind === 'answered' && <Outcome part={part} level={level + 1} state={state} />}
      </div>
      {state.kind === 'answered' && <Shown part={part} state={state} />}
    </ExerciseCard>
  );
}

type Answered = Extract<ExerciseState, { readonly kind: 'answered' }>;

const sureness = (): readonly { readonly percent: Confidence; readonly words: string }[] => [
  { percent: 50, words: t('A guess') },
  { percent: 70, words: t('Fairly sure') },
  { percent: 90, words: t('Very sure') },
];

function CommitForm({
  part,
  askId,
  state,
}: {
  readonly part: PredictionPagePart;
  readonly askId: string;
  readonly state: ExerciseState;
}): JSX.Element {
  const given =
    state.kind === 'unreadable' && state.response.form === 'prediction' ? state.response : undefined;
  const { order } = part;
  const [draft, change, forget] = useDraft(
    part.id,
    given === undefined ? {} : { text: given.text, confidence: given.confidence },
  );
  const { pending, answer } = useAnswering(part.id, state);
  const [missing, setMissing] = useState<'number' | 'confidence'>();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = draft.text?.trim() ?? '';
    if (order === undefined && text === '') {
      setMissing('number');
      field.current?.focus();
    } else if (draft.confidence === undefined) {
      setMissing('confidence');
      form.current!.querySelector<HTMLElement>('input[type=radio]')?.focus();
    } else {
      setMissing(undefined);
      const { confidence } = draft;
      answer(
        order === undefined
          ? { form: 'prediction', text, confidence }
          : { form: 'order', order: draft.order ?? shownFirst(order), confidence },
      );
      forget();
    }
  };
  return (
    <form ref={form} class="answer" noValidate onSubmit={submit}>
      {order !== undefined && (
        <OrderField
          items={order.items}
          order={draft.order ?? shownFirst(order)}
          locked={pending}
          askId={askId}
          onOrder={(moved) => change({ order: moved })}
        />
      )}
      {order === undefined && (
        <NumberField
          label={t('Your prediction')}
          unit={part.unit}
          text={draft.text ?? ''}
          locked={pending}
          invalid={missing === 'number' || state.kind === 'unreadable'}
          describedBy={askId}
          inputRef={field}
          onText={(text) => change({ text })}
        />
      )}
      {part.axis !== undefined && nsPerUnit[part.unit] !== undefined && (
        <TimeMark
          axis={part.axis}
          unit={part.unit}
          text={draft.text ?? ''}
          locked={pending}
          describedBy={askId}
          onText={(text) => change({ text })}
        />
      )}
      <fieldset class="confidence">
        <legend>{t('How sure are you?')}</legend>
        {sureness().map(({ percent, words }) => (
          <label key={percent} class="check">
            <input
              type="radio"
              name={`${part.id}-confidence`}
              checked={draft.confidence === percent}
              onChange={() => change({ confidence: percent })}
            />
            <span>
              {words} <span class="unit">{percent} %</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="answer-row">
        <button type="submit" class="primary" aria-disabled={pending}>
          {t('Commit and run')}
        </button>
        <p class="aside">
          {t('You cannot change it afterwards: that is what makes the comparison worth something.')}
        </p>
        <p class="missing" role="alert">
          {missing !== undefined && (
            <>
              <Icon name="ungradable" />{' '}
              {missing === 'number' ? t('Type a number first.') : t('Say how sure you are first.')}
            </>
          )}
        </p>
      </div>
    </form>
  );
}

function Outcome({
  part,
  level,
  state,
}: {
  readonly part: PredictionPagePart;
  readonly level: number;
  readonly state: Answered;
}): JSX.Element {
  const { response } = state;
  const text = response.form === 'prediction' ? response.text : '';
  const guess = readNumber(text, part.unit);
  const sure = 'confidence' in response ? response.confidence : undefined;
  return (
    <>
      {state.changed === true && (
        <ChangedNotice>
          {t(
            'This prediction has changed since you made yours, which is compared with the run as it is now.',
          )}
        </ChangedNotice>
      )}
      <Heading level={level} class="outcome-title">
        {t('What the run shows')}
      </Heading>
      {response.form === 'order' ? (
        <Ranked part={part} order={response.order} sure={sure} />
      ) : (
        <dl class="comparison">
          <div>
            <dt>{t('You predicted')}</dt>
            <dd>
              {guess === undefined ? text : sayNumber(guess)} <span class="unit">{part.unit}</span>
            </dd>
            <dd class="metric-doc">{t('{0} % sure', sure ?? '')}</dd>
          </div>
          {state.actual !== undefined && (
            <div>
              <dt>{t('The run')}</dt>
              <dd>
                {sayNumber(state.actual)} <span class="unit">{part.unit}</span>
              </dd>
            </div>
          )}
        </dl>
      )}
      <p class={state.right ? 'verdict right' : 'verdict wrong'}>
        <Icon name={state.right ? 'right' : 'wrong'} />{' '}
        <strong>{state.right ? t('Your prediction was right') : t('Your prediction was off')}</strong>
      </p>
      <Html html={state.feedbackHtml} />
      {state.explainHtml !== undefined && <Html html={state.explainHtml} class="explanation" />}
    </>
  );
}

/** The order that was predicted. */
function Ranked({
  part,
  order,
  sure,
}: {
  readonly part: PredictionPagePart;
  readonly order: readonly number[];
  readonly sure: number | undefined;
}): JSX.Element {
  const htmlOf = new Map(part.order?.items.map(({ item, html }) => [item, html]));
  return (
    <div class="ranked">
      <p>
        {t('You predicted')} <span class="unit">({t('{0} % sure', sure ?? '')})</span>
      </p>
      <ol>
        {order.map((item) => (
          <li key={item}>
            <InlineHtml html={htmlOf.get(item) ?? ''} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The run itself, with the guess and what came of it on its own timeline. */
function Shown({
  part,
  state,
}: {
  readonly part: PredictionPagePart;
  readonly state: Answered;
}): JSX.Element {
  const run = useRun({ scenario: part.scenario, params: part.params, view: part.view });
  const { response } = state;
  const guess = response.form === 'prediction' ? readNumber(response.text, part.unit) : undefined;
  const picture = run.shown?.picture;
  const model = useMemo(
    () => (picture === undefined ? undefined : predictedView(picture, part.unit, guess, state.actual)),
    [picture],
  );
  if (run.result?.kind === 'failed' || run.result?.kind === 'refused') {
    const messages =
      run.result.kind === 'failed'
        ? [run.result.message]
        : run.result.problems.map((problem) => problem.message);
    return (
      <div class="notice" role="status">
        <Icon name="ungradable" />
        <p>
          <Sentences texts={messages} />
        </p>
        <button type="button" onClick={run.retry}>
          {t('Try again')}
        </button>
      </div>
    );
  }
  if (run.shown === undefined) {
    return (
      <div class="figure-empty">
        <span class="appears">{t('Running the simulation…')}</span>
      </div>
    );
  }
  return (
    <div class="figure-result" lang={run.lang}>
      {model !== undefined && <Picture model={model} caption={titleOf(model)} />}
    </div>
  );
}
