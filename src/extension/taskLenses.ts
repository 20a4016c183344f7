import {
  CodeLens,
  EventEmitter,
  Range,
  languages,
  type CodeLensProvider,
  type Event,
  type TextDocument,
} from 'vscode';
import type { CommandId } from './contributions.ts';
import { DisposableStore } from './disposableStore.ts';
import { workLine } from './workLine.ts';
import type { TaskChecker } from './taskChecker.ts';
import type { TaskFiles } from './taskFiles.ts';
import { verdictWords } from './verdictWords.ts';
import { t } from '../course/messages.ts';

/** *Check · Hint · Reset · Compare with Reference* above the policy that the learner writes. */
export class TaskLenses implements CodeLensProvider {
  readonly #files: TaskFiles;
  readonly #checker: TaskChecker;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(files: TaskFiles, checker: TaskChecker) {
    this.#files = files;
    this.#checker = checker;
    this.#disposables.add(languages.registerCodeLensProvider({ pattern: '**/*' }, this));
    this.#disposables.add(checker.onDidLearn(() => this.#changed.fire()));
  }

  refresh(): void {
    this.#changed.fire();
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    const found = await this.#files.taskOf(document.uri);
    if (found === undefined) return [];
    const { task } = found.part;
    const line = workLine(document.getText(), task.work);
    const range = new Range(line, 0, line, 0);
    const lens = (title: string, command: CommandId, tooltip?: string): CodeLens =>
      new CodeLens(range, {
        title,
        command,
        arguments: [task.id],
        ...(tooltip === undefined ? {} : { tooltip }),
      });
    const latest = this.#checker.latest(task.id);
    const verdict = latest?.version === document.version ? ` (${verdictWords(latest.result.report)})` : '';
    return [
      lens(`${t('Check')}${verdict}`, 'trapframe.checkTask', t('Check this task (also when you save)')),
      ...(task.hints.length === 0 ? [] : [lens(t('Hint'), 'trapframe.showHint', t('Show one more hint'))]),
      lens(t('Reset'), 'trapframe.resetTask', t('Put the starter back; your file is kept as a backup')),
      lens(
        t('Compare with Reference'),
        'trapframe.compareWithReference',
        t('Show the reference solution beside your file'),
      ),
    ];
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
