import { EventEmitter, Uri, workspace, type Event, type TextDocument } from 'vscode';
import type { AuthoringPack } from '../authoring/authoringPack.ts';
import { foldersAboveTo } from '../authoring/authorFile.ts';
import { isPackText } from '../authoring/isPackText.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import { WorkspacePack } from './workspacePack.ts';
import { readText } from './workspaceFiles.ts';

/** A pack of the workspace that somebody writes. */
export interface AuthorPack {
  readonly files: WorkspacePack;
  readonly authoring: AuthoringPack;
}

/** A file of such a pack. */
export interface FileOfPack extends AuthorPack {
  /** In the pack. */
  readonly path: string;
}

/** The files that all language features are offered in. */
export const authorSelector = [
  { pattern: '**/{lesson.md,lesson.*.md}' },
  { pattern: '**/{pack.yaml,pack.*.yaml}' },
  { pattern: '**/tasks/*/{task.yaml,task.*.yaml}' },
];

/** The same, and the documents of tasks that ask for one: starters, solutions and known-wrong ones. */
export const documentSelector = [...authorSelector, { pattern: '**/tasks/*/**/*.{json,yaml,yml}' }];

/** Packs of the workspace, each from the moment at which one of its files is looked at. The engine is loaded with the first. */
export class AuthorPacks {
  readonly #library: CourseLibrary;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<AuthorPack>());
  readonly onDidChange: Event<AuthorPack> = this.#changed.event;
  readonly #packs = new Map<string, Promise<AuthorPack>>();

  constructor(library: CourseLibrary) {
    this.#library = library;
  }

  /** The pack that a document belongs to and its path there; undefined for any other document. */
  async of({ uri }: Pick<TextDocument, 'uri'>): Promise<FileOfPack | undefined> {
    const above = foldersAboveTo(uri.path);
    if (above === undefined || workspace.getWorkspaceFolder(uri) === undefined) return undefined;
    const root = Uri.joinPath(uri, ...Array<string>(above).fill('..'));
    const pack = await this.at(root);
    const path = pack?.files.pathOf(uri);
    return pack === undefined || path === undefined ? undefined : { ...pack, path };
  }

  /** The pack in a folder; undefined where there is none. */
  async at(root: Uri): Promise<AuthorPack | undefined> {
    const key = root.toString();
    const known = this.#packs.get(key);
    if (known !== undefined) return known;
    const head = Uri.joinPath(root, 'pack.yaml');
    const open = workspace.textDocuments.find(({ uri }) => uri.toString() === head.toString());
    const text = open?.getText() ?? (await readText(head));
    if (text === undefined || !isPackText(text)) return undefined;
    const pack = this.#packs.get(key) ?? this.#add(root);
    this.#packs.set(key, pack);
    return pack;
  }

  /** The packs of the workspace by their folders. */
  async find(): Promise<readonly Uri[]> {
    const heads = await workspace.findFiles('**/pack.yaml', '**/{node_modules,.git}/**', 50);
    const roots = await Promise.all(
      heads.map(async (head) => {
        const text = await readText(head);
        return text !== undefined && isPackText(text) ? [Uri.joinPath(head, '..')] : [];
      }),
    );
    return roots.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #add(root: Uri): Promise<AuthorPack> {
    const host = await this.#library.host();
    const files = this.#disposables.add(new WorkspacePack(root));
    const pack = { files, authoring: host.authoringPack(files) };
    this.#disposables.add(
      files.onDidChange(() => {
        pack.authoring.forget();
        this.#changed.fire(pack);
      }),
    );
    return pack;
  }
}
