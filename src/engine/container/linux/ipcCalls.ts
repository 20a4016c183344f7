import { capable } from './credentials.ts';
import { fail, succeed, type SysResult } from './errno.ts';
import { inGroup } from './filePermission.ts';
import type { SharedMemory } from './namespaces.ts';
import type { Process } from './process.ts';

/** shmget(2) with IPC_CREAT. @param key 0 is IPC_PRIVATE */
export function makeSharedMemory(
  process: Process,
  key: number,
  mode: number,
  text: string,
): SysResult<number> {
  const { ipc } = process.namespaces;
  const existing = key === 0 ? undefined : [...ipc.sharedMemory.values()].find((each) => each.key === key);
  if (existing !== undefined) return permits(process, existing) ? succeed(existing.id) : fail('EACCES');
  const { uid, gid } = process.credentials;
  const segment = { id: ipc.nextId++, key, mode, uid: uid.effective, gid: gid.effective, text };
  ipc.sharedMemory.set(segment.id, segment);
  return succeed(segment.id);
}

/** shmget(2) without IPC_CREAT, then shmat(2): what the segment of a key holds. */
export function readSharedMemory(process: Process, key: number): SysResult<string> {
  const segment = [...process.namespaces.ipc.sharedMemory.values()].find((each) => each.key === key);
  if (segment === undefined) return fail('ENOENT');
  return permits(process, segment) ? succeed(segment.text) : fail('EACCES');
}

/** ipcperms(): owner, group or others may read, or CAP_IPC_OWNER over the namespace. */
function permits(process: Process, segment: SharedMemory): boolean {
  const { credentials } = process;
  const bits =
    credentials.uid.effective === segment.uid
      ? segment.mode >> 6
      : inGroup(credentials, segment.gid)
        ? segment.mode >> 3
        : segment.mode;
  return (bits & 4) !== 0 || capable(credentials, process.namespaces.ipc.owner, 'CAP_IPC_OWNER');
}
