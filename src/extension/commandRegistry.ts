import { commands, window, type Disposable, type LogOutputChannel } from 'vscode';
import type { CommandId } from './contributions.ts';
import { HumanError } from './humanError.ts';

const said: string[] = [];
export const saidErrors = (): readonly string[] => said;

/** Shows an error so that its reader knows what to do next. */
export async function showError(error: unknown, log: LogOutputChannel): Promise<void> {
  if (error instanceof HumanError) {
    log.warn(error.message);
    said.push(error.message);
    const { action } = error;
    if (action === undefined) {
      await window.showErrorMessage(error.message);
    } else if ((await window.showErrorMessage(error.message, action.title)) === action.title) {
      await commands.executeCommand(action.command, ...(action.arguments ?? []));
    }
    return;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error(detail);
  said.push(detail);
  const chosen = await window.showErrorMessage(
    'Trapframe could not do that: something failed inside it. Your files and progress are as they were. The log says what failed.',
    'Show Log',
    'Report Issue…',
  );
  if (chosen === 'Show Log') log.show();
  else if (chosen !== undefined) await commands.executeCommand('trapframe.reportIssue' satisfies CommandId);
}

/** A command that never fails silently: whatever it throws is shown. */
export function registerCommand(
  id: CommandId,
  log: LogOutputChannel,
  run: (...args: unknown[]) => unknown,
): Disposable {
  return commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      // Not awaited: a command is done when its message is shown, not when the message is dismissed.
      void showError(error, log);
      return undefined;
    }
  });
}
