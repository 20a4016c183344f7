import {
  CompletionItem,
  CompletionItemKind,
  MarkdownString,
  Range,
  SnippetString,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Completion } from '../authoring/completion.ts';

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  name: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  snippet: CompletionItemKind.Snippet,
};

/** An offer as VS Code shows it; undefined where it cannot. @param index its place in the list */
export function completionItem(
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
