import {
  EventEmitter,
  InlayHint,
  InlayHintLabelPart,
  MarkdownString,
  languages,
  type Event,
  type InlayHintsProvider,
  type Range,
  type TextDocument,
} from 'vscode';
import type { CommandId } from './contributions.ts';
import { DisposableStore } from './disposableStore.ts';
import { codeBlock } from './findingMarkdown.ts';
import { inlineValues } from './inlineValues.ts';
import type { TaskDiagnostics } from './taskDiagnostics.ts';
import { t } from '../course/messages.ts';

/**
 * Values beside the code of the decision that made a check fail, as long as the text is the one that was checked. One
 * decision alone: a debugger stops in one place.
 */
export class TaskInlayHints implements InlayHintsProvider {
  readonly #diagnostics: TaskDiagnostics;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  readonly onDidChangeInlayHints: Event<void> = this.#changed.event;

  constructor(diagnostics: TaskDiagnostics) {
    this.#diagnostics = diagnostics;
    this.#disposables.add(languages.registerInlayHintsProvider({ pattern: '**/*' }, this));
    this.#disposables.add(diagnostics.onDidChange(() => this.#changed.fire()));
  }

  provideInlayHints(document: TextDocument, range: Range): InlayHint[] {
    const known = this.#diagnostics.of(document.uri);
    const stopped = known?.findings.find(({ check }) => check?.failure?.decision?.line !== undefined);
    if (known === undefined || stopped?.check?.failure?.decision === undefined) return [];
    const { id, failure } = stopped.check;
    return inlineValues(document.getText(), failure.decision!).flatMap(({ offset, label, whole }) => {
      const position = document.positionAt(offset);
      if (!range.contains(position)) return [];
      const part = new InlayHintLabelPart(label);
      part.tooltip = new MarkdownString(codeBlock(whole));
      part.command = {
        title: t('Step Through Failing Case'),
        command: 'trapframe.stepThrough' satisfies CommandId,
        arguments: [known.task.part.id, id],
      };
      const hint = new InlayHint(position, [part]);
      hint.paddingLeft = label.startsWith('→');
      return [hint];
    });
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
