import type { TaskReport } from '../grading/report.ts';
import { t } from '../course/messages.ts';

/** A report in a few words: `passed, 10 of 10 points`. */
export function verdictWords(report: TaskReport): string {
  const points = t('{0} of {1} points', report.points, report.maxPoints);
  switch (report.verdict) {
    case 'passed':
      return t('passed, {0}', points);
    case 'failed':
      return points;
    case 'not reached':
      return t('not reached');
    case 'ungradable':
      return t('could not be checked');
  }
}
