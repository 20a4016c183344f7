import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  workspace,
  type DiagnosticCollection,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { Diagnosis } from '../authoring/diagnosis.ts';
import type { AuthorPack, AuthorPacks } from './authorPacks.ts';
import { DisposableStore } from './disposableStore.ts';
import { TextPositions } from './textPositions.ts';

export const authorDiagnosticSource = 'Trapframe lint';

/** What somebody types in this time is one change. */
const quietMs = 250;

/** What `trapframe lint` says of a pack, while any of its files is open, as it is typed. */
export class AuthorDiagnostics {
  readonly #packs: AuthorPacks;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #collection: DiagnosticCollection;
  /** Packs with open files, each with the files that have diagnostics and the timer of the next round. */
  readonly #shown = new Map<
    AuthorPack,
    { uris: readonly Uri[]; round: number; timer?: ReturnType<typeof setTimeout> }
  >();

  constructor(packs: AuthorPacks, onError: (error: unknown) => void) {
    this.#packs = packs;
    this.#onError = onError;
    this.#collection = this.#disposables.add(languages.createDiagnosticCollection('trapframe-lint'));
    this.#disposables.add(packs.onDidChange((pack) => this.#soon(pack)));
    this.#disposables.add(workspace.onDidOpenTextDocument((document) => void this.#opened(document)));
    this.#disposables.add(workspace.onDidCloseTextDocument(() => this.#closed()));
    for (const document of workspace.textDocuments) void this.#opened(document);
  }

  dispose(): void {
    for (const { timer } of this.#shown.values()) clearTimeout(timer);
    this.#disposables.dispose();
  }

  async #opened(document: TextDocument): Promise<void> {
    try {
      const file = await this.#packs.of(document);
      if (file === undefined) return;
      const pack = await this.#packs.at(file.files.root);
      if (pack === undefined || this.#shown.has(pack)) return;
      this.#shown.set(pack, { uris: [], round: 0 });
      await this.#show(pack);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Without waiting for anything: a file that is opened meanwhile would be forgotten. */
  #closed(): void {
    for (const [pack, { uris, timer }] of this.#shown) {
      const isOpen = workspace.textDocuments.some(
        ({ uri, isClosed }) => !isClosed && pack.files.pathOf(uri) !== undefined,
      );
      if (isOpen) continue;
      clearTimeout(timer);
      this.#shown.delete(pack);
      for (const uri of uris) this.#collection.delete(uri);
    }
  }

  #soon(pack: AuthorPack): void {
    const shown = this.#shown.get(pack);
    if (shown === undefined) return;
    clearTimeout(shown.timer);
    shown.timer = setTimeout(() => void this.#show(pack).catch(this.#onError), quietMs);
  }

  async #show(pack: AuthorPack): Promise<void> {
    const shown = this.#shown.get(pack);
    if (shown === undefined) return;
    const round = ++shown.round;
    const found = await pack.authoring.diagnose();
    const entries = await Promise.all(
      [...found].map(async ([path, diagnoses]) => {
        const text = (await pack.authoring.textOf(path)) ?? '';
        return [pack.files.uriOf(path), diagnostics(text, diagnoses)] as const;
      }),
    );
    // Closed meanwhile, or a later round has begun.
    if (this.#shown.get(pack) !== shown || shown.round !== round) return;
    const uris = entries.map(([uri]) => uri);
    const gone = shown.uris.filter((uri) => !uris.some((other) => other.toString() === uri.toString()));
    shown.uris = uris;
    this.#collection.set(
      [...entries, ...gone.map((uri) => [uri, undefined] as const)].map(([uri, list]) => [
        uri,
        list === undefined ? undefined : [...list],
      ]),
    );
  }
}

function diagnostics(text: string, found: readonly Diagnosis[]): readonly Diagnostic[] {
  const positions = new TextPositions(text);
  return found.map(({ start, end, message, severity }) => {
    const diagnostic = new Diagnostic(
      positions.range({ start, end }),
      message,
      severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    );
    diagnostic.source = authorDiagnosticSource;
    return diagnostic;
  });
}
