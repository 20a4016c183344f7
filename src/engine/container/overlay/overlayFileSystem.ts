import type { Calls, PolicyImplementation } from '../../kernel/policy.ts';
import { childOf, nameOf, opaqueXattr, parentOf, stepsOf } from './overlayLayer.ts';
import type { OverlayPolicy } from './overlayPolicy.ts';

type LayerCalls = Calls<typeof OverlayPolicy>;
interface Found {
  readonly type: 'file' | 'directory';
  /** The layers whose objects are seen, topmost first; more than one for a merged directory. */
  readonly from: readonly number[];
}

/** A union file system as fs/overlayfs does it: lookup from the top, changes in the upper layer. */
export function overlayFileSystem(): PolicyImplementation<typeof OverlayPolicy> {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  const isWhiteout = (stat: ReturnType<LayerCalls['stat']>): boolean =>
    stat?.type === 'device' && stat.major === 0 && stat.minor === 0;

  /** Walks down the path; at each step, the layers that can still have something to say. */
  function find(path: string, layers: number, fs: LayerCalls): Found | undefined {
    let found: Found = { type: 'directory', from: numbers(layers) };
    let at = '/';
    for (const step of stepsOf(path)) {
      if (found.type === 'file') return undefined;
      at = childOf(at, step);
      const from: number[] = [];
      let type: Found['type'] = 'directory';
      for (const layer of found.from) {
        const stat = fs.stat({ layer, path: at });
        if (stat === undefined) continue;
        if (stat.type === 'directory') {
          from.push(layer);
          if (fs.getxattr({ layer, path: at, name: opaqueXattr }) === 'y') break;
          continue;
        }
        // A whiteout, or a file: what lies below is hidden.
        if (from.length === 0 && !isWhiteout(stat)) {
          from.push(layer);
          type = 'file';
        }
        break;
      }
      if (from.length === 0) return undefined;
      found = { type, from };
    }
    return found;
  }

  /** Whether a lower layer has something at a path that would show if the upper one had nothing there. */
  function seenBelow(path: string, layers: number, fs: LayerCalls): boolean {
    const parent = find(parentOf(path), layers, fs);
    for (const layer of parent?.from ?? []) {
      if (layer === 0) continue;
      const stat = fs.stat({ layer, path });
      if (stat !== undefined) return !isWhiteout(stat);
    }
    return false;
  }

  /** Makes a directory exist in the upper layer, with those above it. */
  function copyUpDirectory(path: string, fs: LayerCalls): void {
    if (path === '/' || fs.stat({ layer: 0, path }) !== undefined) return;
    copyUpDirectory(parentOf(path), fs);
    fs.mkdir({ path });
  }

  /** Takes away a whiteout; says whether there was one. */
  function clear(path: string, fs: LayerCalls): boolean {
    if (!isWhiteout(fs.stat({ layer: 0, path }))) return false;
    fs.unlink({ path });
    return true;
  }

  function names(path: string, layers: number, fs: LayerCalls): string[] {
    const seen = new Set<string>();
    const hidden = new Set<string>();
    for (const layer of find(path, layers, fs)?.from ?? []) {
      for (const name of fs.readdir({ layer, path })) {
        if (seen.has(name) || hidden.has(name)) continue;
        (isWhiteout(fs.stat({ layer, path: childOf(path, name) })) ? hidden : seen).add(name);
      }
    }
    return [...seen];
  }

  return {
    lookup({ path, layers }, fs) {
      const found = find(path, layers, fs);
      return found === undefined ? undefined : { layer: found.from[0]!, type: found.type };
    },
    list: ({ path, layers }, fs) => names(path, layers, fs),
    append({ path, added, layers }, fs) {
      const layer = find(path, layers, fs)!.from[0]!;
      copyUpDirectory(parentOf(path), fs);
      fs.write({ path, content: fs.read({ layer, path }) + added });
    },
    create({ path, content }, fs) {
      copyUpDirectory(parentOf(path), fs);
      clear(path, fs);
      fs.write({ path, content });
    },
    remove({ path, layers }, fs) {
      const below = seenBelow(path, layers, fs);
      if (fs.stat({ layer: 0, path }) !== undefined) fs.unlink({ path });
      if (!below) return;
      copyUpDirectory(parentOf(path), fs);
      fs.mknod({ path, major: 0, minor: 0 });
    },
    makeDirectory({ path }, fs) {
      copyUpDirectory(parentOf(path), fs);
      const hides = clear(path, fs);
      fs.mkdir({ path });
      // What the whiteout hid would show through the new directory.
      if (hides) fs.setxattr({ path, name: opaqueXattr, value: 'y' });
    },
    removeDirectory({ path, layers }, fs) {
      const below = seenBelow(path, layers, fs);
      if (fs.stat({ layer: 0, path }) !== undefined) {
        // Only whiteouts can be left in it.
        for (const name of fs.readdir({ layer: 0, path })) fs.unlink({ path: childOf(path, name) });
        fs.rmdir({ path });
      }
      if (!below) return;
      copyUpDirectory(parentOf(path), fs);
      fs.mknod({ path, major: 0, minor: 0 });
    },
  };
}

/** The name under which an OCI image layer, a tar archive, carries a whiteout (image-spec, layer.md). */
export const ociWhiteout = (path: string): string => childOf(parentOf(path), `.wh.${nameOf(path)}`);
/** The entry that makes a directory opaque there. */
export const ociOpaque = (path: string): string => childOf(path, '.wh..wh..opq');
