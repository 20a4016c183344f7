import { evaluate, type Lookup } from './asmExpression.ts';
import type { Operand } from './asmOperand.ts';
import { AsmError } from './asmProblem.ts';

/** What a directive of numbers puts into memory, little-endian. @param size of all of them, in bytes */
export function numberBytes(operands: readonly Operand[], size: number, lookup: Lookup): Uint8Array {
  const bytes = new Uint8Array(size);
  const unit = size / operands.length;
  operands.forEach(({ text, column }, index) => {
    const value = evaluate(text, column, lookup)!;
    if (value < -(2 ** (8 * unit - 1)) || value >= 2 ** (8 * unit)) {
      throw new AsmError(`${value} does not fit into ${unit} bytes.`, column);
    }
    for (let byte = 0; byte < unit; byte++)
      bytes[index * unit + byte] = Math.floor(value / 2 ** (8 * byte)) & 0xff;
  });
  return bytes;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '\\': '\\',
  '"': '"',
};

/** What a directive of texts puts into memory. @param word `.ascii`, else a 0 follows each text */
export function textBytes(word: string, operands: readonly Operand[], column: number): Uint8Array {
  const bytes: number[] = [];
  if (operands.length === 0) throw new AsmError(`${word} needs a text in quotes.`, column);
  for (const operand of operands) {
    const quoted = /^"((?:\\.|[^"\\])*)"$/.exec(operand.text);
    if (quoted === null) throw new AsmError('A text in double quotes was expected.', operand.column);
    const text = quoted[1]!.replace(/\\(.)/g, (whole, sign: string) => escapes[sign] ?? whole);
    bytes.push(...utf8(text));
    if (word !== '.ascii') bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

/** UTF-8 without the platform's encoder, which the pure layers do not have. */
function utf8(text: string): number[] {
  return Array.from(encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g), ([, code, plain]) =>
    code === undefined ? plain!.charCodeAt(0) : Number.parseInt(code, 16),
  );
}
