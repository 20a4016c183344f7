import type { PackFiles } from '../../course/model.ts';

/** A pack as it will be: its files, and over them those that are about to be written. */
export const overlaid = (files: PackFiles, written: ReadonlyMap<string, string>): PackFiles => ({
  async list() {
    return [...new Set([...(await files.list()), ...written.keys()])].toSorted();
  },
  read: (path) => {
    const text = written.get(path);
    return text === undefined ? files.read(path) : Promise.resolve(text);
  },
});
