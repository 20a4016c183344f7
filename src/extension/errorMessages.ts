import { commands, window, type LogOutputChannel } from 'vscode';
import type { CommandId } from './contributions.ts';
import { HumanError } from './humanError.ts';
import { t } from '../course/messages.ts';

/** Shows errors so that their reader knows what to do next. */
export class ErrorMessages {
  readonly #log: LogOutputChannel;
  readonly #said: string[] = [];

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** What was shown since the start. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** Does not wait until the message is dismissed: whoever failed is done when it is shown. */
  readonly show = (error: unknown): void => {
    if (error instanceof HumanError) {
      this.#log.warn(error.message);
      this.#said.push(error.message);
      void this.#showHuman(error);
      return;
    }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log.error(detail);
    this.#said.push(detail);
    void this.#showBug();
  };

  async #showHuman({ message, action }: HumanError): Promise<void> {
    const choices = action === undefined ? [] : [action.title];
    const chosen = await window.showErrorMessage(message, ...choices);
    if (action !== undefined && chosen === action.title) {
      await commands.executeCommand(action.command, ...(action.arguments ?? []));
    }
  }

  async #showBug(): Promise<void> {
    const chosen = await window.showErrorMessage(
      t(
        'Trapframe could not do that: something failed inside it. Your files and progress are as they were. The log says what failed.',
      ),
      t('Show Log'),
      t('Report Issue…'),
    );
    if (chosen === t('Show Log')) this.#log.show();
    else if (chosen !== undefined) await commands.executeCommand('trapframe.reportIssue' satisfies CommandId);
  }
}
