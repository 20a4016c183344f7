import {
  EventEmitter,
  Uri,
  env,
  extensions,
  l10n,
  workspace,
  type Event,
  type LogOutputChannel,
} from 'vscode';
import type { Lesson } from '../course/model.ts';
import { contributedPacks, readerOf } from './contributedPacks.ts';
import { Course, type TaskInLesson } from './course.ts';
import { joinPacks, type PlacedPack } from './coursePacks.ts';
import { DisposableStore } from './disposableStore.ts';
import { HumanError } from './humanError.ts';
import { packFilesOf, type LessonIndex } from './lessonIndex.ts';
import { isPackText } from '../authoring/isPackText.ts';
import type { CourseHost, Platform } from './platform.ts';
import { WorkspacePack } from './workspacePack.ts';
import { readText } from './workspaceFiles.ts';
import { t } from '../course/messages.ts';

/**
 * Reads the course at first use: the bundled pack, those of other extensions, and those in folders of the workspace. It is
 * read anew when one of these comes, goes or is saved.
 */
export class CourseLibrary {
  readonly #platform: Platform;
  readonly #extensionUri: Uri;
  readonly #log: LogOutputChannel;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  /** The next {@link get} has another course than the one before. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** Folders of the packs beside the bundled one. */
  #roots: readonly Uri[] = [];
  #course: Promise<Course> | undefined;
  #host: Promise<CourseHost> | undefined;

  constructor(platform: Platform, extensionUri: Uri, log: LogOutputChannel) {
    this.#platform = platform;
    this.#extensionUri = extensionUri;
    this.#log = log;
    const packHeads = this.#disposables.add(workspace.createFileSystemWatcher('**/pack.yaml', false, true));
    const forget = (): void => this.#forget();
    for (const event of [packHeads.onDidCreate, packHeads.onDidDelete]) this.#disposables.add(event(forget));
    this.#disposables.add(extensions.onDidChange(forget));
    this.#disposables.add(workspace.onDidChangeWorkspaceFolders(forget));
    this.#disposables.add(
      workspace.onDidSaveTextDocument(({ uri }) => {
        const isPacks = ({ path }: Uri): boolean => uri.path.startsWith(`${path.replace(/\/$/, '')}/`);
        if (uri.path.endsWith('/pack.yaml') || this.#roots.some(isPacks)) this.#forget();
      }),
    );
  }

  /** Folders that lessons' pictures lie in, beside the bundled one. */
  get roots(): readonly Uri[] {
    return this.#roots;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** A failed attempt is not remembered. */
  host(): Promise<CourseHost> {
    this.#host ??= this.#loadHost().catch((error: unknown) => {
      this.#host = undefined;
      throw error;
    });
    return this.#host;
  }

  /** Its bundle has texts of its own, which it says in the editor's language too. */
  async #loadHost(): Promise<CourseHost> {
    const host = await this.#platform.loadCourseHost();
    host.speakBy(t, l10n.bundle);
    return host;
  }

  /** Rejects with a {@link HumanError} when there is no course; a failed attempt is not remembered. */
  get(): Promise<Course> {
    this.#course ??= this.#read().catch((error: unknown) => {
      this.#course = undefined;
      throw error;
    });
    return this.#course;
  }

  async lesson(id: string): Promise<Lesson> {
    const lesson = (await this.get()).lesson(id);
    if (lesson === undefined) {
      throw new HumanError(
        t('There is no lesson "{0}" in this version of the course. Open another from the course view.', id),
        {
          title: t('Open Lesson…'),
          command: 'trapframe.openLesson',
        },
      );
    }
    return lesson;
  }

  async task(id: string): Promise<TaskInLesson> {
    const found = (await this.get()).task(id);
    if (found === undefined) {
      throw new HumanError(
        t('There is no task "{0}" in this version of the course. Open another task.', id),
        {
          title: t('Open Task…'),
          command: 'trapframe.openTask',
        },
      );
    }
    return found;
  }

  async #read(): Promise<Course> {
    const [host, text] = await Promise.all([
      this.host(),
      readText(Uri.joinPath(this.#extensionUri, 'dist', 'lessons.json')),
    ]);
    if (text === undefined) {
      throw new HumanError(
        t('The bundled course is missing from the extension (dist/lessons.json). Install Trapframe again.'),
      );
    }
    const loaded = await host.openPack(packFilesOf(JSON.parse(text) as LessonIndex), env.language);
    for (const { at, message } of loaded.problems)
      this.#log.warn(`${at.file}:${at.line}:${at.column} ${message}`);
    const others = [...(await this.#contributed(host)), ...(await this.#inWorkspace(host))];
    const joined = joinPacks(loaded, others);
    for (const sentence of joined.refused) this.#log.warn(sentence);
    this.#roots = others.map(({ root }) => root);
    const folders = new Map(joined.roots.map((start, index) => [start, others[index]!.root]));
    const bundled = Uri.joinPath(this.#extensionUri, 'lessons');
    return new Course(host, joined.value, joined.problems, (path) => {
      const start = path.slice(0, path.indexOf('/') + 1);
      const root = folders.get(start);
      return root === undefined ? Uri.joinPath(bundled, path) : Uri.joinPath(root, path.slice(start.length));
    });
  }

  async #contributed(host: CourseHost): Promise<readonly RootedPack[]> {
    const found = await Promise.all(
      contributedPacks().map(async (pack): Promise<readonly RootedPack[]> => {
        if (!pack.ok) {
          this.#log.warn(pack.message);
          return [];
        }
        const { root, from } = pack;
        return [{ root, from, loaded: await host.openReferencedPack(readerOf(root), env.language) }];
      }),
    );
    return found.flat();
  }

  async #inWorkspace(host: CourseHost): Promise<readonly RootedPack[]> {
    const heads = await workspace.findFiles('**/pack.yaml', '**/{node_modules,.git}/**', mostPacks);
    const found = await Promise.all(
      heads.map(async (head): Promise<readonly RootedPack[]> => {
        if (!isPackText((await readText(head)) ?? '')) return [];
        const root = Uri.joinPath(head, '..');
        const files = new WorkspacePack(root);
        try {
          return [
            {
              root,
              from: workspace.asRelativePath(root, true),
              loaded: await host.openPack(files, env.language),
            },
          ];
        } finally {
          files.dispose();
        }
      }),
    );
    return found.flat().toSorted((a, b) => (a.root.path < b.root.path ? -1 : 1));
  }

  #forget(): void {
    if (this.#course === undefined) return; // nobody asked yet
    this.#course = undefined;
    this.#changed.fire();
  }
}

/** A workspace of more is somebody's collection, not what they learn from. */
const mostPacks = 20;

interface RootedPack extends PlacedPack {
  readonly root: Uri;
}
