/**
 * What a learner's module may use. Steps are counted in *ticks*: QuickJS polls once for about 10,000 loop
 * iterations and function calls, and the poll count is the same in Node and every browser, so "too slow" is a verdict
 * that does not depend on the machine. Native built-ins poll rarely: a caller keeps a wall clock beside these.
 */
export interface SandboxLimits {
  /** Ticks that loading the module may take. */
  readonly loadTicks: number;
  /** Ticks that one decision may take, with the promise callbacks that it leaves behind. */
  readonly decisionTicks: number;
  /** Ticks that all decisions of one run may take together. */
  readonly runTicks: number;
  /** Promise callbacks that may run after the load and after each decision. */
  readonly jobs: number;
  readonly memoryBytes: number;
  /**
   * Depth of the guest's stack; 128 KiB are about 540 nested calls. The machine's own stack grows along with it, and
   * in a worker of Chromium that one ended first at 192 KiB: the same recursion would end at another depth in Node.
   */
  readonly stackBytes: number;
}

export const defaultLimits: SandboxLimits = {
  loadTicks: 2_000,
  decisionTicks: 500,
  runTicks: 20_000,
  jobs: 100,
  memoryBytes: 48 * 1024 * 1024,
  stackBytes: 128 * 1024,
};

/** Lines of `console.log` that are kept per run, and characters per line. */
export const maxLogLines = 200;
export const maxLogCharacters = 500;
