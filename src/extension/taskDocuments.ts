import {
  Diagnostic,
  DiagnosticSeverity,
  Hover,
  MarkdownString,
  languages,
  workspace,
  type CompletionItem,
  type CompletionItemProvider,
  type DiagnosticCollection,
  type HoverProvider,
  type Position,
  type TextDocument,
  type Uri,
} from 'vscode';
import { completionItem } from './completionItem.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import { diagnosticSource } from './taskDiagnostics.ts';
import type { TaskFiles } from './taskFiles.ts';
import { TextPositions } from './textPositions.ts';

/** Where learners write documents. Which files are theirs is asked at the first keystroke. */
const selector = [
  ...['json', 'jsonc', 'yaml'].map((language) => ({ language })),
  // Which language an assembly source has depends on what else is installed.
  { pattern: '**/*.S' },
];
const quietMs = 250;

/** Completion, hovers and problems in the configurations and manifests that tasks ask for, while they are typed. */
export class TaskDocuments implements CompletionItemProvider, HoverProvider {
  readonly #library: CourseLibrary;
  readonly #files: TaskFiles;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #collection: DiagnosticCollection;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(library: CourseLibrary, files: TaskFiles, onError: (error: unknown) => void) {
    this.#library = library;
    this.#files = files;
    this.#onError = onError;
    this.#collection = this.#disposables.add(languages.createDiagnosticCollection('trapframe-document'));
    this.#disposables.add(languages.registerCompletionItemProvider(selector, this, '"', ' ', ':', '{', '['));
    this.#disposables.add(languages.registerHoverProvider(selector, this));
    this.#disposables.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && languages.match(selector, document) > 0) this.#soon(document);
      }),
    );
    // A check says it again, with everything else that it finds.
    this.#disposables.add(workspace.onDidSaveTextDocument(({ uri }) => this.#clear(uri)));
    this.#disposables.add(workspace.onDidCloseTextDocument(({ uri }) => this.#clear(uri)));
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
  ): Promise<CompletionItem[] | undefined> {
    const found = await this.#task(document.uri);
    if (found === undefined) return undefined;
    const offers = found.host.completeTaskDocument(
      found.task,
      document.getText(),
      document.offsetAt(position),
    );
    return offers.flatMap((offer, index) => completionItem(document, position, offer, index) ?? []);
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    const found = await this.#task(document.uri);
    const text = document.getText();
    const said = found?.host.hoverTaskDocument(found.task, text, document.offsetAt(position));
    return said === undefined
      ? undefined
      : new Hover(new MarkdownString(said.text), new TextPositions(text).range(said.range));
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#disposables.dispose();
  }

  async #task(uri: Uri) {
    const found = await this.#files.taskOf(uri);
    return found?.part.task.work.kind === 'document'
      ? { task: found.part.task, host: await this.#library.host() }
      : undefined;
  }

  #clear(uri: Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#collection.delete(uri);
  }

  #soon(document: TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#show(document).catch(this.#onError), quietMs),
    );
  }

  async #show(document: TextDocument): Promise<void> {
    const found = await this.#task(document.uri);
    if (found === undefined || !document.isDirty) return;
    const text = document.getText();
    const positions = new TextPositions(text);
    const said = new Set(
      languages
        .getDiagnostics(document.uri)
        .flatMap(({ source, code, message }) =>
          source === diagnosticSource && code !== typedCode ? [message] : [],
        ),
    );
    const problems = found.host
      .findingsInTaskDocument(found.task, text)
      .filter(({ message }) => !said.has(message))
      .map((finding) => {
        const diagnostic = new Diagnostic(
          positions.range(finding),
          finding.message,
          DiagnosticSeverity.Error,
        );
        diagnostic.source = diagnosticSource;
        diagnostic.code = typedCode;
        return diagnostic;
      });
    this.#collection.set(document.uri, problems);
  }
}

/** Tells what is said while somebody types from what a check says. */
const typedCode = 'document';
