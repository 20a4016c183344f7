/** What a layer holds at a path, in overlayfs's representation. Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories" */
export type LayerEntry =
  | { readonly kind: 'file'; content: string }
  | {
      readonly kind: 'directory';
      readonly xattrs: Map<string, string>;
      readonly children: Map<string, LayerEntry>;
    }
  /** A character device. With numbers 0/0 it is a whiteout. */
  | { readonly kind: 'device'; readonly major: number; readonly minor: number };
export type LayerDirectory = Extract<LayerEntry, { kind: 'directory' }>;

/** `"y"` on a directory of a layer hides what layers below have there. */
export const opaqueXattr = 'trusted.overlay.opaque';

export const newDirectory = (): LayerDirectory => ({
  kind: 'directory',
  xattrs: new Map(),
  children: new Map(),
});
export const isWhiteout = (entry: LayerEntry): boolean =>
  entry.kind === 'device' && entry.major === 0 && entry.minor === 0;
export const isOpaque = (entry: LayerDirectory): boolean => entry.xattrs.get(opaqueXattr) === 'y';

/** The steps of an absolute path: `/a/b` is `['a', 'b']`, `/` is `[]`. */
export const stepsOf = (path: string): readonly string[] => path.split('/').filter((step) => step !== '');
export const parentOf = (path: string): string => `/${stepsOf(path).slice(0, -1).join('/')}`;
export const nameOf = (path: string): string => stepsOf(path).at(-1) ?? '';
export const childOf = (directory: string, name: string): string =>
  directory === '/' ? `/${name}` : `${directory}/${name}`;

/** The entry of one layer at a path; undefined when there is none. */
export function entryAt(root: LayerDirectory, path: string): LayerEntry | undefined {
  let entry: LayerEntry | undefined = root;
  for (const step of stepsOf(path))
    entry = entry?.kind === 'directory' ? entry.children.get(step) : undefined;
  return entry;
}

type Changed = { readonly ok: true } | { readonly ok: false; readonly errno: string };
const failed = (errno: string): Changed => ({ ok: false, errno });
const changed: Changed = { ok: true };

function parentIn(root: LayerDirectory, path: string): LayerDirectory | undefined {
  const parent = entryAt(root, parentOf(path));
  return parent?.kind === 'directory' && path !== '/' ? parent : undefined;
}

/** Changes to one layer, as the file system that holds it makes them. */
export const layerChanges = {
  write(root: LayerDirectory, path: string, content: string): Changed {
    const parent = parentIn(root, path);
    if (parent === undefined) return failed(path === '/' ? 'EISDIR' : 'ENOENT');
    const before = parent.children.get(nameOf(path));
    if (before?.kind === 'directory') return failed('EISDIR');
    // open(2): a device without a driver.
    if (before?.kind === 'device') return failed('ENXIO');
    parent.children.set(nameOf(path), { kind: 'file', content });
    return changed;
  },
  add(root: LayerDirectory, path: string, entry: LayerEntry): Changed {
    if (entryAt(root, path) !== undefined) return failed('EEXIST');
    const parent = parentIn(root, path);
    if (parent === undefined) return failed('ENOENT');
    parent.children.set(nameOf(path), entry);
    return changed;
  },
  setxattr(root: LayerDirectory, path: string, name: string, value: string): Changed {
    const entry = entryAt(root, path);
    if (entry === undefined) return failed('ENOENT');
    if (entry.kind !== 'directory') return failed('EPERM');
    entry.xattrs.set(name, value);
    return changed;
  },
  unlink(root: LayerDirectory, path: string): Changed {
    const entry = entryAt(root, path);
    if (entry === undefined) return failed('ENOENT');
    if (entry.kind === 'directory') return failed('EISDIR');
    parentIn(root, path)!.children.delete(nameOf(path));
    return changed;
  },
  rmdir(root: LayerDirectory, path: string): Changed {
    const entry = entryAt(root, path);
    if (entry === undefined) return failed('ENOENT');
    if (entry.kind !== 'directory') return failed('ENOTDIR');
    if (path === '/') return failed('EBUSY');
    if (entry.children.size > 0) return failed('ENOTEMPTY');
    parentIn(root, path)!.children.delete(nameOf(path));
    return changed;
  },
};

/** A plain tree of files, without layers: what a container sees. */
export type PlainEntry =
  | { readonly kind: 'file'; content: string }
  | { readonly kind: 'directory'; readonly children: Map<string, PlainEntry> };
export type PlainDirectory = Extract<PlainEntry, { kind: 'directory' }>;

/**
 * What layers stand for, by applying them one after the other from the lowest up, as the OCI image specification describes changesets
 * (layer.md). That is another way than looking a path up from the top, so that each checks the other.
 * @param layers the topmost first
 */
export function flatten(layers: readonly LayerDirectory[]): PlainDirectory {
  const tree: PlainDirectory = { kind: 'directory', children: new Map() };
  for (const layer of layers.toReversed()) apply(layer, tree);
  return tree;
}

function apply(layer: LayerDirectory, tree: PlainDirectory): void {
  if (isOpaque(layer)) tree.children.clear();
  for (const [name, entry] of layer.children) {
    const before = tree.children.get(name);
    if (isWhiteout(entry)) tree.children.delete(name);
    else if (entry.kind === 'file') tree.children.set(name, { kind: 'file', content: entry.content });
    else if (entry.kind === 'directory') {
      const into: PlainDirectory =
        before?.kind === 'directory' ? before : { kind: 'directory', children: new Map() };
      tree.children.set(name, into);
      apply(entry, into);
    }
  }
}

/** Every path of a tree with its content; a directory's content is undefined. In order of names. */
export function pathsOf(tree: PlainDirectory, at = '/'): [path: string, content: string | undefined][] {
  return [...tree.children]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, entry]) => {
      const path = childOf(at, name);
      return entry.kind === 'file'
        ? [[path, entry.content] as [string, string]]
        : [[path, undefined] as [string, undefined], ...pathsOf(entry, path)];
    });
}

export function plainAt(tree: PlainDirectory, path: string): PlainEntry | undefined {
  let entry: PlainEntry | undefined = tree;
  for (const step of stepsOf(path))
    entry = entry?.kind === 'directory' ? entry.children.get(step) : undefined;
  return entry;
}
