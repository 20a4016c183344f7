import type { MarkdownIt } from 'markdown-it';

/** What stands in place of a block of a lesson. */
export interface BlockCard {
  /** Of the opening fence, from 1 in the whole file. */
  readonly line: number;
  readonly html: string;
}

/**
 * The cards of a document that is rendered: of a lesson its own, of any other document none.
 * @param document what VS Code says is rendered; absent for a mere text
 */
export type CardsOf = (document: unknown) => readonly BlockCard[];

/**
 * Shows blocks of lessons as cards, and leaves everything else as it is. A plugin for the markdown-it of VS Code, which is
 * older than ours, and which tells only its renderer which document it is about.
 */
export function showBlockCards(md: MarkdownIt, cardsOf: CardsOf): MarkdownIt {
  const asCode = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, options, env, renderer) => {
    const fence = tokens[index]!;
    const line = fence.map === null ? undefined : fence.map[0] + 1;
    const { currentDocument } = (env ?? {}) as { readonly currentDocument?: unknown };
    const card = cardsOf(currentDocument).find((each) => each.line === line);
    if (card === undefined) return asCode(tokens, index, options, env, renderer);
    // The attributes tell the preview which line it shows, so that it scrolls with the editor.
    return `<div${renderer.renderAttrs(fence)}>${card.html}</div>\n`;
  };
  return md;
}
