import type { Capability } from '../linux/capabilities.ts';
import { hostPlaces } from '../runtime/hostWorld.ts';
import type { MountFlag } from '../linux/mountCalls.ts';
import type { CloneFlag, NamespaceKind } from '../linux/namespaces.ts';
import { isSimulatedFile } from './ociResources.ts';
import type { ContainerSpec } from '../runtime/ociRuntime.ts';

/** The parts of a configuration that the simulation uses, as the schema has made sure of them. */
export interface OciConfig {
  readonly process?: {
    readonly user?: {
      readonly uid?: number;
      readonly gid?: number;
      readonly additionalGids?: readonly number[];
    };
    readonly args?: readonly string[];
    readonly env?: readonly string[];
    readonly cwd?: string;
    readonly capabilities?: Readonly<
      Partial<
        Record<'bounding' | 'permitted' | 'effective' | 'inheritable' | 'ambient', readonly Capability[]>
      >
    >;
    readonly noNewPrivileges?: boolean;
    readonly oomScoreAdj?: number;
  };
  readonly root?: { readonly path: string; readonly readonly?: boolean };
  readonly hostname?: string;
  readonly mounts?: readonly OciMount[];
  readonly linux?: {
    readonly namespaces?: readonly { readonly type: OciNamespaceType; readonly path?: string }[];
    readonly uidMappings?: readonly OciMapping[];
    readonly gidMappings?: readonly OciMapping[];
    readonly devices?: readonly {
      readonly path: string;
      readonly type: string;
      readonly major?: number;
      readonly minor?: number;
      readonly fileMode?: number;
    }[];
    readonly cgroupsPath?: string;
    readonly resources?: {
      readonly devices?: readonly {
        readonly allow: boolean;
        readonly type?: string;
        readonly major?: number;
        readonly minor?: number;
        readonly access?: string;
      }[];
      readonly memory?: { readonly limit?: number; readonly reservation?: number };
      readonly cpu?: { readonly quota?: number; readonly period?: number; readonly shares?: number };
      readonly pids?: { readonly limit: number };
      readonly unified?: Readonly<Record<string, string>>;
    };
    readonly timeOffsets?: unknown;
    readonly rootfsPropagation?: string;
    readonly seccomp?: unknown;
    readonly maskedPaths?: readonly string[];
    readonly readonlyPaths?: readonly string[];
  };
}

export interface OciMount {
  readonly destination: string;
  readonly type?: string;
  readonly source?: string;
  readonly options?: readonly string[];
}

interface OciMapping {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
}

export type OciNamespaceType = 'pid' | 'network' | 'mount' | 'ipc' | 'uts' | 'user' | 'cgroup' | 'time';

/** The specification's names of namespaces. config-linux.md, "Namespaces" */
export const namespaceFlags: Readonly<Record<OciNamespaceType, CloneFlag>> = {
  pid: 'CLONE_NEWPID',
  network: 'CLONE_NEWNET',
  mount: 'CLONE_NEWNS',
  ipc: 'CLONE_NEWIPC',
  uts: 'CLONE_NEWUTS',
  user: 'CLONE_NEWUSER',
  cgroup: 'CLONE_NEWCGROUP',
  time: 'CLONE_NEWTIME',
};

const namespaceKind: Readonly<Record<OciNamespaceType, NamespaceKind>> = {
  pid: 'pid',
  network: 'net',
  mount: 'mnt',
  ipc: 'ipc',
  uts: 'uts',
  user: 'user',
  cgroup: 'cgroup',
  time: 'time',
};

/** Options of `mounts[].options` that are flags of mount(2). config.md, "Linux mount options" */
export const mountOptionFlags: Readonly<Record<string, MountFlag | undefined>> = {
  bind: 'MS_BIND',
  nodev: 'MS_NODEV',
  noexec: 'MS_NOEXEC',
  nosuid: 'MS_NOSUID',
  ro: 'MS_RDONLY',
  rw: undefined,
  suid: undefined,
  dev: undefined,
  exec: undefined,
  defaults: undefined,
  relatime: undefined,
  strictatime: undefined,
  noatime: undefined,
};

/** Every container has these: config-linux.md, "Default Devices". */
const defaultDevices = [
  ['null', 3],
  ['zero', 5],
  ['full', 7],
  ['random', 8],
  ['urandom', 9],
] as const;

/** Where a bundle's relative paths start. */
const bundle = hostPlaces.rootfs.slice(0, hostPlaces.rootfs.lastIndexOf('/'));
const inBundle = (path: string): string => (path.startsWith('/') ? path : `${bundle}/${path}`);

/** What a configuration asks the kernel for. */
export function ociSpec(config: OciConfig): ContainerSpec {
  const linux = config.linux ?? {};
  const namespaces = linux.namespaces ?? [];
  const { resources = {} } = linux;
  const mapping = ({ containerID, hostID, size }: OciMapping) => ({
    containerId: containerID,
    hostId: hostID,
    size,
  });
  const sets = config.process?.capabilities ?? {};
  const { user = {} } = config.process ?? {};
  return {
    rootfs: inBundle(config.root?.path ?? 'rootfs'),
    rootReadOnly: config.root?.readonly ?? false,
    // runc's default is to receive mounts from the host and to send none.
    rootPropagation: propagationOf(linux.rootfsPropagation),
    hostname: config.hostname ?? '',
    namespaces: namespaces.filter(({ path }) => path === undefined).map(({ type }) => namespaceFlags[type]),
    joins: namespaces.flatMap(({ type, path }) =>
      path === undefined ? [] : [{ kind: namespaceKind[type], path }],
    ),
    uidMappings: (linux.uidMappings ?? []).map(mapping),
    gidMappings: (linux.gidMappings ?? []).map(mapping),
    mounts: (config.mounts ?? []).map(mountOf),
    devices: [
      ...defaultDevices.map(([name, minor]) => ({
        path: `/dev/${name}`,
        type: 'char' as const,
        major: 1,
        minor,
        mode: 0o666,
      })),
      ...(linux.devices ?? []).map((device) => ({
        path: device.path,
        type: device.type === 'b' ? ('block' as const) : ('char' as const),
        major: device.major ?? 0,
        minor: device.minor ?? 0,
        mode: device.fileMode ?? 0o666,
      })),
    ],
    deviceRules: deviceRules(resources.devices ?? []),
    maskedPaths: linux.maskedPaths ?? [],
    readonlyPaths: linux.readonlyPaths ?? [],
    cgroup: `/sys/fs/cgroup${linux.cgroupsPath ?? '/containers/web'}`,
    cgroupSettings: cgroupSettings(resources),
    user: { uid: user.uid ?? 0, gid: user.gid ?? 0, groups: user.additionalGids ?? [] },
    capabilities: {
      bounding: sets.bounding ?? [],
      permitted: sets.permitted ?? [],
      effective: sets.effective ?? [],
      inheritable: sets.inheritable ?? [],
      // The kernel raises no other. capabilities(7)
      ambient: (sets.ambient ?? []).filter((each) => sets.inheritable?.includes(each) === true),
    },
    noNewPrivileges: config.process?.noNewPrivileges ?? false,
    oomScoreAdj: config.process?.oomScoreAdj,
    seccomp: linux.seccomp !== undefined,
    cwd: config.process?.cwd ?? '/',
    args: config.process?.args ?? [],
    searchPath: searchPath(config),
  };
}

/** The directories in which a program is looked for whose name has no slash; the first PATH of the environment counts. */
export function searchPath({ process }: OciConfig): readonly string[] {
  const [, path = ''] = (process?.env ?? []).map((each) => /^PATH=(.*)$/.exec(each)).find(Boolean) ?? [];
  return path.split(':').filter((directory) => directory.startsWith('/'));
}

function propagationOf(word: string | undefined): ContainerSpec['rootPropagation'] {
  return word === 'private' || word === 'shared' || word === 'unbindable' ? word : 'slave';
}

function mountOf({
  destination,
  type = '',
  source = 'none',
  options = [],
}: OciMount): ContainerSpec['mounts'][number] {
  const flags = options.flatMap((option) => mountOptionFlags[option] ?? []);
  const recursive = options.includes('rbind') ? (['MS_BIND', 'MS_REC'] as const) : [];
  const data = options.filter((option) => !(option in mountOptionFlags) && option !== 'rbind');
  const isBind = flags.includes('MS_BIND') || recursive.length > 0 || type === 'bind';
  return {
    destination,
    // A cgroup mount of a configuration is one of version 2 on a host that has only that.
    type: isBind ? 'bind' : type === 'cgroup' ? 'cgroup2' : type,
    source: isBind ? inBundle(source) : source,
    flags: [...new Set<MountFlag>([...flags, ...recursive, ...(isBind ? (['MS_BIND'] as const) : [])])],
    data: data.join(','),
  };
}

type Resources = NonNullable<NonNullable<OciConfig['linux']>['resources']>;

/**
 * The device program: first what the configuration says, then the devices that every container may use. Without a word of the configuration
 * runc refuses all others, too.
 */
function deviceRules(rules: NonNullable<Resources['devices']>): ContainerSpec['deviceRules'] {
  const own = rules.map(({ allow, type, major, minor, access }) => ({
    allow,
    type: type === 'c' ? ('char' as const) : type === 'b' ? ('block' as const) : ('all' as const),
    major: major === -1 ? undefined : major,
    minor: minor === -1 ? undefined : minor,
    access: access ?? 'rwm',
  }));
  const always = defaultDevices.map(([, minor]) => ({
    allow: true,
    type: 'char' as const,
    major: 1,
    minor,
    access: 'rwm',
  }));
  return [...own, ...always];
}

/** Limits of version 1 as files of version 2, by the conversion that runc and crun make. */
function cgroupSettings({ memory, cpu, pids, unified }: Resources): ContainerSpec['cgroupSettings'] {
  const settings: { file: string; value: string }[] = [];
  const set = (file: string, value: string): void => void settings.push({ file, value });
  if (memory?.limit !== undefined) set('memory.max', limitText(memory.limit));
  if (cpu?.quota !== undefined || cpu?.period !== undefined) {
    set(
      'cpu.max',
      `${cpu.quota === undefined || cpu.quota < 0 ? 'max' : cpu.quota} ${cpu.period ?? 100_000}`,
    );
  }
  if (cpu?.shares !== undefined && cpu.shares > 0) {
    set('cpu.weight', String(1 + Math.floor(((cpu.shares - 2) * 9999) / 262_142)));
  }
  if (pids !== undefined) set('pids.max', limitText(pids.limit));
  for (const [file, value] of Object.entries(unified ?? {})) if (isSimulatedFile(file)) set(file, value);
  return settings;
}

const limitText = (limit: number): string => (limit < 0 ? 'max' : String(limit));
