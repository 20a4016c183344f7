import { useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { TimelineModel } from '../../engine/kernel/view.ts';
import { rowCount, timelineRows, type TimelineRow } from './reading.ts';
import { pageLanguage, t } from '../page/messages.ts';

const rowsAtOnce = 100;

/** The same content as the picture, as a table. Long runs are shown from their start, more on request. */
export function TimelineTable({ model }: { readonly model: TimelineModel }): JSX.Element {
  const [most, setMost] = useState(rowsAtOnce);
  const total = rowCount(model);
  const rows = useMemo(() => {
    const shown: TimelineRow[] = [];
    for (const row of timelineRows(model)) {
      if (shown.length === most) break;
      shown.push(row);
    }
    return shown;
  }, [model, most]);
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={t('{0}, as a table', model.title)}>
      <table>
        <thead lang={pageLanguage()}>
          <tr>
            <th scope="col">{t('From')}</th>
            <th scope="col">{t('To')}</th>
            <th scope="col">{t('Length')}</th>
            <th scope="col">{t('Lane')}</th>
            <th scope="col">{t('What')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <td>{row.from}</td>
              <td>{row.to}</td>
              <td>{row.length}</td>
              <td>{row.lane}</td>
              <td>{row.what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < total && (
        <p class="table-rest" lang={pageLanguage()}>
          {t('The first {0} of {1} rows; {2} more are left out.', rows.length, total, total - rows.length)}{' '}
          <button type="button" class="quiet" onClick={() => setMost(most + rowsAtOnce)}>
            {t('Show {0} more', Math.min(rowsAtOnce, total - rows.length))}
          </button>
        </p>
      )}
    </div>
  );
}
