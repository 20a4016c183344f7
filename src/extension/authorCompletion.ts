import {
  CompletionItem,
  CompletionItemKind,
  MarkdownString,
  Range,
  SnippetString,
  commands,
  languages,
  window,
  workspace,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
  type TextDocumentChangeEvent,
} from 'vscode';
import type { Completion } from '../authoring/completion.ts';
import { authorSelector, type AuthorPacks } from './authorPacks.ts';
import { DisposableStore } from './disposableStore.ts';

/** Characters behind which there is something to choose. */
const triggers = ['`', ' ', ':', '[', '{', ',', '.', '#', '(', '/', '"'];

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  name: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  snippet: CompletionItemKind.Snippet,
};

/** Keys, names and values in the files of a pack, and whole blocks in a lesson. */
export class AuthorCompletion implements CompletionItemProvider {
  readonly #packs: AuthorPacks;
  readonly #disposables = new DisposableStore();

  constructor(packs: AuthorPacks) {
    this.#packs = packs;
    this.#disposables.add(languages.registerCompletionItemProvider(authorSelector, this, ...triggers));
    this.#disposables.add(workspace.onDidChangeTextDocument((change) => void this.#typed(change)));
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
  ): Promise<CompletionItem[] | undefined> {
    const file = await this.#packs.of(document);
    if (file === undefined) return undefined;
    const found = await file.authoring.complete(file.path, document.offsetAt(position));
    return found.flatMap((completion, index) => item(document, position, completion, index) ?? []);
  }

  /**
   * VS Code suggests nothing by itself while one types in Markdown, which suits prose. At the first letter of a word in a
   * block it is asked to, as it would in a YAML file.
   */
  async #typed({ document, contentChanges }: TextDocumentChangeEvent): Promise<void> {
    const editor = window.activeTextEditor;
    const [change, more] = contentChanges;
    if (editor?.document !== document || !document.uri.path.endsWith('/lesson.md')) return;
    if (change === undefined || more !== undefined || !/^[a-z]$/i.test(change.text)) return;
    const offset = change.rangeOffset + 1;
    if (/\w/.test(document.getText().charAt(change.rangeOffset - 1))) return;
    const file = await this.#packs.of(document);
    const found = await file?.authoring.complete(file.path, offset);
    if (found?.some(({ kind }) => kind !== 'snippet') === true)
      await commands.executeCommand('editor.action.triggerSuggest');
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function item(
  document: TextDocument,
  position: Position,
  { label, kind, detail, doc, insert, range, more }: Completion,
  index: number,
): CompletionItem | undefined {
  const replaced = new Range(document.positionAt(range.start), document.positionAt(range.end));
  // VS Code takes nothing else.
  if (!replaced.isSingleLine || !replaced.contains(position)) return undefined;
  const offered = new CompletionItem(
    // Beside each label, not of the chosen one alone: ranges are compared.
    detail === undefined ? label : { label, description: detail },
    kinds[kind],
  );
  offered.range = replaced;
  offered.insertText = new SnippetString(insert);
  offered.sortText = String(index).padStart(4, '0');
  // What is typed so far may start with backticks or a quote, which no label has.
  const [mark = ''] = /^[^\w#]*/.exec(document.getText(replaced)) ?? [];
  offered.filterText = label.startsWith(mark) ? label : `${mark}${label}`;
  if (doc !== undefined && doc !== '') offered.documentation = new MarkdownString(doc);
  if (more === true) offered.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
  return offered;
}
