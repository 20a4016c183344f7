import { resolve } from 'node:path';
import { mergeShards } from '../../grading/class/shards.ts';
import { problemLine } from '../../grading/class/classReport.ts';
import { textOption, UsageError, type Command, type ExitCode } from '../command.ts';
import type { GradedClass } from '../grade/reportFormats.ts';
import { readClassReport, readEarlier, reportOptions, reportsWanted } from '../grade/gradeOptions.ts';
import { holdingFolder } from '../grade/outFolder.ts';
import { publish, reportsToFolder } from '../grade/publish.ts';

const mostParts = 10_000;

export const merge: Command = {
  name: 'merge',
  usage: '<class.json or its folder>… [--report format]… [--out folder] [--against old.json] [more options]',
  summary: 'Put the parts of a class that --shard graded together: the same bytes as grading it at once.',
  operands: mostParts,
  options: reportOptions,
  async run(args, terminal) {
    const wanted = { ...reportsWanted(args), earlier: await readEarlier(args, terminal.cwd) };
    if (args.operands.length === 0)
      throw new UsageError(
        'No report was named. Name the class.json of every part, or the folder that it is in.',
      );
    const parts = [];
    for (const file of args.operands) parts.push({ file, report: await readClassReport(file, terminal.cwd) });
    const merged = mergeShards(parts);
    if (!merged.ok) throw new UsageError(merged.problem);
    for (const problem of merged.header.problems) terminal.err(problemLine(problem));
    const graded: GradedClass = {
      header: merged.header,
      results: async function* () {
        yield* merged.learners;
      },
      assignment: textOption(args, 'assignment') ?? merged.header.pack.title,
    };
    const reports =
      wanted.reports.length === 0 && wanted.out === undefined ? (['json'] as const) : wanted.reports;
    const shown = wanted.out ?? '.';
    const folder = resolve(terminal.cwd, shown);
    const toPublish = { ...wanted, reports };
    const learners = merged.learners.map(({ learner }) => learner.id);
    const work = (): Promise<ExitCode> => publish(graded, toPublish, terminal, folder, shown);
    return reportsToFolder(toPublish)
      ? holdingFolder({ folder, shown, reports: { header: merged.header, learners } }, work)
      : work();
  },
};
