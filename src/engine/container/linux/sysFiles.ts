import { done, succeed } from './errno.ts';
import { emptyDirectory, FileSystem, type FileNode } from './fileTree.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import type { UserNamespace } from './userNamespace.ts';

/** The tree of one sysfs: the network devices are those of its mounter's network namespace. sysfs(5) */
export function sysTree(
  kernel: Kernel,
  process: Process,
  source: string,
  owner: UserNamespace,
  device: number,
): FileSystem {
  const fs = new FileSystem({
    type: 'sysfs',
    device,
    owner,
    source,
    rootMode: 0o555,
    rootUid: 0,
    rootGid: 0,
  });
  const directory = (parent: FileNode, name: string): FileNode =>
    fs.add(parent, name, emptyDirectory(), { mode: 0o755 });
  const { net } = process.namespaces;
  const classes = directory(fs.root, 'class');
  fs.add(
    classes,
    'net',
    {
      kind: 'kernelDirectory',
      lookup: () => undefined,
      names: () => [...net.interfaces.keys()].toSorted(),
    },
    { mode: 0o755 },
  );
  const firmware = directory(fs.root, 'firmware');
  fs.add(firmware, 'acpi', { kind: 'file', text: 'ACPI tables of the host\n' }, { mode: 0o400 });
  const fsDirectory = directory(fs.root, 'fs');
  directory(fsDirectory, 'cgroup');
  const kernelDirectory = directory(fs.root, 'kernel');
  fs.add(
    kernelDirectory,
    'uevent_helper',
    {
      kind: 'kernelFile',
      read: () => succeed(`${kernel.settings.get('uevent_helper') ?? ''}\n`),
      write: (_writer, text) => {
        kernel.settings.set('uevent_helper', text.trim());
        return done;
      },
    },
    { mode: 0o644 },
  );
  return fs;
}
