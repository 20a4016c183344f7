import type { OverlayPolicy, OverlayPolicyCalls } from 'trapframe';

type Layers = OverlayPolicyCalls;

const opaque = 'trusted.overlay.opaque';
const stepsOf = (path: string) => path.split('/').filter((step) => step !== '');
const parentOf = (path: string) => '/' + stepsOf(path).slice(0, -1).join('/');
const child = (path: string, name: string) => (path === '/' ? '/' + name : path + '/' + name);

function isWhiteout(fs: Layers, layer: number, path: string): boolean {
  const stat = fs.stat({ layer, path });
  return stat?.type === 'device' && stat.major === 0 && stat.minor === 0;
}

// The layers whose objects are seen at a path, topmost first. None: nothing is there.
function resolve(fs: Layers, path: string, layers: number) {
  let from = Array.from({ length: layers }, (_, layer) => layers - 1 - layer);
  let type: 'file' | 'directory' = 'directory';
  let at = '/';
  for (const step of stepsOf(path)) {
    if (type === 'file') return { type, from: [] as number[] };
    at = child(at, step);
    const next: number[] = [];
    for (const layer of from) {
      const stat = fs.stat({ layer, path: at });
      if (stat === undefined) continue;
      if (stat.type === 'directory') {
        next.push(layer);
        if (fs.getxattr({ layer, path: at, name: opaque }) === 'y') break;
        continue;
      }
      if (next.length === 0 && !isWhiteout(fs, layer, at)) {
        next.push(layer);
        type = 'file';
      }
      break;
    }
    from = next;
  }
  return { type, from };
}

// Whether a lower layer would show something at a path if the upper one had nothing there.
function seenBelow(fs: Layers, path: string, layers: number): boolean {
  for (const layer of resolve(fs, parentOf(path), layers).from) {
    if (layer === 0 || fs.stat({ layer, path }) === undefined) continue;
    return !isWhiteout(fs, layer, path);
  }
  return false;
}

// Makes a directory of the upper layer, with those above it.
function copyUpDirectory(fs: Layers, path: string): void {
  if (path === '/' || fs.stat({ layer: 0, path }) !== undefined) return;
  copyUpDirectory(fs, parentOf(path));
  fs.mkdir({ path });
}

function putWhiteout(fs: Layers, path: string): void {
  copyUpDirectory(fs, parentOf(path));
  fs.mknod({ path, major: 0, minor: 0 });
}

// Takes a whiteout away; says whether there was one.
function clear(fs: Layers, path: string): boolean {
  if (!isWhiteout(fs, 0, path)) return false;
  fs.unlink({ path });
  return true;
}

export const overlay: OverlayPolicy = {
  lookup({ path, layers }, fs) {
    const { type, from } = resolve(fs, path, layers);
    return from.length === 0 ? undefined : { layer: from[0], type };
  },

  list({ path, layers }, fs) {
    const seen = new Set<string>();
    const hidden = new Set<string>();
    for (const layer of resolve(fs, path, layers).from) {
      for (const name of fs.readdir({ layer, path })) {
        if (seen.has(name) || hidden.has(name)) continue;
        (isWhiteout(fs, layer, child(path, name)) ? hidden : seen).add(name);
      }
    }
    return [...seen];
  },

  append({ path, added, layers }, fs) {
    const layer = resolve(fs, path, layers).from[0];
    copyUpDirectory(fs, parentOf(path));
    fs.write({ path, content: fs.read({ layer, path }) + added });
  },

  create({ path, content }, fs) {
    copyUpDirectory(fs, parentOf(path));
    clear(fs, path);
    fs.write({ path, content });
  },

  remove({ path, layers }, fs) {
    const below = seenBelow(fs, path, layers);
    if (fs.stat({ layer: 0, path }) !== undefined) fs.unlink({ path });
    if (below) putWhiteout(fs, path);
  },

  makeDirectory({ path }, fs) {
    copyUpDirectory(fs, parentOf(path));
    const hides = clear(fs, path);
    fs.mkdir({ path });
    if (hides) fs.setxattr({ path, name: opaque, value: 'y' });
  },

  removeDirectory({ path, layers }, fs) {
    const below = seenBelow(fs, path, layers);
    if (fs.stat({ layer: 0, path }) !== undefined) {
      for (const name of fs.readdir({ layer: 0, path })) fs.unlink({ path: child(path, name) });
      fs.rmdir({ path });
    }
    if (below) putWhiteout(fs, path);
  },
};
