import {
  CompletionItem,
  CompletionItemKind,
  MarkdownString,
  Range,
  SnippetString,
  languages,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Completion } from '../authoring/completion.ts';
import { lessonSelector, yamlSelector, type AuthorPacks } from './authorPacks.ts';
import { DisposableStore } from './disposableStore.ts';

/** Characters behind which there is something to choose. */
const triggers = ['`', ' ', ':', '[', '{', ',', '.', '#', '(', '/', '"'];

/** VS Code suggests nothing while one types in Markdown; blocks of a lesson are no prose. */
const letters = [...'abcdefghijklmnopqrstuvwxyz'];

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
    this.#disposables.add(languages.registerCompletionItemProvider(yamlSelector, this, ...triggers));
    this.#disposables.add(
      languages.registerCompletionItemProvider(lessonSelector, this, ...triggers, ...letters),
    );
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
  const offered = new CompletionItem(label, kinds[kind]);
  offered.range = replaced;
  offered.insertText = new SnippetString(insert);
  offered.sortText = String(index).padStart(4, '0');
  // What is typed so far may start with backticks or a quote, which no label has.
  const [mark = ''] = /^[^\w#]*/.exec(document.getText(replaced)) ?? [];
  offered.filterText = label.startsWith(mark) ? label : `${mark}${label}`;
  if (detail !== undefined) offered.detail = detail;
  if (doc !== undefined && doc !== '') offered.documentation = new MarkdownString(doc);
  if (more === true) offered.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
  return offered;
}
