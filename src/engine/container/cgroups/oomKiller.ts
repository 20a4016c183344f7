/*
 * Whom the kernel ends when memory runs out: mm/oom_kill.c (oom_badness, oom_evaluate_task), fs/proc/base.c (proc_oom_score) and
 * Documentation/admin-guide/cgroup-v2.rst (memory.oom.group), Linux 6.18. Pages are of 4 KiB.
 */

export const pageBytes = 4096;
/** An `oom_score_adj` that keeps a process from being killed. OOM_SCORE_ADJ_MIN */
export const oomExempt = -1000;

/** What the kernel looks at in a process. */
export interface OomTask {
  readonly residentPages: number;
  readonly swapPages: number;
  readonly pageTableBytes: number;
  /** `/proc/<pid>/oom_score_adj`, -1000 to 1000. */
  readonly oomScoreAdjust: number;
}

/**
 * The points of a process: pages that would become free, and for each unit of `oom_score_adj` a thousandth of the memory that ran out.
 * @param totalPages memory and swap of the machine; where a cgroup is full, its limit
 * @returns undefined for one that must not be killed
 */
export function oomPoints(task: OomTask, totalPages: number): number | undefined {
  if (task.oomScoreAdjust === oomExempt) return undefined;
  const held = task.residentPages + task.swapPages + Math.floor(task.pageTableBytes / pageBytes);
  return held + task.oomScoreAdjust * Math.floor(totalPages / 1000);
}

/** Who has most points; of several that have as many, the one that was started last. Undefined: nobody may be killed. */
export function oomVictim<T extends OomTask>(tasks: Iterable<T>, totalPages: number): T | undefined {
  let victim: T | undefined;
  let most = -Infinity;
  for (const task of tasks) {
    const points = oomPoints(task, totalPages);
    if (points === undefined || points < most) continue;
    victim = task;
    most = points;
  }
  return victim;
}

/** What `/proc/<pid>/oom_score` shows, 0 to 2000: points in thousandths of the machine's memory, squeezed so that none is negative. */
export function oomScore(task: OomTask, totalPages: number): number {
  const points = oomPoints(task, totalPages);
  if (points === undefined) return 0;
  // Whole numbers as in C: divisions round towards zero, a negative one is that of an unsigned type.
  return Math.trunc(((1000 + Math.trunc((points * 1000) / totalPages)) * 2) / 3);
}
