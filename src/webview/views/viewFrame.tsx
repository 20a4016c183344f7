import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { tablesOf, type TabularModel } from '../../engine/kernel/viewTables.ts';
import { Icon } from '../page/icons.tsx';
import { pageLanguage, t } from '../page/messages.ts';

/** What every picture has around it: a heading where it needs one, and the table behind it on request. */
export function ViewFrame({
  model,
  caption,
  measured,
  summary,
  children,
}: {
  readonly model: TabularModel;
  readonly caption: string | undefined;
  /** What is measured upwards or along the bars. */
  readonly measured?: string;
  /** The picture in a few sentences, for those who do not see it. */
  readonly summary: string;
  /** The picture; it is described by the element of the given id. */
  readonly children: (summaryId: string) => ComponentChildren;
}): JSX.Element {
  const id = useId();
  const [table, setTable] = useState(false);
  return (
    <div class="view">
      <div class="timeline-bar">
        {caption !== undefined && <p class="timeline-caption">{caption}</p>}
        {measured !== undefined && <p class="axis-label">{measured}</p>}
        <div class="timeline-tools" lang={pageLanguage()}>
          <button
            type="button"
            class="tool worded"
            aria-expanded={table}
            aria-controls={`${id}-table`}
            onClick={() => setTable(!table)}
          >
            <Icon name="table" /> {t('Table')}
          </button>
        </div>
      </div>
      {children(`${id}-summary`)}
      <p id={`${id}-summary`} class={table ? 'timeline-summary' : 'visually-hidden'}>
        {summary}
      </p>
      <div id={`${id}-table`}>{table && <ViewTables model={model} />}</div>
    </div>
  );
}

/** The tables behind a picture. */
function ViewTables({ model }: { readonly model: TabularModel }): JSX.Element {
  return (
    <>
      {tablesOf(model).map((table) => (
        <div
          key={table.title}
          class="table-scroll view-table"
          tabIndex={0}
          role="group"
          aria-label={t('{0}, as a table', table.title)}
        >
          <table>
            <caption>{table.title}</caption>
            <thead>
              <tr>
                {table.columns.map((column, index) =>
                  column === '' ? (
                    <td key={index} />
                  ) : (
                    <th key={index} scope="col">
                      {column}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {table.rows.length === 0 && (
                <tr>
                  <td colSpan={table.columns.length}>{table.whenEmpty}</td>
                </tr>
              )}
              {table.rows.map((row, rowIndex) => (
                <tr key={rowIndex}>
                  {row.map((cell, column) => (
                    <td key={column} class={/^-?[\d,.]+$/.test(cell) ? 'number' : undefined}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </>
  );
}
