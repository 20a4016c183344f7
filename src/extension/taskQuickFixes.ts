import {
  CodeAction,
  CodeActionKind,
  languages,
  type CodeActionContext,
  type CodeActionProvider,
  type Range,
  type TextDocument,
} from 'vscode';
import type { CommandId } from './contributions.ts';
import { DisposableStore } from './disposableStore.ts';
import { diagnosticSource, type TaskDiagnostics } from './taskDiagnostics.ts';
import { t } from '../course/messages.ts';

/** Help at a diagnostic. None of it changes the file: a hint is not an answer. */
export class TaskQuickFixes implements CodeActionProvider {
  readonly #diagnostics: TaskDiagnostics;
  readonly #disposables = new DisposableStore();

  constructor(diagnostics: TaskDiagnostics) {
    this.#diagnostics = diagnostics;
    this.#disposables.add(
      languages.registerCodeActionsProvider({ pattern: '**/*' }, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
  }

  provideCodeActions(document: TextDocument, _range: Range, context: CodeActionContext): CodeAction[] {
    const ours = context.diagnostics.filter(({ source }) => source === diagnosticSource);
    const found = this.#diagnostics.of(document.uri);
    if (ours.length === 0 || found === undefined) return [];
    const { id, task } = found.task.part;
    const action = (title: string, command: CommandId): CodeAction => {
      const fix = new CodeAction(title, CodeActionKind.QuickFix);
      fix.command = { title, command, arguments: [id] };
      fix.diagnostics = ours;
      return fix;
    };
    return [
      ...(task.hints.length === 0 ? [] : [action(t('Trapframe: show a hint'), 'trapframe.showHint')]),
      action(t('Trapframe: show both schedules in the lesson'), 'trapframe.showLesson'),
      action(t('Trapframe: compare with the reference'), 'trapframe.compareWithReference'),
    ];
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
