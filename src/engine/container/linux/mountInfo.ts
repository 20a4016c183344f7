import { isReachable, nameInFileSystem, pathName, type Mount } from './mounts.ts';
import type { Process } from './process.ts';

/** The options of a mount, as /proc/pid/mountinfo writes them. */
export function mountOptions(mount: Mount): string {
  const { readOnly, noSuid, noDev, noExec } = mount.flags;
  return [
    readOnly ? 'ro' : 'rw',
    ...(noSuid ? ['nosuid'] : []),
    ...(noDev ? ['nodev'] : []),
    ...(noExec ? ['noexec'] : []),
  ].join(',');
}

/** How a mount propagates: the optional fields of /proc/pid/mountinfo. */
export function propagationText(mount: Mount): string {
  return [
    ...(mount.shared === undefined ? [] : [`shared:${mount.shared.id}`]),
    ...(mount.master === undefined ? [] : [`master:${mount.master.id}`]),
    ...(mount.unbindable ? ['unbindable'] : []),
  ].join(' ');
}

/** The mounts that a process can reach from its root. */
export const visibleMounts = (process: Process): readonly Mount[] =>
  process.namespaces.mnt.mounts.filter((mount) => isReachable({ mount, node: mount.root }, process.root));

/** proc_pid_mountinfo(5) */
export function mountInfo(process: Process): string {
  return visibleMounts(process)
    .map((mount) => {
      const propagation = propagationText(mount);
      return [
        mount.id,
        mount.parent?.id ?? mount.id,
        `0:${mount.fs.device}`,
        nameInFileSystem(mount.root),
        pathName({ mount, node: mount.root }, process.root),
        mountOptions(mount),
        ...(propagation === '' ? [] : [propagation]),
        '-',
        mount.fs.type,
        mount.fs.source,
        mount.fs.readOnly ? 'ro' : 'rw',
      ].join(' ');
    })
    .map((line) => `${line}\n`)
    .join('');
}
