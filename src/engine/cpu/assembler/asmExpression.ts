import { AsmError } from './asmProblem.ts';

/** What a name stands for: an address or a constant. Undefined when it is not known (yet). */
export type Lookup = (name: string, column: number) => number | undefined;

interface Token {
  readonly text: string;
  readonly at: number;
}

const pattern =
  /\s*(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+[fb](?![0-9a-zA-Z_])|\d+|'(?:\\.|[^\\'])'|[A-Za-z_.$][\w.$]*|<<|>>|[-+*/%&|^~()])/y;
const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, 0: 0, '\\': 92, "'": 39, '"': 34 };

/**
 * Evaluates an expression of GNU as: numbers, characters, names, local labels (`1f`, `1b`), `+ - * / % << >> & | ^ ~`.
 * Arithmetic is that of 64-bit integers as far as a double holds them; results are taken modulo 2^32 by who uses them.
 * @param column of the first character, for messages
 * @returns undefined when a name in it is not known
 * @throws AsmError
 */
export function evaluate(text: string, column: number, lookup: Lookup): number | undefined {
  const tokens = tokenize(text, column);
  let next = 0;
  let known = true;
  const end = column + text.trimEnd().length;
  const peek = (): string | undefined => tokens[next]?.text;

  const primary = (): number => {
    const token = tokens[next];
    if (token === undefined) throw new AsmError('A value is missing here.', end);
    next++;
    switch (token.text) {
      case '(': {
        const value = binary(0);
        if (peek() !== ')') throw new AsmError('A closing parenthesis is missing.', tokens[next]?.at ?? end);
        next++;
        return value;
      }
      case '-':
        return -primary();
      case '+':
        return primary();
      case '~':
        return ~primary();
    }
    const number = numberOf(token.text);
    if (number !== undefined) return number;
    if (!/^[\w.$]/.test(token.text)) {
      throw new AsmError(`A value was expected, but here stands "${token.text}".`, token.at);
    }
    const value = lookup(token.text, token.at);
    if (value === undefined) known = false;
    return value ?? 0;
  };
  const binary = (level: number): number => {
    if (level === levels.length) return primary();
    let left = binary(level + 1);
    for (
      let operator = peek();
      operator !== undefined && levels[level]!.includes(operator);
      operator = peek()
    ) {
      const at = tokens[next]!.at;
      next++;
      left = apply(operator, left, binary(level + 1), at, known);
    }
    return left;
  };

  const value = binary(0);
  const rest = tokens[next];
  if (rest !== undefined) throw new AsmError(`"${rest.text}" is not expected here.`, rest.at);
  return known ? value : undefined;
}

/** From the loosest to the tightest, as GNU as binds them on RISC-V. */
const levels: readonly (readonly string[])[] = [
  ['+', '-'],
  ['|', '&', '^'],
  ['*', '/', '%', '<<', '>>'],
];

function apply(operator: string, left: number, right: number, at: number, known: boolean): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '<<':
      return left * 2 ** right;
    case '>>':
      return Math.floor((left < 0 ? left + 2 ** 32 : left) / 2 ** right);
    case '&':
      return Number(BigInt.asIntN(64, BigInt(Math.trunc(left)) & BigInt(Math.trunc(right))));
    case '|':
      return Number(BigInt.asIntN(64, BigInt(Math.trunc(left)) | BigInt(Math.trunc(right))));
    case '^':
      return Number(BigInt.asIntN(64, BigInt(Math.trunc(left)) ^ BigInt(Math.trunc(right))));
  }
  if (right === 0) {
    if (known) throw new AsmError('This divides by zero.', at);
    return 0;
  }
  return operator === '/' ? Math.trunc(left / right) : left % right;
}

function numberOf(text: string): number | undefined {
  if (text.startsWith("'")) {
    const inside = text.slice(1, -1);
    return inside.startsWith('\\') ? (escapes[inside[1]!] ?? inside.charCodeAt(1)) : inside.charCodeAt(0);
  }
  if (/^0\d+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0[xXbB][0-9a-fA-F]+|\d+)$/.test(text) ? Number(text) : undefined;
}

function tokenize(text: string, column: number): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const at = from + text.slice(from).search(/\S/);
      throw new AsmError(`"${text[at]}" is not understood in an expression.`, column + at);
    }
    tokens.push({ text: match[1]!, at: column + match.index + match[0].length - match[1]!.length });
  }
  return tokens;
}
