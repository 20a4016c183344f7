import ts from 'typescript';
import { parse } from '../sandbox/typescriptSource.ts';
import type { Change, MutantKind } from './mutant.ts';

type Replaced = readonly [kind: MutantKind, by: string];

/** Operators and what learners write in their place. */
const operators: Readonly<Partial<Record<ts.SyntaxKind, readonly Replaced[]>>> = {
  [ts.SyntaxKind.LessThanToken]: [
    ['moves-a-boundary', '<='],
    ['flips-a-comparison', '>'],
  ],
  [ts.SyntaxKind.LessThanEqualsToken]: [
    ['moves-a-boundary', '<'],
    ['flips-a-comparison', '>='],
  ],
  [ts.SyntaxKind.GreaterThanToken]: [
    ['moves-a-boundary', '>='],
    ['flips-a-comparison', '<'],
  ],
  [ts.SyntaxKind.GreaterThanEqualsToken]: [
    ['moves-a-boundary', '>'],
    ['flips-a-comparison', '<='],
  ],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: [['flips-a-comparison', '!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: [['flips-a-comparison', '===']],
  [ts.SyntaxKind.PlusToken]: [['takes-another-operator', '-']],
  [ts.SyntaxKind.MinusToken]: [['takes-another-operator', '+']],
  [ts.SyntaxKind.AsteriskToken]: [['takes-another-operator', '/']],
  [ts.SyntaxKind.SlashToken]: [['takes-another-operator', '*']],
  [ts.SyntaxKind.AmpersandAmpersandToken]: [['takes-another-operator', '||']],
  [ts.SyntaxKind.BarBarToken]: [['takes-another-operator', '&&']],
  [ts.SyntaxKind.PlusEqualsToken]: [['takes-another-operator', '-=']],
  [ts.SyntaxKind.MinusEqualsToken]: [['takes-another-operator', '+=']],
};

/** Methods and functions, and the ones that they are taken for. */
const names: Readonly<Record<string, Replaced>> = {
  push: ['takes-the-other-end', 'unshift'],
  unshift: ['takes-the-other-end', 'push'],
  shift: ['takes-the-other-end', 'pop'],
  pop: ['takes-the-other-end', 'shift'],
  min: ['takes-the-other-extreme', 'max'],
  max: ['takes-the-other-extreme', 'min'],
  floor: ['takes-the-other-extreme', 'ceil'],
  ceil: ['takes-the-other-extreme', 'floor'],
};

const unlikeWhenSwapped: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.SlashToken,
]);

/** Simple changes of a module, in the order of its text. Nothing of types or imports is changed. */
export function typescriptChanges(file: string, text: string): readonly Change[] {
  const parsed = parse({ file, text });
  if (!parsed.ok) return [];
  const { tree } = parsed;
  const found: Change[] = [];
  const replace = (node: ts.Node, [kind, by]: Replaced): void =>
    void found.push({ kind, start: node.getStart(tree), end: node.end, by });
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (isDroppable(node)) replace(node, ['drops-a-statement', '']);
    if (ts.isBinaryExpression(node)) {
      const { left, operatorToken, right } = node;
      for (const each of operators[operatorToken.kind] ?? []) replace(operatorToken, each);
      if (unlikeWhenSwapped.has(operatorToken.kind)) {
        const between = text.slice(left.end, right.getStart(tree));
        replace(node, ['swaps-operands', right.getText(tree) + between + left.getText(tree)]);
      }
    } else if (ts.isNumericLiteral(node)) {
      const value = Number(node.text);
      replace(node, ['is-off-by-one', String(value + 1)]);
      if (value > 0) replace(node, ['is-off-by-one', String(value - 1)]);
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, ['flips-a-truth-value', 'false']);
    else if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, ['flips-a-truth-value', 'true']);
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      replace(node, ['flips-a-truth-value', node.operand.getText(tree)]);
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name } = node.expression;
      if (Object.hasOwn(names, name.text)) replace(name, names[name.text]!);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** A statement that a file can lack and still run. */
const isDroppable = (node: ts.Node): boolean =>
  (ts.isExpressionStatement(node) || ts.isIfStatement(node) || ts.isContinueStatement(node)) &&
  ts.isBlock(node.parent);
