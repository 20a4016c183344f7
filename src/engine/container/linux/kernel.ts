import { rootCredentials } from './credentials.ts';
import { CgroupNode, type DeviceRule } from './cgroupTree.ts';
import { succeed, fail, type SysResult } from './errno.ts';
import type { DeviceNumber } from './directoryCalls.ts';
import { FileNode, FileSystem, type FileSystemType } from './fileTree.ts';
import { MountNamespace, MountTable, plainMount, type Mount, type Path } from './mounts.ts';
import {
  CgroupNamespace,
  IpcNamespace,
  PidNamespace,
  TimeNamespace,
  UtsNamespace,
  type Namespace,
} from './namespaces.ts';
import { NetworkNamespace } from './network.ts';
import { Process } from './process.ts';
import { deliver } from './processCalls.ts';
import { ProcTree } from './procFiles.ts';
import { sysTree } from './sysFiles.ts';
import { UserNamespace } from './userNamespace.ts';

/** Makes the file system that mount(2) asks for, or finds the one that there is. */
export type FileSystemMaker = (
  process: Process,
  options: { readonly source: string; readonly data: string; readonly owner: UserNamespace },
) => SysResult<{ readonly fs: FileSystem; readonly root: FileNode }>;

/** Numbers of the initial namespaces. include/linux/proc_ns.h */
const initialInodes = {
  ipc: 0xefffffff,
  uts: 0xeffffffe,
  user: 0xeffffffd,
  pid: 0xeffffffc,
  cgroup: 0xeffffffb,
  time: 0xeffffffa,
  net: 0xeffffff9,
  mnt: 0xeffffff8,
} as const;

/**
 * A simulated Linux: the state that all processes share. The system calls are functions over it and the calling process;
 * each is a file of this folder named after what it calls for. Nothing here takes time: a call happens at once.
 */
export class Kernel {
  readonly mounts = new MountTable();
  readonly userNamespace: UserNamespace;
  readonly pidNamespace: PidNamespace;
  /** All processes, zombies too, in the order of their making. */
  readonly processes = new Set<Process>();
  livingProcesses = 0;
  /** Most processes that live at once (/proc/sys/kernel/pid_max). */
  readonly maxProcesses = 4_194_304;
  readonly fileSystems: ReadonlyMap<string, FileSystemMaker>;
  readonly cgroupRoot: CgroupNode;
  /** Process 1 of the machine. */
  readonly init: Process;
  /** The file system below `/`. */
  readonly rootFs: FileSystem;
  /** Settings below /proc/sys that belong to the whole kernel. */
  readonly settings = new Map<string, string>([
    ['core_pattern', 'core'],
    ['modprobe', '/sbin/modprobe'],
    ['panic_on_oom', '0'],
  ]);
  /** What was written to /proc/sysrq-trigger. */
  readonly sysrq: string[] = [];
  /** What was written to disks and memory past all file systems. */
  readonly rawWrites: string[] = [];
  uptimeSeconds = 86_400;
  #devices = 20;
  // Ordinary namespaces are numbered from here on. proc_alloc_inum()
  #inodes = 4_026_532_000;
  readonly #nsfs: { readonly fs: FileSystem; readonly mount: Mount };
  readonly #namespaceNodes = new Map<Namespace, FileNode>();
  readonly #pipefs: { readonly fs: FileSystem; readonly mount: Mount };

  constructor(options: { readonly hostname: string }) {
    const owner = UserNamespace.initial(initialInodes.user);
    this.userNamespace = owner;
    this.pidNamespace = new PidNamespace(initialInodes.pid, owner, undefined);
    const rootfs = this.newFileSystem('rootfs', owner, 'rootfs');
    const bottom = this.mounts.create(rootfs, rootfs.root, plainMount);
    this.rootFs = this.newFileSystem('ext4', owner, '/dev/sda1');
    const root = this.mounts.create(this.rootFs, this.rootFs.root, plainMount);
    root.attach(bottom, rootfs.root);
    const mnt = new MountNamespace(initialInodes.mnt, owner, bottom);

    const cgroupFs: FileSystem = new FileSystem({
      ...this.#fileSystemOptions('cgroup2', owner, 'cgroup2'),
      rootContent: {
        kind: 'kernelDirectory',
        lookup: (name) => this.cgroupRoot.directoryContent(cgroupFs).lookup(name),
        names: () => this.cgroupRoot.directoryContent(cgroupFs).names(),
        make: (name, maker) => this.cgroupRoot.make(cgroupFs, name, maker),
        remove: (name) => this.cgroupRoot.remove(name),
      },
    });
    this.cgroupRoot = new CgroupNode(cgroupFs, '', undefined, { uid: 0, gid: 0 }, (target, sender) =>
      deliver(this, target, 'SIGKILL', !sender.pidNamespace.isWithin(target.pidNamespace)),
    );
    this.#nsfs = this.#detached('nsfs', owner);
    this.#pipefs = this.#detached('tmpfs', owner);

    const time = new TimeNamespace(initialInodes.time, owner, true);
    this.init = new Process({
      pidNamespace: this.pidNamespace,
      parent: undefined,
      credentials: rootCredentials(owner),
      namespaces: {
        mnt,
        uts: new UtsNamespace(initialInodes.uts, owner, { hostname: options.hostname, domainname: '(none)' }),
        ipc: new IpcNamespace(initialInodes.ipc, owner),
        net: new NetworkNamespace(initialInodes.net, owner),
        cgroup: new CgroupNamespace(initialInodes.cgroup, owner, this.cgroupRoot),
        time,
        pidForChildren: this.pidNamespace,
        timeForChildren: time,
      },
      root: { mount: root, node: this.rootFs.root },
      cwd: { mount: root, node: this.rootFs.root },
      umask: 0o022,
      cgroup: this.cgroupRoot,
      name: 'systemd',
      argv: ['/sbin/init'],
      executable: undefined,
    });
    this.pidNamespace.init = this.init;
    this.processes.add(this.init);
    this.livingProcesses = 1;
    this.fileSystems = this.#makers(cgroupFs);
  }

  newInode(): number {
    return this.#inodes++;
  }

  #fileSystemOptions(type: FileSystemType, owner: UserNamespace, source: string, rootMode = 0o755) {
    return { type, device: this.#devices++, owner, source, rootMode, rootUid: 0, rootGid: 0 } as const;
  }

  /** A file system with an empty root directory. */
  newFileSystem(type: FileSystemType, owner: UserNamespace, source: string, rootMode = 0o755): FileSystem {
    return new FileSystem(this.#fileSystemOptions(type, owner, source, rootMode));
  }

  /** A file system that is mounted nowhere in the tree. */
  #detached(type: FileSystemType, owner: UserNamespace): { readonly fs: FileSystem; readonly mount: Mount } {
    const fs = this.newFileSystem(type, owner, type);
    return { fs, mount: this.mounts.create(fs, fs.root, plainMount) };
  }

  #makers(cgroupFs: FileSystem): ReadonlyMap<string, FileSystemMaker> {
    const whole = (fs: FileSystem) => succeed({ fs, root: fs.root });
    const empty =
      (type: FileSystemType, mode: number): FileSystemMaker =>
      (process, { source, data, owner }) => {
        const wanted = /(?:^|,)mode=([0-7]+)/.exec(data)?.[1];
        const options = this.#fileSystemOptions(
          type,
          owner,
          source === '' ? 'none' : source,
          wanted === undefined ? mode : Number.parseInt(wanted, 8),
        );
        const { uid, gid } = process.credentials;
        return whole(new FileSystem({ ...options, rootUid: uid.effective, rootGid: gid.effective }));
      };
    return new Map<string, FileSystemMaker>([
      ['tmpfs', empty('tmpfs', 0o1777)],
      ['mqueue', empty('mqueue', 0o1777)],
      ['devpts', empty('devpts', 0o755)],
      [
        'proc',
        (process, { source, owner }) => {
          const tree = new ProcTree(this, process.pidNamespace);
          const fs = new FileSystem({
            ...this.#fileSystemOptions('proc', owner, source, 0o555),
            rootContent: tree.root,
          });
          tree.belongTo(fs);
          return whole(fs);
        },
      ],
      [
        'sysfs',
        (process, { source, owner }) => whole(sysTree(this, process, source, owner, this.#devices++)),
      ],
      ['cgroup2', (process) => succeed({ fs: cgroupFs, root: process.namespaces.cgroup.root.directory })],
      ['ext4', () => fail('EINVAL')],
    ]);
  }

  /** The file that stands for a namespace: following /proc/pid/ns/<kind> leads to it. */
  namespaceFile(namespace: Namespace): Path {
    let node = this.#namespaceNodes.get(namespace);
    if (node === undefined) {
      node = new FileNode(
        this.#nsfs.fs,
        { kind: 'namespace', namespace },
        { name: `${namespace.kind}:[${namespace.inode}]`, parent: undefined, mode: 0o444, uid: 0, gid: 0 },
      );
      this.#namespaceNodes.set(namespace, node);
    }
    return { mount: this.#nsfs.mount, node };
  }

  /** The cgroup whose directory a node is. */
  cgroupAt(node: FileNode): CgroupNode | undefined {
    const find = (group: CgroupNode): CgroupNode | undefined => {
      if (group.directory === node) return group;
      for (const child of group.children.values()) {
        const found = find(child);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return find(this.cgroupRoot);
  }

  newPipe(process: Process): Path {
    const { uid, gid } = process.credentials;
    const node = new FileNode(
      this.#pipefs.fs,
      { kind: 'fifo', buffer: { text: '' } },
      { name: 'pipe', parent: undefined, mode: 0o600, uid: uid.effective, gid: gid.effective },
    );
    return { mount: this.#pipefs.mount, node };
  }

  /** Whether a mount is the root or current directory of a process, or holds a file that one has open. */
  uses(mount: Mount): boolean {
    for (const process of this.processes) {
      if (!process.alive) continue;
      if (process.root.mount === mount || process.cwd.mount === mount || process.executable?.mount === mount)
        return true;
      for (const file of process.files.values()) if (file.path.mount === mount) return true;
    }
    return false;
  }

  /**
   * Whether the device programs of a process's cgroup and of those above it all let it have a device.
   * cgroup-v2.rst, "Device controller"
   */
  deviceAllowed(
    process: Process,
    device: DeviceNumber,
    access: { readonly read?: boolean; readonly write?: boolean; readonly make?: boolean },
  ): boolean {
    const wanted = `${access.read === true ? 'r' : ''}${access.write === true ? 'w' : ''}${access.make === true ? 'm' : ''}`;
    for (let at: CgroupNode | undefined = process.cgroup; at !== undefined; at = at.parent) {
      if (at.deviceRules !== undefined && !rulesAllow(at.deviceRules, device, wanted)) return false;
    }
    return true;
  }
}

function rulesAllow(rules: readonly DeviceRule[], device: DeviceNumber, wanted: string): boolean {
  for (const letter of wanted) {
    const rule = rules.findLast(
      (each) =>
        (each.type === 'all' || each.type === device.type) &&
        (each.major === undefined || each.major === device.major) &&
        (each.minor === undefined || each.minor === device.minor) &&
        each.access.includes(letter),
    );
    if (rule === undefined || !rule.allow) return false;
  }
  return true;
}
