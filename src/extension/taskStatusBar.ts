import { StatusBarAlignment, window } from 'vscode';
import type { ActiveTask } from './activeTask.ts';
import type { CommandId } from './contributions.ts';
import { DisposableStore } from './disposableStore.ts';
import type { TaskChecker } from './taskChecker.ts';
import { verdictWords } from './verdictWords.ts';
import { t } from '../course/messages.ts';

/** The state of the task in the active editor; hidden elsewhere. */
export class TaskStatusBar {
  readonly #active: ActiveTask;
  readonly #checker: TaskChecker;
  readonly #disposables = new DisposableStore();
  readonly #item = this.#disposables.add(
    window.createStatusBarItem('trapframe.task', StatusBarAlignment.Left, 10),
  );

  constructor(active: ActiveTask, checker: TaskChecker) {
    this.#active = active;
    this.#checker = checker;
    this.#item.name = t('Trapframe Task');
    this.#disposables.add(active.onDidChange(() => this.#update()));
    this.#disposables.add(checker.onDidStart(() => this.#update()));
    this.#disposables.add(checker.onDidLearn(() => this.#update()));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #update(): void {
    const current = this.#active.current;
    if (current === undefined) {
      this.#item.hide();
      return;
    }
    const { task } = current.part;
    const { icon, words } = this.#state(task.id);
    this.#item.text = `$(${icon}) ${task.title}: ${words}`;
    this.#item.tooltip = t('Check "{0}" now', task.title);
    this.#item.command = {
      title: t('Check'),
      command: 'trapframe.checkTask' satisfies CommandId,
      arguments: [task.id],
    };
    this.#item.accessibilityInformation = {
      label: t('Task {0}: {1}. Activate to check it.', task.title, words),
      role: 'button',
    };
    this.#item.show();
  }

  #state(task: string): { readonly icon: string; readonly words: string } {
    if (this.#checker.isChecking(task)) return { icon: 'loading~spin', words: t('checking') };
    const report = this.#checker.latest(task)?.result.report;
    if (report === undefined) return { icon: 'circle-large-outline', words: t('not checked yet') };
    const icon = { passed: 'pass', failed: 'error', 'not reached': 'circle-slash', ungradable: 'warning' }[
      report.verdict
    ];
    return { icon, words: verdictWords(report) };
  }
}
