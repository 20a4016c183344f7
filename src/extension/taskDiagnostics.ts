import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  EventEmitter,
  Location,
  Range,
  languages,
  window,
  workspace,
  type Event,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { TaskWork } from '../course/model.ts';
import type { TaskInLesson } from './course.ts';
import { DisposableStore } from './disposableStore.ts';
import { workLine } from './workLine.ts';
import type { CheckedTask, TaskChecker } from './taskChecker.ts';
import { taskFindings, type TaskFinding } from './taskFindings.ts';

export const diagnosticSource = 'Trapframe';

/** A finding with the line of the document that it stands on. */
export interface PlacedFinding extends TaskFinding {
  readonly range: Range;
}

export interface FileFindings {
  readonly task: TaskInLesson;
  readonly findings: readonly PlacedFinding[];
}

/**
 * Diagnostics at the line that decided, or where the syntax breaks. They speak of the text that was checked, so the
 * first change to the file takes them away.
 */
export class TaskDiagnostics {
  readonly #disposables = new DisposableStore();
  readonly #diagnostics = this.#disposables.add(languages.createDiagnosticCollection('trapframe'));
  readonly #files = new Map<string, FileFindings>();
  readonly #changed = this.#disposables.add(new EventEmitter<Uri>());
  readonly onDidChange: Event<Uri> = this.#changed.event;

  constructor(checker: TaskChecker) {
    this.#disposables.add(checker.onDidLearn((checked) => void this.#show(checked)));
    this.#disposables.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#clear(document.uri);
      }),
    );
    this.#disposables.add(
      workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.#clear(uri))),
    );
  }

  of(uri: Uri): FileFindings | undefined {
    return this.#files.get(uri.toString());
  }

  /** Brings the line that decided into view. False when the file has changed since, or no line decided. */
  async reveal(uri: Uri, checkId: string): Promise<boolean> {
    const finding = this.of(uri)?.findings.find(
      ({ check, line }) => check?.id === checkId && line !== undefined,
    );
    if (finding === undefined) return false;
    const { start } = finding.range;
    await window.showTextDocument(uri, { selection: new Range(start, start), preview: false });
    return true;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #show(checked: CheckedTask): Promise<void> {
    const { uri, part, result } = checked;
    const document = await workspace.openTextDocument(uri);
    if (document.version !== checked.version) return; // about a text that is no longer there
    const findings = taskFindings(result.report).map((finding) => ({
      ...finding,
      range: rangeOf(document, finding, part.task.work),
    }));
    if (findings.length === 0) {
      this.#clear(uri);
      return;
    }
    this.#files.set(uri.toString(), { task: checked, findings });
    this.#diagnostics.set(
      uri,
      findings.map((finding) => diagnosticOf(uri, finding)),
    );
    this.#changed.fire(uri);
  }

  #clear(uri: Uri): void {
    if (!this.#files.delete(uri.toString())) return;
    this.#diagnostics.delete(uri);
    this.#changed.fire(uri);
  }
}

function rangeOf(document: TextDocument, { line, column }: TaskFinding, work: TaskWork): Range {
  const row = Math.min(
    line === undefined ? workLine(document.getText(), work) : line - 1,
    document.lineCount - 1,
  );
  const { text, firstNonWhitespaceCharacterIndex, range } = document.lineAt(row);
  const start = column === undefined ? firstNonWhitespaceCharacterIndex : Math.min(column - 1, text.length);
  const end = text.trimEnd().length;
  // A position at the end of its line still has to be visible.
  return end > start ? new Range(row, start, row, end) : range;
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

function diagnosticOf(uri: Uri, finding: PlacedFinding): Diagnostic {
  const diagnostic = new Diagnostic(finding.range, finding.message, severities[finding.severity]);
  diagnostic.source = diagnosticSource;
  if (finding.check !== undefined) diagnostic.code = finding.check.id;
  diagnostic.relatedInformation = finding.evidence.map(
    (text) => new DiagnosticRelatedInformation(new Location(uri, finding.range), text),
  );
  return diagnostic;
}
