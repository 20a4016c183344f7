import { CallError } from 'trapframe';
import type { ContainerRuntime, ContainerRuntimeCalls, ContainerSpec } from 'trapframe';

type Calls = ContainerRuntimeCalls;
type Mount = ContainerSpec['mounts'][number];

/** Runs `call`, and lets it fail with one error. */
function unless(errno: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof CallError) || error.errno !== errno) throw error;
  }
}

/** Makes a directory in the container's root, with those above it. */
function mkdirs(calls: Calls, rootfs: string, path: string): void {
  let at = rootfs;
  for (const name of path.split('/')) {
    if (name === '') continue;
    at += '/' + name;
    const directory = at;
    unless('EEXIST', () => calls.mkdir({ path: directory, mode: 0o755 }));
  }
}

/** Makes something to mount on: a directory, or an empty file. */
function makeMountPoint(calls: Calls, rootfs: string, path: string, isDirectory: boolean): void {
  mkdirs(calls, rootfs, isDirectory ? path : path.slice(0, path.lastIndexOf('/')));
  if (!isDirectory) {
    unless('EEXIST', () => calls.mknod({ path: rootfs + path, mode: 0o644, type: 'file', major: 0, minor: 0 }));
  }
}

/** A bind mount ignores all other flags: they take a second call. */
function bind(calls: Calls, source: string, target: string, flags: Mount['flags']): void {
  calls.mount({ source, target, type: '', flags: ['MS_BIND', 'MS_REC'], data: '' });
  const strict = flags.filter((flag) => flag !== 'MS_BIND' && flag !== 'MS_REC');
  if (strict.length > 0) {
    calls.mount({ source: 'none', target, type: '', flags: ['MS_REMOUNT', 'MS_BIND', ...strict], data: '' });
  }
}

function makeMounts(calls: Calls, spec: ContainerSpec): void {
  for (const { destination, source, type, flags, data } of spec.mounts) {
    const target = spec.rootfs + destination;
    if (type === 'bind') {
      makeMountPoint(calls, spec.rootfs, destination, calls.isDirectory({ path: source }));
      bind(calls, source, target, flags);
    } else {
      makeMountPoint(calls, spec.rootfs, destination, true);
      calls.mount({ source, target, type, flags, data });
    }
  }
}

function makeDevices(calls: Calls, spec: ContainerSpec): void {
  calls.umask({ mask: 0 });
  for (const { path, mode, type, major, minor } of spec.devices) {
    try {
      calls.mknod({ path: spec.rootfs + path, mode, type, major, minor });
    } catch {
      // Not even root of a user namespace may make devices: take the host's.
      makeMountPoint(calls, spec.rootfs, path, false);
      bind(calls, path, spec.rootfs + path, []);
    }
  }
  calls.umask({ mask: 0o022 });
}

function hidePaths(calls: Calls, spec: ContainerSpec): void {
  for (const path of spec.readonlyPaths) {
    unless('ENOENT', () => bind(calls, path, path, ['MS_RDONLY']));
  }
  for (const path of spec.maskedPaths) {
    unless('ENOENT', () => {
      if (calls.isDirectory({ path })) {
        calls.mount({ source: 'tmpfs', target: path, type: 'tmpfs', flags: ['MS_RDONLY'], data: '' });
      } else {
        bind(calls, '/dev/null', path, []);
      }
    });
  }
}

/** The names of all capabilities: what is not kept has to be dropped by name. */
const allCapabilities = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((name) => 'CAP_' + name) as ContainerSpec['capabilities']['bounding'][number][];

function dropPrivileges(calls: Calls, spec: ContainerSpec): void {
  const { bounding, permitted, effective, inheritable, ambient } = spec.capabilities;
  // First what takes CAP_SETPCAP, then what takes CAP_SETUID, and capset last.
  for (const capability of allCapabilities) {
    if (!bounding.includes(capability)) calls.dropBounding({ capability });
  }
  calls.keepCapabilities({ on: true });
  calls.setgroups({ groups: spec.user.groups });
  calls.setgid({ gid: spec.user.gid });
  calls.setuid({ uid: spec.user.uid });
  calls.capset({ permitted, effective, inheritable });
  for (const capability of ambient) calls.raiseAmbient({ capability });
  if (spec.seccomp) calls.seccomp({});
  if (spec.noNewPrivileges) calls.setNoNewPrivileges({});
}

const mapLines = (mappings: ContainerSpec['uidMappings']): string =>
  mappings.map(({ containerId, hostId, size }) => `${containerId} ${hostId} ${size}\n`).join('');

export const runtime: ContainerRuntime = {
  create({ spec }, calls) {
    // 1. A control group with its limits.
    calls.mkdir({ path: spec.cgroup, mode: 0o755 });
    for (const { file, value } of spec.cgroupSettings) {
      calls.writeFile({ path: `${spec.cgroup}/${file}`, text: value });
    }
    calls.setDevices({ cgroup: spec.cgroup, rules: spec.deviceRules });

    // 2. The first process. Its cgroup namespace comes later, when it is in the right group.
    const pid = calls.clone({ flags: spec.namespaces.filter((flag) => flag !== 'CLONE_NEWCGROUP') });

    // 3. What only somebody outside can do for it.
    if (spec.uidMappings.length > 0) {
      calls.writeFile({ path: `/proc/${pid}/uid_map`, text: mapLines(spec.uidMappings) });
      calls.writeFile({ path: `/proc/${pid}/gid_map`, text: mapLines(spec.gidMappings) });
    }
    calls.writeFile({ path: `${spec.cgroup}/cgroup.procs`, text: String(pid) });
  },

  init({ spec }, calls) {
    if (spec.namespaces.includes('CLONE_NEWUSER')) {
      calls.setgid({ gid: 0 });
      calls.setuid({ uid: 0 });
    }
    if (spec.namespaces.includes('CLONE_NEWCGROUP')) calls.unshare({ flags: ['CLONE_NEWCGROUP'] });

    // 4. A root of its own. First of all, mounts here must not show up on the host.
    calls.mount({ source: 'none', target: '/', type: '', flags: ['MS_REC', 'MS_PRIVATE'], data: '' });
    bind(calls, spec.rootfs, spec.rootfs, []);
    makeMounts(calls, spec);
    makeDevices(calls, spec);
    calls.chdir({ path: spec.rootfs });
    calls.pivotRoot({ newRoot: '.', putOld: '.' });
    calls.umount({ target: '.', detach: true });
    calls.chdir({ path: '/' });
    hidePaths(calls, spec);
    calls.sethostname({ name: spec.hostname });

    // 5. Only what it needs, and never more.
    dropPrivileges(calls, spec);
    calls.chdir({ path: spec.cwd });
    calls.closeRange({ first: 3 });
    calls.execve({ path: spec.args[0]!, args: spec.args });
  },
};
