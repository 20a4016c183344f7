import { isMap, isSeq } from 'yaml';
import { emptyRange, type TextEdit } from './textRange.ts';
import { parseYaml } from './yamlNodes.ts';

/** A known-wrong solution that a task gets. */
export interface NewKnownWrong {
  /** Of its file, in the task's folder: `wrong/flips-a-comparison.ts`. */
  readonly file: string;
  /** Ids of the checks that it fails; none are written where it is to be found out. */
  readonly fails: readonly string[];
}

/** An edit of a `task.yaml` with the feedback left empty, and where in the text after it the feedback is to be written. */
export function addKnownWrong(
  text: string,
  { file, fails }: NewKnownWrong,
): { readonly edit: TextEdit; readonly feedbackAt: number } {
  const { contents } = parseYaml(text);
  const wrong: unknown = isMap(contents) ? contents.get('wrong', true) : undefined;
  const list = isSeq(wrong) && wrong.flow !== true && wrong.range ? wrong : undefined;
  const first = list?.range?.[0];
  const column = first === undefined ? 2 : first - (text.lastIndexOf('\n', first - 1) + 1);
  const indent = ' '.repeat(column);
  const entry = [
    `${indent}- file: ${file}`,
    ...(fails.length === 0 ? [] : [`${indent}  fails: [${fails.join(', ')}]`]),
    `${indent}  say: "`,
  ].join('\n');
  const end = text.slice(0, list?.range?.[1] ?? text.length).trimEnd().length;
  const heading = list === undefined ? '\nwrong:\n' : '\n';
  const inserted = `${heading}${entry}"`;
  return {
    edit: { range: emptyRange(end), text: inserted },
    feedbackAt: end + inserted.length - 1,
  };
}

/** A name in the folder `wrong` that no file has: `flips-a-comparison`, `flips-a-comparison-2`. */
export function freeName(kind: string, ending: string, taken: ReadonlySet<string>): string {
  const named = (count: number): string => `wrong/${kind}${count === 1 ? '' : `-${count}`}${ending}`;
  let count = 1;
  while (taken.has(named(count))) count++;
  return named(count);
}
