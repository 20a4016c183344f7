import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compareText } from '../../course/problemList.ts';
import type { LearnerResult } from '../../grading/class/classReport.ts';
import { codeOf } from '../../grading/class/folderTree.ts';
import { makeFolder } from '../makeFolder.ts';

/** Where results are while a class is graded. Results are read back one at a time: memory does not grow with a class. */
export interface ResultStore {
  /** The result of a learner under this fingerprint, where it was graded before. */
  has(learner: string, fingerprint: string): boolean;
  add(learner: string, fingerprint: string, result: LearnerResult): Promise<void>;
  read(learner: string): Promise<LearnerResult>;
  /** In the order of ids; only of these learners. */
  all(learners: readonly string[]): AsyncIterable<LearnerResult>;
}

interface Entry {
  readonly fingerprint: string;
  readonly offset: number;
  readonly length: number;
}

const newline = 10;

/**
 * A file with one line of JSON for each learner that was graded, so that a run that was killed goes on where it was. A line that
 * is not whole is the one that was being written. What cannot be written, because the disk is full, is kept in memory.
 */
export class ResultJournal implements ResultStore {
  readonly #file: FileHandle | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #kept = new Map<string, { readonly fingerprint: string; readonly result: LearnerResult }>();
  readonly #onTrouble: (what: string) => void;
  #end = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #troubled = false;

  private constructor(file: FileHandle | undefined, onTrouble: (what: string) => void) {
    this.#file = file;
    this.#onTrouble = onTrouble;
  }

  /**
   * Opens a journal, or begins one. One of another class, pack or version is begun anew.
   * @param of what results depend on beside the learner's own work
   * @param onTrouble is told once why results are kept in memory
   */
  static async open(path: string, of: string, onTrouble: (what: string) => void): Promise<ResultJournal> {
    let file: FileHandle | undefined;
    try {
      await makeFolder(dirname(path));
      file = await open(path, 'a+', 0o600);
    } catch (error) {
      onTrouble(codeOf(error));
      return new ResultJournal(undefined, onTrouble);
    }
    const journal = new ResultJournal(file, onTrouble);
    await journal.#begin(file, of);
    return journal;
  }

  /** Without a file. */
  static inMemory(): ResultJournal {
    return new ResultJournal(undefined, () => undefined);
  }

  has(learner: string, fingerprint: string): boolean {
    return (this.#kept.get(learner) ?? this.#entries.get(learner))?.fingerprint === fingerprint;
  }

  add(learner: string, fingerprint: string, result: LearnerResult): Promise<void> {
    const line = Buffer.from(`${JSON.stringify({ learner, fingerprint, result })}\n`);
    const added = this.#writing.then(async () => {
      if (this.#file !== undefined && (await this.#append(this.#file, line))) {
        this.#entries.set(learner, { fingerprint, offset: this.#end, length: line.length - 1 });
        this.#kept.delete(learner);
        this.#end += line.length;
      } else this.#kept.set(learner, { fingerprint, result });
    });
    this.#writing = added;
    return added;
  }

  async read(learner: string): Promise<LearnerResult> {
    const kept = this.#kept.get(learner);
    if (kept !== undefined) return kept.result;
    const { offset, length } = this.#entries.get(learner)!;
    const bytes = Buffer.alloc(length);
    await this.#file!.read(bytes, 0, length, offset);
    return (JSON.parse(bytes.toString()) as { result: LearnerResult }).result;
  }

  async *all(learners: readonly string[]): AsyncIterable<LearnerResult> {
    for (const learner of learners.toSorted(compareText)) yield await this.read(learner);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
  }

  async #append(file: FileHandle, line: Buffer): Promise<boolean> {
    try {
      await file.appendFile(line);
      return true;
    } catch (error) {
      if (!this.#troubled) this.#onTrouble(codeOf(error));
      this.#troubled = true;
      // Half a line would spoil the next one.
      await file.truncate(this.#end).catch(() => undefined);
      return false;
    }
  }

  async #begin(file: FileHandle, of: string): Promise<void> {
    const head = Buffer.from(`${JSON.stringify({ format: 1, kind: 'trapframe grading journal', of })}\n`);
    const { size } = await file.stat();
    if (size > 0) {
      const start = Buffer.alloc(Math.min(size, head.length));
      await file.read(start, 0, start.length, 0);
      if (start.equals(head)) await this.#index(file, head.length, size);
    }
    if (this.#end === 0) {
      await file.truncate(0).catch(() => undefined);
      if (await this.#append(file, head)) this.#end = head.length;
    } else if (this.#end < size) await file.truncate(this.#end);
  }

  /** Finds the lines of a journal that are whole. */
  async #index(file: FileHandle, start: number, size: number): Promise<void> {
    this.#end = start;
    let rest = Buffer.alloc(0);
    for (let at = start; at < size;) {
      const chunk = Buffer.alloc(Math.min(1 << 20, size - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
        const entry = entryIn(rest.subarray(0, end));
        if (entry === undefined) return;
        this.#entries.set(entry.learner, { ...entry, offset: this.#end, length: end });
        this.#end += end + 1;
        rest = rest.subarray(end + 1);
      }
    }
  }
}

function entryIn(line: Buffer): { readonly learner: string; readonly fingerprint: string } | undefined {
  try {
    const { learner, fingerprint } = JSON.parse(line.toString()) as Record<string, unknown>;
    return typeof learner === 'string' && typeof fingerprint === 'string'
      ? { learner, fingerprint }
      : undefined;
  } catch {
    return undefined;
  }
}
