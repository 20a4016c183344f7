import { leftOutFile } from '../linux/cgroupFiles.ts';

/** Why a call of a runtime fails with an error, where the error's name alone does not say enough. */
const reasons: Readonly<Record<string, string>> = {
  'mount EPERM':
    'mount(2) takes CAP_SYS_ADMIN over the mount namespace. In a user namespace, proc takes a process namespace and sysfs a network namespace that this user namespace owns; and a file system on a disk can never be mounted there.',
  'mount EINVAL':
    'mount(2) says EINVAL where a change of flags or propagation is asked of something that is no mount point, or of a mount in another namespace.',
  'mount ENOENT':
    'Source and target of mount(2) have to exist: make the directory, or the empty file, first.',
  'isDirectory ENOENT':
    'What is looked at does not exist. The source of a bind mount is a file or directory of the host: name one that is there.',
  'mkdir EAGAIN':
    'A cgroup above has as many levels or cgroups below it as its cgroup.max.depth or cgroup.max.descendants lets it have.',
  'mount ENOTDIR': 'A directory is bound onto a directory, a file onto a file.',
  'pivotRoot EINVAL':
    'pivot_root(2) says EINVAL where the new root is no mount point (bind the directory onto itself), where the mount above it or the old root is shared (make them private first), or where the old root would not lie below the new one.',
  'pivotRoot EBUSY':
    'pivot_root(2) says EBUSY where the new root or the place for the old one is on the current root mount: bind the directory onto itself first.',
  'writeFile EPERM':
    'A map of ids is written once, by a process with CAP_SETUID over the parent namespace: by the runtime, from outside.',
  'writeFile EBUSY': 'A cgroup that hands controllers on to its children can hold no process itself.',
  'writeFile ENOENT':
    'The file does not exist: a cgroup has the files of a controller only where its parent enables it.',
  'dropBounding EPERM':
    'Dropping from the bounding set takes CAP_SETPCAP: do it before capset and setuid take that away.',
  'capset EPERM':
    'A capability that is not permitted any more cannot be asked for: setuid drops all, unless PR_SET_KEEPCAPS is on.',
  'raiseAmbient EPERM': 'A capability must be permitted and inheritable before it can be ambient.',
  'setuid EINVAL': 'The id has no mapping in this user namespace: the runtime writes uid_map before.',
  'setgid EINVAL': 'The id has no mapping in this user namespace: the runtime writes gid_map before.',
  'clone EPERM': 'New namespaces take CAP_SYS_ADMIN.',
  'clone EINVAL': 'After unshare(CLONE_NEWPID) the children are bound for that namespace already.',
  'clone EAGAIN': 'The control group has as many processes as pids.max lets it have.',
  'seccomp EACCES': 'Installing a filter takes no_new_privs or CAP_SYS_ADMIN: set no_new_privs first.',
  'execve ENOENT': 'The program does not exist in the root that the process has now.',
};

/**
 * The sentence that explains an error of a call; undefined where there is none.
 * @param path the file that the call was about
 */
export function reasonOf(call: string, errno: string, path?: unknown): string | undefined {
  const file = String(path).split('/').at(-1)!;
  const leftOut = call === 'writeFile' && String(path).startsWith('/sys/fs/cgroup/') && leftOutFile(file);
  if (leftOut !== undefined && leftOut !== false && ['ENOENT', 'EOPNOTSUPP'].includes(errno))
    return `The simulated kernel has no ${file}: ${leftOut.why} ${leftOut.instead}`;
  return reasons[`${call} ${errno}`];
}
