import { Uri, commands, workspace } from 'vscode';
import type { MarkdownIt } from 'markdown-it';
import type { AuthorPack, AuthorPacks } from './authorPacks.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import { showBlockCards, type BlockCard } from './markdownCards.ts';
import type { PreviewSession } from './previewSession.ts';

/** What somebody types in this time is one change. */
const quietMs = 250;

/** A lesson that VS Code's own Markdown preview shows. */
interface Shown {
  readonly uri: Uri;
  cards: readonly BlockCard[];
  /** Somebody has asked for the cards since they are these. */
  isRendered: boolean;
  /** The text that the cards are of, with LF alone. */
  text?: string;
  session?: PreviewSession;
  pack?: AuthorPack;
  timer?: ReturnType<typeof setTimeout>;
  round: number;
}

/**
 * Blocks of lessons in VS Code's own Markdown preview. That renders without waiting and packs are read while it does, so
 * it is asked to render again when the cards are there. Nothing is loaded before a file that is named like a lesson is rendered.
 */
export class MarkdownPreview {
  readonly #library: CourseLibrary;
  readonly #packs: AuthorPacks;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #shown = new Map<string, Shown>();

  constructor(library: CourseLibrary, packs: AuthorPacks, onError: (error: unknown) => void) {
    this.#library = library;
    this.#packs = packs;
    this.#onError = onError;
    this.#disposables.add(
      packs.onDidChange((pack) => {
        for (const shown of this.#shown.values()) if (shown.pack === pack) this.#soon(shown);
      }),
    );
    this.#disposables.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        clearTimeout(this.#shown.get(uri.toString())?.timer);
        this.#shown.delete(uri.toString());
      }),
    );
  }

  extendMarkdownIt(md: MarkdownIt): MarkdownIt {
    return showBlockCards(md, (document) => this.#cards(document));
  }

  dispose(): void {
    for (const { timer } of this.#shown.values()) clearTimeout(timer);
    this.#disposables.dispose();
  }

  #cards(uri: unknown): readonly BlockCard[] {
    if (!(uri instanceof Uri) || !/\/lesson(\.[a-z][a-z0-9-]*)?\.md$/.test(uri.path)) return [];
    const known = this.#shown.get(uri.toString());
    if (known !== undefined) {
      known.isRendered = true;
      return atTheirLines(known);
    }
    const shown: Shown = { uri, cards: [], isRendered: false, round: 0 };
    this.#shown.set(uri.toString(), shown);
    void this.#read(shown).catch(this.#onError);
    return [];
  }

  #soon(shown: Shown): void {
    clearTimeout(shown.timer);
    shown.timer = setTimeout(() => void this.#read(shown).catch(this.#onError), quietMs);
  }

  async #read(shown: Shown): Promise<void> {
    const round = ++shown.round;
    const file = await this.#packs.of(shown);
    if (file === undefined) {
      // Perhaps it will be part of a pack when it is rendered again.
      this.#shown.delete(shown.uri.toString());
      return;
    }
    const around = await this.#packs.at(file.files.root);
    if (around !== undefined) shown.pack = around;
    const [host, pack, text] = await Promise.all([
      this.#library.host(),
      file.authoring.packAround(file.path),
      file.authoring.textOf(file.path),
    ]);
    const lesson = pack.lessons.find(({ path }) => path === file.path);
    if (lesson === undefined || text === undefined || round !== shown.round) return;
    shown.session ??= host.newPreview(undefined);
    shown.session.show(pack, lesson);
    const plain = withLf(text);
    const cards = host.cardsOf(shown.session, file.path, plain);
    const isSame = shown.text === plain && JSON.stringify(cards) === JSON.stringify(shown.cards);
    Object.assign(shown, { cards, text: plain, isRendered: isSame && shown.isRendered });
    await this.#refresh(shown, round);
  }

  /** A preview that is about to render anyway overhears that it should, and then finds that its text has not changed. */
  async #refresh(shown: Shown, round: number): Promise<void> {
    for (let tries = 0; tries < 5 && !shown.isRendered && round === shown.round; tries++) {
      await commands.executeCommand('markdown.preview.refresh');
      await new Promise((resolve) => setTimeout(resolve, quietMs * 2 ** tries));
    }
  }
}

/** Until the cards of a text that is being typed are there, those of the text before move with their lines. */
function atTheirLines({ uri, cards, text }: Shown): readonly BlockCard[] {
  const document = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  const now = document === undefined ? text : withLf(document.getText());
  if (text === undefined || now === undefined || text === now) return cards;
  const [before, after] = [text.split('\n'), now.split('\n')];
  const changed = before.findIndex((line, index) => line !== after[index]);
  const moved = after.length - before.length;
  return cards.map(({ line, html }) => ({ line: line - 1 > changed ? line + moved : line, html }));
}

const withLf = (text: string): string => text.replaceAll(/\r\n?/g, '\n');
