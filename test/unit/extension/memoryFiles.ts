import type { FileStore } from '../../../src/extension/progressStore.ts';

export class Killed extends Error {}

/**
 * A disk that several windows share. Every operation takes effect in small steps, with a pause before each: a writer may
 * be killed at any of them, and other windows run in between.
 */
export class MemoryDisk {
  readonly files = new Map<string, string>();
  /** Awaited before each step; rejecting kills the window that does the step. */
  pause: (window: string) => Promise<void> = () => Promise.resolve();

  /** The disk as one window sees it. */
  for(window: string): FileStore {
    const step = async <T>(act: () => T): Promise<T> => {
      await this.pause(window);
      return act();
    };
    const { files } = this;
    return {
      list: () => step(() => [...files.keys()]),
      read: (name) => step(() => files.get(name)),
      async write(name, text) {
        await step(() => files.set(name, ''));
        await step(() => files.set(name, text.slice(0, text.length / 2)));
        await step(() => files.set(name, text));
      },
      async rename(from, to) {
        const text = await step(() => files.get(from));
        if (text === undefined) throw new Error(`${from} not found`);
        // VS Code deletes the target before it renames.
        await step(() => files.delete(to));
        await step(() => {
          if (!files.delete(from)) throw new Error(`${from} not found`);
          files.set(to, text);
        });
      },
      async delete(name) {
        await step(() => files.delete(name));
      },
    };
  }
}
