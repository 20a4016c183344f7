import type { TaskReport } from '../grading/report.ts';

/** A report in a few words: `passed, 10 of 10 points`. */
export function verdictWords(report: TaskReport): string {
  const points = `${report.points} of ${report.maxPoints} points`;
  switch (report.verdict) {
    case 'passed':
      return `passed, ${points}`;
    case 'failed':
      return points;
    case 'not reached':
      return 'not reached';
    case 'ungradable':
      return 'could not be checked';
  }
}
