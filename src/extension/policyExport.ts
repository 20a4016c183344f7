/** The line, from 0, on which a task's first policy is exported; the first line where there is none. */
export function policyLine(text: string, policies: readonly string[]): number {
  const lines = text.split(/\r?\n/);
  for (const policy of policies) {
    const line = lines.findIndex((each) =>
      new RegExp(`^\\s*export\\s+(?:const|let|var|class|function)\\s+${policy}\\b`).test(each),
    );
    if (line >= 0) return line;
  }
  return 0;
}
