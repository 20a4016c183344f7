import { capable } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import { emptyDirectory, FileNode, type NodeContent } from './fileTree.ts';
import { isReadOnly, mayRemove, permitted } from './filePermission.ts';
import type { Kernel } from './kernel.ts';
import { pathName, type Path } from './mounts.ts';
import { lookup, lookupName, type NameInDirectory } from './pathLookup.ts';
import type { Process } from './process.ts';

/** Makes a file where there is none. */
export function create(
  kernel: Kernel,
  process: Process,
  path: string,
  content: NodeContent,
  mode: number,
  from?: Path,
): SysResult<Path> {
  const name = lookupName(process, path, from);
  if (!name.ok) return name;
  if (content.kind !== 'directory' && name.value.trailingSlash) {
    return name.value.existing === undefined
      ? fail(content.kind === 'file' ? 'EISDIR' : 'ENOENT')
      : fail(
          name.value.existing.node.isDirectory ? (content.kind === 'file' ? 'EISDIR' : 'EEXIST') : 'ENOTDIR',
        );
  }
  if (name.value.existing !== undefined) return fail('EEXIST');
  return addNode(kernel, process, name.value, content, mode);
}

function addNode(
  _kernel: Kernel,
  process: Process,
  { directory, name }: NameInDirectory,
  content: NodeContent,
  mode: number,
): SysResult<Path> {
  const { node: parent } = directory;
  // A directory in which nothing can be made finds that there is no such name.
  if (parent.content.kind === 'kernelDirectory' && parent.content.make === undefined) return fail('ENOENT');
  if (isReadOnly(directory)) return fail('EROFS');
  if (parent.unlinked) return fail('ENOENT');
  const { credentials } = process;
  // Without an id of the file system's owner there is no owner to write down.
  if (parent.fs.owner.fromKernel('uid', credentials.uid.effective) === undefined) return fail('EACCES');
  const allowed = permitted(credentials, parent, { write: true, execute: true });
  if (!allowed.ok) return allowed;
  if (parent.content.kind === 'kernelDirectory') {
    const made = content.kind === 'directory' ? parent.content.make!(name, process) : fail('EPERM');
    return made.ok ? succeed({ mount: directory.mount, node: made.value }) : made;
  }
  if (parent.content.kind !== 'directory') return fail('ENOTDIR');
  const inheritsGroup = (parent.mode & 0o2000) !== 0;
  const node = new FileNode(parent.fs, content, {
    name,
    parent,
    mode: content.kind === 'symlink' ? 0o777 : mode & ~process.umask & 0o7777,
    uid: credentials.uid.effective,
    gid: inheritsGroup ? parent.gid : credentials.gid.effective,
  });
  if (inheritsGroup && content.kind === 'directory') node.mode |= 0o2000;
  parent.content.entries.set(name, node);
  return succeed({ mount: directory.mount, node });
}

/** mkdir(2) */
export function mkdir(kernel: Kernel, process: Process, path: string, mode: number): SysResult {
  const made = create(kernel, process, path, emptyDirectory(), mode & 0o1777);
  return made.ok ? done : made;
}

/** symlink(2) */
export function symlink(kernel: Kernel, process: Process, target: string, path: string): SysResult {
  if (target === '') return fail('ENOENT');
  const made = create(kernel, process, path, { kind: 'symlink', target }, 0o777);
  return made.ok ? done : made;
}

export interface DeviceNumber {
  readonly type: 'char' | 'block';
  readonly major: number;
  readonly minor: number;
}

/** mknod(2) for devices and, without a device number, FIFOs. Devices take CAP_MKNOD over the initial user namespace. */
export function mknod(
  kernel: Kernel,
  process: Process,
  args: { readonly path: string; readonly mode: number; readonly device: DeviceNumber | undefined },
): SysResult {
  const { device } = args;
  const content: NodeContent =
    device === undefined ? { kind: 'fifo', buffer: { text: '' } } : { kind: 'device', ...device };
  const name = lookupName(process, args.path);
  if (!name.ok) return name;
  if (name.value.existing !== undefined) return fail('EEXIST');
  if (isReadOnly(name.value.directory)) return fail('EROFS');
  const allowed = permitted(process.credentials, name.value.directory.node, { write: true, execute: true });
  if (!allowed.ok) return allowed;
  // The 0/0 character device, overlayfs's whiteout, takes no privilege.
  const isWhiteout = device?.type === 'char' && device.major === 0 && device.minor === 0;
  if (
    device !== undefined &&
    !isWhiteout &&
    !capable(process.credentials, kernel.userNamespace, 'CAP_MKNOD')
  ) {
    return fail('EPERM');
  }
  if (device !== undefined && !isWhiteout && !kernel.deviceAllowed(process, device, { make: true }))
    return fail('EPERM');
  const made = addNode(kernel, process, name.value, content, args.mode);
  return made.ok ? done : made;
}

/** rmdir(2) */
export function rmdir(process: Process, path: string): SysResult {
  const last = path.replace(/\/+$/, '').split('/').at(-1);
  if (last === '.') return fail('EINVAL');
  if (last === '..') return fail('ENOTEMPTY');
  const name = lookupName(process, path);
  if (!name.ok) return name;
  const { directory, existing } = name.value;
  if (name.value.name === '/') return fail('EBUSY');
  if (existing === undefined) return fail('ENOENT');
  const { node } =
    directory.node.child(name.value.name, process) === undefined
      ? existing
      : { node: directory.node.child(name.value.name, process)! };
  if (isReadOnly(directory)) return fail('EROFS');
  const allowed = mayRemove(process.credentials, directory.node, node);
  if (!allowed.ok) return allowed;
  if (!node.isDirectory) return fail('ENOTDIR');
  if (existing.mount !== directory.mount) return fail('EBUSY');
  if (directory.node.content.kind === 'kernelDirectory') {
    return directory.node.content.remove?.(name.value.name, process) ?? fail('EPERM');
  }
  if (node.names(process).length > 0) return fail('ENOTEMPTY');
  remove(directory.node, node);
  return done;
}

/** unlink(2) */
export function unlink(process: Process, path: string): SysResult {
  const name = lookupName(process, path);
  if (!name.ok) return name;
  const { directory, existing } = name.value;
  if (name.value.name === '/' || name.value.name === '.' || name.value.name === '..') return fail('EISDIR');
  if (existing === undefined) return fail('ENOENT');
  const node = directory.node.child(name.value.name, process)!;
  if (name.value.trailingSlash) return fail(node.isDirectory ? 'EISDIR' : 'ENOTDIR');
  if (isReadOnly(directory)) return fail('EROFS');
  const allowed = mayRemove(process.credentials, directory.node, node);
  if (!allowed.ok) return allowed;
  if (node.isDirectory) return fail('EISDIR');
  if (existing.mount !== directory.mount) return fail('EBUSY');
  if (directory.node.content.kind === 'kernelDirectory') return fail('EPERM');
  remove(directory.node, node);
  return done;
}

function remove(parent: FileNode, node: FileNode): void {
  if (parent.content.kind === 'directory') parent.content.entries.delete(node.name);
  node.unlinked = true;
}

/** rename(2) within one mount; across mounts it is EXDEV. */
export function rename(process: Process, from: string, to: string): SysResult {
  const source = lookupName(process, from);
  if (!source.ok) return source;
  const target = lookupName(process, to);
  if (!target.ok) return target;
  if (source.value.directory.mount !== target.value.directory.mount) return fail('EXDEV');
  if (['.', '..', '/'].includes(source.value.name) || ['.', '..', '/'].includes(target.value.name))
    return fail('EBUSY');
  const fromDirectory = source.value.directory.node;
  const toDirectory = target.value.directory.node;
  const node = fromDirectory.child(source.value.name, process);
  if (node === undefined || source.value.existing === undefined) return fail('ENOENT');
  if (isReadOnly(source.value.directory)) return fail('EROFS');
  if ((source.value.trailingSlash || target.value.trailingSlash) && !node.isDirectory) return fail('ENOTDIR');
  if (toDirectory.isWithin(node)) return fail('EINVAL');
  const replaced = toDirectory.child(target.value.name, process);
  if (replaced !== undefined && fromDirectory.isWithin(replaced)) return fail('ENOTEMPTY');
  if (replaced === node) return done;
  const leaving = mayRemove(process.credentials, fromDirectory, node);
  if (!leaving.ok) return leaving;
  const entering = permitted(process.credentials, toDirectory, { write: true, execute: true });
  if (!entering.ok) return entering;
  if (fromDirectory.content.kind !== 'directory' || toDirectory.content.kind !== 'directory')
    return fail('EPERM');
  if (replaced !== undefined) {
    const removable = mayRemove(process.credentials, toDirectory, replaced);
    if (!removable.ok) return removable;
    if (node.isDirectory && !replaced.isDirectory) return fail('ENOTDIR');
    if (!node.isDirectory && replaced.isDirectory) return fail('EISDIR');
  }
  if (source.value.existing.mount !== source.value.directory.mount) return fail('EBUSY');
  if (replaced !== undefined) {
    if (target.value.existing!.mount !== target.value.directory.mount) return fail('EBUSY');
    if (replaced.names(process).length > 0) return fail('ENOTEMPTY');
    remove(toDirectory, replaced);
  }
  fromDirectory.content.entries.delete(node.name);
  node.name = target.value.name;
  node.parent = toDirectory;
  toDirectory.content.entries.set(node.name, node);
  return done;
}

/** getdents(2): the names in an open directory, sorted. */
export function list(process: Process, path: string): SysResult<readonly string[]> {
  const found = lookup(process, path);
  if (!found.ok) return found;
  const { node } = found.value;
  const allowed = permitted(process.credentials, node, { read: true });
  if (!allowed.ok) return allowed;
  return node.isDirectory ? succeed(node.names(process)) : fail('ENOTDIR');
}

/** chdir(2) */
export function chdir(process: Process, path: string): SysResult {
  const found = lookup(process, path);
  if (!found.ok) return found;
  return enter(process, found.value);
}

/** fchdir(2) */
export function fchdir(process: Process, descriptor: number): SysResult {
  const file = process.files.get(descriptor);
  return file === undefined ? fail('EBADF') : enter(process, file.path);
}

function enter(process: Process, at: Path): SysResult {
  if (!at.node.isDirectory) return fail('ENOTDIR');
  const allowed = permitted(process.credentials, at.node, { execute: true });
  if (!allowed.ok) return allowed;
  process.cwd = at;
  return done;
}

/** getcwd(2): `(unreachable)` stands before a directory that lies outside the root. */
export function getcwd(process: Process): SysResult<string> {
  return process.cwd.node.unlinked ? fail('ENOENT') : succeed(pathName(process.cwd, process.root));
}
