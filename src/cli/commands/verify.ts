import { availableParallelism } from 'node:os';
import { nodeWorkerPool } from '../../grading/nodeWorker.ts';
import { verificationSummary, verificationText } from '../../grading/verify/verificationText.ts';
import { verifyPack, type VerificationProgress } from '../../grading/verify/verifyPack.ts';
import {
  reviewText,
  suggestMisconceptions,
  type MisconceptionReview,
} from '../../grading/verify/suggestMisconceptions.ts';
import type { Pack, Task } from '../../course/model.ts';
import { isWanted, problemsOfWanted } from '../../grading/verify/wantedParts.ts';
import { nearest } from '../../engine/kernel/parameters.ts';
import type { Workers } from '../../grading/verify/verification.ts';
import {
  exitCode,
  formatOption,
  jobsOption,
  textOption,
  textOptions,
  UsageError,
  type Command,
  type Terminal,
} from '../command.ts';
import { distFolder, packAround } from '../packArgument.ts';
import { version } from '../version.ts';

export const verify: Command = {
  name: 'verify',
  usage:
    '[<pack or lesson folder>] [--only <lesson or exercise>] [--suggest] [--jobs N] [--format text|json]',
  summary: 'Prove every exercise and figure of a lesson pack before it is published.',
  operands: 1,
  options: {
    only: {
      multiple: true,
      doc: 'Id of a lesson, an exercise or a figure that is proven; may be given several times. Default: all.',
    },
    suggest: {
      bare: 'yes',
      doc: 'Also run mutants of each reference, and name mistakes that no known-wrong solution makes.',
    },
    jobs: { doc: 'How many exercises to run at once. Default: as many as there are processors.' },
    format: { doc: 'text (default): a line for each exercise, with what was found; or json.' },
  },
  async run(args, terminal) {
    const format = formatOption(args, ['text', 'json']);
    const jobs = jobsOption(args, availableParallelism());
    const { pack, problems, part, shownRoot } = await packAround(args.operands[0], terminal, true);
    const only = textOptions(args, 'only');
    const ids = part === '' ? only : [...only, lessonAround(pack, part)];
    requireKnown(pack, ids);
    const wanted = isWanted(ids);
    const linted = { value: pack, problems: problemsOfWanted(pack, problems, ids) };
    const workers = nodeWorkerPool(distFolder, version, jobs);
    const verification = await verifyPack(linted, workers, progressOn(terminal), wanted);
    const suggests = textOption(args, 'suggest') !== undefined;
    const suggested = suggests ? await suggestedIn(pack, workers, wanted, terminal) : [];
    workers.dispose();
    terminal.status('');
    const reviews = suggested.map(({ review }) => review);
    terminal.out(
      format === 'json'
        ? JSON.stringify(suggests ? { ...verification, reviews } : verification, undefined, 2)
        : [
            verificationText(verification, shownRoot),
            ...suggested.map(({ task, review }) => reviewText(review, task, shownRoot)),
          ].join('\n'),
    );
    terminal.err(`${pack.title}: ${verificationSummary(verification)}`);
    return verification.ok ? exitCode.holds : exitCode.doesNotHold;
  },
};

/** The lesson in which a path of the pack lies, where it is a file or a folder of a lesson. */
function lessonAround(pack: Pack, path: string): string {
  const [folder] = path.split(/[/\\]/);
  const lesson = pack.lessons.find((each) => each.path.startsWith(`${folder}/`));
  if (lesson !== undefined) return lesson.id;
  throw new UsageError(
    `${path} is no lesson of the pack. Name the pack's folder, and with --only what is to be proven.`,
  );
}

/** @throws UsageError for an id that the pack has not */
function requireKnown(pack: Pack, ids: readonly string[]): void {
  const known = pack.lessons.flatMap((lesson) => [
    lesson.id,
    ...lesson.parts.flatMap((part) => (part.kind === 'prose' ? [] : [part.id])),
  ]);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(
      `The pack has no lesson, exercise or figure "${id}". ${near === undefined ? '`trapframe lint` says why something may be missing.' : `Did you mean ${near}?`}`,
    );
  }
}

/** What mutants of the wanted tasks show, task after task. */
async function suggestedIn(
  pack: Pack,
  workers: Workers,
  wanted: ReturnType<typeof isWanted>,
  terminal: Terminal,
): Promise<readonly { readonly task: Task; readonly review: MisconceptionReview }[]> {
  const found = [];
  const { step } = progressOn(terminal);
  for (const lesson of pack.lessons) {
    for (const part of lesson.parts) {
      if (part.kind !== 'task' || !wanted(lesson, part)) continue;
      const review = await suggestMisconceptions(lesson, part.task, workers, step);
      if (review !== undefined) found.push({ task: part.task, review });
      else
        terminal.err(
          `${part.task.id}: no mutants could be made of ${part.task.solution.path}: the worker that makes them stopped. Try again.`,
        );
    }
  }
  return found;
}

const barWidth = 30;

/** A bar where a person watches, else a line for each exercise. */
function progressOn(terminal: Terminal): VerificationProgress {
  return {
    step(done, total) {
      const filled = Math.floor((barWidth * done) / total);
      terminal.status(
        `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor((100 * done) / total)} %`,
      );
    },
    ended({ id, ok }) {
      if (!terminal.interactive) terminal.err(`${ok ? 'ok' : 'not ok'}: ${id}`);
    },
  };
}
