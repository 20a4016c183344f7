import type { Lesson, Loaded, Pack, Problem } from '../../course/model.ts';
import { faultOf } from '../notRun.ts';
import {
  hasError,
  type ExerciseVerification,
  type Verification,
  type VerifiedPart,
  type Workers,
} from './verification.ts';
import { verifyTask } from './verifyTask.ts';

/** How many learners' variants of an exercise are tried. */
const learners = 100;

/** How far a verification has come. */
export interface VerificationProgress {
  /** A worker ended a job. All are known from the start, but those that look again at what was found wrong. */
  readonly step: (done: number, total: number) => void;
  readonly ended: (exercise: ExerciseVerification) => void;
}

/**
 * The publish gate: proves of every exercise and figure of a pack what it promises.
 * @param linted the pack, with what lint says of it, or of what is wanted
 * @param wanted which exercises and figures are proven
 */
export async function verifyPack(
  { value: pack, problems }: Loaded<Pack>,
  workers: Workers,
  progress?: VerificationProgress,
  wanted: (lesson: Lesson, part: VerifiedPart) => boolean = () => true,
): Promise<Verification> {
  let done = 0;
  let total = 0;
  const counted: Workers = {
    async ask(type, request) {
      total++;
      const outcome = await workers.ask(type, request);
      progress?.step(++done, total);
      return outcome;
    },
  };
  const parts = pack.lessons.flatMap((lesson) =>
    lesson.parts.flatMap((part) =>
      part.kind === 'prose' || !wanted(lesson, part) ? [] : [{ lesson, part }],
    ),
  );
  const exercises = await Promise.all(
    parts.map(async ({ lesson, part }) => {
      const exercise = await verifyPart(lesson, part, counted);
      progress?.ended(exercise);
      return exercise;
    }),
  );
  const ok = !hasError(problems) && exercises.every((exercise) => exercise.ok);
  return { pack: pack.id, ok, problems, exercises };
}

export async function verifyPart(
  lesson: Lesson,
  part: VerifiedPart,
  workers: Workers,
): Promise<ExerciseVerification> {
  const { findings, runs } =
    part.kind === 'task'
      ? await verifyTask(part.task, lesson.contentHash, workers)
      : await prove(part, workers);
  return { lesson: lesson.id, id: part.id, kind: part.kind, ok: !hasError(findings), findings, runs };
}

async function prove(
  part: Exclude<VerifiedPart, { readonly kind: 'task' }>,
  workers: Workers,
): Promise<{ readonly findings: readonly Problem[]; readonly runs: number }> {
  const outcome = await workers.ask('prove', { part, learners });
  if (outcome.ok) return { findings: outcome.result.problems, runs: outcome.result.runs };
  const message =
    outcome.reason === 'wall'
      ? `The ${part.kind} ${part.id} was not proven within ${outcome.wallMs / 1000} s.`
      : `The ${part.kind} ${part.id} could not be proven. ${faultOf(outcome).message}`;
  return { findings: [{ severity: 'error', at: part.at, message }], runs: 0 };
}
