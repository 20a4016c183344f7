import {
  answersFile,
  parseWorkSettings,
  workSettingsFile,
  type WorkSettings,
} from '../../course/workSettings.ts';
import { compareText } from '../../course/problemList.ts';
import type { Task } from '../../course/model.ts';
import { receiptEnding } from '../receipt.ts';
import { parseAnswers, type SubmittedAnswers } from './answersRecord.ts';
import { whereIn, type SubmissionProblem } from './classReport.ts';
import { oneLine } from './csv.ts';
import { fewNames } from './fewNames.ts';
import {
  codeOf,
  TooLarge,
  walk,
  maxFiles,
  type FolderTree,
  type FoundFile,
  type SubmittedFile,
} from './folderTree.ts';
import { BadArchive, zipTree } from './zipArchive.ts';

/** What one learner handed in, read and bounded, and not yet judged. */
export interface ReadSubmission {
  readonly settings?: WorkSettings;
  readonly answers?: SubmittedAnswers;
  /** By task id. */
  readonly tasks: ReadonlyMap<string, SubmittedTaskFile>;
  /** Ids of tasks whose file is there and could not be read, as a problem says. */
  readonly unread: ReadonlySet<string>;
  readonly problems: readonly SubmissionProblem[];
}

export interface SubmittedTaskFile {
  /** Inside the submission. */
  readonly path: string;
  readonly source: string;
  /** The text of the receipt beside it. */
  readonly receipt?: string;
}

/** A learner's file is text that a person wrote; more than this is something else. */
export const maxTextBytes = 1_000_000;
/** A receipt holds the source and a report of it. */
const maxReceiptBytes = 8_000_000;
/** An archive inside a folder or another archive is read whole. */
export const maxInnerArchiveBytes = 50_000_000;

/**
 * Reads what the tasks and questions of a course need from a folder of submitted files: `<task id>/<file>` at any depth,
 * the file's name alone where it tells the task, and the work folder's own `answers.json` and `trapframe.json`.
 * @param place what messages call the submission
 */
export async function readSubmission(
  tree: FolderTree,
  place: string,
  tasks: readonly Task[],
): Promise<ReadSubmission> {
  const problems: SubmissionProblem[] = [];
  const reader = new SubmissionReader(place, problems);
  try {
    return { ...(await readWith(reader, tree, tasks)), problems };
  } finally {
    await reader.close();
  }
}

async function readWith(
  reader: SubmissionReader,
  tree: FolderTree,
  tasks: readonly Task[],
): Promise<Omit<ReadSubmission, 'problems'>> {
  const files = await reader.files(tree, tasks);
  const settingsText = await reader.text(nearestTop(files, workSettingsFile), maxTextBytes);
  const settings = settingsText === undefined ? undefined : reader.settings(settingsText);
  const answersText = await reader.text(nearestTop(files, answersFile), maxTextBytes);
  const answers = answersText === undefined ? undefined : reader.answers(answersText);
  const found = new Map<string, SubmittedTaskFile>();
  const unread = new Set<string>();
  for (const task of tasks) {
    const file = reader.taskFile(files, task, tasks);
    const source = await reader.text(file, maxTextBytes);
    if (file === undefined) continue;
    if (source === undefined) {
      unread.add(task.id);
      continue;
    }
    const receiptFile = files.find(({ path }) => path === `${file.path}${receiptEnding}`);
    const receipt = await reader.text(receiptFile, maxReceiptBytes);
    found.set(task.id, { path: file.path, source, ...(receipt === undefined ? {} : { receipt }) });
  }
  if (found.size === 0 && unread.size === 0) reader.nameOthers(files, tasks);
  return {
    ...(settings === undefined ? {} : { settings }),
    ...(answers === undefined ? {} : { answers }),
    tasks: found,
    unread,
  };
}

/** Whether files look like a work folder of these tasks, or a part of one. */
export const hasWork = (files: readonly Pick<FoundFile, 'path'>[], tasks: readonly Task[]): boolean =>
  files.some(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      name === answersFile ||
      name === workSettingsFile ||
      tasks.some(({ file }) => path === file || path.endsWith(`/${file}`))
    );
  });

/** The file of that name that lies least deep. */
function nearestTop(files: readonly FoundFile[], name: string): FoundFile | undefined {
  return shallowest(files.filter(({ path }) => path === name || path.endsWith(`/${name}`)))[0];
}

const depthOf = (path: string): number => path.split('/').length;

/** Those that lie least deep, in the order of their paths. */
function shallowest(files: readonly FoundFile[]): readonly FoundFile[] {
  const least = Math.min(...files.map(({ path }) => depthOf(path)));
  return files.filter(({ path }) => depthOf(path) === least).toSorted((a, b) => compareText(a.path, b.path));
}

class SubmissionReader {
  readonly #place: string;
  readonly #problems: SubmissionProblem[];
  /** Paths of which a problem was said. */
  readonly #told = new Set<string>();
  /** Archives that files are still read from. */
  readonly #archives: SubmittedFile[] = [];

  constructor(place: string, problems: SubmissionProblem[]) {
    this.#place = place;
    this.#problems = problems;
  }

  /** The files of a submission, also of the one archive that it consists of. */
  async files(tree: FolderTree, tasks: readonly Task[], archives = 2): Promise<readonly FoundFile[]> {
    const { files, refused, cut } = await walk(tree);
    for (const { path, why } of refused)
      this.#add(path, `was left out: ${why}.`, 'Hand in the file itself, if it belongs to the work.');
    if (cut)
      this.#add(
        '.',
        `has more than ${maxFiles} files, and the rest was not looked at.`,
        'Hand in the work folder alone.',
      );
    if (hasWork(files, tasks) || archives === 0) return files;
    const inner = files.filter(({ path }) => /\.zip$/i.test(path));
    if (inner.length === 0) return files;
    const [archive] = shallowest(inner);
    if (inner.length > 1)
      this.#add(
        '.',
        `holds ${inner.length} archives, and ${shown(archive!.path)} was read.`,
        'Hand in the one that counts, alone.',
      );
    this.#archives.push(archive!.file);
    try {
      return await this.files(await zipTree(archive!.file, maxInnerArchiveBytes), tasks, archives - 1);
    } catch (error) {
      this.#add(archive!.path, `cannot be read: ${reasonOf(error)}.`, 'Hand it in again.');
      return files;
    }
  }

  async close(): Promise<void> {
    for (const file of this.#archives) await file.close?.();
  }

  async text(found: FoundFile | undefined, limit: number): Promise<string | undefined> {
    if (found === undefined) return undefined;
    const { path, file } = found;
    if (file.size > limit) {
      this.#add(
        path,
        `has ${file.size} bytes, but may have at most ${limit}; it was not read.`,
        'Hand in the file that was meant.',
      );
      return undefined;
    }
    try {
      const bytes = await file.read(limit);
      const text = new TextDecoder().decode(bytes);
      if (!text.includes('\0')) return text;
      this.#add(path, 'is no text: it holds zero bytes.', 'Hand in the file that was meant, saved as UTF-8.');
    } catch (error) {
      this.#add(
        path,
        `cannot be read: ${reasonOf(error)}.`,
        'Hand it in again, with a permission to read it.',
      );
    }
    return undefined;
  }

  settings(text: string): WorkSettings | undefined {
    const read = parseWorkSettings(text);
    if (read.ok) return read.value;
    this.#add(workSettingsFile, read.problem.replace(/^trapframe\.json /, ''), 'It was not used.');
    return undefined;
  }

  answers(text: string): SubmittedAnswers | undefined {
    const read = parseAnswers(text);
    if (!read.ok) {
      this.#add(
        answersFile,
        `${read.problem}.`,
        'No question was graded: hand in the file that Trapframe wrote.',
      );
      return undefined;
    }
    for (const id of read.value.unreadable)
      this.#add(
        answersFile,
        `holds no answer that can be understood for ${shown(id)}.`,
        'It counts as not answered.',
      );
    return read.value;
  }

  /** Of the files that may be the task's, the one that lies least deep. */
  taskFile(files: readonly FoundFile[], task: Task, tasks: readonly Task[]): FoundFile | undefined {
    const own = `${task.id}/${task.file}`;
    const inFolder = files.filter(({ path }) => path === own || path.endsWith(`/${own}`));
    const [first, ...others] = inFolder.length > 0 ? shallowest(inFolder) : this.#byName(files, task, tasks);
    if (first === undefined) return undefined;
    if (others.length > 0)
      this.#add(
        first.path,
        `is one of ${others.length + 1} files for ${task.id}, and was graded; not ${others.map(({ path }) => shown(path)).join(', ')}.`,
        'Hand in the one that counts, alone.',
      );
    return first;
  }

  /** What else was handed in where no task's file was found: a misspelt name is seen at once. */
  nameOthers(files: readonly FoundFile[], tasks: readonly Task[]): void {
    const [task] = tasks;
    const own = new Set<string>([answersFile, workSettingsFile]);
    const others = files.filter(
      ({ path }) => !own.has(path.slice(path.lastIndexOf('/') + 1)) && !this.#told.has(path),
    );
    if (task === undefined || others.length === 0) return;
    const named = fewNames(others.map(({ path }) => shown(path)));
    this.#add(
      '.',
      `holds no file that has the name of a task's file, but ${named}.`,
      others.some(({ path }) => isOtherArchive(path))
        ? 'Hand in a zip archive: no other kind is read.'
        : `If the work is among them, name it as in: ${task.id}/${task.file}`,
    );
  }

  /** Files outside a task's folder, where their name says whose they are. */
  #byName(files: readonly FoundFile[], task: Task, tasks: readonly Task[]): readonly FoundFile[] {
    const folders = new Set(tasks.map(({ id }) => id));
    const named = files.filter(({ path }) => {
      const parts = path.split('/');
      return submittedName(parts.at(-1)!) === task.file && !folders.has(parts.at(-2) ?? '');
    });
    if (named.length === 0) return [];
    const others = tasks.filter(({ id, file }) => file === task.file && id !== task.id);
    const unclaimed = others.filter(
      ({ id, file }) => !files.some(({ path }) => `/${path}`.endsWith(`/${id}/${file}`)),
    );
    if (unclaimed.length === 0) return shallowest(named);
    if (this.#told.has(named[0]!.path)) return [];
    this.#add(
      named[0]!.path,
      `may be the work for ${[task, ...unclaimed].map(({ id }) => id).join(' or ')}, and was not graded.`,
      `Put it in a folder with the task's name: ${task.id}/${task.file}`,
    );
    return [];
  }

  #add(path: string, what: string, next: string): void {
    this.#told.add(path);
    const where = whereIn(this.#place, path === '.' ? undefined : shown(path));
    this.#problems.push({ where, what, next, toLearner: true });
  }
}

/** Canvas numbers later versions, `scheduler-1.ts`, and browsers what they download again, `scheduler (1).ts`. */
const submittedName = (name: string): string => name.replace(/(?:-\d{1,2}| ?\(\d{1,2}\))(?=\.[^.]+$)/, '');

/** Archives that are not read. */
export const isOtherArchive = (name: string): boolean => /\.(?:tar|tgz|gz|bz2|xz|zst|7z|rar)$/i.test(name);

/** A name of somebody else in a message: no control characters, and not endless. */
export const shown = (name: string): string => {
  const line = oneLine(name);
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
};

function reasonOf(error: unknown): string {
  if (error instanceof TooLarge) return `it unfolds to more than ${error.limit} bytes`;
  return error instanceof BadArchive ? error.message : codeOf(error);
}
