import type { PackFiles } from '../course/model.ts';

/**
 * The bundled course as one file, `dist/lessons.json`: the web extension host can read a file by its name but cannot list
 * a folder. `build/bundle.mjs` writes it from `lessons/`.
 */
export interface LessonIndex {
  /** Text by path inside `lessons/`. */
  readonly files: Readonly<Record<string, string>>;
}

export function packFilesOf(index: LessonIndex): PackFiles {
  const paths = Object.keys(index.files).toSorted();
  return {
    list: () => Promise.resolve(paths),
    read: (path) => {
      const text = Object.hasOwn(index.files, path) ? index.files[path] : undefined;
      return text === undefined
        ? Promise.reject(new Error(`${path} is not in the bundled course`))
        : Promise.resolve(text);
    },
  };
}
