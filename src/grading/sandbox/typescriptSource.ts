import { blankSourceFile } from 'ts-blank-space';
import ts from 'typescript';
import type { PolicyFaultDetail } from '../../engine/kernel/policy.ts';
import { returnMarker, trapframeValues } from './guestPrelude.ts';

export type BlankedSource =
  { readonly ok: true; readonly code: string } | { readonly ok: false; readonly fault: PolicyFaultDetail };

interface LearnerFile {
  readonly file: string;
  readonly text: string;
}

/**
 * A learner's TypeScript as JavaScript, with spaces in place of the types, so that lines and columns stay true.
 * Refuses syntax errors and what cannot be erased, at its first place in the file. Types are not checked: the editor
 * does that, and a program with a type error still runs.
 */
export function blankTypes(source: LearnerFile): BlankedSource {
  const parsed = parse(source);
  return parsed.ok ? blanked(parsed.tree) : parsed;
}

export type InstrumentedSource =
  | {
      readonly ok: true;
      readonly code: string;
      /** The line of each return, from 1, by the number that it gives to the marker. */
      readonly returnLines: readonly number[];
    }
  | { readonly ok: false; readonly fault: PolicyFaultDetail };

/**
 * Like {@link blankTypes}, with each way out of a function telling its number: `return e` becomes
 * `return marker((e), 7)`, so that of nested returns the outermost tells last; the body of an arrow likewise; a block
 * tells at its end. Lines stay true, columns do not.
 */
export function instrumentReturns(source: LearnerFile): InstrumentedSource {
  const parsed = parse(source);
  if (!parsed.ok) return parsed;
  const { tree } = parsed;
  const plain = blanked(tree);
  if (!plain.ok) return plain;

  const returnLines: number[] = [];
  const insertions: { readonly at: number; readonly text: string }[] = [];
  const insert = (at: number, text: string): void => void insertions.push({ at, text });
  const placed = (position: number): number =>
    returnLines.push(tree.getLineAndCharacterOfPosition(position).line + 1) - 1;
  /** Visits what is inside between the two, so that of several ends at one position the inner comes first. */
  const around = (expression: ts.Expression, number: number): void => {
    insert(expression.getStart(tree), `${returnMarker}((`);
    visit(expression);
    insert(expression.end, `), ${number})`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) {
      const start = node.getStart(tree);
      if (node.expression !== undefined) around(node.expression, placed(start));
      else insert(start + 'return'.length, ` ${returnMarker}(undefined, ${placed(start)})`);
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      node.parameters.forEach(visit);
      around(node.body, placed(node.body.getStart(tree)));
    } else {
      ts.forEachChild(node, visit);
      if (ts.isBlock(node) && ts.isFunctionLike(node.parent)) {
        insert(node.end - 1, `;${returnMarker}(undefined, ${placed(node.end - 1)})`);
      }
    }
  };
  visit(tree);

  let code = '';
  let copied = 0;
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    code += plain.code.slice(copied, at) + text;
    copied = at;
  }
  return { ok: true, code: code + plain.code.slice(copied), returnLines };
}

type Parsed =
  | { readonly ok: true; readonly tree: ts.SourceFile }
  | { readonly ok: false; readonly fault: PolicyFaultDetail };

/** Parses and refuses what a learner's module must not contain. */
export function parse(source: LearnerFile): Parsed {
  const tree = ts.createSourceFile(
    source.file,
    source.text,
    { languageVersion: ts.ScriptTarget.ES2023, impliedNodeFormat: ts.ModuleKind.ESNext },
    true,
    ts.ScriptKind.TS,
  );
  // The parser's own errors; TypeScript has no public name for them short of a whole program.
  const { parseDiagnostics } = tree as ts.SourceFile & {
    parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  };
  const first = parseDiagnostics[0];
  if (first !== undefined) {
    const text = ts.flattenDiagnosticMessageText(first.messageText, ' ');
    return refused(tree, first.start, `Syntax error: ${text}`);
  }
  const problem = forbidden(tree);
  return problem === undefined
    ? { ok: true, tree }
    : refused(tree, problem.node.getStart(tree), problem.message);
}

export function blanked(tree: ts.SourceFile): BlankedSource {
  let unsupported: ts.Node | undefined;
  const code = blankSourceFile(tree, (node) => (unsupported ??= node));
  if (unsupported === undefined) return { ok: true, code };
  return refused(
    tree,
    unsupported.getStart(tree),
    'This TypeScript syntax is more than a type, so it cannot be erased. Write it as plain JavaScript with types.',
  );
}

function refused(
  tree: ts.SourceFile,
  position: number,
  message: string,
): { ok: false; fault: PolicyFaultDetail } {
  const { line, character } = tree.getLineAndCharacterOfPosition(position);
  return { ok: false, fault: { kind: 'syntax', message, line: line + 1, column: character + 1 } };
}

interface Forbidden {
  readonly node: ts.Node;
  readonly message: string;
}

/** The first construct in the file that is refused. */
function forbidden(node: ts.Node): Forbidden | undefined {
  const message = reason(node);
  if (message !== undefined) return { node, message };
  return ts.forEachChild(node, forbidden);
}

function reason(node: ts.Node): string | undefined {
  if (ts.isEnumDeclaration(node) && !isDeclared(node)) {
    return "An enum is code, not only a type, so it cannot be used here. Use a union of strings: type Kind = 'a' | 'b'.";
  }
  if (ts.isModuleDeclaration(node) && !isDeclared(node)) {
    return 'A namespace cannot be used here. Put its functions at the top of the file.';
  }
  if (ts.isDecorator(node)) return 'Decorators cannot be used here. Call the function yourself.';
  if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
    return 'A parameter property cannot be used here. Declare the field, and assign it in the constructor.';
  }
  if (ts.isImportEqualsDeclaration(node))
    return "import = cannot be used here. Write: import type { … } from 'trapframe'.";
  if (ts.isExportAssignment(node) && node.isExportEquals === true)
    return 'export = cannot be used here. Write: export const ….';
  if (ts.isImportDeclaration(node)) return importReason(node);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return 'A task is one file: it cannot export from another module. Write: export const … = { … }.';
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return 'import() cannot be used here: a task is one file, and nothing else can be loaded.';
  }
  return undefined;
}

function isDeclared(node: ts.EnumDeclaration | ts.ModuleDeclaration): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function importReason(node: ts.ImportDeclaration): string | undefined {
  const module = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
  const clause = node.importClause;
  if (module !== 'trapframe') {
    return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      ? undefined
      : `'${module}' cannot be imported: a task is one file. Only 'trapframe' can be imported; copy what you need into this file.`;
  }
  if (clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    return "'trapframe' is imported by names. Write: import type { … } from 'trapframe'.";
  }
  for (const element of bindings.elements) {
    const name = (element.propertyName ?? element.name).text;
    if (!element.isTypeOnly && !trapframeValues.includes(name)) {
      return `${name} is not a value that 'trapframe' exports. If it is a type, write: import type { ${name} } from 'trapframe'.`;
    }
  }
  return undefined;
}
