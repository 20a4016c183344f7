import { commands, type Disposable } from 'vscode';
import type { CommandId } from './contributions.ts';

/** A command that never fails silently: whatever it throws is shown. */
export function registerCommand(
  id: CommandId,
  onError: (error: unknown) => void,
  run: (...args: unknown[]) => unknown,
): Disposable {
  return commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      onError(error);
      return undefined;
    }
  });
}
