import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const taskFolder = fileURLToPath(
  new URL('../../../../lessons/round-robin/tasks/round-robin/', import.meta.url),
);

/** Submissions of the bundled round-robin task, by name: the solution, the starter, and the known-wrong ones. */
export const submission = (name: string): string =>
  readFileSync(
    join(taskFolder, name === 'solution' || name === 'starter' ? `${name}/scheduler.ts` : `wrong/${name}.ts`),
    'utf8',
  );

/** Writes files below a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** An `answers.json` with these responses, as Trapframe writes it. */
export const answersText = (
  answers: Readonly<Record<string, { readonly text: string; readonly right?: boolean } | readonly number[]>>,
  hints: Readonly<Record<string, number>> = {},
): string =>
  JSON.stringify({
    format: 1,
    answers: Object.fromEntries(
      Object.entries(answers).map(([id, given]) => {
        const response =
          'text' in given ? { form: 'number', text: given.text } : { form: 'choice', chosen: given };
        const right = 'text' in given && given.right === true;
        return [id, { response, right, points: right ? 1 : 0, attempts: 1 }];
      }),
    ),
    hints,
  });

export const settingsText = (learner: string, seed: number): string =>
  JSON.stringify({ format: 1, pack: 'trapframe', learner, seed });
