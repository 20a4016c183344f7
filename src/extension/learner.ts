import { EventEmitter, Uri, type Event } from 'vscode';
import { bundledCourseSeed, learnerSeed } from '../course/seeds.ts';
import { DisposableStore } from './disposableStore.ts';
import { readText, writeText } from './workspaceFiles.ts';
import type { WorkFolders } from './workFolders.ts';

export interface LearnerIdentity {
  readonly learner: string;
  /** Root of the seeds of all exercises. */
  readonly seed: number;
}

/** Who is learning: the work folder says so; without one that can be read, a profile of this VS Code does. */
export class Learner {
  readonly #storage: Uri;
  readonly #folders: WorkFolders;
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new EventEmitter<void>());
  readonly onDidChange: Event<void> = this.#changed.event;
  #profile: Promise<LearnerIdentity> | undefined;

  constructor(globalStorage: Uri, folders: WorkFolders) {
    this.#storage = globalStorage;
    this.#folders = folders;
    this.#disposables.add(folders.onDidChange(() => this.#changed.fire()));
  }

  async identity(): Promise<LearnerIdentity> {
    const folder = await this.#folders.usable();
    return folder?.settings ?? (await this.profile());
  }

  /** The identity that new work folders get. */
  profile(): Promise<LearnerIdentity> {
    this.#profile ??= this.#readProfile();
    return this.#profile;
  }

  async #readProfile(): Promise<LearnerIdentity> {
    const uri = Uri.joinPath(this.#storage, 'profile.json');
    try {
      const saved: unknown = JSON.parse((await readText(uri)) ?? '{}');
      if (isProfile(saved))
        return { learner: saved.learner, seed: learnerSeed(bundledCourseSeed, saved.learner) };
    } catch {
      // A damaged profile holds nothing that cannot be drawn anew.
    }
    const learner = crypto.randomUUID().slice(0, 8);
    await writeText(uri, `${JSON.stringify({ format: 1, learner })}\n`);
    return { learner, seed: learnerSeed(bundledCourseSeed, learner) };
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

const isProfile = (value: unknown): value is { learner: string } =>
  typeof value === 'object' && value !== null && 'learner' in value && typeof value.learner === 'string';
