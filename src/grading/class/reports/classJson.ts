import type { ClassHeader, ClassReport, ClassResults } from '../classReport.ts';

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
      problem: `is not JSON: ${(error as Error).message} Make it anew: trapframe grade <folder> --report json`,
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
  if (!Array.isArray(report.learners) || !Array.isArray(report.items))
    return { ok: false, problem: 'lists no learners. Make it anew: trapframe grade <folder> --report json' };
  return { ok: true, value: report as ClassReport };
}
