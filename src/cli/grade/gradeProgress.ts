import type { Terminal } from '../command.ts';
import type { ClassProgress } from './gradeClass.ts';

const barWidth = 24;
/** Without a person to watch a bar, a line each of these shares of the work. */
const lineEvery = 0.1;

/** A bar with the time that is left where a person watches, else a line now and then. Only work that was done now tells the speed. */
export function gradeProgress(terminal: Terminal, total: number, now: () => number): ClassProgress {
  const startedMs = now();
  let done = 0;
  let earlier = 0;
  let nextLine = lineEvery * total;
  return {
    graded(_, again) {
      done++;
      if (again) earlier++;
      const fresh = done - earlier;
      const leftMs = fresh === 0 ? undefined : ((total - done) * (now() - startedMs)) / fresh;
      const words = `${done} of ${total}${leftMs === undefined || done === total ? '' : `, ${timeLeft(leftMs)} left`}`;
      if (terminal.interactive) {
        const filled = Math.floor((barWidth * done) / total);
        terminal.status(`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${words}`);
      } else if (done >= nextLine) {
        terminal.err(`graded ${words}`);
        while (nextLine <= done) nextLine += lineEvery * total;
      }
    },
  };
}

/** `40 s`, `3 min`, `2 h 10 min`: rounded up, since nobody minds being early. */
export function timeLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
