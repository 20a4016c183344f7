import type { CommandId } from './contributions.ts';

/** A next step that a message offers as a button. */
export interface ErrorAction {
  readonly title: string;
  readonly command: CommandId | 'vscode.open' | 'workbench.action.reloadWindow';
  readonly arguments?: readonly unknown[];
}

/**
 * An error whose message is written for the learner: what was seen, what was expected, one next step. Any other
 * error that reaches the surface is a bug: it is logged, and the learner is pointed at the log.
 */
export class HumanError extends Error {
  readonly action: ErrorAction | undefined;

  constructor(message: string, action?: ErrorAction) {
    super(message);
    this.name = 'HumanError';
    this.action = action;
  }
}
