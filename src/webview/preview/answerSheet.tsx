import type { JSX } from 'preact';
import type { AnswerSheet as Sheet, SheetAnswer } from '../../protocol/lessonPanel.ts';
import { Html, InlineHtml } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { SaidIn } from '../page/said.tsx';
import { pageLanguage, t } from '../page/messages.ts';
import { useLesson } from '../page/lessonContext.ts';

/** Below an exercise of a preview: its key, and what learners are told for each answer. Learners never see it. */
export function AnswerSheet({ id, sheet }: { readonly id: string; readonly sheet: Sheet }): JSX.Element {
  const { key, problem, variant, formulas, answers, explainHtml, hintsHtml } = sheet;
  return (
    <details class="sheet" lang={pageLanguage()} open>
      <summary>
        {variant === undefined ? (
          t('Only you see this')
        ) : (
          <SaidIn text={variant} sentence={(words) => t('Only you see this: {0}', words)} />
        )}
      </summary>
      {problem !== undefined && (
        <p class="verdict wrong">
          <Icon name="ungradable" /> <span>{problem}</span>
        </p>
      )}
      {key !== undefined && (
        <p class="sheet-key">
          <span>{t('Right:')}</span> <strong>{key}</strong>
        </p>
      )}
      {formulas.length > 0 && (
        <dl class="sheet-formulas">
          {formulas.map(({ label, text }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <code>{text}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {answers.length > 0 && (
        <ul class="sheet-answers">
          {answers.map((answer, index) => (
            <Answer key={index} id={id} answer={answer} />
          ))}
        </ul>
      )}
      {explainHtml !== undefined && (
        <div class="sheet-text">
          <span class="sheet-label">{t('Explanation')}</span>
          <Html html={explainHtml} />
        </div>
      )}
      {hintsHtml.length > 0 && (
        <div class="sheet-text">
          <span class="sheet-label">{t('Hints')}</span>
          <ol>
            {hintsHtml.map((html, index) => (
              <li key={index}>
                <Html html={html} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </details>
  );
}

function Answer({ id, answer }: { readonly id: string; readonly answer: SheetAnswer }): JSX.Element {
  const { send } = useLesson();
  const { answerHtml, right, sayHtml, note, path } = answer;
  return (
    <li>
      <p class="sheet-answer">
        <Icon name={right ? 'right' : 'wrong'} />
        <span class="visually-hidden">{right ? t('Right:') : t('Wrong:')} </span>
        <InlineHtml html={answerHtml} />
        {note !== undefined && <span class="sheet-note">{note}</span>}
        {path !== undefined && (
          <button type="button" class="quiet" onClick={() => send({ type: 'gradeFile', id, path })}>
            {t('Grade this')}
          </button>
        )}
      </p>
      {sayHtml !== '' && <Html html={sayHtml} />}
    </li>
  );
}
