import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { caseFileName, serializeCaseFile } from '../course/caseFile.ts';
import type { TaskCheck } from '../course/model.ts';
import { nearest } from '../engine/kernel/parameters.ts';
import { viewsOf } from '../engine/kernel/views.ts';
import type { CheckReport, FailingCase, TaskReport } from '../grading/report.ts';
import { UsageError } from './command.ts';
import { scenarioNamed } from './scenarioArgument.ts';
import { shellWord } from './shellWord.ts';

/** The value of `--save-case` when it names no check. */
export const firstFailing = '';

/** @throws UsageError when `--save-case` names a check that the task has not */
export function requireCheck(checks: readonly TaskCheck[], wanted: string): void {
  const ids = checks.map((check) => check.id);
  if (wanted === firstFailing || ids.includes(wanted)) return;
  const near = nearest(wanted, ids);
  throw new UsageError(
    `There is no check "${wanted}" in this task. ${near === undefined ? `There are: ${ids.join(', ')}.` : `Did you mean ${near}?`}`,
  );
}

/**
 * Writes the smallest failing case beside the submission, over nothing that says something else.
 * @param path of the submission
 * @param shown the submission as it was named
 * @returns what to tell the person
 */
export async function saveCase(
  report: TaskReport,
  wanted: string,
  path: string,
  shown: string,
): Promise<string> {
  const check = report.checks.find((each) =>
    wanted === firstFailing ? each.failure !== undefined : each.id === wanted,
  );
  if (check?.failure === undefined) return `No case was saved: ${whyNone(report, check, shown)}`;
  const name = await writeBeside(
    path,
    check.id,
    serializeCaseFile({ format: 1, ...runOf(check.failure.case) }),
  );
  const file = join(dirname(shown), name);
  return [
    `Saved ${file}, the smallest case in which ${check.id} fails. Run it again:`,
    `  trapframe simulate --case ${shellWord(file)} --with ${shellWord(shown)}`,
    `  trapframe simulate --case ${shellWord(file)}`,
    `The second shows the built-in policies.${hasTimeline(check.failure.case) ? ' With --format perfetto each is a timeline for https://ui.perfetto.dev.' : ''}`,
  ].join('\n');
}

const hasTimeline = ({ scenario }: FailingCase): boolean =>
  viewsOf(scenarioNamed(scenario)).includes('timeline');

const runOf = ({
  scenario,
  params,
  seed,
  ties,
}: FailingCase): Pick<FailingCase, 'scenario' | 'params' | 'seed' | 'ties'> => ({
  scenario,
  params,
  seed,
  ...(ties === undefined ? {} : { ties }),
});

function whyNone(report: TaskReport, check: CheckReport | undefined, shown: string): string {
  if (report.fault !== undefined) return `${shown} could not be run. Mend it first.`;
  if (check === undefined) return 'every check that was reached passed.';
  if (check.verdict === 'not reached') return `${check.id} was not reached. Earlier checks must pass first.`;
  return `${check.id} passed.`;
}

/** `scheduler.rotates.case.json`, or with a number where that name holds another case. */
async function writeBeside(path: string, checkId: string, text: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const name = caseFileName(basename(path), checkId, attempt);
    const file = join(dirname(path), name);
    try {
      await writeFile(file, text, { flag: 'wx' });
      return name;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') {
        throw new UsageError(
          `${file} cannot be written (${code ?? message}). Put your file where you may write.`,
        );
      }
    }
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return name;
  }
}
