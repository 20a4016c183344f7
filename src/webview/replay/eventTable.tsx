import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Said } from '../page/said.tsx';
import { sayTime } from '../timeline/axis.ts';
import { DecisionMark } from './causeChain.tsx';
import type { ReplayedRun } from './replayRuns.ts';
import { t } from '../page/messages.ts';

/** Rows are shown in pages that overlap by half: a table of a hundred thousand rows serves nobody. */
const halfPage = 100;

/** Every event in words: the same as the pictures, to read or to listen to. The current one is kept in view. */
export function EventTable({
  replayed,
  event,
  deciding,
  causes,
  onChoose,
}: {
  readonly replayed: ReplayedRun;
  readonly event: number;
  readonly deciding: number | undefined;
  readonly causes: readonly number[];
  readonly onChoose: (event: number) => void;
}): JSX.Element {
  const { trace } = replayed.run;
  const scroller = useRef<HTMLDivElement>(null);
  const turned = useRef<1 | -1>(undefined);
  const lastPage = Math.max(0, Math.ceil(trace.length / halfPage) - 2);
  const [page, setPage] = useState(() => pageOf(event, lastPage));
  const from = page * halfPage;
  const to = Math.min(trace.length, from + 2 * halfPage);
  useEffect(() => {
    if (event < from || event >= to) setPage(pageOf(event, lastPage));
  }, [event]);
  useLayoutEffect(() => {
    const box = scroller.current!;
    if (turned.current !== undefined) {
      // The row where the page before ended, or began, stays where the reader's eyes are.
      const seam = box.querySelectorAll<HTMLElement>('tbody tr')[halfPage]!;
      box.scrollTop = seam.offsetTop - (turned.current > 0 ? seam.offsetHeight * 2 : box.clientHeight);
      turned.current = undefined;
      return;
    }
    const current = box.querySelector<HTMLElement>('tr[aria-current]');
    if (current === null) return;
    const head = box.querySelector('thead')!.offsetHeight;
    const top = current.offsetTop - head;
    const bottom = current.offsetTop + current.offsetHeight;
    // A row of context stays above and below.
    const air = current.offsetHeight;
    if (top - air < box.scrollTop) box.scrollTop = top - air;
    else if (bottom + air > box.scrollTop + box.clientHeight) box.scrollTop = bottom + air - box.clientHeight;
  }, [event, page]);
  const behind = new Set(causes);
  const turn = (by: 1 | -1): void => {
    turned.current = by;
    setPage(page + by);
  };
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title">
        {t('Events')}{' '}
        <span class="aside">
          {to - from < trace.length
            ? t('{0} to {1} of {2}', from + 1, to, trace.length)
            : t('all {0}', trace.length)}
        </span>
      </h2>
      <div ref={scroller} class="events" tabIndex={0} role="group" aria-labelledby="events-title">
        {page > 0 && (
          <button type="button" class="quiet" onClick={() => turn(-1)}>
            {t('Earlier events')}
          </button>
        )}
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Event')}</th>
              <th scope="col">{t('Time')}</th>
              <th scope="col">{t('What happens')}</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: to - from }, (_, index) => from + index).map((row) => (
              <tr
                key={row}
                class={behind.has(row) ? 'cause' : undefined}
                aria-current={row === event ? 'step' : undefined}
                onClick={() => onChoose(row)}
              >
                <td>
                  <button
                    type="button"
                    class="link"
                    tabIndex={row === event ? 0 : -1}
                    aria-label={t('Go to event {0}', row + 1)}
                  >
                    {row + 1}
                  </button>
                </td>
                <td>{sayTime(trace.timeNs(row))}</td>
                <td>
                  {trace.decides(row) && <DecisionMark />}
                  <Said text={trace.say(row)} />
                  {row === deciding && <strong class="deciding">{t('this decided')}</strong>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {page < lastPage && (
          <button type="button" class="quiet" onClick={() => turn(1)}>
            {t('Later events')}
          </button>
        )}
      </div>
    </section>
  );
}

/** The page in whose middle half a row stands, as far as there is one. */
const pageOf = (row: number, lastPage: number): number =>
  Math.min(lastPage, Math.max(0, Math.floor((row - halfPage / 2) / halfPage)));
