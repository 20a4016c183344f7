import type { ScenarioTable } from '../course/variants.ts';
import type { AuthoredSubmissions } from './authoredSubmissions.ts';
import type { Sandbox } from './sandbox/policySandbox.ts';

/** What grading stands on. */
export interface GradingTools {
  readonly scenarios: ScenarioTable;
  readonly sandbox: Sandbox;
  /** The sandbox's loads of what authors wrote, kept from one request to the next. */
  readonly authored: AuthoredSubmissions;
  readonly engineVersion: string;
}
