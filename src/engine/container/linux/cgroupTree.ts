import { done, fail, succeed, type SysResult } from './errno.ts';
import { FileNode, type FileSystem } from './fileTree.ts';
import { permitted } from './filePermission.ts';
import { ioMaxText, readIoMaxLine, unlimitedIo } from './ioMax.ts';
import type { Process } from './process.ts';

/** The controllers of cgroup v2 that are modelled as files. Documentation/admin-guide/cgroup-v2.rst */
export const cgroupControllers = ['cpu', 'io', 'memory', 'pids'] as const;
export type CgroupController = (typeof cgroupControllers)[number];

/** A setting of a cgroup: its default, and what it accepts. */
interface Setting {
  readonly controller: CgroupController;
  readonly initial: string;
  /** The text as the kernel keeps it, or why it is refused. */
  accept(text: string, before: string): SysResult<string>;
}

const countOrMax = (text: string): SysResult<string> =>
  text === 'max' || /^\d+$/.test(text) ? succeed(text) : fail('EINVAL');

const weight = (text: string): SysResult<string> => {
  if (!/^\d+$/.test(text)) return fail('EINVAL');
  const value = Number(text);
  return value >= 1 && value <= 10_000 ? succeed(String(value)) : fail('ERANGE');
};

const shiftOf: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A number of bytes with an optional suffix, rounded down to whole pages of 4 KiB. memparse() */
const bytesOrMax = (text: string): SysResult<string> => {
  if (text === 'max') return succeed(text);
  const match = /^(\d+)([kmgt]?)$/i.exec(text);
  if (match === null) return fail('EINVAL');
  const bytes = Number(match[1]) * shiftOf[match[2]!.toLowerCase()]!;
  return succeed(String(Math.floor(bytes / 4096) * 4096));
};

/** `$QUOTA $PERIOD` in microseconds, either of which may be left out at the end. cpu_max_write() */
const cpuMax = (text: string, before: string): SysResult<string> => {
  const [quota, period = before.split(' ')[1]!, ...more] = text.split(/\s+/);
  if (more.length > 0 || quota === undefined || (quota !== 'max' && !/^\d+$/.test(quota)))
    return fail('EINVAL');
  if (!/^\d+$/.test(period) || Number(period) < 1000 || Number(period) > 1_000_000) return fail('EINVAL');
  if (quota !== 'max' && Number(quota) < 1000) return fail('EINVAL');
  return succeed(`${quota} ${period}`);
};

/** Changes the limits of one disk; those of others stay. tg_set_limit() */
const ioMax = (text: string, before: string): SysResult<string> => {
  const disks = ['8:0'];
  const line = readIoMaxLine(text, disks);
  if (!line.ok) return fail(line.errno);
  const kept = before === '' ? undefined : readIoMaxLine(before, disks);
  const earlier = kept?.ok === true ? kept.limits : {};
  return succeed(ioMaxText(line.device, { ...unlimitedIo, ...earlier, ...line.limits }) ?? '');
};

const settings: Readonly<Record<string, Setting>> = {
  'cpu.max': { controller: 'cpu', initial: 'max 100000', accept: cpuMax },
  'cpu.weight': { controller: 'cpu', initial: '100', accept: weight },
  'io.max': { controller: 'io', initial: '', accept: ioMax },
  'io.weight': { controller: 'io', initial: 'default 100', accept: (text) => succeed(text) },
  'memory.high': { controller: 'memory', initial: 'max', accept: bytesOrMax },
  'memory.max': { controller: 'memory', initial: 'max', accept: bytesOrMax },
  'pids.max': { controller: 'pids', initial: 'max', accept: countOrMax },
};

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
  #removed = false;

  constructor(
    fs: FileSystem,
    name: string,
    parent: CgroupNode | undefined,
    owner: { uid: number; gid: number },
  ) {
    this.name = name;
    this.parent = parent;
    this.#maker = owner;
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

  value(file: string): string {
    return this.#values.get(file) ?? settings[file]?.initial ?? '';
  }

  get fileNames(): readonly string[] {
    const core = ['cgroup.controllers', 'cgroup.procs', 'cgroup.subtree_control'];
    if (this.parent === undefined) return core;
    const acting = new Set(this.controllers);
    const own = Object.keys(settings).filter((file) => acting.has(settings[file]!.controller));
    if (acting.has('memory')) own.push('memory.current');
    if (acting.has('pids')) own.push('pids.current');
    return [...core, 'cgroup.events', 'cgroup.type', ...own];
  }

  #file(fs: FileSystem, name: string): FileNode | undefined {
    if (!this.fileNames.includes(name)) return undefined;
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const writable =
      ['cgroup.procs', 'cgroup.subtree_control'].includes(name) || settings[name] !== undefined;
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
        mode: writable ? 0o644 : 0o444,
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
        return succeed(`populated ${this.populated ? 1 : 0}\nfrozen 0\n`);
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
    const accepted = settings[name]!.accept(typed, this.value(name));
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

  /** mkdir(2) in cgroupfs. */
  make(fs: FileSystem, name: string, maker: Process): SysResult<FileNode> {
    if (name.includes('\n')) return fail('EINVAL');
    const owner = { uid: maker.credentials.uid.effective, gid: maker.credentials.gid.effective };
    const child = new CgroupNode(fs, name, this, owner);
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
