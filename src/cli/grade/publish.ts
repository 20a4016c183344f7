import { changesText } from '../../grading/class/scoreChanges.ts';
import { exitCode, type ExitCode, type Terminal } from '../command.ts';
import type { Wanted } from './gradeOptions.ts';
import { reportText, writeReports, type GradedClass } from './reportFormats.ts';
import { folderSink } from './reportSink.ts';
import { tellFew } from '../tellFew.ts';

/** Whether reports go to a folder, and not one of them to standard output. */
export const reportsToFolder = ({ reports, out }: Pick<Wanted, 'reports' | 'out'>): boolean =>
  out !== undefined || reports.length === 0;

/** Reports to files, or the one that was asked for to standard output. */
export async function publish(
  graded: GradedClass,
  { reports, out, earlier }: Pick<Wanted, 'reports' | 'out' | 'earlier'>,
  terminal: Terminal,
  folder: string,
  shownFolder: string,
): Promise<ExitCode> {
  const [toOutput] = out === undefined ? reports : [];
  if (toOutput !== undefined) {
    terminal.out((await reportText(toOutput, graded)).replace(/\n$/, ''));
    if (earlier !== undefined)
      terminal.err('--against is for a folder of reports: name one with --out <folder>');
    return exitCode.holds;
  }
  const sink = folderSink(folder);
  const changes = await writeReports(sink, graded, reports, earlier);
  if (changes !== undefined) terminal.out(changesText(changes));
  const { failures } = sink;
  tellFew(
    failures.map((failure) => `${shownFolder}/${failure}`),
    terminal,
  );
  if (failures.length > 0) {
    terminal.err(
      `Free some space or mend the permissions, and run the same command again: nothing that is in the journal is graded anew.`,
    );
    return exitCode.unusable;
  }
  terminal.err(
    `Wrote ${shownFolder}: open class.html to see the class; students/ has a report for each learner.`,
  );
  return exitCode.holds;
}
