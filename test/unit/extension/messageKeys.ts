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
  const names = readdirSync(join(root, 'src', folder), { encoding: 'utf8', recursive: true });
  return names.toSorted().flatMap((name) => {
    if (!/\.tsx?$/.test(name)) return [];
    const file = `src/${folder}/${name.replaceAll('\\', '/')}`;
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const uses: MessageUse[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === 't') {
        const [text, ...values] = node.arguments;
        const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        if (text === undefined || !ts.isStringLiteralLike(text)) throw new Error(`${at}: no literal text`);
        uses.push({ text: text.text, at, values: values.length });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return uses;
  });
}
