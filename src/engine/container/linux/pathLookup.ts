import { fail, succeed, type SysResult } from './errno.ts';
import { permitted } from './filePermission.ts';
import { onTop, samePath, type Path } from './mounts.ts';
import type { Process } from './process.ts';

/** Symbolic links that one lookup may follow. path_resolution(7) */
const maxLinks = 40;

export interface LookupOptions {
  /** Whether a symbolic link at the end is followed. Default true. */
  readonly followLast?: boolean;
  /** Where a relative path starts. Default: the current directory. */
  readonly from?: Path;
}

/** Finds the file that a path names, as seen by a process. path_resolution(7) */
export function lookup(process: Process, path: string, options: LookupOptions = {}): SysResult<Path> {
  return walk(process, path, options);
}

/** A name in a directory, which may or may not stand for a file yet. */
export interface NameInDirectory {
  readonly directory: Path;
  readonly name: string;
  readonly existing: Path | undefined;
  /** The path ended with a slash: only a directory will do. */
  readonly trailingSlash: boolean;
}

/** Finds the directory that a path's last name is in: for calls that make or remove a name. */
export function lookupName(process: Process, path: string, from?: Path): SysResult<NameInDirectory> {
  const trimmed = path.replace(/\/+$/, '');
  if (path === '') return fail('ENOENT');
  if (trimmed === '') {
    const { root } = process;
    return succeed({ directory: root, name: '/', existing: root, trailingSlash: true });
  }
  const slash = trimmed.lastIndexOf('/');
  const name = trimmed.slice(slash + 1);
  const parent = slash < 0 ? '.' : slash === 0 ? '/' : trimmed.slice(0, slash);
  const directory = lookup(process, parent, from === undefined ? {} : { from });
  if (!directory.ok) return directory;
  if (!directory.value.node.isDirectory) return fail('ENOTDIR');
  const existing = walk(process, name, { from: directory.value, followLast: false });
  if (!existing.ok && existing.errno !== 'ENOENT') return existing;
  return succeed({
    directory: directory.value,
    name,
    existing: existing.ok ? existing.value : undefined,
    trailingSlash: trimmed !== path,
  });
}

function walk(process: Process, path: string, { followLast = true, from }: LookupOptions): SysResult<Path> {
  if (path === '') return fail('ENOENT');
  if (path.length >= 4096) return fail('ENAMETOOLONG');
  let at: Path = path.startsWith('/') ? process.root : (from ?? process.cwd);
  let links = 0;
  const rest = path.split('/').filter((part) => part !== '');
  const mustBeDirectory = path.endsWith('/');
  while (rest.length > 0) {
    const name = rest.shift()!;
    if (name.length > 255) return fail('ENAMETOOLONG');
    if (!at.node.isDirectory) return fail('ENOTDIR');
    const searchable = permitted(process.credentials, at.node, { execute: true });
    if (!searchable.ok) return searchable;
    if (name === '.') continue;
    if (name === '..') {
      at = parentOf(process, at);
      continue;
    }
    const child = at.node.child(name, process);
    if (child === undefined) return fail('ENOENT');
    const next = onTop({ mount: at.mount, node: child });
    const { content } = next.node;
    const last = rest.length === 0 && !mustBeDirectory;
    if (content.kind === 'symlink' && (!last || followLast)) {
      if (++links > maxLinks) return fail('ELOOP');
      const target = typeof content.target === 'string' ? content.target : content.target(process);
      if (target === '') return fail('ENOENT');
      if (target.startsWith('/')) at = process.root;
      rest.unshift(...target.split('/').filter((part) => part !== ''));
      continue;
    }
    if (content.kind === 'magicLink' && (!last || followLast)) {
      if (++links > maxLinks) return fail('ELOOP');
      const followed = content.follow(process);
      if (!followed.ok) return followed;
      at = followed.value;
      continue;
    }
    at = next;
  }
  if (mustBeDirectory && !at.node.isDirectory) return fail('ENOTDIR');
  return succeed(at);
}

/** The step `..`: up through mounts, and never above the process's root. */
function parentOf(process: Process, from: Path): Path {
  let { mount, node } = from;
  for (;;) {
    // What was mounted on the root later is not at `/`, and is at `/..`.
    if (samePath({ mount, node }, process.root)) return onTop({ mount, node });
    if (node !== mount.root) {
      const parent = node.parent;
      return onTop({ mount, node: parent ?? node });
    }
    if (mount.parent === undefined) return onTop({ mount, node });
    node = mount.mountpoint!;
    mount = mount.parent;
  }
}
