import type { Task, TaskCheck } from '../course/model.ts';
import type { CheckReport, TaskReport, Verdict } from './report.ts';

/** A check without points: one that failed, or was not reached. */
export const untried = (check: TaskCheck, verdict: Verdict): CheckReport => ({
  id: check.id,
  title: check.title,
  verdict,
  points: 0,
  maxPoints: check.points,
  casesRun: 0,
});

/** The points of all checks, added up. */
export const summed = (task: Task, verdict: Verdict, checks: readonly CheckReport[]) =>
  ({
    task: task.id,
    verdict,
    points: checks.reduce((sum, check) => sum + check.points, 0),
    maxPoints: checks.reduce((sum, check) => sum + check.maxPoints, 0),
    checks,
  }) satisfies Partial<TaskReport>;
