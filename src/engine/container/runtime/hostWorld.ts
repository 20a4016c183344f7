import { emptyDirectory, type FileNode } from '../linux/fileTree.ts';
import { Kernel } from '../linux/kernel.ts';
import type { Process } from '../linux/process.ts';
import { clone, execve } from '../linux/processCalls.ts';
import { sameIds } from '../linux/credentials.ts';
import { callSystem } from '../linux/systemCalls.ts';

/** Where things are on the simulated host. */
export const hostPlaces = {
  hostname: 'host',
  rootfs: '/var/lib/containers/web/rootfs',
  cgroup: '/sys/fs/cgroup/containers/web',
  /** Stands in the host's /etc/shadow and nowhere else. */
  secret: 'root:$6$host',
  /** The key of the shared memory that the database keeps. */
  sharedMemoryKey: 0x5432,
  databasePort: 5432,
  shimSocket: '/containerd-shim/web.sock',
} as const;

/** A host with a few services and a container runtime that has been told to start a container. */
export interface HostWorld {
  readonly kernel: Kernel;
  /** The runtime: root on the host. Descriptor 3 is its own directory. */
  readonly runtime: Process;
  /** The bridge on which container networks end. */
  readonly gateway: string;
}

/** Makes the host: its files, services, network and control groups. */
export function hostWorld(): HostWorld {
  const kernel = new Kernel({ hostname: hostPlaces.hostname });
  makeFiles(kernel);
  const { init } = kernel;
  must(
    callSystem(kernel, init, 'mount', { source: 'proc', target: '/proc', type: 'proc', flags: [], data: '' }),
  );
  must(
    callSystem(kernel, init, 'mount', {
      source: 'sysfs',
      target: '/sys',
      type: 'sysfs',
      flags: [],
      data: '',
    }),
  );
  must(
    callSystem(kernel, init, 'mount', {
      source: 'cgroup2',
      target: '/sys/fs/cgroup',
      type: 'cgroup2',
      flags: ['MS_NOSUID', 'MS_NODEV', 'MS_NOEXEC'],
      data: '',
    }),
  );
  // systemd shares all mounts. mount_namespaces(7), NOTES
  must(
    callSystem(kernel, init, 'mount', {
      source: '',
      target: '/',
      type: '',
      flags: ['MS_REC', 'MS_SHARED'],
      data: '',
    }),
  );
  makeCgroups(kernel);
  const database = service(kernel, 'postgres', 731, 26);
  must(
    callSystem(kernel, database, 'makeSharedMemory', {
      key: hostPlaces.sharedMemoryKey,
      mode: 0o600,
      text: 'buffers of the database',
    }),
  );
  must(callSystem(kernel, database, 'listen', { ip: '127.0.0.1', port: hostPlaces.databasePort }));
  service(kernel, 'sshd', 812, 0);
  makeNetwork(kernel);
  const runtime = service(kernel, 'runtime', 2200, 0);
  for (let descriptor = 0; descriptor < 3; descriptor++) {
    must(callSystem(kernel, runtime, 'open', { path: '/dev/null', flags: ['O_RDWR'], mode: 0 }));
  }
  must(
    callSystem(kernel, runtime, 'open', {
      path: '/run/runtime',
      flags: ['O_RDONLY', 'O_DIRECTORY'],
      mode: 0,
    }),
  );
  return { kernel, runtime, gateway: '10.88.0.1' };
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: string },
): T {
  if (!result.ok) throw new Error(`The host could not be set up: ${result.errno}.`);
  return result.value;
}

const elf = { kind: 'file', text: '\u007fELF' } as const;

function makeFiles(kernel: Kernel): void {
  const { rootFs: fs } = kernel;
  const directory = (path: string, mode = 0o755): FileNode => {
    let at = fs.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      at =
        (at.content.kind === 'directory' ? at.content.entries.get(name) : undefined) ??
        fs.add(at, name, emptyDirectory(), { mode: 0o755 });
    }
    at.mode = mode;
    return at;
  };
  const file = (path: string, text: string, mode: number): void => {
    const slash = path.lastIndexOf('/');
    fs.add(directory(path.slice(0, slash)), path.slice(slash + 1), { kind: 'file', text }, { mode });
  };
  for (const path of ['/proc', '/sys', '/run/runtime', '/sbin']) directory(path);
  directory('/tmp', 0o1777);
  directory('/srv/data', 0o777);
  directory('/root', 0o700);
  file('/etc/shadow', `${hostPlaces.secret}$…:19000::::::\n`, 0o600);
  file('/etc/hostname', 'host\n', 0o644);
  for (const [name, type, major, minor, mode] of hostDevices) {
    fs.add(directory('/dev'), name, { kind: 'device', type, major, minor }, { mode });
  }
  for (const name of ['init', 'postgres', 'sshd', 'runtime']) {
    fs.add(directory('/sbin'), name, { ...elf }, { mode: 0o755 });
  }
  const { rootfs } = hostPlaces;
  for (const path of ['proc', 'sys', 'dev', 'etc', 'bin', 'var/data', 'old']) directory(`${rootfs}/${path}`);
  directory(`${rootfs}/tmp`, 0o1777);
  file(`${rootfs}/etc/passwd`, 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n', 0o644);
  const bin = directory(`${rootfs}/bin`);
  fs.add(bin, 'app', { ...elf }, { mode: 0o755 });
  fs.add(bin, 'sh', { ...elf }, { mode: 0o755 });
  fs.add(bin, 'su', { ...elf }, { mode: 0o4755 });
}

const hostDevices = [
  ['null', 'char', 1, 3, 0o666],
  ['zero', 'char', 1, 5, 0o666],
  ['full', 'char', 1, 7, 0o666],
  ['random', 'char', 1, 8, 0o666],
  ['urandom', 'char', 1, 9, 0o666],
  ['tty', 'char', 5, 0, 0o666],
  ['kmsg', 'char', 1, 11, 0o600],
  ['mem', 'char', 1, 1, 0o600],
  ['sda', 'block', 8, 0, 0o600],
  ['sda1', 'block', 8, 1, 0o600],
] as const;

/** Services run in a cgroup of their own; `containers` is where the runtime makes its own. */
function makeCgroups(kernel: Kernel): void {
  const { init } = kernel;
  const write = (path: string, text: string): void => {
    const fd = must(callSystem(kernel, init, 'open', { path, flags: ['O_WRONLY'], mode: 0 }));
    must(callSystem(kernel, init, 'write', { fd, text }));
    must(callSystem(kernel, init, 'close', { fd }));
  };
  const controllers = '+cpu +io +memory +pids';
  write('/sys/fs/cgroup/cgroup.subtree_control', controllers);
  for (const name of ['containers', 'system']) {
    must(callSystem(kernel, init, 'mkdir', { path: `/sys/fs/cgroup/${name}`, mode: 0o755 }));
  }
  write('/sys/fs/cgroup/containers/cgroup.subtree_control', controllers);
}

function service(kernel: Kernel, name: string, pid: number, uid: number): Process {
  kernel.pidNamespace.continueAfter(pid - 1);
  const process = must(clone(kernel, kernel.init, []));
  must(execve(kernel, process, `/sbin/${name}`, [name]));
  if (uid !== 0)
    process.credentials = {
      ...process.credentials,
      uid: sameIds(uid),
      gid: sameIds(uid),
      permitted: 0n,
      effective: 0n,
    };
  const system = kernel.cgroupRoot.children.get('system')!;
  process.cgroup.processes.delete(process);
  process.cgroup = system;
  system.processes.add(process);
  return process;
}

/** eth0 towards the internet, and the bridge of the container network, with forwarding and masquerading. */
function makeNetwork(kernel: Kernel): void {
  const { net } = kernel.init.namespaces;
  net.interfaces.get('lo')!.up = true;
  net.interfaces.get('lo')!.addresses.push({ ip: '127.0.0.1', prefix: 8 });
  const eth0 = net.add('eth0', 'physical');
  eth0.up = true;
  eth0.addresses.push({ ip: '192.0.2.10', prefix: 24 });
  net.gateway = '192.0.2.1';
  const bridge = net.add('cni0', 'bridge');
  bridge.up = true;
  bridge.addresses.push({ ip: '10.88.0.1', prefix: 24 });
  net.forwarding = true;
  net.nat.push({ kind: 'masquerade', source: '10.88.0.0/24' });
  net.abstractSockets.set(hostPlaces.shimSocket, 'containerd-shim');
}

/** What a network plugin does once the container's first process is there: a veth between its namespace and the bridge. */
export function connectContainer(world: HostWorld, container: Process): void {
  const { kernel, gateway } = world;
  const host = kernel.init.namespaces.net;
  const { net } = container.namespaces;
  if (net === host) return;
  const outer = host.add('veth0', 'veth');
  const inner = net.add('eth0', 'veth');
  outer.peer = inner;
  inner.peer = outer;
  outer.up = true;
  inner.up = true;
  outer.bridge = host.interfaces.get('cni0');
  inner.addresses.push({ ip: '10.88.0.2', prefix: 24 });
  const lo = net.interfaces.get('lo')!;
  lo.up = true;
  lo.addresses.push({ ip: '127.0.0.1', prefix: 8 });
  net.gateway = gateway;
}
