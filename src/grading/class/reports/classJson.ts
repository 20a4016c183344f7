import type { ClassHeader, ClassReport, ClassResults } from '../classReport.ts';
import { classReportSchema } from '../classReportSchema.ts';

/**
 * The whole report as JSON, with a line for each learner, so that a class of any size is written and compared line by line.
 * `trapframe merge` and `--against` read it.
 */
export async function* classJson(header: ClassHeader, results: ClassResults): AsyncIterable<string> {
  const members = Object.entries(header).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  yield `{${members.join(',\n')},\n"learners":[`;
  let before = '\n';
  for await (const result of results) {
    yield before + JSON.stringify(result);
    before = ',\n';
  }
  yield '\n]}\n';
}

export type ClassReportRead =
  | { readonly ok: true; readonly value: ClassReport }
  /** A sentence that follows the file's name, with a next step. */
  | { readonly ok: false; readonly problem: string };

export function parseClassReport(text: string): ClassReportRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return {
      ok: false,
      problem: `is not JSON: ${(error as Error).message}. Make it anew: trapframe grade <folder> --report json`,
    };
  }
  const report = value as Partial<ClassReport> | null;
  if (typeof report !== 'object' || report?.kind !== 'trapframe class report')
    return {
      ok: false,
      problem: 'is no report of a class. `trapframe grade <folder> --report json` writes one.',
    };
  if (report.format !== 1)
    return {
      ok: false,
      problem: `has the format ${JSON.stringify(report.format)} in place of 1. Update Trapframe.`,
    };
  const checked = classReportSchema.safeParse(report);
  if (checked.success) return { ok: true, value: report as ClassReport };
  return {
    ok: false,
    problem: `${seenAt(report, checked.error.issues[0]!.path)}: it is damaged, or another version of Trapframe wrote it. Make it anew with trapframe grade, in the way in which it was made.`,
  };
}

/** Where a report is none: `lacks learners[3].points`. */
function seenAt(report: object, path: readonly PropertyKey[]): string {
  const name = path.reduce<string>(
    (before, key) =>
      typeof key === 'number' ? `${before}[${key}]` : `${before}${before === '' ? '' : '.'}${String(key)}`,
    '',
  );
  const value = path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown>)[key], report);
  return value === undefined ? `lacks ${name}` : `has something else in ${name} than Trapframe writes there`;
}
