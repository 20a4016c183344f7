import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { ExerciseState } from '../../protocol/lessonPanel.ts';
import { Html, InlineHtml } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { t } from '../page/messages.ts';

interface ChoiceFieldProps {
  readonly pick: 'one' | 'several';
  readonly optionsHtml: readonly string[];
  readonly chosen: readonly number[];
  readonly locked: boolean;
  readonly askId: string;
  readonly state: ExerciseState;
  readonly onChosen: (chosen: readonly number[]) => void;
}

/** Options with native radio buttons or check boxes. After an answer, what each chosen option says stands below it. */
export function ChoiceField(props: ChoiceFieldProps): JSX.Element {
  const { pick, optionsHtml, chosen, locked, state } = props;
  const id = useId();
  const feedback = state.kind === 'answered' ? (state.optionFeedback ?? []) : [];
  return (
    <fieldset class="choice" aria-labelledby={`${props.askId} ${id}-legend`}>
      <legend id={`${id}-legend`}>{pick === 'one' ? t('Choose one.') : t('Choose all that hold.')}</legend>
      {optionsHtml.map((html, option) => {
        const said = feedback.find((one) => one.option === option);
        return (
          <div
            key={option}
            class={said === undefined ? 'option' : `option ${said.right ? 'right' : 'wrong'}`}
          >
            <label class="check">
              <input
                type={pick === 'one' ? 'radio' : 'checkbox'}
                name={id}
                checked={chosen.includes(option)}
                aria-disabled={locked}
                aria-describedby={`${id}-said-${option}`}
                onClick={(event) => {
                  if (locked) event.preventDefault();
                }}
                onChange={(event) => {
                  if (locked) return;
                  if (pick === 'one') props.onChosen([option]);
                  else {
                    const others = chosen.filter((one) => one !== option);
                    props.onChosen(
                      event.currentTarget.checked ? [...others, option].toSorted((a, b) => a - b) : others,
                    );
                  }
                }}
              />
              <InlineHtml html={html} />
            </label>
            <div id={`${id}-said-${option}`} class="option-said" aria-live="polite">
              {said !== undefined && (
                <>
                  <p class={said.right ? 'verdict right' : 'verdict wrong'}>
                    <Icon name={said.right ? 'right' : 'wrong'} />{' '}
                    <strong>{said.right ? t('Right') : t('Wrong')}</strong>
                  </p>
                  <Html html={said.html} />
                </>
              )}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
