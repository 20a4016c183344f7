import {
  commands,
  languages,
  window,
  workspace,
  type CompletionItem,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
  type TextDocumentChangeEvent,
} from 'vscode';
import { documentSelector, type AuthorPacks } from './authorPacks.ts';
import { completionItem } from './completionItem.ts';
import { DisposableStore } from './disposableStore.ts';

/** Characters behind which there is something to choose. */
const triggers = ['`', ' ', ':', '[', '{', ',', '.', '#', '(', '/', '"'];

/** Keys, names and values in the files of a pack, and whole blocks in a lesson. */
export class AuthorCompletion implements CompletionItemProvider {
  readonly #packs: AuthorPacks;
  readonly #disposables = new DisposableStore();

  constructor(packs: AuthorPacks) {
    this.#packs = packs;
    this.#disposables.add(languages.registerCompletionItemProvider(documentSelector, this, ...triggers));
    this.#disposables.add(workspace.onDidChangeTextDocument((change) => void this.#typed(change)));
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
  ): Promise<CompletionItem[] | undefined> {
    const file = await this.#packs.of(document);
    if (file === undefined) return undefined;
    const found = await file.authoring.complete(file.path, document.offsetAt(position));
    return found.flatMap((completion, index) => completionItem(document, position, completion, index) ?? []);
  }

  /**
   * VS Code suggests nothing by itself while one types in Markdown, which suits prose. At the first letter of a word in a
   * block it is asked to, as it would in a YAML file.
   */
  async #typed({ document, contentChanges }: TextDocumentChangeEvent): Promise<void> {
    const editor = window.activeTextEditor;
    const [change, more] = contentChanges;
    if (editor?.document !== document || !/\/lesson(?:\.[\w-]+)?\.md$/.test(document.uri.path)) return;
    if (change === undefined || more !== undefined || !/^[a-z]$/i.test(change.text)) return;
    const offset = change.rangeOffset + 1;
    if (/\w/.test(document.getText().charAt(change.rangeOffset - 1))) return;
    const file = await this.#packs.of(document);
    const found = await file?.authoring.complete(file.path, offset);
    if (found?.some(({ kind }) => kind !== 'snippet') !== true) return;
    // A list that comes when the author is elsewhere would take the next line break as a choice.
    const caret = document.offsetAt(editor.selection.active);
    if (window.activeTextEditor !== editor || caret < offset) return;
    if (!/^\w+$/.test(document.getText().slice(change.rangeOffset, caret))) return;
    await commands.executeCommand('editor.action.triggerSuggest');
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
