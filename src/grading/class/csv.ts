/**
 * The rows of a CSV file (RFC 4180). A byte order mark is left out; the delimiter is the one of `,`, `;` and tab that the
 * first line has most of. Quotes may hold delimiters, quotes and line ends. Rows without any text are left out.
 */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const body = text.replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(body);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.some((each) => each.trim() !== '')) rows.push(row);
    row = [];
  };
  for (let at = 0; at < body.length; at++) {
    const char = body[at]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (body[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === delimiter) endCell();
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && body[at + 1] === '\n') at++;
      endRow();
    } else cell += char;
  }
  endRow();
  return rows;
}

function delimiterOf(body: string): string {
  const head = /^[^\r\n]*/.exec(body)![0];
  const count = (char: string): number => head.split(char).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** One row of a CSV file, with its line end. Cells are quoted where they must be. */
export const csvRow = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => quotedCell(String(cell))).join(',')}\n`;

const quotedCell = (text: string): string =>
  /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Whether a spreadsheet would compute a line of text in place of showing it (OWASP, *CSV Injection*). */
export const isFormula = (line: string): boolean => /^\s*[=+\-@]/.test(line);

/** Text that came from somebody else, as a cell that a spreadsheet shows as it is: a leading apostrophe says so. */
export function shownCell(text: string): string {
  const line = oneLine(text);
  return isFormula(line) ? `'${line}` : line;
}

/** Text without control characters and line ends, which could forge a row or a terminal's colours. */
export const oneLine = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
