import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ListingLine, ListingModel } from '../../engine/kernel/view.ts';
import { Icon } from '../page/icons.tsx';
import { useWidth } from './useWidth.ts';
import { t } from '../page/messages.ts';

/** Narrower than this, notes stand below their lines. */
const narrowPx = 520;

/** Lines of code in a table, the current one marked by an arrow and kept in view. */
export function Listing({
  model,
  caption,
}: {
  readonly model: ListingModel;
  readonly caption: string | undefined;
}): JSX.Element {
  const { lines, current, happening } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const narrow = width < narrowPx;
  useLayoutEffect(() => {
    const box = scroller.current!;
    const row = box.querySelector<HTMLElement>('tr[aria-current]');
    if (row === null) return;
    // Two lines of context stay above and below, as far as there is room.
    const air = Math.max(0, Math.min(2 * row.offsetHeight, (box.clientHeight - row.offsetHeight) / 2));
    const bottom = row.offsetTop + row.offsetHeight;
    if (row.offsetTop - air < box.scrollTop) box.scrollTop = row.offsetTop - air;
    else if (bottom + air > box.scrollTop + box.clientHeight)
      box.scrollTop = Math.min(row.offsetTop, bottom + air - box.clientHeight);
  }, [current, lines, width]);
  return (
    <div class="view">
      {caption !== undefined && <p class="timeline-caption">{caption}</p>}
      <div ref={scroller} class="listing" tabIndex={0} role="group" aria-label={caption ?? model.title}>
        <table>
          <thead class="visually-hidden">
            <tr>
              <th scope="col">{t('Current')}</th>
              <th scope="col">{t('Line')}</th>
              <th scope="col">{t('Code')}</th>
              <th scope="col">{t('Note')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              <tr
                key={index}
                class={line.tone === undefined ? undefined : `tone-${line.tone}`}
                aria-current={index === current ? 'step' : undefined}
              >
                <td class="listing-arrow">
                  {index === current && (
                    <>
                      <Icon name="go" />
                      <span class="visually-hidden">{t('current')}</span>
                    </>
                  )}
                </td>
                <td class="listing-label">{line.label}</td>
                <td class="listing-code">
                  <code>{line.text}</code>
                  {narrow && <Note line={line} happening={index === current ? happening : undefined} below />}
                </td>
                <td class="listing-note">
                  {!narrow && <Note line={line} happening={index === current ? happening : undefined} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Note({
  line: { note },
  happening,
  below = false,
}: {
  readonly line: ListingLine;
  readonly happening: string | undefined;
  readonly below?: boolean;
}): JSX.Element | null {
  if (note === undefined && happening === undefined) return null;
  return (
    <span class={below ? 'listing-note below' : undefined}>
      {happening !== undefined && <strong>{happening}</strong>}
      {note}
    </span>
  );
}
