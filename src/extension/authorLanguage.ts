import {
  Hover,
  MarkdownString,
  Range,
  Uri,
  WorkspaceEdit,
  languages,
  workspace,
  type DefinitionProvider,
  type HoverProvider,
  type LocationLink,
  type Position,
  type RenameProvider,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { authorSelector, documentSelector, type AuthorPacks } from './authorPacks.ts';
import { t } from '../course/messages.ts';
import { formatScheme } from './contributions.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import { TextPositions } from './textPositions.ts';

/** Hovers, definitions and new names in the files of a pack, and the pages of the reference that definitions lead to. */
export class AuthorLanguage
  implements HoverProvider, DefinitionProvider, RenameProvider, TextDocumentContentProvider
{
  readonly #packs: AuthorPacks;
  readonly #library: CourseLibrary;
  readonly #disposables = new DisposableStore();

  constructor(packs: AuthorPacks, library: CourseLibrary) {
    this.#packs = packs;
    this.#library = library;
    this.#disposables.add(languages.registerHoverProvider(documentSelector, this));
    this.#disposables.add(languages.registerDefinitionProvider(authorSelector, this));
    this.#disposables.add(languages.registerRenameProvider(authorSelector, this));
    this.#disposables.add(workspace.registerTextDocumentContentProvider(formatScheme, this));
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    const file = await this.#packs.of(document);
    const found = await file?.authoring.hover(file.path, document.offsetAt(position));
    if (found === undefined) return undefined;
    return new Hover(
      new MarkdownString(found.text),
      new TextPositions(document.getText()).range(found.range),
    );
  }

  async provideDefinition(document: TextDocument, position: Position): Promise<LocationLink[] | undefined> {
    const file = await this.#packs.of(document);
    const found = await file?.authoring.definition(file.path, document.offsetAt(position));
    if (file === undefined || found === undefined) return undefined;
    const originSelectionRange = new TextPositions(document.getText()).range(found.from);
    const { to } = found;
    if (to.kind === 'reference') {
      const { line } = file.authoring.reference(to.page, to.name);
      const targetUri = Uri.from({ scheme: formatScheme, path: `/${to.page}.md` });
      return [{ originSelectionRange, targetUri, targetRange: new Range(line, 0, line, 0) }];
    }
    const text = (await file.authoring.textOf(to.path)) ?? '';
    return [
      {
        originSelectionRange,
        targetUri: file.files.uriOf(to.path),
        targetRange: new TextPositions(text).range(to.range),
      },
    ];
  }

  async prepareRename(document: TextDocument, position: Position): Promise<Range> {
    const file = await this.#packs.of(document);
    const found = await file?.authoring.renamable(file.path, document.offsetAt(position));
    if (found === undefined)
      throw new Error(
        t('Ids of exercises, tasks, lessons, modules and checks can be renamed; this is none.'),
      );
    return new TextPositions(document.getText()).range(found.range);
  }

  async provideRenameEdits(
    document: TextDocument,
    position: Position,
    name: string,
  ): Promise<WorkspaceEdit | undefined> {
    const file = await this.#packs.of(document);
    if (file === undefined) return undefined;
    const outcome = await file.authoring.rename(file.path, document.offsetAt(position), name);
    // VS Code shows the message of what is thrown here beside the new name.
    if (!outcome.ok) throw new Error(outcome.error);
    const change = new WorkspaceEdit();
    for (const { path, edit } of outcome.value.edits) {
      const text = (await file.authoring.textOf(path)) ?? '';
      change.replace(file.files.uriOf(path), new TextPositions(text).range(edit.range), edit.text);
    }
    const { folder } = outcome.value;
    if (folder !== undefined) change.renameFile(file.files.uriOf(folder.from), file.files.uriOf(folder.to));
    return change;
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const host = await this.#library.host();
    return host.referencePage(uri.path.slice(1).replace(/\.md$/, ''));
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
