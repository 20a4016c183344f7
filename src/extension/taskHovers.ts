import {
  Hover,
  MarkdownString,
  languages,
  type HoverProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { t } from '../course/messages.ts';
import { DisposableStore } from './disposableStore.ts';
import type { CommandId } from './contributions.ts';
import type { TaskDiagnostics } from './taskDiagnostics.ts';
import { decisionMarkdown } from './findingMarkdown.ts';

/** On the line that decided: what the policy was given, what it returned, and why that is wrong. */
export class TaskHovers implements HoverProvider {
  readonly #diagnostics: TaskDiagnostics;
  readonly #disposables = new DisposableStore();

  constructor(diagnostics: TaskDiagnostics) {
    this.#diagnostics = diagnostics;
    this.#disposables.add(languages.registerHoverProvider({ pattern: '**/*' }, this));
  }

  provideHover(document: TextDocument, position: Position): Hover | undefined {
    const known = this.#diagnostics.of(document.uri);
    const findings = known?.findings.filter(
      ({ check, range }) => check?.failure !== undefined && range.start.line === position.line,
    );
    const [first] = findings ?? [];
    if (known === undefined || findings === undefined || first === undefined) return undefined;
    const contents = findings.flatMap(({ check }) => {
      const text = new MarkdownString(decisionMarkdown(check!));
      // Words of an author or of a learner's own code: no command links, no HTML.
      text.isTrusted = false;
      return [text, stepThroughLink(known.task.part.id, check!.id)];
    });
    return new Hover(contents, first.range);
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function stepThroughLink(task: string, check: string): MarkdownString {
  const command: CommandId = 'trapframe.stepThrough';
  const given = encodeURIComponent(JSON.stringify([task, check]));
  const link = new MarkdownString(`[${t('Step through this case')}](command:${command}?${given})`);
  link.isTrusted = { enabledCommands: [command] };
  return link;
}
