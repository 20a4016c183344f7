import { AsmError, type AsmProblem } from './asmProblem.ts';
import { evaluate } from './asmExpression.ts';

/** A statement, with where it stands in the source. Statements of a macro stand where the macro is used. */
export interface Statement {
  readonly line: number;
  /** Column of the first character of `text`. */
  readonly column: number;
  readonly text: string;
}

interface Macro {
  readonly parameters: readonly { readonly name: string; readonly default: string | undefined }[];
  readonly body: readonly Statement[];
}

const mostStatements = 200_000;
const deepestMacro = 50;

/**
 * Splits a source into statements: takes comments away, and expands `.macro`, `.rept`, `.irp` and `.if`.
 * @param constants known at the moment; `.if` may use them
 */
export function statementsOf(source: string, problems: AsmProblem[]): Statement[] {
  const expander = new Expander(problems);
  const lines = withoutComments(source).split(/\r?\n/);
  const statements = lines.flatMap((text, index) => split(text, index + 1));
  const out: Statement[] = [];
  expander.expand(statements, out, 0);
  return out;
}

/** Blanks comments, so that columns stay true. Texts in quotes may contain their signs. */
function withoutComments(source: string): string {
  return source.replace(
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/g,
    (match) => (/^["']/.test(match) ? match : match.replace(/[^\n]/g, ' ')),
  );
}

/** Statements of a line are separated by semicolons. */
function split(text: string, line: number): Statement[] {
  const parts: Statement[] = [];
  let from = 0;
  const add = (to: number): void => {
    const part = text.slice(from, to);
    const lead = part.search(/\S/);
    if (lead !== -1) parts.push({ line, column: from + lead + 1, text: part.trim() });
    from = to + 1;
  };
  for (const match of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|;/g)) {
    if (match[0] === ';') add(match.index);
  }
  add(text.length);
  return parts;
}

class Expander {
  readonly #problems: AsmProblem[];
  readonly #macros = new Map<string, Macro>();
  readonly #constants = new Map<string, number>();
  #uses = 0;

  constructor(problems: AsmProblem[]) {
    this.#problems = problems;
  }

  expand(statements: readonly Statement[], out: Statement[], depth: number): void {
    for (let at = 0; at < statements.length; at++) {
      if (out.length > mostStatements) return;
      const statement = statements[at]!;
      try {
        at = this.#one(statements, at, out, depth);
      } catch (thrown) {
        if (!(thrown instanceof AsmError)) throw thrown;
        this.#report(statement, thrown);
      }
    }
    if (out.length > mostStatements) {
      this.#report(
        statements[0]!,
        new AsmError(`The macros expand to more than ${mostStatements} statements.`, 1),
      );
    }
  }

  /** Expands one statement or block; returns the index of its last statement. */
  #one(statements: readonly Statement[], at: number, out: Statement[], depth: number): number {
    const statement = statements[at]!;
    const [, word = '', rest = ''] = /^([\w.$]+)\s*(.*)$/.exec(statement.text) ?? [];
    switch (word) {
      case '.macro': {
        const end = blockEnd(statements, at, /^\.macro\b/, /^\.endm\b/, '.endm');
        const [, name = '', parameters = ''] = /^([\w.$]+)\s*,?\s*(.*)$/.exec(rest) ?? [];
        if (name === '') throw new AsmError('The macro has no name.', statement.column);
        const body = statements.slice(at + 1, end);
        const named = parameters.split(/[\s,]+/).filter((each) => each !== '');
        this.#macros.set(name, {
          body,
          parameters: named.map((each) => {
            const [parameter = '', value] = each.split('=');
            return { name: parameter, default: value };
          }),
        });
        return end;
      }
      case '.rept': {
        const end = blockEnd(statements, at, /^\.(?:rept|irp)\b/, /^\.endr\b/, '.endr');
        const times = this.#constant(rest, statement);
        for (let time = 0; time < times && out.length <= mostStatements; time++) {
          this.expand(statements.slice(at + 1, end), out, depth);
        }
        return end;
      }
      case '.irp': {
        const end = blockEnd(statements, at, /^\.(?:rept|irp)\b/, /^\.endr\b/, '.endr');
        const [name = '', ...values] = rest.split(/\s*,\s*/);
        for (const value of values) {
          const body = statements.slice(at + 1, end);
          this.expand(
            body.map((each) => ({
              ...each,
              text: substitute(each.text, new Map([[name, value]]), this.#uses),
            })),
            out,
            depth,
          );
        }
        return end;
      }
      case '.if': {
        const end = blockEnd(statements, at, /^\.if\b/, /^\.endif\b/, '.endif');
        const middle = elseOf(statements, at + 1, end);
        const holds = this.#constant(rest, statement) !== 0;
        this.expand(holds ? statements.slice(at + 1, middle) : statements.slice(middle + 1, end), out, depth);
        return end;
      }
      case '.endm':
      case '.endr':
      case '.endif':
      case '.else':
        throw new AsmError(`${word} ends a block that was not begun.`, statement.column);
    }
    this.#remember(statement, word, rest);
    const [label = ''] = /^(?:[\w.$]+\s*:\s*)+/.exec(statement.text) ?? [];
    const after = statement.text.slice(label.length);
    const name = /^[\w.$]+/.exec(after)?.[0] ?? '';
    const macro = this.#macros.get(name);
    if (macro === undefined) out.push(statement);
    else {
      if (label !== '') out.push({ ...statement, text: label.trim() });
      this.#use(macro, name, after.slice(name.length).trim(), statement, out, depth);
    }
    return at;
  }

  #use(macro: Macro, name: string, given: string, at: Statement, out: Statement[], depth: number): void {
    if (depth >= deepestMacro) throw new AsmError(`The macro ${name} uses itself without end.`, at.column);
    this.#uses++;
    const values = given === '' ? [] : operandsOf(given);
    if (values.length > macro.parameters.length) {
      throw new AsmError(
        `${name} takes ${macro.parameters.length} arguments, but ${values.length} are given.`,
        at.column,
      );
    }
    const bound = new Map<string, string>();
    macro.parameters.forEach((parameter, index) => {
      bound.set(parameter.name, values[index] ?? parameter.default ?? '');
    });
    const body = macro.body.map((each) => ({
      line: at.line,
      column: at.column,
      text: substitute(each.text, bound, this.#uses),
    }));
    this.expand(body, out, depth + 1);
  }

  #constant(text: string, statement: Statement): number {
    const value = evaluate(text, statement.column, (name) => this.#constants.get(name));
    if (value === undefined) {
      throw new AsmError(`"${text}" has to be known here: only constants may stand in it.`, statement.column);
    }
    return value;
  }

  /** Constants are needed early, by `.if` and `.rept`. */
  #remember(statement: Statement, word: string, rest: string): void {
    const named =
      word === '.equ' || word === '.set'
        ? /^([\w.$]+)\s*,\s*(.*)$/.exec(rest)
        : /^([A-Za-z_.$][\w.$]*)\s*=\s*(.*)$/.exec(statement.text);
    if (named === null) return;
    const value = evaluate(named[2]!, statement.column, (name) => this.#constants.get(name));
    if (value !== undefined) this.#constants.set(named[1]!, value);
  }

  #report(statement: Statement, error: AsmError): void {
    this.#problems.push({
      line: statement.line,
      column: error.column,
      message: error.message,
      ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
    });
  }
}

function blockEnd(
  statements: readonly Statement[],
  from: number,
  opens: RegExp,
  closes: RegExp,
  closing: string,
): number {
  let depth = 0;
  for (let at = from; at < statements.length; at++) {
    if (opens.test(statements[at]!.text)) depth++;
    else if (closes.test(statements[at]!.text) && --depth === 0) return at;
  }
  throw new AsmError(`This block is not closed: ${closing} is missing.`, statements[from]!.column);
}

/** The index of the `.else` of a block, or of its end. */
function elseOf(statements: readonly Statement[], from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const { text } = statements[at]!;
    if (/^\.if\b/.test(text)) depth++;
    else if (/^\.endif\b/.test(text)) depth--;
    else if (/^\.else\b/.test(text) && depth === 0) return at;
  }
  return end;
}

const substitute = (text: string, values: ReadonlyMap<string, string>, use: number): string =>
  text.replace(/\\(@|\(\)|[A-Za-z_]\w*)/g, (whole, name: string) => {
    if (name === '@') return String(use);
    return name === '()' ? '' : (values.get(name) ?? whole);
  });

/** Operands are separated by commas outside of quotes and parentheses. */
export function operandsOf(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (const match of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|[(),]/g)) {
    if (match[0] === '(') depth++;
    else if (match[0] === ')') depth--;
    else if (match[0] === ',' && depth === 0) {
      parts.push(text.slice(from, match.index));
      from = match.index + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim());
}
