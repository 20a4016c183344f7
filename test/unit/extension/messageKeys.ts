import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..', '..');

/** A text that the code shows by `t(…)`, in English, and where it stands. */
export interface MessageUse {
  readonly text: string;
  readonly at: string;
  /** How many values it is given. */
  readonly values: number;
}

/** All texts that a folder of src/ shows by `t(…)`. Fails at one that is put together when it is shown, which no bundle could have. */
export function messagesOf(folder: string): readonly MessageUse[] {
  return sourcesOf(folder).flatMap((source) => {
    const uses: MessageUse[] = [];
    const visit = (node: ts.Node): void => {
      if (isTranslated(node)) {
        const [text, ...values] = node.arguments;
        const at = placeOf(node);
        if (text === undefined || !ts.isStringLiteralLike(text)) throw new Error(`${at}: no literal text`);
        uses.push({ text: text.text, at, values: values.length });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return uses;
  });
}

/**
 * Texts of a folder of src/ that people seem to see, and that no `t(…)` translates: `file:line text`. A text is what stands in
 * JSX, what is given to a {@link shownAs} property or a {@link shows} function and, of `words`, what begins with a capital
 * letter and has a second word. What is only logged, and what is thrown as a bug, is for developers.
 */
export function untranslatedOf(folder: string, kinds: 'shown' | 'words'): readonly string[] {
  return sourcesOf(folder).flatMap((source) => {
    const found: string[] = [];
    const visit = (node: ts.Node, shown: boolean): void => {
      if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
      if (isTranslated(node) || isForDevelopers(node)) return;
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isJsxText(node)) {
        const words = wordsOf(node);
        const isText =
          shown || ts.isJsxText(node) || (kinds === 'words' && /^“?[A-Z0][^:<]*\S [\p{L}0]/u.test(words));
        if (isText && /\p{L}{2}/u.test(words)) found.push(`${placeOf(node)} ${node.getText().trim()}`);
      }
      const inside = shown && !ts.isCallExpression(node) && !ts.isObjectLiteralExpression(node);
      ts.forEachChild(node, (child) => visit(child, inside || isShown(child)));
    };
    visit(source, false);
    return found;
  });
}

/** Properties and attributes whose texts VS Code or a page shows. */
const shownAs =
  /^(title|label|placeHolder|prompt|detail|description|openLabel|saveLabel|tooltip|message|aria-label|aria-valuetext|alt)$/;
const shows = /^(HumanError|TestMessage|show\w*Message|createRunProfile)$/;

/** Whether the value of this place is shown as it is. */
function isShown(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent))
    return parent.initializer === node && shownAs.test(nameOf(parent.name));
  if (ts.isJsxAttribute(parent)) return shownAs.test(nameOf(parent.name));
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return (
      parent.right === node &&
      ts.isPropertyAccessExpression(parent.left) &&
      shownAs.test(parent.left.name.text)
    );
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent))
    return parent.expression !== node && shows.test(nameOf(parent.expression));
  return false;
}

const nameOf = (node: ts.Node): string =>
  ts.isPropertyAccessExpression(node) ? node.name.text : node.getText();

const isTranslated = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.getText() === 't';

const isForDevelopers = (node: ts.Node): boolean =>
  (ts.isNewExpression(node) && node.expression.getText() === 'Error') ||
  (ts.isCallExpression(node) && /\blog\.(info|warn|error)$/.test(node.expression.getText()));

/** A literal with 0 for each value. */
const wordsOf = (node: ts.StringLiteralLike | ts.TemplateExpression | ts.JsxText): string =>
  ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('0')
    : node.text;

function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function sourcesOf(folder: string): readonly ts.SourceFile[] {
  const names = readdirSync(join(root, 'src', folder), { encoding: 'utf8', recursive: true });
  return names.toSorted().flatMap((name) => {
    if (!/\.tsx?$/.test(name)) return [];
    const file = `src/${folder}/${name.replaceAll('\\', '/')}`;
    const text = readFileSync(join(root, file), 'utf8');
    return [ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)];
  });
}
