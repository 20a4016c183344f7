import type { WorkerPort } from '../grading/workerMessages.ts';

/** The heavy half, as the light half sees it. */
export type CourseHost = typeof import('./courseHost.ts');

/** What differs between the node and the web worker extension host. */
export interface Platform {
  /** Loads the heavy bundle. Called at first use, once. */
  loadCourseHost(): Promise<CourseHost>;
  spawnGradingWorker(): Promise<WorkerPort>;
}
