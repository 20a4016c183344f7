import type { Infer } from '../../kernel/codec.ts';
import { CallError, type Calls, type PolicyImplementation } from '../../kernel/policy.ts';
import { capabilityNames } from '../linux/capabilities.ts';
import type { containerSpec, RuntimePolicy } from './runtimePolicy.ts';

export type ContainerSpec = Infer<typeof containerSpec>;
type RuntimeCalls = Calls<typeof RuntimePolicy>;

/** Runs a call, and lets an error of these names pass. */
function allow(errnos: readonly string[], call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof CallError) || !errnos.includes(error.errno)) throw error;
  }
}

/** Makes a directory below another one, with those between them. */
function mkdirs(calls: RuntimeCalls, base: string, path: string): void {
  let at = base;
  for (const name of path.split('/').filter((part) => part !== '')) {
    at += `/${name}`;
    const directory = at;
    allow(['EEXIST'], () => calls.mkdir({ path: directory, mode: 0o755 }));
  }
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Something to mount on: a directory for a directory, an empty file for anything else. */
function makeMountPoint(calls: RuntimeCalls, rootfs: string, path: string, directory: boolean): void {
  mkdirs(calls, rootfs, directory ? path : directoryOf(path));
  if (directory) return;
  const file = { path: `${rootfs}${path}`, mode: 0o644, type: 'file', major: 0, minor: 0 } as const;
  allow(['EEXIST'], () => calls.mknod(file));
}

const stricter = ['MS_RDONLY', 'MS_NOSUID', 'MS_NODEV', 'MS_NOEXEC'] as const;

function makeMount(calls: RuntimeCalls, spec: ContainerSpec, mount: ContainerSpec['mounts'][number]): void {
  const target = `${spec.rootfs}${mount.destination}`;
  const isBind = mount.flags.includes('MS_BIND');
  const directory = !isBind || calls.isDirectory({ path: mount.source });
  makeMountPoint(calls, spec.rootfs, mount.destination, directory);
  const { source, type, flags, data } = mount;
  if (!isBind) {
    calls.mount({ source, target, type, flags, data });
    return;
  }
  calls.mount({
    source,
    target,
    type: '',
    flags: flags.includes('MS_REC') ? ['MS_BIND', 'MS_REC'] : ['MS_BIND'],
    data: '',
  });
  // A bind mount takes its flags in a second call.
  const restrictions = flags.filter((flag) => (stricter as readonly string[]).includes(flag));
  if (restrictions.length > 0) {
    calls.mount({
      source: 'none',
      target,
      type: '',
      flags: ['MS_REMOUNT', 'MS_BIND', ...restrictions],
      data: '',
    });
  }
}

/** Device files; where making them is not allowed, the host's are bound instead. */
function makeDevices(calls: RuntimeCalls, spec: ContainerSpec): void {
  for (const { path, type, major, minor, mode } of spec.devices) {
    const target = `${spec.rootfs}${path}`;
    mkdirs(calls, spec.rootfs, directoryOf(path));
    try {
      calls.mknod({ path: target, mode, type, major, minor });
    } catch {
      makeMountPoint(calls, spec.rootfs, path, false);
      calls.mount({ source: path, target, type: '', flags: ['MS_BIND'], data: '' });
    }
  }
}

function enterRoot(calls: RuntimeCalls, rootfs: string): void {
  calls.chdir({ path: rootfs });
  calls.pivotRoot({ newRoot: '.', putOld: '.' });
  // The old root lies on top of the new one now.
  calls.umount({ target: '.', detach: true });
  calls.chdir({ path: '/' });
}

function hidePaths(calls: RuntimeCalls, spec: ContainerSpec): void {
  for (const path of spec.readonlyPaths) {
    allow(['ENOENT'], () => {
      calls.mount({ source: path, target: path, type: '', flags: ['MS_BIND', 'MS_REC'], data: '' });
      calls.mount({
        source: 'none',
        target: path,
        type: '',
        flags: ['MS_REMOUNT', 'MS_BIND', 'MS_RDONLY'],
        data: '',
      });
    });
  }
  for (const path of spec.maskedPaths) {
    allow(['ENOENT'], () => {
      if (calls.isDirectory({ path }))
        calls.mount({ source: 'tmpfs', target: path, type: 'tmpfs', flags: ['MS_RDONLY'], data: '' });
      else calls.mount({ source: '/dev/null', target: path, type: '', flags: ['MS_BIND'], data: '' });
    });
  }
}

function dropPrivileges(
  calls: RuntimeCalls,
  { capabilities, user, seccomp, noNewPrivileges }: ContainerSpec,
): void {
  // Without no_new_privs a filter takes CAP_SYS_ADMIN, so that it has to be there before that goes.
  if (seccomp && !noNewPrivileges) calls.seccomp({});
  const kept = new Set(capabilities.bounding);
  for (const capability of capabilityNames) if (!kept.has(capability)) calls.dropBounding({ capability });
  calls.keepCapabilities({ on: true });
  allow(['EPERM'], () => calls.setgroups({ groups: user.groups }));
  calls.setgid({ gid: user.gid });
  calls.setuid({ uid: user.uid });
  const { permitted, effective, inheritable, ambient } = capabilities;
  calls.capset({ permitted, effective, inheritable });
  for (const capability of ambient) calls.raiseAmbient({ capability });
  if (noNewPrivileges) calls.setNoNewPrivileges({});
}

/** A program whose name has no slash is looked for in PATH, before a filter is there that could forbid it. execvp(3) */
function programOf(calls: RuntimeCalls, { args, searchPath }: ContainerSpec): string {
  const [name = ''] = args;
  if (name.includes('/')) return name;
  const found = searchPath.find((directory) => {
    try {
      return !calls.isDirectory({ path: `${directory}/${name}` });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return false;
    }
  });
  return found === undefined ? name : `${found}/${name}`;
}

const idMapLines = (mappings: ContainerSpec['uidMappings']): string =>
  mappings.map(({ containerId, hostId, size }) => `${containerId} ${hostId} ${size}\n`).join('');

/** The runtime of the engine: it does what a specification says, in the order that runc does it in. */
export function ociRuntime(): PolicyImplementation<typeof RuntimePolicy> {
  return {
    create({ spec }, calls) {
      allow(['EEXIST'], () => calls.mkdir({ path: spec.cgroup, mode: 0o755 }));
      for (const { file, value } of spec.cgroupSettings) {
        calls.writeFile({ path: `${spec.cgroup}/${file}`, text: value });
      }
      if (spec.deviceRules.length > 0) calls.setDevices({ cgroup: spec.cgroup, rules: spec.deviceRules });
      for (const { path } of spec.joins) calls.setns({ path });
      // A cgroup namespace shows the control group that it was made in: that comes later, in the right one.
      const flags = spec.namespaces.filter((flag) => flag !== 'CLONE_NEWCGROUP');
      const pid = calls.clone({ flags });
      if (spec.uidMappings.length > 0)
        calls.writeFile({ path: `/proc/${pid}/uid_map`, text: idMapLines(spec.uidMappings) });
      if (spec.gidMappings.length > 0)
        calls.writeFile({ path: `/proc/${pid}/gid_map`, text: idMapLines(spec.gidMappings) });
      calls.writeFile({ path: `${spec.cgroup}/cgroup.procs`, text: String(pid) });
      if (spec.oomScoreAdj !== undefined)
        calls.writeFile({ path: `/proc/${pid}/oom_score_adj`, text: String(spec.oomScoreAdj) });
    },
    init({ spec }, calls) {
      const has = (flag: ContainerSpec['namespaces'][number]): boolean => spec.namespaces.includes(flag);
      if (has('CLONE_NEWCGROUP')) calls.unshare({ flags: ['CLONE_NEWCGROUP'] });
      if (has('CLONE_NEWUSER')) {
        calls.setgid({ gid: 0 });
        calls.setuid({ uid: 0 });
      }
      if (has('CLONE_NEWNS')) {
        const propagation = `MS_${spec.rootPropagation.toUpperCase()}` as 'MS_PRIVATE';
        calls.mount({ source: 'none', target: '/', type: '', flags: ['MS_REC', propagation], data: '' });
        // pivot_root refuses a shared parent, and so does a root that stays private to the container.
        calls.mount({ source: 'none', target: '/', type: '', flags: ['MS_PRIVATE'], data: '' });
        calls.mount({
          source: spec.rootfs,
          target: spec.rootfs,
          type: '',
          flags: ['MS_BIND', 'MS_REC'],
          data: '',
        });
        for (const mount of spec.mounts) makeMount(calls, spec, mount);
        // Else the usual 022 would take the right to write from all devices.
        calls.umask({ mask: 0 });
        makeDevices(calls, spec);
        calls.umask({ mask: 0o022 });
        enterRoot(calls, spec.rootfs);
        hidePaths(calls, spec);
        if (spec.rootReadOnly) {
          calls.mount({
            source: 'none',
            target: '/',
            type: '',
            flags: ['MS_REMOUNT', 'MS_BIND', 'MS_RDONLY'],
            data: '',
          });
        }
      } else {
        calls.chroot({ path: spec.rootfs });
        calls.chdir({ path: '/' });
      }
      if (spec.hostname !== '') calls.sethostname({ name: spec.hostname });
      dropPrivileges(calls, spec);
      calls.chdir({ path: spec.cwd });
      calls.closeRange({ first: 3 });
      const path = programOf(calls, spec);
      // As late as can be, so that the filter has to allow little more than the application needs.
      if (spec.seccomp && spec.noNewPrivileges) calls.seccomp({});
      calls.execve({ path, args: spec.args });
    },
  };
}
