import { DisposableStore } from './disposableStore.ts';
import {
  changedExercises,
  includesProgress,
  mergeProgress,
  noProgress,
  parseProgress,
  resetProgress,
  serializeProgress,
  withEvent,
  type LessonProgress,
  type ProgressEvent,
} from './progress.ts';

/** The few operations on one flat folder that saving progress needs. Names have no slashes. */
export interface FileStore {
  /** Names of all files; empty when the folder does not exist yet. */
  list(): Promise<readonly string[]>;
  /** The text, or undefined when there is no such file. */
  read(name: string): Promise<string | undefined>;
  /** Not atomic: a crash may leave any prefix of the text. Creates the folder. */
  write(name: string, text: string): Promise<void>;
  /** Replaces `to`. A crash may leave both names, or only `from`. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing when there is no such file. */
  delete(name: string): Promise<void>;
}

/** A saved file that could not be read; it was moved to `keptAs`. */
export interface CorruptFile {
  readonly lesson: string;
  readonly keptAs: string;
  readonly problem: string;
}

/** What is known about a lesson changed, here or in another window. */
export interface ProgressChange {
  readonly lesson: string;
  /** Ids of the exercises that look different now. */
  readonly exercises: readonly string[];
}

export interface ProgressStoreOptions {
  readonly files: FileStore;
  /** Names this window among all windows that use the folder. */
  readonly session: string;
  readonly onChange: (change: ProgressChange) => void;
  readonly onCorrupt: (file: CorruptFile) => void;
  /** The disk refused. What was not saved stays in memory, and is saved with the next change. */
  readonly onSaveFailed: (lesson: string, error: unknown) => void;
}

const maxSaveAttempts = 4;

/**
 * Keeps each lesson's progress in `<lesson>.json`.
 *
 * A save writes `<lesson>.json.<session>.new` and renames it over the file, so a kill leaves the old file, the new one,
 * or a complete `.new` beside a missing file, which the next read takes in. Before each save the file is read again and
 * merged, and after it once more to see that another window did not replace it in between; {@link refresh} does the same
 * when the folder is seen to change.
 */
export class ProgressStore {
  readonly #options: ProgressStoreOptions;
  readonly #known = new Map<string, LessonProgress>();
  readonly #saves = new Map<string, { running: Promise<void>; again: boolean }>();
  readonly #disposables = new DisposableStore();
  #loaded: Promise<void> | undefined;

  constructor(options: ProgressStoreOptions) {
    this.#options = options;
  }

  /** Reads everything that was saved. Later calls wait for the first. */
  load(): Promise<void> {
    this.#loaded ??= this.#loadAll();
    return this.#loaded;
  }

  /** What is known now; {@link load} comes first. */
  of(lesson: string): LessonProgress {
    return this.#known.get(lesson) ?? noProgress(lesson);
  }

  lessons(): readonly LessonProgress[] {
    return [...this.#known.values()];
  }

  /** Takes the event in at once, and resolves when it was saved, or when saving failed and was reported. */
  async record(lesson: string, event: ProgressEvent): Promise<void> {
    await this.load();
    this.#set(withEvent(this.of(lesson), event));
    await this.#save(lesson);
  }

  async reset(lesson: string): Promise<void> {
    await this.load();
    this.#set(resetProgress(this.of(lesson)));
    await this.#save(lesson);
  }

  /** The folder changed: takes in what other windows saved, and saves again what they dropped. */
  async refresh(lesson: string): Promise<void> {
    await this.load();
    const saved = await this.#readSaved(lesson);
    if (saved === undefined || !includesProgress(saved, this.of(lesson))) await this.#save(lesson);
    else this.#set(mergeProgress(this.of(lesson), saved));
  }

  /** Resolves when nothing is being saved. */
  async settled(): Promise<void> {
    while (this.#saves.size > 0) await Promise.all([...this.#saves.values()].map((save) => save.running));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #set(progress: LessonProgress): void {
    const before = this.of(progress.lesson);
    if (includesProgress(before, progress) && includesProgress(progress, before)) return;
    this.#known.set(progress.lesson, progress);
    this.#options.onChange({ lesson: progress.lesson, exercises: changedExercises(before, progress) });
  }

  async #loadAll(): Promise<void> {
    const names = await this.#options.files.list();
    const lessons = new Set(names.flatMap((name) => lessonOf(name) ?? []));
    for (const lesson of lessons) {
      const leftovers = names.filter((name) => isUnfinished(name, lesson));
      const saved = await this.#readSaved(lesson);
      let progress = saved ?? noProgress(lesson);
      for (const name of leftovers) {
        const read = parseProgress((await this.#options.files.read(name)) ?? '', lesson);
        if (read.ok) progress = mergeProgress(progress, read.value);
      }
      this.#set(mergeProgress(this.of(lesson), progress));
      if (saved === undefined ? progress.events.length > 0 : !includesProgress(saved, progress))
        await this.#save(lesson);
      // Only now, when what they held is saved elsewhere.
      if (leftovers.length > 0 && (await this.#isSaved(lesson))) {
        for (const name of leftovers) await this.#options.files.delete(name);
      }
    }
  }

  async #isSaved(lesson: string): Promise<boolean> {
    const saved = await this.#readSaved(lesson);
    return saved !== undefined && includesProgress(saved, this.of(lesson));
  }

  /** One save at a time for each lesson; changes during a save are saved together after it. */
  #save(lesson: string): Promise<void> {
    const current = this.#saves.get(lesson);
    if (current !== undefined) {
      current.again = true;
      return current.running;
    }
    const save = { running: Promise.resolve(), again: false };
    this.#saves.set(lesson, save);
    save.running = (async () => {
      try {
        do {
          save.again = false;
          await this.#saveOnce(lesson);
        } while (save.again);
      } catch (error) {
        this.#options.onSaveFailed(lesson, error);
      } finally {
        this.#saves.delete(lesson);
      }
    })();
    return save.running;
  }

  async #saveOnce(lesson: string): Promise<void> {
    const { files, session } = this.#options;
    const file = `${lesson}.json`;
    for (let attempt = 1; ; attempt++) {
      const saved = await this.#readSaved(lesson);
      if (saved !== undefined) this.#set(mergeProgress(this.of(lesson), saved));
      const progress = this.of(lesson);
      try {
        const unfinished = `${file}.${session}.new`;
        await files.write(unfinished, serializeProgress(progress));
        await files.rename(unfinished, file);
      } catch (error) {
        // Another window may have taken the unfinished file in while it was being written.
        if (attempt >= maxSaveAttempts) throw error;
        continue;
      }
      const now = await this.#readSaved(lesson);
      if (now !== undefined && includesProgress(now, progress)) return;
      if (attempt >= maxSaveAttempts) return;
    }
  }

  /** The saved record; a file that cannot be read is set aside and reported, once. */
  async #readSaved(lesson: string): Promise<LessonProgress | undefined> {
    const { files } = this.#options;
    const file = `${lesson}.json`;
    const text = await files.read(file);
    if (text === undefined) return undefined;
    const read = parseProgress(text, lesson);
    if (read.ok) return read.value;
    const names = new Set(await files.list());
    let n = 1;
    while (names.has(`${file}.corrupt-${n}`)) n++;
    const keptAs = `${file}.corrupt-${n}`;
    await files.rename(file, keptAs);
    this.#options.onCorrupt({ lesson, keptAs, problem: read.problem });
    return undefined;
  }
}

const lessonPattern = /^([a-z0-9-]+)\.json(?:\.[a-z0-9]+\.new)?$/;

/** The lesson whose progress a file holds, whole or unfinished; undefined for other files. */
export const lessonOf = (name: string): string | undefined => lessonPattern.exec(name)?.[1];

const isUnfinished = (name: string, lesson: string): boolean =>
  lessonOf(name) === lesson && name.endsWith('.new');
