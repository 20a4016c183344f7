import { Uri, env, window } from 'vscode';
import { caseFileName, serializeCaseFile } from '../course/caseFile.ts';
import type { CheckFailure, CheckReport } from '../grading/report.ts';
import type { CheckedTask } from './taskChecker.ts';
import { refused } from './taskFiles.ts';
import { readText, writeText } from './workspaceFiles.ts';
import { said, t } from '../course/messages.ts';

type FailedCheck = CheckReport & { readonly failure: CheckFailure };

/** Writes the case of a failed check beside the task's file, opens it, and says how to run it on the command line. */
export async function saveFailingCase(checked: CheckedTask, checkId: string | undefined): Promise<void> {
  const { part, result, uri } = checked;
  const failed = result.report.checks.filter(
    (check): check is FailedCheck =>
      check.failure !== undefined && (checkId === undefined || check.id === checkId),
  );
  if (failed.length === 0) {
    void window.showInformationMessage(
      result.report.fault === undefined
        ? t('"{0}" has no failing case to save.', part.task.title)
        : t('{0} could not be run, so there is no failing case yet. Mend it first.', part.task.file),
    );
    return;
  }
  const check = await pickCheck(failed);
  if (check === undefined) return;
  const file = await writeBeside(uri, check.id, serializeCaseFile({ format: 1, ...check.failure.case }));
  await window.showTextDocument(file, { preview: false });
  const command = `trapframe simulate --case ${nameOf(file)} --with ${nameOf(uri)}`;
  const message = t(
    'Saved {0}: {1}. Run it in its folder with: {2}',
    nameOf(file),
    said(check.failure.case.words),
    command,
  );
  // A notification stays until somebody answers it.
  void window
    .showInformationMessage(message, t('Copy Command'))
    .then((chosen) => (chosen === undefined ? undefined : env.clipboard.writeText(command)));
}

async function pickCheck(failed: readonly FailedCheck[]): Promise<FailedCheck | undefined> {
  if (failed.length === 1) return failed[0];
  const choices = failed.map((check) => ({
    label: check.title,
    description: said(check.failure.case.words),
    check,
  }));
  return (await window.showQuickPick(choices, { title: t('The failing case of which check?') }))?.check;
}

/** Over nothing that says something else. */
async function writeBeside(submission: Uri, checkId: string, text: string): Promise<Uri> {
  const folder = Uri.joinPath(submission, '..');
  for (let attempt = 1; ; attempt++) {
    const file = Uri.joinPath(folder, caseFileName(nameOf(submission), checkId, attempt));
    const there = await readText(file);
    if (there === text) return file;
    if (there !== undefined) continue;
    try {
      await writeText(file, text);
    } catch (error) {
      throw refused(error, folder);
    }
    return file;
  }
}

const nameOf = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);
