import { nearest } from '../../kernel/parameters.ts';

/** The controllers that this host's cgroups can be given. */
export const controllers = ['cpu', 'memory', 'io', 'pids'] as const;
export type Controller = (typeof controllers)[number];

export const subtreeControlFile = 'cgroup.subtree_control';

/** A controller that a cgroup lists for its children. */
export interface ListedController {
  /** As it was written, without its plus. */
  readonly written: string;
  /** The one that it is, or that was most likely meant; undefined when it is like none. */
  readonly meant: Controller | undefined;
}

/**
 * What a cgroup gives its children, word by word. A misspelt name, of a controller or of the file itself, stands for what was meant, so that
 * nothing else is said to be missing because of it.
 * @param files the names that a file of a cgroup can have
 */
export function listedControllers(
  settings: Readonly<Record<string, unknown>>,
  files: readonly string[],
): readonly ListedController[] {
  const file = Object.hasOwn(settings, subtreeControlFile)
    ? subtreeControlFile
    : Object.keys(settings).find((key) => !files.includes(key) && nearest(key, files) === subtreeControlFile);
  const value = file === undefined ? [] : settings[file];
  return (Array.isArray(value) ? (value as unknown[]) : [value])
    .filter((each) => typeof each === 'string')
    .flatMap((each) => each.split(/\s+/).filter(Boolean))
    .map((word) => word.replace('+', ''))
    .map((written) => ({
      written,
      meant: controllers.find((each) => each === (nearest(written, controllers) ?? written)),
    }));
}
