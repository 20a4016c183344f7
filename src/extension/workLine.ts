import type { TaskWork } from '../course/model.ts';

/** The line, from 0, on which a task's first policy is exported; the first line where there is none, and of documents. */
export function workLine(text: string, work: TaskWork): number {
  if (work.kind === 'document') return 0;
  const lines = text.split(/\r?\n/);
  for (const policy of work.policies) {
    const line = lines.findIndex((each) =>
      new RegExp(`^\\s*export\\s+(?:const|let|var|class|function)\\s+${policy}\\b`).test(each),
    );
    if (line >= 0) return line;
  }
  return 0;
}
