import type { JSX } from 'preact';
import { sayTime } from '../timeline/axis.ts';
import type { ReplayedRun } from './replayRuns.ts';

/** Rows around the current one: a table of a hundred thousand rows serves nobody. */
const rowsAround = 100;

/** Every event in words: the same as the pictures, to read or to listen to. */
export function EventTable({
  replayed,
  event,
  deciding,
  onChoose,
}: {
  readonly replayed: ReplayedRun;
  readonly event: number;
  readonly deciding: number | undefined;
  readonly onChoose: (event: number) => void;
}): JSX.Element {
  const { trace } = replayed.run;
  const from = Math.max(0, event - rowsAround);
  const to = Math.min(trace.length, event + rowsAround + 1);
  const rows = Array.from({ length: to - from }, (_, index) => from + index);
  return (
    <div class="events">
      <table>
        <caption>
          Events of {replayed.label.toLowerCase()}
          {to - from < trace.length && `, ${from + 1} to ${to} of ${trace.length}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Time</th>
            <th scope="col">What happens</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row} aria-current={row === event ? 'step' : undefined}>
              <td>
                <button
                  type="button"
                  class="link"
                  onClick={() => onChoose(row)}
                  aria-label={`Go to event ${row + 1}`}
                >
                  {row + 1}
                </button>
              </td>
              <td>{sayTime(trace.timeNs(row))}</td>
              <td>
                {trace.say(row)}
                {row === deciding && <strong class="deciding"> ◀ this decided</strong>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
