import type { Terminal } from './command.ts';

const mostTold = 5;

/** Says the first of many lines that have one cause, such as a full disk, and how many more there are. */
export function tellFew(lines: readonly string[], terminal: Pick<Terminal, 'err'>): void {
  for (const line of lines.slice(0, mostTold)) terminal.err(line);
  if (lines.length > mostTold) terminal.err(`… and ${lines.length - mostTold} more like these.`);
}
