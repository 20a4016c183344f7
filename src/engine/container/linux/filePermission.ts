import { capable, type Credentials } from './credentials.ts';
import type { Capability } from './capabilities.ts';
import { done, fail, type SysResult } from './errno.ts';
import type { FileNode } from './fileTree.ts';
import type { Path } from './mounts.ts';

/** What is wanted of a file: the bits of access(2). */
export interface Access {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly execute?: boolean;
}

/**
 * Whether credentials have a capability over a file: in their own user namespace, and the file's owner and group are
 * mapped there. capable_wrt_inode_uidgid(), user_namespaces(7)
 */
export function capableOver(credentials: Credentials, node: FileNode, capability: Capability): boolean {
  const { userNamespace } = credentials;
  return (
    capable(credentials, userNamespace, capability) &&
    userNamespace.fromKernel('uid', node.uid) !== undefined &&
    userNamespace.fromKernel('gid', node.gid) !== undefined
  );
}

/** The permission check of path_resolution(7): owner, group or other bits, then the two capabilities that override. */
export function permitted(credentials: Credentials, node: FileNode, access: Access): SysResult {
  const wanted =
    (access.read === true ? 4 : 0) | (access.write === true ? 2 : 0) | (access.execute === true ? 1 : 0);
  if ((bitsFor(credentials, node) & wanted) === wanted) return done;
  if (node.isDirectory) {
    if (access.write !== true && capableOver(credentials, node, 'CAP_DAC_READ_SEARCH')) return done;
    return capableOver(credentials, node, 'CAP_DAC_OVERRIDE') ? done : fail('EACCES');
  }
  if (
    access.write !== true &&
    access.execute !== true &&
    capableOver(credentials, node, 'CAP_DAC_READ_SEARCH')
  )
    return done;
  // Executing takes an execute bit, whoever asks.
  const executable = access.execute !== true || (node.mode & 0o111) !== 0;
  return executable && capableOver(credentials, node, 'CAP_DAC_OVERRIDE') ? done : fail('EACCES');
}

function bitsFor(credentials: Credentials, node: FileNode): number {
  if (credentials.uid.effective === node.uid) return (node.mode >> 6) & 7;
  if (inGroup(credentials, node.gid)) return (node.mode >> 3) & 7;
  return node.mode & 7;
}

export const inGroup = (credentials: Credentials, gid: number): boolean =>
  credentials.gid.effective === gid || credentials.groups.includes(gid);

/** Whether a file may be removed or renamed in its directory, which the sticky bit restricts to owners. unlink(2) */
export function mayRemove(credentials: Credentials, directory: FileNode, node: FileNode): SysResult {
  const allowed = permitted(credentials, directory, { write: true, execute: true });
  if (!allowed.ok) return allowed;
  if ((directory.mode & 0o1000) === 0) return done;
  const fsUid = credentials.uid.effective;
  if (fsUid === node.uid || fsUid === directory.uid) return done;
  return capableOver(credentials, node, 'CAP_FOWNER') ? done : fail('EPERM');
}

/** Nothing may be written through a read-only mount or to a read-only file system. */
export const isReadOnly = ({ mount, node }: Path): boolean => mount.flags.readOnly || node.fs.readOnly;
