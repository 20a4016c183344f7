import type { DecisionEvidence } from '../grading/report.ts';

/** A value to show inside a line of code. */
export interface InlineValue {
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;
  /** On one line, cut where it is long. */
  readonly label: string;
  /** The whole value. */
  readonly whole: string;
}

/** Longer values would push the code out of sight. */
const labelLimit = 60;

/**
 * The values of one decision, as a debugger would show them that stopped there: what was given stands at the end of the
 * method's parameters, what was returned at the end of the line that returned it.
 */
export function inlineValues(text: string, decision: DecisionEvidence): readonly InlineValue[] {
  const { line, input, output } = decision;
  if (line === undefined) return [];
  const lineEnd = endOfLine(text, line);
  if (lineEnd === undefined) return [];
  const parameters = parametersOf(text.slice(0, lineEnd), text, decision.decision);
  return [
    ...(parameters === undefined
      ? []
      : [
          {
            offset: parameters.end,
            label: `${parameters.empty ? '' : ' = '}${short(input)}`,
            whole: input,
          },
        ]),
    ...(output === undefined ? [] : [{ offset: lineEnd, label: `→ ${short(output)}`, whole: output }]),
  ];
}

const short = (value: string): string =>
  value.length <= labelLimit ? value : `${value.slice(0, labelLimit - 1).trimEnd()}…`;

/** Where the last character of a line, counted from 1, ends. */
function endOfLine(text: string, line: number): number | undefined {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const feed = text.indexOf('\n', start);
    if (feed < 0) return undefined;
    start = feed + 1;
  }
  const feed = text.indexOf('\n', start);
  return start + text.slice(start, feed < 0 ? undefined : feed).trimEnd().length;
}

/**
 * The parameters of the method that begins last before the line's end: as a method, as a function, or as an arrow. Calls
 * and mentions in comments are followed by neither a body nor an arrow.
 */
function parametersOf(
  before: string,
  text: string,
  method: string,
): { end: number; empty: boolean } | undefined {
  const heads = new RegExp(
    String.raw`(?<![.\w$])${method}\s*(?:[:=]\s*)?(?:async\s+)?(?:function\b\s*[\w$]*\s*)?(?:\(|([\w$]+)\s*=>)`,
    'g',
  );
  for (const head of [...before.matchAll(heads)].toReversed()) {
    const [whole, single] = head;
    if (single !== undefined)
      return { end: head.index + whole.indexOf(single, method.length) + single.length, empty: false };
    const open = head.index + whole.length;
    const close = closingParenthesis(text, open);
    if (close === undefined || !/^\s*(?::|\{|=>)/.test(text.slice(close + 1))) continue;
    const written = text.slice(open, close).replace(/[\s,]+$/, '');
    return { end: open + written.length, empty: written === '' };
  }
  return undefined;
}

function closingParenthesis(text: string, from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    const character = text[index]!;
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && depth-- === 0) return index;
  }
  return undefined;
}
