import { oneLine } from '../csv.ts';

/** Parts of an HTML page that is tables: everything that takes a title or a caption takes plain text, and cells take HTML. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Plain text as HTML, in content and in attributes. */
export const html = (text: string): string => oneLine(text).replaceAll(/[&<>"']/g, (char) => entities[char]!);

export interface Column {
  readonly title: string;
  readonly number?: true;
}

/** Cells of one row, the first of which names it. */
export type Row = readonly string[];

/** Rows under a heading of their own, as HTML; without one where there is only one group. */
export interface RowGroup {
  readonly heading?: string;
  readonly rows: readonly Row[];
}

/** A table that scrolls by itself where it is too wide, by keyboard too. */
export function table(caption: string, columns: readonly Column[], groups: readonly RowGroup[]): string {
  const cell = (text: string, column: number): string => {
    const attributes = columns[column]!.number === true ? ' class="number"' : '';
    return column === 0 ? `<th scope="row">${text}</th>` : `<td${attributes}>${text}</td>`;
  };
  const heads = columns
    .map(
      ({ title, number }) => `<th scope="col"${number === true ? ' class="number"' : ''}>${html(title)}</th>`,
    )
    .join('');
  const bodies = groups.map(({ heading, rows }) => {
    const lines = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
    const head =
      heading === undefined
        ? []
        : [`<tr><th scope="rowgroup" colspan="${columns.length}">${heading}</th></tr>`];
    return `<tbody>\n${[...head, ...lines].join('\n')}\n</tbody>`;
  });
  return `<div class="scroll" role="region" aria-label="${html(caption)}" tabindex="0"><table>
<caption>${html(caption)}</caption>
<thead><tr>${heads}</tr></thead>
${bodies.join('\n')}
</table></div>`;
}

/** A share as a bar, which is for eyes alone, before the number that `words` is. */
export const bar = (
  part: number,
  whole: number,
  tone: 'right' | 'wrong' | 'plain',
  words = `${part} of ${whole}`,
): string =>
  `<span class="bar ${tone}" aria-hidden="true"><span style="width:${whole === 0 ? 0 : Math.round((100 * part) / whole)}%"></span></span>${words}`;

/** A part of a page, to which others can link by its id. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** @param about a paragraph before the content, as HTML; empty for none */
export const part = (id: string, title: string, about: string, content: string): Part => ({
  id,
  title,
  html: `<section aria-labelledby="${id}">
<h2 id="${id}">${html(title)}</h2>
${about === '' ? '' : `<p>${about}</p>\n`}${content}
</section>`,
});

export const linkTo = (id: string, text: string): string => `<a href="#${id}">${text}</a>`;
