import {
  cgroupControllers,
  cgroupKillAccepts,
  cgroupSettingFiles,
  type CgroupController,
} from './cgroupFiles.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import { FileNode, type FileSystem } from './fileTree.ts';
import { permitted } from './filePermission.ts';
import type { Process } from './process.ts';

/** A device that processes of a cgroup may use. Devices are filtered by a BPF program on the cgroup in version 2. */
export interface DeviceRule {
  readonly allow: boolean;
  readonly type: 'all' | 'char' | 'block';
  /** Undefined: any. */
  readonly major: number | undefined;
  readonly minor: number | undefined;
  /** Letters of r, w and m (make). */
  readonly access: string;
}

/**
 * A cgroup: a set of processes with settings, in a tree. It is also a directory of cgroupfs; its nodes keep their owners, by
 * which it is delegated. cgroups(7), cgroup-v2.rst
 */
export class CgroupNode {
  readonly name: string;
  readonly parent: CgroupNode | undefined;
  readonly children = new Map<string, CgroupNode>();
  /** With zombies, which hold no number: the file shows only the living. */
  readonly processes = new Set<Process>();
  readonly directory: FileNode;
  /** Controllers enabled for the children: cgroup.subtree_control. */
  readonly enabledBelow = new Set<CgroupController>();
  /** The rules of the attached device program; without one every device is allowed. The last that matches decides. */
  deviceRules: readonly DeviceRule[] | undefined;
  /** How often pids.max refused a fork: pids.events. */
  pidsMaxHits = 0;
  readonly #values = new Map<string, string>();
  readonly #files = new Map<string, FileNode>();
  /** Who made it, and so has its files: to give the directory away gives none of them away. */
  readonly #maker: { readonly uid: number; readonly gid: number };
  readonly #kill: (target: Process, sender: Process) => void;
  #removed = false;

  /** @param kill sends SIGKILL */
  constructor(
    fs: FileSystem,
    name: string,
    parent: CgroupNode | undefined,
    owner: { uid: number; gid: number },
    kill: (target: Process, sender: Process) => void,
  ) {
    this.name = name;
    this.parent = parent;
    this.#maker = owner;
    this.#kill = kill;
    this.directory =
      parent === undefined
        ? fs.root
        : new FileNode(fs, this.directoryContent(fs), {
            name,
            parent: parent.directory,
            mode: 0o755,
            uid: owner.uid,
            gid: owner.gid,
          });
  }

  directoryContent(fs: FileSystem) {
    return {
      kind: 'kernelDirectory' as const,
      lookup: (name: string) => this.children.get(name)?.directory ?? this.#file(fs, name),
      names: () => [...this.fileNames, ...this.children.keys()].toSorted(),
      make: (name: string, maker: Process) => this.make(fs, name, maker),
      remove: (name: string) => this.remove(name),
    };
  }

  /** Its path from the root of the hierarchy: `/containers/web`. */
  get path(): string {
    return this.parent === undefined
      ? '/'
      : `${this.parent.path === '/' ? '' : this.parent.path}/${this.name}`;
  }

  isWithin(other: CgroupNode): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }

  /** The deepest cgroup that holds both. */
  commonAncestor(other: CgroupNode): CgroupNode {
    return other.isWithin(this) ? this : this.parent!.commonAncestor(other);
  }

  /** The controllers that act on this cgroup: those that its parent enables. */
  get controllers(): readonly CgroupController[] {
    const { parent } = this;
    return parent === undefined
      ? cgroupControllers
      : cgroupControllers.filter((name) => parent.enabledBelow.has(name));
  }

  get alive(): readonly Process[] {
    return [...this.processes].filter((process) => process.alive);
  }

  /** Whether processes live here or below; zombies do not count. */
  get populated(): boolean {
    return this.alive.length > 0 || [...this.children.values()].some((child) => child.populated);
  }

  /** Processes here and below, zombies too, until they are waited for: pids.current. */
  get population(): number {
    let count = this.processes.size;
    for (const child of this.children.values()) count += child.population;
    return count;
  }

  /** Cgroups below it, at any depth: nr_descendants of cgroup.stat. */
  get descendants(): number {
    let count = this.children.size;
    for (const child of this.children.values()) count += child.descendants;
    return count;
  }

  /** Whether its processes stand still: by its own cgroup.freeze or that of a cgroup above it. */
  get frozen(): boolean {
    return this.value('cgroup.freeze') === '1' || (this.parent?.frozen ?? false);
  }

  value(file: string): string {
    return this.#values.get(file) ?? cgroupSettingFiles[file]?.initial ?? '';
  }

  get fileNames(): readonly string[] {
    const acting: ReadonlySet<CgroupController | undefined> = new Set(this.controllers);
    const isRoot = this.parent === undefined;
    const settings = Object.entries(cgroupSettingFiles)
      .filter(([, { controller, onRoot = false }]) =>
        isRoot ? onRoot : controller === undefined || acting.has(controller),
      )
      .map(([file]) => file);
    const files = ['cgroup.controllers', 'cgroup.procs', 'cgroup.subtree_control', ...settings];
    if (isRoot) return files;
    if (acting.has('memory')) files.push('memory.current');
    if (acting.has('pids')) files.push('pids.current');
    return [...files, 'cgroup.events', 'cgroup.kill', 'cgroup.type'];
  }

  #file(fs: FileSystem, name: string): FileNode | undefined {
    if (!this.fileNames.includes(name)) return undefined;
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const writable =
      ['cgroup.procs', 'cgroup.subtree_control', 'cgroup.kill', 'cgroup.type'].includes(name) ||
      cgroupSettingFiles[name] !== undefined;
    const node = new FileNode(
      fs,
      {
        kind: 'kernelFile',
        read: (reader) => this.#read(name, reader),
        ...(writable ? { write: (writer: Process, text: string) => this.#write(name, writer, text) } : {}),
      },
      {
        name,
        parent: this.directory,
        mode: name === 'cgroup.kill' ? 0o200 : writable ? 0o644 : 0o444,
        ...this.#maker,
      },
    );
    this.#files.set(name, node);
    return node;
  }

  #read(name: string, reader: Process): SysResult<string> {
    if (this.#removed) return fail('ENODEV');
    const lines = (values: readonly unknown[]): SysResult<string> =>
      succeed(values.length === 0 ? '' : `${values.join('\n')}\n`);
    switch (name) {
      case 'cgroup.procs':
        return lines(
          this.alive.map((process) => process.pidIn(reader.pidNamespace) ?? 0).toSorted((a, b) => a - b),
        );
      case 'cgroup.controllers':
        return succeed(`${this.controllers.join(' ')}\n`);
      case 'cgroup.subtree_control':
        return succeed(`${cgroupControllers.filter((each) => this.enabledBelow.has(each)).join(' ')}\n`);
      case 'cgroup.events':
        return succeed(`populated ${this.populated ? 1 : 0}\nfrozen ${this.frozen ? 1 : 0}\n`);
      case 'cgroup.kill':
        return fail('EINVAL');
      case 'cgroup.type':
        return succeed('domain\n');
      case 'pids.current':
        return lines([this.population]);
      case 'memory.current':
        return lines([0]);
      default:
        return succeed(this.value(name) === '' ? '' : `${this.value(name)}\n`);
    }
  }

  #write(name: string, writer: Process, text: string): SysResult {
    if (this.#removed) return fail('ENODEV');
    const typed = text.trim();
    if (name === 'cgroup.procs') return this.#moveHere(writer, typed);
    if (name === 'cgroup.subtree_control') return this.#control(typed);
    // As systemd mounts it (nsdelegate): who sees this as the root may not change what was decided outside. cgroup_file_write()
    if (this.parent !== undefined && writer.namespaces.cgroup.root === this) return fail('EPERM');
    // Processes here have one thread: threaded mode is what the kernel says it is where it cannot be. cgroup_enable_threaded()
    if (name === 'cgroup.type') return fail(typed === 'threaded' ? 'EOPNOTSUPP' : 'EINVAL');
    if (name === 'cgroup.kill') return this.#killAll(writer, typed);
    const accepted = cgroupSettingFiles[name]!.accept(typed, this.value(name));
    if (!accepted.ok) return accepted;
    this.#values.set(name, accepted.value);
    return done;
  }

  /** Moves a process here, which takes the right to write cgroup.procs here and in the common ancestor. */
  #moveHere(writer: Process, typed: string): SysResult {
    if (!/^\d+$/.test(typed)) return fail('EINVAL');
    const pid = Number(typed);
    const process = pid === 0 ? writer : writer.pidNamespace.processes.get(pid);
    if (process === undefined || !process.alive) return fail('ESRCH');
    const common = this.commonAncestor(process.cgroup);
    const procs = common.directory.child('cgroup.procs', writer)!;
    const allowed = permitted(writer.credentials, procs, { write: true });
    if (!allowed.ok) return allowed;
    const visible = writer.namespaces.cgroup.root;
    // Under delegation neither end may lie outside the writer's cgroup namespace. cgroup_namespaces(7)
    if (visible.parent !== undefined && (!this.isWithin(visible) || !process.cgroup.isWithin(visible))) {
      return fail('ENOENT');
    }
    if (this.parent !== undefined && this.enabledBelow.size > 0) return fail('EBUSY');
    process.cgroup.processes.delete(process);
    process.cgroup = this;
    this.processes.add(process);
    return done;
  }

  /**
   * Enables and disables controllers for the children: no processes beside children that are controlled. Of several words about one
   * controller the last counts. cgroup_subtree_control_write()
   */
  #control(typed: string): SysResult {
    const enable = new Set<CgroupController>();
    const disable = new Set<CgroupController>();
    for (const word of typed.split(/\s+/).filter((part) => part !== '')) {
      const name = word.slice(1) as CgroupController;
      if (!cgroupControllers.includes(name)) return fail('EINVAL');
      const [into, outOf] = word.startsWith('+') ? [enable, disable] : [disable, enable];
      if (!/^[+-]/.test(word)) return fail('EINVAL');
      into.add(name);
      outOf.delete(name);
    }
    for (const name of enable) if (!this.controllers.includes(name)) return fail('ENOENT');
    for (const name of disable) {
      if ([...this.children.values()].some((child) => child.enabledBelow.has(name))) return fail('EBUSY');
    }
    if (enable.size > 0 && this.parent !== undefined && this.alive.length > 0) return fail('EBUSY');
    for (const name of enable) this.enabledBelow.add(name);
    for (const name of disable) this.enabledBelow.delete(name);
    return done;
  }

  /** Kills everybody here and below, who may be frozen. __cgroup_kill() */
  #killAll(writer: Process, typed: string): SysResult {
    const accepted = cgroupKillAccepts(typed);
    if (!accepted.ok) return accepted;
    for (const process of this.#aliveWithin()) this.#kill(process, writer);
    return done;
  }

  #aliveWithin(): readonly Process[] {
    return [...this.alive, ...[...this.children.values()].flatMap((child) => child.#aliveWithin())];
  }

  /** mkdir(2) in cgroupfs. */
  make(fs: FileSystem, name: string, maker: Process): SysResult<FileNode> {
    if (name.includes('\n')) return fail('EINVAL');
    if (!this.#admitsCgroup()) return fail('EAGAIN');
    const owner = { uid: maker.credentials.uid.effective, gid: maker.credentials.gid.effective };
    const child = new CgroupNode(fs, name, this, owner, this.#kill);
    this.children.set(name, child);
    return succeed(child.directory);
  }

  /** rmdir(2) in cgroupfs: only without processes and children. */
  remove(name: string): SysResult {
    const child = this.children.get(name);
    if (child === undefined) return fail('EPERM');
    if (child.alive.length > 0 || child.children.size > 0) return fail('EBUSY');
    child.#removed = true;
    child.directory.unlinked = true;
    this.children.delete(name);
    return done;
  }

  /** Whether one more cgroup stays within the limits here and above. cgroup_check_hierarchy_limits() */
  #admitsCgroup(levels = 1): boolean {
    const within = (count: number, file: string): boolean =>
      this.value(file) === 'max' || count <= Number(this.value(file));
    return (
      within(levels, 'cgroup.max.depth') &&
      within(this.descendants + 1, 'cgroup.max.descendants') &&
      (this.parent === undefined || this.parent.#admitsCgroup(levels + 1))
    );
  }

  /** Whether a fork below this cgroup stays within every pids.max; the refusing cgroup counts it. pids_can_fork() */
  admitsFork(): boolean {
    const limit = this.controllers.includes('pids') ? this.value('pids.max') : 'max';
    if (limit !== 'max' && this.population + 1 > Number(limit)) {
      this.pidsMaxHits++;
      return false;
    }
    return this.parent?.admitsFork() ?? true;
  }
}
