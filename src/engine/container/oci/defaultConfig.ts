/** Everything but new user namespaces. clone3 has its flags in memory, where a filter cannot look: C libraries then take clone. */
const noUserNamespaces = {
  defaultAction: 'SCMP_ACT_ALLOW',
  architectures: ['SCMP_ARCH_X86_64'],
  syscalls: [
    {
      names: ['clone', 'unshare'],
      action: 'SCMP_ACT_ERRNO',
      args: [{ index: 0, value: 0x1000_0000, valueTwo: 0x1000_0000, op: 'SCMP_CMP_MASKED_EQ' }],
    },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
  ],
};

/**
 * A configuration in the manner of `runc spec`: all namespaces but user and time, the usual mounts, masks and devices, few
 * capabilities, a filter, and limits.
 */
export const defaultConfig = {
  ociVersion: '1.0.2',
  process: {
    user: { uid: 0, gid: 0 },
    args: ['/bin/app'],
    env: ['PATH=/bin'],
    cwd: '/',
    capabilities: {
      bounding: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
      effective: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
      permitted: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
    },
    noNewPrivileges: true,
  },
  root: { path: 'rootfs' },
  hostname: 'web',
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
    {
      destination: '/dev/shm',
      type: 'tmpfs',
      source: 'shm',
      options: ['nosuid', 'noexec', 'nodev', 'mode=1777'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: ['nosuid', 'noexec', 'nodev', 'ro'],
    },
    { destination: '/var/data', source: '/srv/data', options: ['rbind', 'nosuid', 'nodev'] },
  ],
  linux: {
    cgroupsPath: '/containers/web',
    resources: {
      devices: [{ allow: false, access: 'rwm' }],
      memory: { limit: 134_217_728 },
      pids: { limit: 64 },
      cpu: { quota: 50_000, period: 100_000, shares: 1024 },
    },
    namespaces: [
      { type: 'pid' },
      { type: 'network' },
      { type: 'ipc' },
      { type: 'uts' },
      { type: 'mount' },
      { type: 'cgroup' },
    ],
    maskedPaths: [
      '/proc/acpi',
      '/proc/kcore',
      '/proc/keys',
      '/proc/timer_list',
      '/proc/scsi',
      '/sys/firmware',
    ],
    readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    seccomp: noUserNamespaces,
  },
};
