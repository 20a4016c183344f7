import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Authoring } from '../../protocol/lessonPanel.ts';
import { Icon } from '../page/icons.tsx';
import { t } from '../page/messages.ts';
import { useLesson } from '../page/lessonContext.ts';

/** Above a preview: whose variant is shown, whether answers are, and what is wrong with the text. */
export function AuthoringBar({ authoring }: { readonly authoring: Authoring }): JSX.Element {
  const { send } = useLesson();
  const { seed, problems } = authoring;
  // What is being typed stays while the page is shown anew, as it is after each pause in the text beside it.
  const [typed, setTyped] = useState<string>();
  useEffect(() => setTyped(undefined), [seed]);
  const choose = (wanted: number | undefined): void =>
    send({ type: 'chooseVariant', ...(wanted === undefined ? {} : { seed: wanted }) });
  const step = (by: number): void => choose(Math.max(0, (seed ?? 0) + by));
  return (
    <aside class="authoring" aria-label={t('Preview')}>
      <div class="authoring-row">
        <strong>{t('Preview')}</strong>
        <span class="variant">
          <label for="variant-seed">{t('Variant of learner')}</label>
          <button type="button" class="quiet" aria-label={t('Previous variant')} onClick={() => step(-1)}>
            <Icon name="previous" />
          </button>
          <input
            id="variant-seed"
            type="number"
            min={0}
            max={4294967295}
            step={1}
            value={typed ?? (seed === undefined ? '' : String(seed))}
            onInput={({ currentTarget: { value } }) => setTyped(value)}
            onChange={({ currentTarget: { value } }) => {
              const chosen = Number(value);
              choose(value.trim() === '' || !Number.isSafeInteger(chosen) || chosen < 0 ? undefined : chosen);
            }}
          />
          <button type="button" class="quiet" aria-label={t('Next variant')} onClick={() => step(1)}>
            <Icon name="next" />
          </button>
        </span>
        <label class="check">
          <input
            type="checkbox"
            checked={seed === undefined}
            onChange={({ currentTarget }) => choose(currentTarget.checked ? undefined : 1)}
          />
          <span>{t("The homework's own values")}</span>
        </label>
        <SheetsSwitch />
      </div>
      {problems.length > 0 && (
        <details class="authoring-problems">
          <summary>
            <Icon name="ungradable" />{' '}
            {problems.length === 1 ? t('1 problem') : t('{0} problems', problems.length)}
          </summary>
          <ul>
            {problems.map(({ severity, where, message }, index) => (
              <li key={index} class={severity}>
                <button
                  type="button"
                  class="link"
                  onClick={() => send({ type: 'goToProblem', problem: index })}
                >
                  {where}
                </button>{' '}
                {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </aside>
  );
}

/** Hides what learners do not see. A class of the page does it, so that nothing on it is made anew. */
function SheetsSwitch(): JSX.Element {
  const [shown, setShown] = useState(true);
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={shown}
        onChange={({ currentTarget: { checked } }) => {
          setShown(checked);
          document.documentElement.classList.toggle('without-sheets', !checked);
        }}
      />
      <span>{t('Answer keys')}</span>
    </label>
  );
}
