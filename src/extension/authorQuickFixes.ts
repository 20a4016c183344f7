import {
  CodeAction,
  CodeActionKind,
  SnippetString,
  SnippetTextEdit,
  WorkspaceEdit,
  languages,
  type CodeActionContext,
  type CodeActionProvider,
  type Range,
  type TextDocument,
} from 'vscode';
import type { FixAction } from '../authoring/fixes.ts';
import { authorDiagnosticSource } from './authorDiagnostics.ts';
import { authorSelector, type AuthorPacks, type FileOfPack } from './authorPacks.ts';
import { DisposableStore } from './disposableStore.ts';
import { TextPositions } from './textPositions.ts';

/** Quick fixes at what is wrong with a file of a pack. */
export class AuthorQuickFixes implements CodeActionProvider {
  readonly #packs: AuthorPacks;
  readonly #disposables = new DisposableStore();

  constructor(packs: AuthorPacks) {
    this.#packs = packs;
    this.#disposables.add(
      languages.registerCodeActionsProvider(authorSelector, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
  }

  async provideCodeActions(
    document: TextDocument,
    range: Range,
    context: CodeActionContext,
  ): Promise<CodeAction[]> {
    const ours = context.diagnostics.filter(({ source }) => source === authorDiagnosticSource);
    const file = ours.length === 0 ? undefined : await this.#packs.of(document);
    if (file === undefined) return [];
    const asked = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const fixes = await file.authoring.fixes(file.path, asked);
    return Promise.all(
      fixes.map(async ({ diagnosis, action }) => {
        const fix = new CodeAction(action.title, CodeActionKind.QuickFix);
        fix.diagnostics = ours.filter(({ message }) => message === diagnosis.message);
        fix.isPreferred = action.preferred;
        fix.edit = await workspaceEdit(file, action);
        return fix;
      }),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

async function workspaceEdit(file: FileOfPack, { changes }: FixAction): Promise<WorkspaceEdit> {
  const edit = new WorkspaceEdit();
  for (const change of changes) {
    const uri = file.files.uriOf(change.path);
    if (change.kind === 'create') {
      edit.createFile(uri, { contents: new TextEncoder().encode(change.text) });
      continue;
    }
    const positions = new TextPositions((await file.authoring.textOf(change.path)) ?? '');
    const range = positions.range(change.edit.range);
    if (change.snippet) {
      const snippet = new SnippetTextEdit(range, new SnippetString(change.edit.text));
      // It has its own indentation already.
      snippet.keepWhitespace = true;
      edit.set(uri, [snippet]);
    } else edit.replace(uri, range, change.edit.text);
  }
  return edit;
}
