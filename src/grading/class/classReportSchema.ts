import * as z from 'zod';
import type { TaskReport } from '../report.ts';
import type { ClassReport } from './classReport.ts';

const { array, exactOptional, literal, looseObject, number, string } = z;

/** As `--shard` takes it. */
const shardNumber = z.int().min(1).max(999_999);

const problem = looseObject({
  where: string(),
  what: string(),
  next: string(),
  toLearner: exactOptional(literal(true)),
});

const item = looseObject({
  id: string(),
  kind: z.enum(['question', 'prediction', 'critique', 'task']),
  title: string(),
  lesson: string(),
  maxPoints: number(),
  file: exactOptional(string()),
  checks: exactOptional(array(looseObject({ id: string(), title: string(), maxPoints: number() }))),
  mistakes: array(looseObject({ id: string(), text: exactOptional(string()), say: string() })),
});

/** What reports of a class show of a task's own report. */
const shownOfTask = looseObject({
  verdict: string(),
  checks: array(
    looseObject({
      id: string(),
      title: string(),
      verdict: string(),
      points: number(),
      maxPoints: number(),
      failure: exactOptional(
        looseObject({
          case: looseObject({ words: string() }),
          atNs: number(),
          expected: string(),
          actual: string(),
          because: string(),
        }),
      ),
    }),
  ),
  fault: exactOptional(looseObject({ message: string() })),
  output: array(string()),
  provenance: looseObject({ submissionHash: string() }),
});

const exercise = looseObject({
  id: string(),
  verdict: z.enum(['passed', 'failed', 'missing', 'ungradable']),
  points: number(),
  maxPoints: number(),
  file: exactOptional(string()),
  asked: exactOptional(string()),
  response: exactOptional(string()),
  chosen: exactOptional(array(string())),
  order: exactOptional(array(string())),
  feedback: exactOptional(string()),
  mistakes: array(string()),
  attempts: exactOptional(number()),
  hints: exactOptional(number()),
  report: exactOptional(z.custom<TaskReport>((value) => shownOfTask.safeParse(value).success)),
  receipt: exactOptional(
    looseObject({
      state: z.enum(['holds', 'older file', 'other version', 'other learner', 'forged', 'unreadable']),
      says: array(string()),
    }),
  ),
});

const learner = looseObject({
  id: string(),
  name: exactOptional(string()),
  email: exactOptional(string()),
  section: exactOptional(string()),
  aliases: array(string()),
  canvas: exactOptional(
    looseObject({
      student: string(),
      id: string(),
      sisUserId: string(),
      sisLoginId: string(),
      section: string(),
    }),
  ),
});

/** A {@link ClassReport}, of this version or a later one that says more. Every learner has a result for every item, in their order. */
export const classReportSchema: z.ZodType<ClassReport> = looseObject({
  format: literal(1),
  kind: literal('trapframe class report'),
  pack: looseObject({
    id: string(),
    title: string(),
    language: exactOptional(string()),
    contentHash: string(),
  }),
  engineVersion: string(),
  courseSeed: number(),
  hiddenSeed: exactOptional(number()),
  classList: exactOptional(string()),
  shard: exactOptional(looseObject({ index: shardNumber, of: shardNumber })),
  lessons: array(looseObject({ id: string(), title: string() })),
  items: array(item),
  problems: array(problem),
  learners: array(
    looseObject({
      learner,
      listed: z.boolean(),
      seed: number(),
      place: exactOptional(string()),
      points: number(),
      maxPoints: number(),
      exercises: array(exercise),
      problems: array(problem),
    }),
  ),
}).superRefine(({ items, learners }, context) => {
  const ids = items.map(({ id }) => id).join('\n');
  const other = learners.findIndex(({ exercises }) => exercises.map(({ id }) => id).join('\n') !== ids);
  if (other !== -1) context.addIssue({ code: 'custom', path: ['learners', other, 'exercises'] });
});
