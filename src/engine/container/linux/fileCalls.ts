import { capable } from './credentials.ts';
import { openDevice, readDevice, writeDevice } from './deviceFiles.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import { emptyDirectory, FileNode, type KernelFile, type NodeContent } from './fileTree.ts';
import { capableOver, inGroup, mayRemove, permitted, type Access } from './filePermission.ts';
import type { Kernel } from './kernel.ts';
import { pathName, type Path } from './mounts.ts';
import { lookup, lookupName, type NameInDirectory } from './pathLookup.ts';
import type { OpenFile, Process } from './process.ts';

/** The flags of open(2) that are modelled. */
export const openFlagNames = [
  'O_RDONLY',
  'O_WRONLY',
  'O_RDWR',
  'O_CREAT',
  'O_EXCL',
  'O_TRUNC',
  'O_APPEND',
  'O_DIRECTORY',
  'O_NOFOLLOW',
  'O_PATH',
  'O_CLOEXEC',
] as const;
export type OpenFlag = (typeof openFlagNames)[number];

/** Most descriptors of a process (RLIMIT_NOFILE). */
const maxFiles = 1024;

/** Nothing may be written through a read-only mount or to a read-only file system. */
export const isReadOnly = ({ mount, node }: Path): boolean => mount.flags.readOnly || node.fs.readOnly;

/** open(2) @param from where a relative path starts, as openat(2) takes it; default: the current directory */
export function open(
  kernel: Kernel,
  process: Process,
  args: {
    readonly path: string;
    readonly flags: readonly OpenFlag[];
    readonly mode: number;
    readonly from?: number;
  },
): SysResult<number> {
  const flags = new Set(args.flags);
  const pathOnly = flags.has('O_PATH');
  const canWrite = !pathOnly && (flags.has('O_WRONLY') || flags.has('O_RDWR'));
  const canRead = !pathOnly && !flags.has('O_WRONLY');
  const from = startOf(process, args.from);
  if (!from.ok) return from;
  const found = lookup(process, args.path, {
    ...(from.value === undefined ? {} : { from: from.value }),
    followLast: !flags.has('O_NOFOLLOW') && !(flags.has('O_CREAT') && flags.has('O_EXCL')),
  });
  let at: Path;
  let bound: KernelFile | undefined;
  if (found.ok) {
    if (flags.has('O_CREAT') && flags.has('O_EXCL')) return fail('EEXIST');
    at = found.value;
    const { node } = at;
    if (node.content.kind === 'symlink' && !pathOnly) return fail('ELOOP');
    if (node.isDirectory && (canWrite || flags.has('O_CREAT'))) return fail('EISDIR');
    if (flags.has('O_DIRECTORY') && !node.isDirectory) return fail('ENOTDIR');
    if (!pathOnly) {
      const allowed = mayOpen(kernel, process, at, { read: canRead, write: canWrite });
      if (!allowed.ok) return allowed;
      bound = allowed.value;
      if (flags.has('O_TRUNC') && node.content.kind === 'file') node.content.text = '';
    }
  } else {
    if (found.errno !== 'ENOENT' || !flags.has('O_CREAT') || pathOnly) return found;
    const made = create(kernel, process, args.path, { kind: 'file', text: '' }, args.mode, from.value);
    if (!made.ok) return made;
    at = made.value;
  }
  if (process.files.size >= maxFiles) return fail('EMFILE');
  const descriptor = process.freeDescriptor();
  process.files.set(descriptor, {
    path: at,
    canRead,
    canWrite,
    append: flags.has('O_APPEND'),
    pathOnly,
    closeOnExec: flags.has('O_CLOEXEC'),
    bound,
    position: { offset: 0 },
  });
  return succeed(descriptor);
}

function startOf(process: Process, descriptor: number | undefined): SysResult<Path | undefined> {
  if (descriptor === undefined) return succeed(undefined);
  const file = process.files.get(descriptor);
  return file === undefined ? fail('EBADF') : succeed(file.path);
}

function mayOpen(
  kernel: Kernel,
  process: Process,
  at: Path,
  access: Access,
): SysResult<KernelFile | undefined> {
  const { node, mount } = at;
  const allowed = permitted(process.credentials, node, access);
  const { content } = node;
  if (content.kind === 'device') {
    if (!allowed.ok) return allowed;
    if (mount.flags.noDev || node.fs.owner.level > 0) return fail('EACCES');
    return openDevice(kernel, process, content, access);
  }
  if (!allowed.ok) return allowed;
  if (access.write === true && isReadOnly(at) && content.kind !== 'fifo') return fail('EROFS');
  if (content.kind === 'socket') return fail('ENXIO');
  if (content.kind === 'kernelFile' && content.open !== undefined)
    return content.open(process, access.write === true);
  return done;
}

/** Makes a file where there is none. */
function create(
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

/** read(2), from the descriptor's position to the end. */
export function read(process: Process, descriptor: number): SysResult<string> {
  const file = process.files.get(descriptor);
  if (file === undefined || file.pathOnly || !file.canRead) return fail('EBADF');
  const text = file.bound?.read === undefined ? textOf(process, file.path.node) : file.bound.read(process);
  if (!text.ok) return text;
  if (file.path.node.content.kind === 'fifo') return text;
  const rest = text.value.slice(file.position.offset);
  file.position.offset += rest.length;
  return succeed(rest);
}

function textOf(process: Process, node: FileNode): SysResult<string> {
  const { content } = node;
  switch (content.kind) {
    case 'file':
      return succeed(content.text);
    case 'kernelFile':
      return content.read?.(process) ?? fail('EINVAL');
    case 'device':
      return readDevice(content);
    case 'fifo': {
      const { text } = content.buffer;
      if (text === '') return fail('EAGAIN');
      content.buffer.text = '';
      return succeed(text);
    }
    case 'directory':
    case 'kernelDirectory':
      return fail('EISDIR');
    default:
      return fail('EINVAL');
  }
}

/** write(2) @returns how many characters were written */
export function write(kernel: Kernel, process: Process, descriptor: number, text: string): SysResult<number> {
  const file = process.files.get(descriptor);
  if (file === undefined || file.pathOnly || !file.canWrite) return fail('EBADF');
  const written = writeTo(kernel, process, file, text);
  return written.ok ? succeed(text.length) : written;
}

function writeTo(kernel: Kernel, process: Process, file: OpenFile, text: string): SysResult {
  const { content } = file.path.node;
  switch (content.kind) {
    case 'file': {
      const offset = file.append ? content.text.length : file.position.offset;
      content.text =
        content.text.slice(0, offset).padEnd(offset, '\0') + text + content.text.slice(offset + text.length);
      file.position.offset = offset + text.length;
      return done;
    }
    case 'kernelFile': {
      const written = (file.bound ?? content).write?.(process, text, file.position.offset) ?? fail('EINVAL');
      if (written.ok) file.position.offset += text.length;
      return written;
    }
    case 'device':
      return writeDevice(kernel, content, text);
    case 'fifo':
      content.buffer.text += text;
      return done;
    default:
      return fail('EINVAL');
  }
}

/** close(2) */
export function close(process: Process, descriptor: number): SysResult {
  return process.files.delete(descriptor) ? done : fail('EBADF');
}

/** dup2(2); without `to`, dup(2) */
export function duplicate(process: Process, descriptor: number, to?: number): SysResult<number> {
  const file = process.files.get(descriptor);
  if (file === undefined || (to !== undefined && (to < 0 || to >= maxFiles))) return fail('EBADF');
  if (to === undefined && process.files.size >= maxFiles) return fail('EMFILE');
  const into = to ?? process.freeDescriptor();
  if (into !== descriptor) process.files.set(into, { ...file, closeOnExec: false });
  return succeed(into);
}

/** pipe(2): the reading end, then the writing end. A read from an empty one is EAGAIN, as under O_NONBLOCK. */
export function pipe(kernel: Kernel, process: Process): SysResult<readonly [number, number]> {
  if (process.files.size > maxFiles - 2) return fail('EMFILE');
  const path = kernel.newPipe(process);
  const end = {
    path,
    append: false,
    pathOnly: false,
    closeOnExec: false,
    bound: undefined,
    position: { offset: 0 },
  };
  const reading = process.freeDescriptor();
  process.files.set(reading, { ...end, canRead: true, canWrite: false });
  const writing = process.freeDescriptor();
  process.files.set(writing, { ...end, canRead: false, canWrite: true });
  return succeed([reading, writing]);
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

/** What stat(2) tells; ids as the caller's user namespace sees them. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly device: number;
  readonly ino: number;
  readonly size: number;
}

/** stat(2), or lstat(2) when links are not followed. */
export function stat(process: Process, path: string, followLast = true): SysResult<FileStatus> {
  const found = lookup(process, path, { followLast });
  if (!found.ok) return found;
  return succeed(statusOf(process, found.value.node));
}

export function statusOf(process: Process, node: FileNode): FileStatus {
  const { userNamespace } = process.credentials;
  const { content } = node;
  return {
    kind: kindOf(content),
    mode: node.mode,
    uid: userNamespace.seen('uid', node.uid),
    gid: userNamespace.seen('gid', node.gid),
    device: node.fs.device,
    ino: content.kind === 'namespace' ? content.namespace.inode : node.ino,
    size: content.kind === 'file' ? content.text.length : 0,
  };
}

function kindOf(content: NodeContent): FileStatus['kind'] {
  switch (content.kind) {
    case 'directory':
    case 'kernelDirectory':
      return 'directory';
    case 'symlink':
    case 'magicLink':
      return 'symlink';
    case 'device':
      return content.type;
    case 'fifo':
      return 'fifo';
    case 'socket':
      return 'socket';
    case 'file':
    case 'kernelFile':
    case 'namespace':
      return 'file';
  }
}

/** readlink(2) */
export function readlink(process: Process, path: string): SysResult<string> {
  const found = lookup(process, path, { followLast: false });
  if (!found.ok) return found;
  const { content } = found.value.node;
  if (content.kind === 'symlink') {
    return succeed(typeof content.target === 'string' ? content.target : content.target(process));
  }
  if (content.kind === 'magicLink') {
    const allowed = content.follow(process);
    return !allowed.ok && allowed.errno === 'EACCES' ? allowed : succeed(content.text(process));
  }
  return fail('EINVAL');
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

/** chmod(2) */
export function chmod(process: Process, path: string, mode: number): SysResult {
  const found = lookup(process, path);
  if (!found.ok) return found;
  const { node } = found.value;
  if (isReadOnly(found.value)) return fail('EROFS');
  const { credentials } = process;
  if (credentials.uid.effective !== node.uid && !capableOver(credentials, node, 'CAP_FOWNER'))
    return fail('EPERM');
  const keepsGroupBit = inGroup(credentials, node.gid) || capableOver(credentials, node, 'CAP_FSETID');
  node.mode = mode & (keepsGroupBit ? 0o7777 : 0o5777);
  return done;
}

/** chown(2). @param uid as the caller's namespace numbers it; undefined leaves it */
export function chown(
  process: Process,
  path: string,
  uid: number | undefined,
  gid: number | undefined,
): SysResult {
  const found = lookup(process, path);
  if (!found.ok) return found;
  const { node } = found.value;
  const { credentials } = process;
  const { userNamespace } = credentials;
  const toUid = uid === undefined ? node.uid : userNamespace.toKernel('uid', uid);
  const toGid = gid === undefined ? node.gid : userNamespace.toKernel('gid', gid);
  if (toUid === undefined || toGid === undefined) return fail('EINVAL');
  if (isReadOnly(found.value)) return fail('EROFS');
  const owns = credentials.uid.effective === node.uid;
  const privileged = capableOver(credentials, node, 'CAP_CHOWN');
  if (!privileged && uid !== undefined && !(owns && toUid === node.uid)) return fail('EPERM');
  if (!privileged && gid !== undefined && !(owns && (toGid === node.gid || inGroup(credentials, toGid))))
    return fail('EPERM');
  node.uid = toUid;
  node.gid = toGid;
  if (!node.isDirectory) node.mode &= (node.mode & 0o10) !== 0 ? 0o1777 : 0o3777;
  return done;
}
