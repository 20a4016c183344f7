/** What a suite leaves behind for `npm test` to sum, as JSON. */
export interface SuiteResult {
  passed: number;
  skipped: number;
  failures: { title: string; message: string }[];
}
