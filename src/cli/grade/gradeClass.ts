import type { Task } from '../../course/model.ts';
import { whereIn, type LearnerResult, type SubmissionProblem } from '../../grading/class/classReport.ts';
import {
  fingerprintOf,
  gradeLearner,
  type ClassSetup,
  type ClassWorkers,
  type HandedIn,
} from '../../grading/class/gradeLearner.ts';
import { codeOf } from '../../grading/class/folderTree.ts';
import type { FoundSubmission } from '../../grading/class/findSubmissions.ts';
import { readSubmission, type ReadSubmission } from '../../grading/class/readSubmission.ts';
import type { ClassMember } from '../../grading/class/roster.ts';
import { faultOf, notRun } from '../../grading/notRun.ts';
import type { WorkerPool } from '../../grading/workerPool.ts';
import { BadArchive } from '../../grading/class/zipArchive.ts';
import type { ResultStore } from './resultJournal.ts';

export interface ClassProgress {
  /** @param again whether it was graded in an earlier run */
  graded(result: LearnerResult, again: boolean): void;
}

/** Workers of a pool. A worker that crashed is replaced, and the work tried once more. */
export function poolWorkers(pool: WorkerPool, engineVersion: string): ClassWorkers {
  return {
    async report(request) {
      let outcome = await pool.ask('report', request);
      if (!outcome.ok && outcome.reason !== 'wall') outcome = await pool.ask('report', request);
      return outcome.ok ? outcome.result : notRun(request, faultOf(outcome), engineVersion).report;
    },
    async judge(request) {
      let outcome = await pool.ask('judge', request);
      if (!outcome.ok && outcome.reason !== 'wall') outcome = await pool.ask('judge', request);
      return outcome.ok ? outcome.result : undefined;
    },
  };
}

/**
 * Grades the members of a class into a store, several at once, so that workers never wait for a file. Whatever one submission
 * holds, the others are graded.
 */
export async function gradeClass(
  setup: ClassSetup,
  members: readonly ClassMember[],
  workers: ClassWorkers,
  store: ResultStore,
  atOnce: number,
  progress: ClassProgress,
): Promise<void> {
  const tasks = setup.exercises.flatMap(({ exercise }) => (exercise.kind === 'task' ? [exercise.task] : []));
  let next = 0;
  const one = async (): Promise<void> => {
    for (let member = members[next++]; member !== undefined; member = members[next++]) {
      const handedIn = await handedInBy(member, tasks);
      const { id } = member.learner;
      const fingerprint = fingerprintOf(setup, handedIn);
      if (store.has(id, fingerprint)) {
        progress.graded(await store.read(id), true);
        continue;
      }
      const result = await gradeLearner(setup, handedIn, workers);
      // What the machine was to blame for is tried again in the next run.
      await store.add(id, hasMachineFault(result) ? 'again' : fingerprint, result);
      progress.graded(result, false);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, members.length) }, one));
}

const hasMachineFault = ({ exercises }: LearnerResult): boolean =>
  exercises.some(
    ({ verdict, report }) =>
      verdict === 'ungradable' &&
      (report === undefined || report.fault?.kind === 'crash' || report.fault?.kind === 'wall'),
  );

async function handedInBy(member: ClassMember, tasks: readonly Task[]): Promise<HandedIn> {
  const { learner, listed, submission, problems } = member;
  if (submission === undefined) return { learner, listed, problems };
  const { place } = submission;
  const read = await readWhole(submission, tasks);
  return 'what' in read
    ? { learner, listed, place, problems: [...problems, read] }
    : { learner, listed, place, read, problems };
}

async function readWhole(
  submission: FoundSubmission,
  tasks: readonly Task[],
): Promise<ReadSubmission | SubmissionProblem> {
  const { place } = submission;
  try {
    const opened = await submission.open();
    try {
      return await readSubmission(opened.tree, place, tasks);
    } finally {
      await opened.close();
    }
  } catch (error) {
    const reason = error instanceof BadArchive ? error.message : codeOf(error);
    return {
      where: whereIn(place),
      what: `cannot be read: ${reason}.`,
      next: 'Ask for it again, or check its permissions; only this learner is then graded anew.',
    };
  }
}
