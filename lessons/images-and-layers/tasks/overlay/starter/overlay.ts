import type { OverlayPolicy } from 'trapframe';

// A union file system in overlayfs's representation. `fs` reads the layers (0 is the upper one) and changes the upper one.

export const overlay: OverlayPolicy = {
  // Which layer's object is seen at a path?
  lookup({ path, layers }, fs) {
    // Not a union yet: only the upper layer is seen.
    const stat = fs.stat({ layer: 0, path });
    return stat === undefined ? undefined : { layer: 0, type: stat.type === 'directory' ? 'directory' : 'file' };
  },

  // Which names does a directory have?
  list({ path, layers }, fs) {
    return [];
  },

  append({ path, added, layers }, fs) {
    // Copy the file up, then change it.
  },

  create({ path, content, layers }, fs) {},

  remove({ path, layers }, fs) {
    // Lower layers never change. What hides a file of theirs?
  },

  makeDirectory({ path, layers }, fs) {},

  removeDirectory({ path, layers }, fs) {},
};
