import { useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { TimelineModel } from '../../engine/kernel/view.ts';
import { rowCount, timelineRows, type TimelineRow } from './reading.ts';

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
    <div class="table-scroll" tabIndex={0} role="group" aria-label={`${model.title}, as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Length</th>
            <th scope="col">Lane</th>
            <th scope="col">What</th>
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
        <p class="table-rest">
          The first {rows.length} of {total} rows; {total - rows.length} more are left out.{' '}
          <button type="button" class="quiet" onClick={() => setMost(most + rowsAtOnce)}>
            Show {Math.min(rowsAtOnce, total - rows.length)} more
          </button>
        </p>
      )}
    </div>
  );
}
