import { fail, succeed } from './errno.ts';
import { FileNode, type FileSystem, type NodeContent } from './fileTree.ts';
import type { Kernel } from './kernel.ts';
import { pathName, type Path } from './mounts.ts';
import { namespaceText, type Namespace, type PidNamespace } from './namespaces.ts';
import type { Process } from './process.ts';
import { mayInspect } from './processAccess.ts';
import { processFile } from './processFiles.ts';
import { globalProcFiles, type GlobalFile } from './procGlobals.ts';

/**
 * The tree of one proc file system: the processes of the namespace that its mounter was in, and the kernel's own files.
 * proc(5)
 */
export class ProcTree {
  readonly #kernel: Kernel;
  readonly #pids: PidNamespace;
  /** One node per file, so that something mounted on it stays there. */
  readonly #nodes = new Map<string, FileNode>();
  readonly #ofProcess = new WeakMap<Process, Map<string, FileNode>>();
  #fs: FileSystem | undefined;

  constructor(kernel: Kernel, pids: PidNamespace) {
    this.#kernel = kernel;
    this.#pids = pids;
  }

  get root(): NodeContent {
    return {
      kind: 'kernelDirectory',
      lookup: (name, viewer) => {
        if (/^[1-9]\d*$/.test(name)) {
          const process = this.#pids.processes.get(Number(name));
          return process === undefined ? undefined : this.#processNode(process, '', viewer);
        }
        return this.#global(name);
      },
      names: () => [
        ...[...this.#pids.processes.keys()].toSorted((a, b) => a - b).map(String),
        ...childrenOf('', globalProcFiles),
      ],
    };
  }

  belongTo(fs: FileSystem): void {
    this.#fs = fs;
  }

  #global(path: string): FileNode | undefined {
    const known = this.#nodes.get(path);
    if (known !== undefined) return known;
    const file = globalProcFiles[path];
    const isDirectory = file === undefined && childrenOf(path, globalProcFiles).length > 0;
    if (file === undefined && !isDirectory) return undefined;
    const parent = path.includes('/') ? this.#global(path.slice(0, path.lastIndexOf('/'))) : this.#fs!.root;
    const node = new FileNode(
      this.#fs!,
      isDirectory ? this.#globalDirectory(path) : this.#globalContent(file!),
      {
        name: path.slice(path.lastIndexOf('/') + 1),
        parent,
        mode: file?.mode ?? 0o555,
        uid: 0,
        gid: 0,
      },
    );
    this.#nodes.set(path, node);
    return node;
  }

  #globalDirectory(path: string): NodeContent {
    return {
      kind: 'kernelDirectory',
      lookup: (name) => this.#global(`${path}/${name}`),
      names: () => childrenOf(path, globalProcFiles),
    };
  }

  #globalContent(file: GlobalFile): NodeContent {
    const kernel = this.#kernel;
    if (file.kind === 'link') return { kind: 'symlink', target: (viewer) => file.target(viewer, this.#pids) };
    if (file.kind === 'emptyDirectory') return { kind: 'directory', entries: new Map() };
    return {
      kind: 'kernelFile',
      ...(file.read === undefined ? {} : { read: (reader: Process) => file.read!(kernel, reader) }),
      ...(file.write === undefined
        ? {}
        : { write: (writer: Process, text: string) => file.write!(kernel, writer, text) }),
      ...(file.open === undefined ? {} : { open: (opener: Process) => file.open!(kernel, opener) }),
    };
  }

  /** A node of /proc/pid; `path` is what follows the number. */
  #processNode(process: Process, path: string, viewer: Process): FileNode | undefined {
    const nodes = this.#ofProcess.get(process) ?? new Map<string, FileNode>();
    this.#ofProcess.set(process, nodes);
    let node = nodes.get(path);
    if (node === undefined) {
      const content = this.#processContent(process, path);
      if (content === undefined) return undefined;
      const parent = path === '' ? this.#fs!.root : this.#processNode(process, parentPath(path), viewer)!;
      const name = path === '' ? String(process.pidIn(this.#pids)) : path.slice(path.lastIndexOf('/') + 1);
      node = new FileNode(this.#fs!, content, { name, parent, mode: modeOf(path, content), uid: 0, gid: 0 });
      nodes.set(path, node);
    }
    if (path.startsWith('fd/') && !process.files.has(Number(path.slice(3)))) return undefined;
    // They belong to the process's user; to root when it hides itself. proc(5)
    node.uid = process.dumpable || path === '' ? process.credentials.uid.effective : 0;
    node.gid = process.dumpable || path === '' ? process.credentials.gid.effective : 0;
    return node;
  }

  #processContent(process: Process, path: string): NodeContent | undefined {
    if (path === '' || path === 'ns' || path === 'fd') {
      const fixed = path === '' ? processFileNames : namespaceNames;
      const names = (): readonly string[] =>
        path === 'fd' ? [...process.files.keys()].toSorted((a, b) => a - b).map(String) : fixed;
      return {
        kind: 'kernelDirectory',
        lookup: (name, viewer) =>
          names().includes(name)
            ? this.#processNode(process, path === '' ? name : `${path}/${name}`, viewer)
            : undefined,
        names,
      };
    }
    if (path.startsWith('ns/')) return this.#namespaceLink(process, path.slice(3));
    if (path.startsWith('fd/')) {
      const descriptor = Number(path.slice(3));
      return magicLink(process, (viewer) => process.files.get(descriptor)?.path ?? viewer.root);
    }
    switch (path) {
      case 'root':
        return magicLink(process, () => process.root);
      case 'cwd':
        return magicLink(process, () => process.cwd);
      case 'exe':
        return magicLink(process, () => process.executable);
      default:
        return processFile(this.#kernel, process, path);
    }
  }

  #namespaceLink(process: Process, name: string): NodeContent {
    const namespace = (): Namespace => namespaceNamed(process, name);
    return {
      kind: 'magicLink',
      text: () => namespaceText(namespace()),
      follow: (viewer) => {
        if (!mayInspect(viewer, process)) return fail('EACCES');
        // A zombie has left its namespaces, but not its number and its user.
        if (!process.alive && name !== 'pid' && name !== 'user') return fail('ENOENT');
        const named = namespace();
        // That of its children exists once there is a first process.
        if (name === 'pid_for_children' && named.kind === 'pid' && named.init === undefined)
          return fail('ENOENT');
        return succeed(this.#kernel.namespaceFile(named));
      },
    };
  }
}

const namespaceNames = [
  'cgroup',
  'ipc',
  'mnt',
  'net',
  'pid',
  'pid_for_children',
  'time',
  'time_for_children',
  'user',
  'uts',
] as const;

function namespaceNamed(process: Process, name: string): Namespace {
  const { namespaces } = process;
  switch (name) {
    case 'pid':
      return process.pidNamespace;
    case 'pid_for_children':
      return namespaces.pidForChildren;
    case 'time_for_children':
      return namespaces.timeForChildren;
    case 'user':
      return process.credentials.userNamespace;
    default:
      return namespaces[name as 'mnt' | 'uts' | 'ipc' | 'net' | 'cgroup' | 'time'];
  }
}

function magicLink(process: Process, target: (viewer: Process) => Path | undefined): NodeContent {
  return {
    kind: 'magicLink',
    text: (viewer) => {
      const path = target(viewer);
      return path === undefined ? '' : pathName(path, viewer.root).replace('(unreachable)', '');
    },
    follow: (viewer) => {
      if (!mayInspect(viewer, process)) return fail('EACCES');
      const path = process.alive ? target(viewer) : undefined;
      return path === undefined ? fail('ENOENT') : succeed(path);
    },
  };
}

const processFileNames = [
  'cgroup',
  'cmdline',
  'comm',
  'cwd',
  'exe',
  'fd',
  'gid_map',
  'mountinfo',
  'ns',
  'oom_score_adj',
  'root',
  'setgroups',
  'status',
  'timens_offsets',
  'uid_map',
] as const;

const modeOf = (path: string, content: NodeContent): number => {
  if (path === 'fd') return 0o500;
  if (path === 'ns') return 0o511;
  if (content.kind === 'kernelDirectory') return 0o555;
  if (content.kind === 'magicLink') return 0o777;
  return content.kind === 'kernelFile' && content.write !== undefined ? 0o644 : 0o444;
};

const parentPath = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** The names directly below a path. */
function childrenOf(path: string, files: Readonly<Record<string, GlobalFile>>): string[] {
  const prefix = path === '' ? '' : `${path}/`;
  const names = new Set<string>();
  for (const each of Object.keys(files)) {
    if (each.startsWith(prefix) && each !== path) names.add(each.slice(prefix.length).split('/')[0]!);
  }
  return [...names].toSorted();
}
