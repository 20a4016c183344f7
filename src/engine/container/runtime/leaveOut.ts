import { capabilityNames } from '../linux/capabilities.ts';
import type { CloneFlag } from '../linux/namespaces.ts';
import type { ContainerSpec } from './ociRuntime.ts';

/** What a configuration can be robbed of. */
export const leftOutValues = {
  nothing: 'Nothing: the configuration as it stands.',
  'pid-namespace': 'Numbers of its own for processes.',
  'network-namespace': 'A network stack of its own.',
  'uts-namespace': 'A host name of its own.',
  'ipc-namespace': 'Shared memory of its own.',
  'cgroup-namespace': 'A view of control groups of its own.',
  'pivot-root': 'The change of root: chroot stands in for pivot_root.',
  capabilities: 'The dropping of capabilities: the application keeps all, and no_new_privs is off.',
  limits: 'The limits of its control group.',
  seccomp: 'The filter of system calls.',
  masks: 'Masked and read-only paths of /proc and /sys.',
  'all-but-chroot': 'All but the change of the root, and that is a chroot: no namespace but that of mounts.',
  'all-but-namespaces': 'All but the namespaces: chroot, every capability, no limits, no masks, no filter.',
} as const;
export type LeftOut = keyof typeof leftOutValues;

const flagOf: Readonly<Partial<Record<LeftOut, CloneFlag>>> = {
  'pid-namespace': 'CLONE_NEWPID',
  'network-namespace': 'CLONE_NEWNET',
  'uts-namespace': 'CLONE_NEWUTS',
  'ipc-namespace': 'CLONE_NEWIPC',
  'cgroup-namespace': 'CLONE_NEWCGROUP',
};

/** Whether `without` takes a part away. */
export const takesAway = (without: LeftOut, part: LeftOut): boolean =>
  without === part ||
  without === 'all-but-chroot' ||
  (without === 'all-but-namespaces' && flagOf[part] === undefined);

interface Changes {
  readonly without: LeftOut;
  readonly userNamespace: boolean;
  readonly appUser: 'configured' | 'root' | 'app';
}

/** A configuration with what the parameters change in it. */
export function leaveOut(spec: ContainerSpec, { without, userNamespace, appUser }: Changes): ContainerSpec {
  const gone = new Set(
    (Object.keys(flagOf) as LeftOut[]).filter((part) => takesAway(without, part)).map((part) => flagOf[part]),
  );
  const everything = [...capabilityNames];
  const id = appUser === 'root' ? 0 : appUser === 'app' ? 1000 : undefined;
  const mapping = [{ containerId: 0, hostId: 100_000, size: 65_536 }];
  return {
    ...spec,
    namespaces: [
      ...spec.namespaces.filter((each) => !gone.has(each) && !(userNamespace && each === 'CLONE_NEWUSER')),
      ...(userNamespace ? (['CLONE_NEWUSER'] as const) : []),
    ],
    ...(userNamespace ? { uidMappings: mapping, gidMappings: mapping } : {}),
    ...(takesAway(without, 'uts-namespace') ? { hostname: '' } : {}),
    ...(id === undefined ? {} : { user: { uid: id, gid: id, groups: [] } }),
    // Another user than 0 keeps over execve only what is ambient.
    ...(appUser === 'app'
      ? {
          capabilities: {
            ...spec.capabilities,
            inheritable: spec.capabilities.permitted,
            ambient: spec.capabilities.permitted,
          },
        }
      : {}),
    ...(takesAway(without, 'capabilities')
      ? {
          capabilities: {
            bounding: everything,
            permitted: everything,
            effective: everything,
            inheritable: [],
            ambient: [],
          },
          noNewPrivileges: false,
        }
      : {}),
    ...(takesAway(without, 'limits') ? { cgroupSettings: [], deviceRules: [] } : {}),
    ...(takesAway(without, 'seccomp') ? { seccomp: false } : {}),
    ...(takesAway(without, 'masks')
      ? { maskedPaths: [], readonlyPaths: [], mounts: spec.mounts.map(writable) }
      : {}),
  };
}

const writable = (mount: ContainerSpec['mounts'][number]): ContainerSpec['mounts'][number] => ({
  ...mount,
  flags: mount.flags.filter((flag) => flag !== 'MS_RDONLY'),
});
