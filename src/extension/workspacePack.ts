import { EventEmitter, FileType, RelativePattern, Uri, window, workspace, type Event } from 'vscode';
import type { PackFiles } from '../course/model.ts';
import { DisposableStore } from './disposableStore.ts';
import { isNotFound } from './workspaceFiles.ts';

/** A pack in the workspace as its author sees it: texts of open editors, saved or not, and else the files. */
export class WorkspacePack implements PackFiles {
  readonly root: Uri;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  /** Some text or the list of files changed. */
  readonly onDidChange: Event<void> = this.#changed.event;
  readonly #saved = new Map<string, Promise<string>>();
  #paths: Promise<readonly string[]> | undefined;

  constructor(root: Uri) {
    this.root = root;
    const watcher = this.#disposables.add(workspace.createFileSystemWatcher(new RelativePattern(root, '**')));
    const forget = (uri: Uri, listed: boolean): void => {
      const path = this.pathOf(uri);
      if (path === undefined) return;
      this.#saved.delete(path);
      if (!listed) this.#paths = undefined;
      this.#changed.fire();
    };
    this.#disposables.add(watcher.onDidChange((uri) => forget(uri, true)));
    this.#disposables.add(watcher.onDidCreate((uri) => forget(uri, false)));
    this.#disposables.add(
      // A folder may be gone with all that was in it.
      watcher.onDidDelete(() => this.reload()),
    );
    // Watchers can be late and can miss what happens in a folder that is new. What the editor itself did, and what was done
    // while another window had the focus, is seen without them.
    const reloadWith = ({ files }: { readonly files: readonly (Uri | { readonly newUri: Uri })[] }): void => {
      if (files.some((file) => this.pathOf('newUri' in file ? file.newUri : file) !== undefined))
        this.reload();
    };
    this.#disposables.add(workspace.onDidCreateFiles(reloadWith));
    this.#disposables.add(workspace.onDidDeleteFiles(reloadWith));
    this.#disposables.add(workspace.onDidRenameFiles(reloadWith));
    this.#disposables.add(window.onDidChangeWindowState(({ focused }) => focused && this.reload()));
    this.#disposables.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.pathOf(document.uri) !== undefined) this.#changed.fire();
      }),
    );
    // "Don't Save" closes an editor without a change of its text: from then on the file counts.
    this.#disposables.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (this.pathOf(uri) !== undefined) this.#changed.fire();
      }),
    );
  }

  /** The path of a file inside the pack; undefined for files elsewhere and hidden ones. */
  pathOf(uri: Uri): string | undefined {
    const root = this.root.path.replace(/\/$/, '');
    if (uri.scheme !== this.root.scheme || uri.authority !== this.root.authority) return undefined;
    if (!uri.path.startsWith(`${root}/`)) return undefined;
    const path = uri.path.slice(root.length + 1);
    return isHidden(path) ? undefined : path;
  }

  uriOf(path: string): Uri {
    return Uri.joinPath(this.root, ...path.split('/'));
  }

  async list(): Promise<readonly string[]> {
    this.#paths ??= filesUnder(this.root, '');
    const onDisk = await this.#paths;
    return onDisk;
  }

  read(path: string): Promise<string> {
    const uri = this.uriOf(path).toString();
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri);
    if (open !== undefined) return Promise.resolve(open.getText());
    const known = this.#saved.get(path) ?? this.#readSaved(path);
    this.#saved.set(path, known);
    return known;
  }

  /** Looks anew at every file that no editor has open: after a change of our own, of which watchers hear later. */
  reload(): void {
    this.#saved.clear();
    this.#paths = undefined;
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #readSaved(path: string): Promise<string> {
    try {
      return new TextDecoder().decode(await workspace.fs.readFile(this.uriOf(path)));
    } catch (error) {
      this.#saved.delete(path);
      throw error;
    }
  }
}

const isHidden = (path: string): boolean =>
  path.split('/').some((part) => part.startsWith('.') || part === 'node_modules');

/** Every file, sorted, by its path from the root; hidden files and folders are not part of a pack. */
async function filesUnder(folder: Uri, prefix: string): Promise<readonly string[]> {
  let entries: readonly (readonly [string, FileType])[];
  try {
    entries = await workspace.fs.readDirectory(folder);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
  const found = entries.map(async ([name, type]): Promise<readonly string[]> => {
    if (isHidden(name)) return [];
    if ((type & FileType.Directory) !== 0) return filesUnder(Uri.joinPath(folder, name), `${prefix}${name}/`);
    return (type & FileType.File) !== 0 ? [`${prefix}${name}`] : [];
  });
  return (await Promise.all(found)).flat().toSorted((a, b) => (a < b ? -1 : 1));
}
