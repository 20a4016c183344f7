import {
  EventEmitter,
  Uri,
  commands,
  window,
  workspace,
  type Event,
  type LogOutputChannel,
  type Memento,
} from 'vscode';
import type { ContextKey } from './contributions.ts';
import { DisposableStore } from './disposableStore.ts';
import { HumanError } from './humanError.ts';
import type { LearnerIdentity } from './learner.ts';
import {
  parseWorkSettings,
  serializeWorkSettings,
  workSettingsFile,
  type WorkSettings,
} from '../course/workSettings.ts';
import { isRefused, readText, writeText } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

export interface WorkFolder {
  readonly uri: Uri;
  readonly settings: WorkSettings;
}

const chosenKey = 'workFolder';
const packId = 'trapframe';

/**
 * Finds the learner's folder: the one chosen in this window, else the nearest `trapframe.json` of the open workspace, else
 * the folder chosen last. Choosing one writes its `trapframe.json`, and never touches what is already there.
 */
export class WorkFolders {
  readonly #memory: Memento;
  readonly #log: LogOutputChannel;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  readonly onDidChange: Event<void> = this.#changed.event;
  #current: Promise<WorkFolder | undefined> | undefined;
  /** Holds until the window closes, whatever happens to other folders' settings meanwhile. */
  #chosenHere: Uri | undefined;

  constructor(memory: Memento, log: LogOutputChannel) {
    this.#memory = memory;
    this.#log = log;
    const forget = (): void => {
      this.#current = undefined;
      this.#changed.fire();
    };
    this.#disposables.add(workspace.onDidChangeWorkspaceFolders(forget));
    const watcher = this.#disposables.add(workspace.createFileSystemWatcher(`**/${workSettingsFile}`));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.#disposables.add(event(forget));
    }
  }

  /** Undefined when there is none. Rejects with a {@link HumanError} when its `trapframe.json` cannot be understood. */
  current(): Promise<WorkFolder | undefined> {
    this.#current ??= this.#find();
    return this.#current;
  }

  /** Undefined also when the folder's settings are broken; whoever needs the folder says so. */
  async usable(): Promise<WorkFolder | undefined> {
    try {
      return await this.current();
    } catch (error) {
      if (!(error instanceof HumanError)) throw error;
      return undefined;
    }
  }

  /** The current folder, or a newly chosen one; undefined when the learner chose none. */
  async currentOrChosen(identity: () => Promise<LearnerIdentity>): Promise<WorkFolder | undefined> {
    return (await this.current()) ?? (await this.choose(identity));
  }

  async choose(identity: () => Promise<LearnerIdentity>): Promise<WorkFolder | undefined> {
    const uri = await this.#ask();
    if (uri === undefined) return undefined;
    return this.use(uri, identity);
  }

  /** Makes a folder the work folder. */
  async use(uri: Uri, identity: () => Promise<LearnerIdentity>): Promise<WorkFolder> {
    if ((await readText(Uri.joinPath(uri, workSettingsFile))) === undefined) {
      const { learner, seed } = await identity();
      try {
        await workspace.fs.createDirectory(uri);
        await writeText(
          Uri.joinPath(uri, workSettingsFile),
          serializeWorkSettings({ format: 1, pack: packId, learner, seed }),
        );
      } catch (error) {
        if (!isRefused(error)) throw error;
        throw new HumanError(
          t(
            'Trapframe may not write in {0}: {1}. Choose a folder that you may write to.',
            shown(uri),
            (error as Error).message,
          ),
          { title: t('Choose Work Folder…'), command: 'trapframe.chooseWorkFolder' },
        );
      }
    }
    const folder = await this.#read(uri);
    this.#chosenHere = uri;
    await this.#memory.update(chosenKey, uri.toString());
    this.#current = Promise.resolve(folder);
    this.#setContext(folder);
    this.#changed.fire();
    return folder!;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #ask(): Promise<Uri | undefined> {
    const open = workspace.workspaceFolders ?? [];
    if (open.length > 0) {
      const elsewhere = { label: t('Choose another folder…'), uri: undefined };
      const choices = open.map((folder) => ({
        label: folder.name,
        description: shown(folder.uri),
        detail: t('Task files are written here, one folder for each task.'),
        uri: folder.uri as Uri | undefined,
      }));
      const chosen = await window.showQuickPick([...choices, elsewhere], {
        title: t('Where should your task files be?'),
        placeHolder: t('Choose a folder for your work'),
      });
      if (chosen === undefined) return undefined;
      if (chosen.uri !== undefined) return chosen.uri;
    }
    const [uri] =
      (await window.showOpenDialog({
        title: t('Choose a folder for your work'),
        openLabel: t('Use This Folder'),
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
      })) ?? [];
    return uri;
  }

  async #find(): Promise<WorkFolder | undefined> {
    const folder =
      (await this.#firstOf(this.#chosenHere === undefined ? [] : [this.#chosenHere])) ??
      (await this.#firstOf(workspace.workspaceFolders?.map(({ uri }) => uri) ?? [])) ??
      (await this.#firstOf(await foldersInside())) ??
      (await this.#firstOf(this.#chosenBefore()));
    this.#setContext(folder);
    return folder;
  }

  async #firstOf(candidates: readonly Uri[]): Promise<WorkFolder | undefined> {
    for (const uri of candidates) {
      const folder = await this.#read(uri);
      if (folder !== undefined) return folder;
    }
    return undefined;
  }

  #chosenBefore(): readonly Uri[] {
    const chosen = this.#memory.get<string>(chosenKey);
    return chosen === undefined ? [] : [Uri.parse(chosen, true)];
  }

  async #read(uri: Uri): Promise<WorkFolder | undefined> {
    let text: string | undefined;
    try {
      text = await readText(Uri.joinPath(uri, workSettingsFile));
    } catch (error) {
      this.#log.warn(`${shown(uri)} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
    if (text === undefined) return undefined;
    const read = parseWorkSettings(text);
    if (read.ok) return { uri, settings: read.value };
    this.#current = undefined;
    throw new HumanError(`${read.problem} (${shown(Uri.joinPath(uri, workSettingsFile))})`, {
      title: t('Open trapframe.json'),
      command: 'vscode.open',
      arguments: [Uri.joinPath(uri, workSettingsFile)],
    });
  }

  #setContext(folder: WorkFolder | undefined): void {
    void commands.executeCommand(
      'setContext',
      'trapframe.hasWorkFolder' satisfies ContextKey,
      folder !== undefined,
    );
  }
}

const shown = (uri: Uri): string => workspace.asRelativePath(uri, true);

/** Folders with a `trapframe.json` below the opened ones, nearest first. */
async function foldersInside(): Promise<readonly Uri[]> {
  if (workspace.workspaceFolders === undefined) return [];
  const found = await workspace.findFiles(`**/${workSettingsFile}`, '**/{node_modules,.git}/**', 20);
  const depth = (uri: Uri): number => uri.path.split('/').length;
  return found
    .map((file) => Uri.joinPath(file, '..'))
    .toSorted((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1));
}
