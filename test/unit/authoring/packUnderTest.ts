import { AuthoringPack } from '../../../src/authoring/authoringPack.ts';
import { plainText } from '../../../src/authoring/snippetText.ts';
import { withEdits } from '../../../src/authoring/textRange.ts';
import type { FixAction } from '../../../src/authoring/fixes.ts';
import { goldenFiles, packOf } from '../course/goldenPack.ts';
import { scenarios } from '../course/rotationScenario.ts';

export const lessonPath = 'round-robin/lesson.md';
export const taskPath = 'round-robin/tasks/round-robin/task.yaml';

/** The golden pack with texts changed, as its author's editor sees it. */
export function editing(changes: Readonly<Record<string, string | undefined>>): {
  readonly pack: AuthoringPack;
  readonly files: Readonly<Record<string, string>>;
} {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries({ ...goldenFiles, ...changes }))
    if (text !== undefined) files[path] = text;
  return { pack: new AuthoringPack(packOf(files), scenarios), files };
}

/** A text in which `¦` marks the cursor: without it, and where it stood. */
export function cursorIn(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('¦');
  if (offset < 0) throw new Error(`There is no ¦ in ${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

/** The files after a fix, its tab stops left unfilled. */
export function applied(
  files: Readonly<Record<string, string>>,
  { changes }: FixAction,
): Readonly<Record<string, string>> {
  const result = { ...files };
  for (const change of changes) {
    if (change.kind === 'create') result[change.path] = change.text;
    else {
      const { range, text } = change.edit;
      const edit = { range, text: change.snippet ? plainText(text) : text };
      result[change.path] = withEdits(result[change.path]!, [edit]);
    }
  }
  return result;
}
