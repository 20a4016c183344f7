import { resolve } from 'node:path';
import type { Lesson, Pack, Task } from '../../course/model.ts';
import { nodeGrader } from '../../grading/nodeWorker.ts';
import {
  parseReceipt,
  receiptDifferences,
  receiptOf,
  requestBehind,
  type Receipt,
} from '../../grading/receipt.ts';
import { exitCode, textOption, UsageError, type Command } from '../command.ts';
import { readNamedFile } from '../namedFile.ts';
import { distFolder, packAt, packOption } from '../packArgument.ts';
import { version } from '../version.ts';

export const verifyReceipt: Command = {
  name: 'verify-receipt',
  usage: '<file> [--pack folder]',
  summary: 'Grade the submission in a receipt again, and compare the results byte by byte.',
  operands: 1,
  options: { pack: packOption },
  async run(args, terminal) {
    const [file] = args.operands;
    if (file === undefined) {
      throw new UsageError('No receipt was named. `trapframe check <task> <file> --receipt` writes one.');
    }
    const text = await readNamedFile(resolve(terminal.cwd, file), file, 'Name a receipt.');
    const read = parseReceipt(text);
    if (!read.ok) throw new UsageError(`${file} ${read.problem}`);
    const receipt = read.value;
    const { pack } = await packAt(textOption(args, 'pack'), terminal.cwd, false);
    const { lesson, task } = taskOf(receipt, pack, file);
    const grader = nodeGrader(distFolder, version);
    const { report } = await grader.grade(requestBehind(receipt, { task, lessonHash: lesson.contentHash }));
    grader.dispose();
    if (report.fault?.kind === 'wall' || report.fault?.kind === 'crash') {
      throw new UsageError(`${file} could not be repeated. ${report.fault.message}`);
    }
    const differences = receiptDifferences(text, receipt, receiptOf(pack.id, receipt.source, report));
    if (differences.length > 0) {
      terminal.out([`${file} does not hold.`, ...differences.map((each) => `  ${each}`)].join('\n'));
      return exitCode.doesNotHold;
    }
    terminal.out(
      `${file} holds: ${task.id} ${report.verdict}, ${report.points} of ${report.maxPoints} points, with seed ${report.provenance.seed}.`,
    );
    return exitCode.holds;
  },
};

function taskOf(
  receipt: Receipt,
  pack: Pack,
  file: string,
): { readonly lesson: Lesson; readonly task: Task } {
  if (receipt.pack !== pack.id) {
    throw new UsageError(
      `${file} is for the pack ${receipt.pack}, but this one is ${pack.id}. Name its folder: --pack <folder>`,
    );
  }
  for (const lesson of pack.lessons) {
    for (const part of lesson.parts)
      if (part.kind === 'task' && part.id === receipt.task) return { lesson, task: part.task };
  }
  throw new UsageError(`${file} is for the task ${receipt.task}, which the pack ${pack.id} does not have.`);
}
