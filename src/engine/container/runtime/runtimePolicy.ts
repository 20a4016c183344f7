import { flag, id, int, list, nothing, oneOf, optional, record, text } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';
import { capabilityNames } from '../linux/capabilities.ts';
import { mountFlagNames } from '../linux/mountCalls.ts';
import { cloneFlagNames, namespaceKinds } from '../linux/namespaces.ts';

const path = (doc: string) => text(doc, 4096);
const uid = (doc: string) => int(doc, { min: 0, max: 4_294_967_295 });
const mode = (doc = 'Permission bits: 0o755.') => int(doc, { min: 0, max: 0o7777 });
const capability = oneOf('A capability. capabilities(7)', capabilityNames);
const capabilities = (doc: string) => list(doc, capability, capabilityNames.length);
const mapping = record('One line of a uid_map or gid_map: `size` ids.', 'IdMapping', {
  containerId: uid('First id inside.'),
  hostId: uid('First id outside.'),
  size: int('How many.', { min: 1, max: 4_294_967_295 }),
});
const device = record('A device file to make.', 'DeviceFile', {
  path: path('Where, in the container.'),
  type: oneOf('Its kind.', ['char', 'block']),
  major: int('Major number.', { min: 0, max: 4095 }),
  minor: int('Minor number.', { min: 0, max: 1_048_575 }),
  mode: mode(),
});
const deviceRule = record('Whether devices may be used. The last rule that matches decides.', 'DeviceRule', {
  allow: flag('May be used.'),
  type: oneOf('Which kind.', ['all', 'char', 'block']),
  major: optional('Absent: any.', int('Major number.', { min: 0, max: 4095 })),
  minor: optional('Absent: any.', int('Minor number.', { min: 0, max: 1_048_575 })),
  access: text('Letters of r (read), w (write) and m (make).', 3),
});
const mountFlags = list('Flags of mount(2).', oneOf('A flag.', mountFlagNames), mountFlagNames.length);

/** What a container is to be: the parts of an OCI runtime configuration that a runtime asks the kernel for. */
export const containerSpec = record('What the container is to be.', 'ContainerSpec', {
  rootfs: path('The directory on the host that is to be its root.'),
  rootReadOnly: flag('Whether its root is to be read-only.'),
  rootPropagation: oneOf('How its mounts are to propagate.', ['private', 'slave', 'shared', 'unbindable']),
  hostname: text('Its host name; empty: none is set.', 64),
  namespaces: list(
    'The namespaces that it is to have of its own.',
    oneOf('The flag of clone(2).', cloneFlagNames),
    8,
  ),
  joins: list(
    'Namespaces of others that it is to be in.',
    record('A namespace of another.', 'NamespaceToJoin', {
      kind: oneOf('Which kind.', namespaceKinds),
      path: path('Its file on the host: /proc/pid/ns/kind.'),
    }),
    8,
  ),
  uidMappings: list('Which users of the host its users are, in a user namespace of its own.', mapping, 16),
  gidMappings: list('The same for groups.', mapping, 16),
  mounts: list(
    'What is to be mounted in it, in this order.',
    record('A mount.', 'MountToMake', {
      destination: path('Where, in the container: an absolute path.'),
      type: text('Type of the file system; `bind` for a part of the host.', 32),
      source: path('What; for a bind mount a path on the host.'),
      flags: mountFlags,
      data: text('Options of the file system.', 1024),
    }),
    64,
  ),
  devices: list('Device files that it is to have.', device, 32),
  deviceRules: list('Which devices it may use at all.', deviceRule, 32),
  maskedPaths: list('Paths that it must not see into.', path('In the container.'), 64),
  readonlyPaths: list('Paths that it must not write to.', path('In the container.'), 64),
  cgroup: path(
    'The directory of cgroupfs that is to hold it; its parent is there and hands its controllers on.',
  ),
  cgroupSettings: list(
    'Its limits.',
    record('A file of the cgroup and what is to be in it.', 'CgroupSetting', {
      file: text('Name of the file: pids.max.', 64),
      value: text('What to write.', 256),
    }),
    16,
  ),
  user: record('Who its first process is, in its own numbers.', 'ContainerUser', {
    uid: uid('User.'),
    gid: uid('Group.'),
    groups: list('Other groups.', uid('Group.'), 32),
  }),
  capabilities: record('The capabilities of its first process.', 'ContainerCapabilities', {
    bounding: capabilities('Most that it and its children can ever have.'),
    permitted: capabilities('What it may use.'),
    effective: capabilities('What it uses from the start.'),
    inheritable: capabilities('What execve(2) may hand on.'),
    ambient: capabilities('What execve(2) hands on although it is not root.'),
  }),
  noNewPrivileges: flag('Whether execve(2) must never give more than before.'),
  oomScoreAdj: optional(
    'Absent: as the runtime has it.',
    int('What is to stand in /proc/<pid>/oom_score_adj of its first process.', { min: -1000, max: 1000 }),
  ),
  seccomp: flag(
    'Whether a filter of system calls was compiled from its configuration: `calls.seccomp` installs it.',
  ),
  cwd: path('The directory in which its first process starts.'),
  args: list(
    'The program and its arguments. The first is a path in the container, or a name to look for in `searchPath`.',
    text('A word.', 4096),
    64,
  ),
  searchPath: list(
    'Directories in which a program is looked for whose name has no slash: PATH of its environment.',
    path('In the container.'),
    64,
  ),
});

const errors = (...names: string[]) => names;

/** The runtime of a container: the program that asks the kernel for one. runc, crun and youki are such. */
export const RuntimePolicy = definePolicy({
  id: 'runtime',
  typeName: 'ContainerRuntime',
  doc:
    'A container runtime: a program that makes a container out of system calls. Every call is made by the process whose code ' +
    'runs: `create` by the runtime on the host, `init` by the process that `clone` made. A call that fails throws.',
  decisions: {
    create: {
      doc:
        'Runs in the runtime, as root on the host. Here the control group is made, the first process of the container is made with ' +
        '`clone`, and what only a process outside can do for it is done. Its end lets the new process run.',
      input: record('The request.', 'CreateRequest', { spec: containerSpec }),
      output: nothing,
    },
    init: {
      doc:
        'Runs in each process that `clone` made, once the code that made it has ended. It must end by calling `execve`, after ' +
        'which this program no longer exists in the process: every later call of it fails with ESRCH.',
      input: record('The process.', 'InitRequest', {
        spec: containerSpec,
        pid: id('Its own number, as it sees itself.', 'process', 4_194_304),
      }),
      output: nothing,
    },
  },
  calls: {
    clone: {
      doc: 'clone(2): makes a process, a copy of this one, in new namespaces. It continues in `init`.',
      input: record('What to make.', 'CloneArguments', {
        flags: list('Namespaces that it gets of its own.', oneOf('A flag.', cloneFlagNames), 8),
      }),
      output: id('Its number, as this process sees it.', 'process', 4_194_304),
      errors: errors('EAGAIN', 'EINVAL', 'ENOMEM', 'ENOSPC', 'EPERM'),
    },
    unshare: {
      doc: 'unshare(2): this process leaves namespaces for new ones. A new process or time namespace is for its children only.',
      input: record('What to leave.', 'UnshareArguments', {
        flags: list('Namespaces.', oneOf('A flag.', cloneFlagNames), 8),
      }),
      output: nothing,
      errors: errors('EINVAL', 'ENOSPC', 'EPERM'),
    },
    setns: {
      doc: 'open(2) and setns(2): this process joins a namespace of another.',
      input: record('What to join.', 'SetnsArguments', { path: path('A file of /proc/pid/ns.') }),
      output: nothing,
      errors: errors('EACCES', 'EINVAL', 'ENOENT', 'EPERM'),
    },
    mount: {
      doc: 'mount(2): a new mount, a bind mount (MS_BIND), a change of flags (MS_REMOUNT) or of propagation (MS_PRIVATE and others).',
      input: record('What to mount.', 'MountArguments', {
        source: path('What; `none` where it means nothing.'),
        target: path('Where.'),
        type: text('Type of the file system; empty where it means nothing.', 32),
        flags: mountFlags,
        data: text('Options of the file system.', 1024),
      }),
      output: nothing,
      errors: errors('EACCES', 'EBUSY', 'EINVAL', 'ELOOP', 'ENODEV', 'ENOENT', 'ENOTDIR', 'EPERM'),
    },
    umount: {
      doc: 'umount2(2)',
      input: record('What to unmount.', 'UmountArguments', {
        target: path('Where it is mounted.'),
        detach: flag('MNT_DETACH: out of the tree at once, although it is in use.'),
      }),
      output: nothing,
      errors: errors('EBUSY', 'EINVAL', 'ENOENT', 'EPERM'),
    },
    pivotRoot: {
      doc: 'pivot_root(2): `newRoot`, a mount point, becomes the root of this mount namespace, and the old root is put at `putOld`, in it.',
      input: record('The two places.', 'PivotRootArguments', {
        newRoot: path('The new root.'),
        putOld: path('Where the old root goes, at or below the new one.'),
      }),
      output: nothing,
      errors: errors('EBUSY', 'EINVAL', 'ENOENT', 'ENOTDIR', 'EPERM'),
    },
    chroot: {
      doc: 'chroot(2): another meaning for `/`.',
      input: record('The directory.', 'ChrootArguments', { path: path('A directory.') }),
      output: nothing,
      errors: errors('EACCES', 'ENOENT', 'ENOTDIR', 'EPERM'),
    },
    chdir: {
      doc: 'chdir(2)',
      input: record('The directory.', 'ChdirArguments', { path: path('A directory.') }),
      output: nothing,
      errors: errors('EACCES', 'ENOENT', 'ENOTDIR'),
    },
    mkdir: {
      doc: 'mkdir(2)',
      input: record('The directory.', 'MkdirArguments', { path: path('What to make.'), mode: mode() }),
      output: nothing,
      errors: errors('EACCES', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS'),
    },
    mknod: {
      doc: 'mknod(2): a device file, or an empty ordinary file where the numbers are left out. Devices take CAP_MKNOD on the host.',
      input: record('The file.', 'MknodArguments', {
        path: path('What to make.'),
        mode: mode(),
        type: oneOf('Its kind.', ['char', 'block', 'file']),
        major: int('Major number; 0 for a file.', { min: 0, max: 4095 }),
        minor: int('Minor number; 0 for a file.', { min: 0, max: 1_048_575 }),
      }),
      output: nothing,
      errors: errors('EACCES', 'EEXIST', 'ENOENT', 'EPERM', 'EROFS'),
    },
    umask: {
      doc: 'umask(2): the permission bits that mkdir and mknod leave out from here on. It is 0o022 at first.',
      input: record('The mask.', 'UmaskArguments', { mask: int('Permission bits.', { min: 0, max: 0o777 }) }),
      output: nothing,
      errors: errors(),
    },
    symlink: {
      doc: 'symlink(2)',
      input: record('The link.', 'SymlinkArguments', {
        target: path('What it says.'),
        path: path('Where it is.'),
      }),
      output: nothing,
      errors: errors('EACCES', 'EEXIST', 'ENOENT', 'EROFS'),
    },
    isDirectory: {
      doc: 'stat(2): whether a path leads to a directory.',
      input: record('The path.', 'StatArguments', { path: path('A path.') }),
      output: flag('It is a directory.'),
      errors: errors('EACCES', 'ELOOP', 'ENOENT', 'ENOTDIR'),
    },
    readFile: {
      doc: 'open(2), read(2) and close(2): the text of a file.',
      input: record('The file.', 'ReadFileArguments', { path: path('A file.') }),
      output: text('Its text.', 65_536),
      errors: errors('EACCES', 'EISDIR', 'ENOENT', 'EPERM'),
    },
    writeFile: {
      doc: 'open(2), write(2) and close(2): writes into a file that exists, in one write.',
      input: record('The file.', 'WriteFileArguments', {
        path: path('A file.'),
        text: text('What to write.', 65_536),
      }),
      output: nothing,
      errors: errors('EACCES', 'EBUSY', 'EINVAL', 'ENOENT', 'EPERM', 'ERANGE', 'EROFS', 'ESRCH'),
    },
    setDevices: {
      doc: 'bpf(2): attaches a device program to a control group: what it does not allow is refused to all in the group. Without a program every device is allowed.',
      input: record('The program.', 'SetDevicesArguments', {
        cgroup: path('The directory of the control group.'),
        rules: list('The last rule that matches decides; without one, no.', deviceRule, 64),
      }),
      output: nothing,
      errors: errors('ENOENT', 'EPERM'),
    },
    sethostname: {
      doc: 'sethostname(2)',
      input: record('The name.', 'SethostnameArguments', { name: text('The host name.', 64) }),
      output: nothing,
      errors: errors('EPERM'),
    },
    setgroups: {
      doc: 'setgroups(2): the supplementary groups.',
      input: record('The groups.', 'SetgroupsArguments', { groups: list('Groups.', uid('Group.'), 32) }),
      output: nothing,
      errors: errors('EINVAL', 'EPERM'),
    },
    setgid: {
      doc: 'setgid(2)',
      input: record('The group.', 'SetgidArguments', { gid: uid('Group.') }),
      output: nothing,
      errors: errors('EINVAL', 'EPERM'),
    },
    setuid: {
      doc: 'setuid(2). Leaving user 0 drops all capabilities, unless PR_SET_KEEPCAPS is on.',
      input: record('The user.', 'SetuidArguments', { uid: uid('User.') }),
      output: nothing,
      errors: errors('EINVAL', 'EPERM'),
    },
    capset: {
      doc: 'capset(2): the three sets of this process. The permitted set can only shrink.',
      input: record('The sets.', 'CapsetArguments', {
        permitted: capabilities('Permitted.'),
        effective: capabilities('Effective: a part of the permitted.'),
        inheritable: capabilities('Inheritable.'),
      }),
      output: nothing,
      errors: errors('EPERM'),
    },
    dropBounding: {
      doc: 'prctl(PR_CAPBSET_DROP): takes a capability out of the bounding set, for good. It takes CAP_SETPCAP.',
      input: record('The capability.', 'DropBoundingArguments', { capability }),
      output: nothing,
      errors: errors('EPERM'),
    },
    raiseAmbient: {
      doc: 'prctl(PR_CAP_AMBIENT_RAISE): adds a capability that is permitted and inheritable to the ambient set.',
      input: record('The capability.', 'RaiseAmbientArguments', { capability }),
      output: nothing,
      errors: errors('EPERM'),
    },
    keepCapabilities: {
      doc: 'prctl(PR_SET_KEEPCAPS): the permitted set outlives the next setuid.',
      input: record('Whether.', 'KeepCapabilitiesArguments', { on: flag('On.') }),
      output: nothing,
      errors: errors('EPERM'),
    },
    setNoNewPrivileges: {
      doc: 'prctl(PR_SET_NO_NEW_PRIVS): from here on execve never gives more than before. It cannot be undone.',
      input: record('Nothing to say.', 'SetNoNewPrivilegesArguments', {}),
      output: nothing,
      errors: errors('EPERM'),
    },
    seccomp: {
      doc:
        'seccomp(2): installs the filter that was compiled from the configuration. From here on it judges every system call of this ' +
        'process and of its children, `execve` too, and it cannot be removed. Takes no_new_privs or CAP_SYS_ADMIN.',
      input: record('Nothing to say.', 'SeccompArguments', {}),
      output: nothing,
      errors: errors('EACCES', 'EINVAL', 'ESRCH'),
    },
    closeRange: {
      doc: 'close_range(2): closes every descriptor from a number on.',
      input: record('The first.', 'CloseRangeArguments', {
        first: int('The lowest descriptor to close.', { min: 0, max: 1024 }),
      }),
      output: nothing,
      errors: errors('EINVAL'),
    },
    execve: {
      doc: 'execve(2): this process goes on as another program. It returns here only to say that it worked.',
      input: record('The program.', 'ExecveArguments', {
        path: path('The program.'),
        args: list('Its arguments, the program itself first.', text('A word.', 4096), 64),
      }),
      output: nothing,
      errors: errors('EACCES', 'ENOENT', 'ENOEXEC', 'ENOTDIR'),
    },
  },
});

export const runtimePolicies = { runtime: RuntimePolicy };
