import type { JSX } from 'preact';
import { Html } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { useLesson } from '../page/lessonContext.ts';
import { t } from '../page/messages.ts';

interface HintsProps {
  readonly id: string;
  readonly count: number;
  readonly shownHtml: readonly string[];
}

/** Hints, one step at a time. */
export function Hints({ id, count, shownHtml }: HintsProps): JSX.Element | null {
  const { send } = useLesson();
  if (count === 0) return null;
  const shown = shownHtml.length;
  return (
    <div class="hints">
      <button
        type="button"
        class="quiet"
        aria-disabled={shown >= count}
        onClick={() => shown < count && send({ type: 'hint', id })}
      >
        <Icon name="hint" />{' '}
        {shown >= count
          ? count === 1
            ? t('All hints shown')
            : t('All {0} hints shown', count)
          : t('Show hint {0} of {1}', shown + 1, count)}
      </button>
      <ol class="hint-list" aria-live="polite">
        {shownHtml.map((html, index) => (
          <li key={index}>
            <Html html={html} />
          </li>
        ))}
      </ol>
    </div>
  );
}
