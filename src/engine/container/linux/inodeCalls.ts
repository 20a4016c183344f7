import { fail, done, succeed, type SysResult } from './errno.ts';
import type { FileNode, NodeContent } from './fileTree.ts';
import { capableOver, inGroup, isReadOnly } from './filePermission.ts';
import { lookup } from './pathLookup.ts';
import type { Process } from './process.ts';

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
