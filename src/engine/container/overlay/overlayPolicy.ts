import { id, int, list, nothing, oneOf, optional, record, text } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

const layer = id('The layer: 0 is the upper one, 1 the lower one next to it, and so on.', 'layer', 15);
const layers = int('How many layers there are: one upper, and the lower ones below it.', { min: 2, max: 16 });
const path = text('An absolute path, `/` for the root.', 200);
const name = text('A name in a directory.', 100);
const content = text('The whole content of a file.', 400);
const entryType = oneOf('What it is.', ['file', 'directory', 'device']);

/**
 * A union file system in overlayfs's representation (Documentation/filesystems/overlayfs.rst): lower layers that never change, and an upper one
 * that takes all changes. As in the kernel, operations are asked only when they are possible: the VFS has looked the paths up before.
 */
export const OverlayPolicy = definePolicy({
  id: 'overlay',
  typeName: 'OverlayPolicy',
  doc: 'A union file system over layers: lower layers that never change, and an upper one that takes all changes.',
  decisions: {
    lookup: {
      doc: 'Says which layer’s object a container sees at a path: for a file the layer that it is read from, for a directory the topmost of those that are merged. Return `undefined` when there is nothing.',
      input: record('A path to look up.', 'Lookup', { path, layers }),
      output: optional(
        'What is there, or nothing.',
        record('An object that a container sees.', 'Found', {
          layer,
          type: oneOf('What it is.', ['file', 'directory']),
        }),
      ),
    },
    list: {
      doc: 'Lists the names in a directory as a container sees it, each once, in any order. Asked only for directories that exist.',
      input: record('A directory.', 'Listing', { path, layers }),
      output: list('Names.', name, 200),
    },
    append: {
      doc: 'Adds text to the end of a file that exists. One in a lower layer has to be copied up first, with the directories above it.',
      input: record('Text for a file.', 'Append', { path, added: text('What is added.', 100), layers }),
      output: nothing,
    },
    create: {
      doc: 'Creates a file where there is nothing, in a directory that exists.',
      input: record('A new file.', 'Create', { path, content, layers }),
      output: nothing,
    },
    remove: {
      doc: 'Removes a file that exists.',
      input: record('A file to remove.', 'Remove', { path, layers }),
      output: nothing,
    },
    makeDirectory: {
      doc: 'Makes an empty directory where there is nothing, in a directory that exists.',
      input: record('A new directory.', 'MakeDirectory', { path, layers }),
      output: nothing,
    },
    removeDirectory: {
      doc: 'Removes a directory in which a container sees nothing.',
      input: record('A directory to remove.', 'RemoveDirectory', { path, layers }),
      output: nothing,
    },
  },
  calls: {
    stat: {
      doc: 'What one layer holds at a path; `undefined` when it holds nothing there.',
      input: record('A place in a layer.', 'LayerPath', { layer, path }),
      output: optional(
        'What is there.',
        record('An object of a layer.', 'LayerStat', {
          type: entryType,
          major: int('Major number of a device; 0 for others.', { min: 0, max: 4095 }),
          minor: int('Minor number of a device; 0 for others.', { min: 0, max: 1048575 }),
        }),
      ),
      errors: [],
    },
    getxattr: {
      doc: 'An extended attribute of an object of a layer; `undefined` when it has none of that name, or there is no such object.',
      input: record('An attribute.', 'LayerXattr', {
        layer,
        path,
        name: text('Its name: `trusted.overlay.opaque`.', 100),
      }),
      output: optional('Its value.', text('The value.', 100)),
      errors: [],
    },
    readdir: {
      doc: 'The names in a directory of one layer, by name.',
      input: record('A directory of a layer.', 'LayerDirectory', { layer, path }),
      output: list('Names.', name, 200),
      errors: ['ENOENT', 'ENOTDIR'],
    },
    read: {
      doc: 'The content of a file of one layer.',
      input: record('A file of a layer.', 'LayerFile', { layer, path }),
      output: content,
      errors: ['ENOENT', 'EISDIR', 'ENXIO'],
    },
    write: {
      doc: 'Writes a file of the upper layer, which need not exist; its directory must.',
      input: record('A file and its content.', 'UpperFile', { path, content }),
      output: nothing,
      errors: ['ENOENT', 'EISDIR', 'ENXIO'],
    },
    mkdir: {
      doc: 'Makes a directory in the upper layer.',
      input: record('A place in the upper layer.', 'UpperPath', { path }),
      output: nothing,
      errors: ['ENOENT', 'EEXIST'],
    },
    mknod: {
      doc: 'Makes a character device in the upper layer.',
      input: record('A device.', 'UpperDevice', {
        path,
        major: int('Major number.', { min: 0, max: 4095 }),
        minor: int('Minor number.', { min: 0, max: 1048575 }),
      }),
      output: nothing,
      errors: ['ENOENT', 'EEXIST'],
    },
    setxattr: {
      doc: 'Sets an extended attribute of a directory of the upper layer.',
      input: record('An attribute.', 'UpperXattr', {
        path,
        name: text('Its name: `trusted.overlay.opaque`.', 100),
        value: text('Its value: `y`.', 100),
      }),
      output: nothing,
      errors: ['ENOENT', 'EPERM'],
    },
    unlink: {
      doc: 'Removes a file or device from the upper layer.',
      input: record('A place in the upper layer.', 'UpperPath', { path }),
      output: nothing,
      errors: ['ENOENT', 'EISDIR'],
    },
    rmdir: {
      doc: 'Removes an empty directory from the upper layer.',
      input: record('A place in the upper layer.', 'UpperPath', { path }),
      output: nothing,
      errors: ['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EBUSY'],
    },
  },
});

export const overlayPolicies = { overlay: OverlayPolicy };
