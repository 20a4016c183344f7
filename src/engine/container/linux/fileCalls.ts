import { create } from './directoryCalls.ts';
import { openDevice, readDevice, writeDevice } from './deviceFiles.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import type { FileNode, KernelFile } from './fileTree.ts';
import { isReadOnly, permitted, type Access } from './filePermission.ts';
import type { Kernel } from './kernel.ts';
import type { Path } from './mounts.ts';
import { lookup } from './pathLookup.ts';
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
