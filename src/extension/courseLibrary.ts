import { Uri, type LogOutputChannel } from 'vscode';
import type { Lesson } from '../course/model.ts';
import { Course, type TaskInLesson } from './course.ts';
import { HumanError } from './humanError.ts';
import { packFilesOf, type LessonIndex } from './lessonIndex.ts';
import type { CourseHost, Platform } from './platform.ts';
import { readText } from './workspaceFiles.ts';

/** Reads the course at first use. */
export class CourseLibrary {
  readonly #platform: Platform;
  readonly #extensionUri: Uri;
  readonly #log: LogOutputChannel;
  #course: Promise<Course> | undefined;
  #host: Promise<CourseHost> | undefined;

  constructor(platform: Platform, extensionUri: Uri, log: LogOutputChannel) {
    this.#platform = platform;
    this.#extensionUri = extensionUri;
    this.#log = log;
  }

  /** A failed attempt is not remembered. */
  host(): Promise<CourseHost> {
    this.#host ??= this.#platform.loadCourseHost().catch((error: unknown) => {
      this.#host = undefined;
      throw error;
    });
    return this.#host;
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
        `There is no lesson "${id}" in this version of the course. Open another from the course view.`,
        {
          title: 'Open Lesson…',
          command: 'trapframe.openLesson',
        },
      );
    }
    return lesson;
  }

  async task(id: string): Promise<TaskInLesson> {
    const found = (await this.get()).task(id);
    if (found === undefined) {
      throw new HumanError(`There is no task "${id}" in this version of the course. Open another task.`, {
        title: 'Open Task…',
        command: 'trapframe.openTask',
      });
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
        'The bundled course is missing from the extension (dist/lessons.json). Install Trapframe again.',
      );
    }
    const loaded = await host.openPack(packFilesOf(JSON.parse(text) as LessonIndex));
    for (const { at, message } of loaded.problems)
      this.#log.warn(`${at.file}:${at.line}:${at.column} ${message}`);
    return new Course(host, loaded.value, loaded.problems);
  }
}
