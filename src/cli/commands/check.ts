import { dirname, resolve } from 'node:path';
import { nodeGrader } from '../../grading/nodeWorker.ts';
import type { Verdict } from '../../grading/report.ts';
import { reportText } from '../../grading/reportText.ts';
import { gradedTask, translatedReport } from '../../grading/translatedReport.ts';
import {
  exitCode,
  formatOption,
  seedOption,
  textOption,
  UsageError,
  type Command,
  type ExitCode,
} from '../command.ts';
import { readSubmission } from '../namedFile.ts';
import {
  distFolder,
  exerciseNamed,
  localeNamed,
  localeOption,
  packAround,
  packAroundOption,
} from '../packArgument.ts';
import { sameOptions } from '../sameOptions.ts';
import { firstFailing, requireCheck, saveCase } from '../saveCase.ts';
import { besideSubmission, saveReceipt } from '../saveReceipt.ts';
import { version } from '../version.ts';
import { nearestWorkSettings, taskSeed } from '../workFolder.ts';

const exitOf: Readonly<Record<Verdict, ExitCode>> = {
  passed: exitCode.holds,
  failed: exitCode.doesNotHold,
  'not reached': exitCode.doesNotHold,
  ungradable: exitCode.unusable,
};

export const check: Command = {
  name: 'check',
  usage:
    '<task> <file> [--seed N] [--save-case [check]] [--receipt [file]] [--format text|json] [--locale de]',
  summary: 'Grade one submission of a task.',
  operands: 2,
  options: {
    seed: {
      doc: "The learner's seed, which the cases are drawn from. Default: that of the nearest trapframe.json, else 1.",
    },
    'save-case': {
      bare: firstFailing,
      doc: 'Write the smallest failing case of the first failing check, or of the named one, beside the file.',
    },
    receipt: {
      bare: besideSubmission,
      doc: 'Write a receipt with which anybody can repeat this grading. Default file: <file>.receipt.json.',
    },
    format: { doc: 'text (default) or json.' },
    locale: localeOption,
    pack: packAroundOption,
  },
  async run(args, terminal) {
    const format = formatOption(args, ['text', 'json']);
    const [taskId, file] = args.operands;
    const { pack } = await packAround(textOption(args, 'pack'), terminal, false, localeNamed(args));
    const { lesson, exercise } = exerciseNamed(pack, taskId, ['task'], 'task');
    if (file === undefined) {
      throw new UsageError(
        `No file was named. Usage: trapframe check ${exercise.id} ${exercise.task.file}${sameOptions(args, ['seed', 'locale', 'pack'])}`,
      );
    }
    const wanted = textOption(args, 'save-case');
    if (wanted !== undefined) requireCheck(exercise.task.checks, wanted);
    const path = resolve(terminal.cwd, file);
    const source = await readSubmission(path, file);
    const seed = seedOption(args) ?? (await nearestWorkSettings(dirname(path)))?.seed;
    const grader = nodeGrader(distFolder, version);
    const { report } = await grader.grade({
      task: gradedTask(exercise),
      source,
      seed: taskSeed(seed, exercise.id),
      lessonHash: lesson.contentHash,
    });
    grader.dispose();
    const shown = translatedReport(exercise, report);
    terminal.out(format === 'json' ? JSON.stringify(shown, undefined, 2) : reportText(shown, file));
    if (wanted !== undefined) terminal.err(await saveCase(report, wanted, path, file));
    const receipt = textOption(args, 'receipt');
    if (receipt !== undefined) {
      terminal.err(await saveReceipt(pack.id, source, report, receipt, file, terminal.cwd));
    }
    return exitOf[report.verdict];
  },
};
