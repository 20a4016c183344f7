import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abstractConnect, chrootClimb, userNamespacePrograms } from './systemCallProgram.ts';

/** What a container found out, or why there was none. */
export interface RuncRun {
  /** The lines of probe.sh: kind and name, and whether it succeeded or holds; empty where the program did not start. */
  readonly rows: ReadonlyMap<string, boolean>;
  readonly stderr: string;
}

/** Bits of CapEff that are power over the host, by their numbers in linux/capability.h. */
const dangerousBits = { sysModule: 16, sysRawio: 17, sysPtrace: 19, sysAdmin: 21, sysBoot: 22, sysTime: 25 };
const dangerousToo = { dacReadSearch: 2, macAdmin: 33, syslog: 34, perfmon: 38, bpf: 39 };
const dangerous = Object.values({ ...dangerousBits, ...dangerousToo }).reduce(
  (mask, bit) => mask | (1n << BigInt(bit)),
  0n,
);

const applets =
  'sh awk cat dd grep head hostname id ls mknod mount nc readlink sed sleep umount unshare usleep wc'.split(
    ' ',
  );
const busybox = '/bin/busybox';
const limitMs = 60_000;

/** Why containers cannot be made here; undefined where they can. */
export function whyNoRunc(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is not Linux on x86-64';
  if (process.getuid!() !== 0) return 'this needs root';
  if (spawnSync('runc', ['--version']).status !== 0) return 'runc is not installed';
  if (!existsSync(busybox)) return 'there is no /bin/busybox (Debian: busybox-static)';
  const linked = spawnSync('sh', ['-c', `chroot "$(dirname ${busybox})" /busybox true`]);
  if (linked.status !== 0) return '/bin/busybox is not static (Debian: busybox-static)';
  const tools = ['unshare', 'nsenter', 'ipcmk', 'ipcrm'].find(
    (name) => spawnSync(name, ['--version']).status !== 0,
  );
  return tools === undefined ? undefined : `${tools} is not installed (Debian: util-linux)`;
}

/**
 * The host of the probes: what the engine's host has, under names that nothing else on this machine has. Containers are made one after the
 * other; `close` takes everything away again.
 */
export class RuncHost {
  /** Version of control groups with which containers are limited. */
  readonly cgroups: 1 | 2;
  readonly folder: string;
  readonly #name = `trapframe-${process.pid}`;
  readonly #marker: string;
  readonly #database: ChildProcess;
  readonly #servers: Server[] = [];
  #port = 0;
  readonly #sharedMemory: string;
  readonly #otherGroup: string | undefined;
  #made = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'trapframe-runc-'));
    chmodSync(this.folder, 0o755);
    this.#marker = `secret-of-${this.#name}`;
    writeFileSync(this.#secret, this.#marker, { mode: 0o600 });
    mkdirSync(this.#volume, { mode: 0o777 });
    chmodSync(this.#volume, 0o777);
    symlinkSync(busybox, join(this.folder, databaseName));
    this.#database = spawn(join(this.folder, databaseName), ['600'], {
      argv0: 'sleep',
      uid: 26,
      gid: 26,
      stdio: 'ignore',
    });
    const made = spawnSync('ipcmk', ['--shmem', '4096', '--mode', '0600'], { encoding: 'utf8' });
    this.#sharedMemory = /\d+/.exec(made.stdout)?.[0] ?? '';
    this.cgroups = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2 : 1;
    const tree = [unifiedTree, '/sys/fs/cgroup'].find((path) => existsSync(`${path}/cgroup.procs`));
    this.#otherGroup = tree === undefined ? undefined : join(tree, `${this.#name}-other`);
    if (this.#otherGroup !== undefined) mkdirSync(this.#otherGroup);
  }

  get #secret(): string {
    return join(this.folder, 'secret');
  }

  get #volume(): string {
    return join(this.folder, 'volume');
  }

  /** As long as an address can be: Node.js binds shorter ones with zeros behind them. */
  get #abstractSocket(): string {
    return `/${this.#name}.sock`.padEnd(107, '-');
  }

  /** Services that listen, once they do. */
  async open(): Promise<void> {
    const listening = (at: object): Promise<Server> =>
      new Promise((resolve, reject) => {
        const server = createServer((socket) => socket.end()).on('error', reject);
        server.listen(at, () => resolve(server));
      });
    const local = await listening({ host: '127.0.0.1', port: 0 });
    this.#port = (local.address() as { port: number }).port;
    this.#servers.push(local, await listening({ path: `\0${this.#abstractSocket}` }));
  }

  close(): void {
    this.#database.kill('SIGKILL');
    for (const server of this.#servers) server.close();
    if (this.#sharedMemory !== '') spawnSync('ipcrm', ['--shmem-id', this.#sharedMemory]);
    if (this.#otherGroup !== undefined) rmdirSync(this.#otherGroup);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts busybox, the probes and what they look for into the root file system of a bundle, and this machine's places into its file. */
  #furnish(bundle: string, id: string, cgroups: 1 | 2): void {
    const bin = join(bundle, 'rootfs', 'bin');
    mkdirSync(join(bundle, 'rootfs', 'tmp'), { recursive: true });
    copyFileSync(busybox, join(bin, 'busybox'));
    copyFileSync(busybox, join(bin, 'busybox-setuid'));
    chmodSync(join(bin, 'busybox-setuid'), 0o4755);
    for (const name of applets) symlinkSync('busybox', join(bin, name));
    const programs = {
      ...userNamespacePrograms,
      climb: chrootClimb(this.#secret),
      abstract: abstractConnect(this.#abstractSocket),
      app: readFileSync(fileURLToPath(new URL('probe.sh', import.meta.url))),
    };
    for (const [name, program] of Object.entries(programs)) {
      writeFileSync(join(bin, name), program);
      chmodSync(join(bin, name), 0o755);
    }
    const config = join(bundle, 'config.json');
    const here = readFileSync(config, 'utf8')
      .replaceAll('"/srv/data"', JSON.stringify(this.#volume))
      .replaceAll('"/containers/web"', JSON.stringify(`/${id}`))
      // Root on this machine may have less than process 1, and then not look into it.
      .replaceAll('"/proc/1/ns/', `"/proc/${process.pid}/ns/`);
    writeFileSync(config, here);
    const environment = {
      MARKER: this.#marker,
      SECRET: this.#secret,
      DATABASE: databaseName,
      DISK: readableDisk(),
      HOST_PROCESSES: `${process.pid} ${this.#database.pid}`,
      HOST_NET: readlinkSync('/proc/self/ns/net'),
      HOST_UTS: readlinkSync('/proc/self/ns/uts'),
      SYSRQ: existsSync('/proc/sysrq-trigger') ? 'yes' : 'no',
      SYS_FILE: ['/sys/kernel/uevent_helper', '/sys/kernel/profiling', '/sys/kernel/rcu_expedited'].find(
        (path) => existsSync(path),
      ),
      PORT: this.#port,
      SHARED_MEMORY: this.#sharedMemory,
      SWAP: readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1 ? 'yes' : 'no',
      CGROUPS: cgroups,
      OTHER_GROUP: this.#otherGroup?.split('/').at(-1) ?? '',
      DANGEROUS: dangerous,
    };
    const lines = Object.entries(environment).map(([name, value]) => `${name}='${String(value)}'\n`);
    writeFileSync(join(bundle, 'rootfs', 'etc', 'probe.env'), lines.join(''));
  }

  /**
   * Makes a container of a bundle and lets it look around. What the runtime mounts never reaches the machine: it runs in a mount namespace of
   * its own, in which everything is shared as systemd has it.
   * @param cgroups 2: under a version 2 tree, which in a machine with version 1 has no controllers
   */
  async run(bundle: string, cgroups: 1 | 2 = this.cgroups): Promise<RuncRun> {
    const id = `${this.#name}-${++this.#made}`;
    this.#furnish(bundle, id, cgroups);
    rmSync(join(this.#volume, 'work'), { force: true });
    const leaked = openSync(this.folder, 'r');
    const unify = cgroups === this.cgroups ? '' : 'mount -t cgroup2 none /sys/fs/cgroup && ';
    const script = `${unify}exec runc --root "$1" run --bundle "$2" "$3"`;
    const inNamespace = ['--mount', '--propagation', 'shared', 'sh', '-c', script, '-'];
    // The fourth is a directory that was left open.
    const stdio: StdioOptions = ['pipe', 'pipe', 'pipe', leaked];
    const child = spawn('unshare', [...inNamespace, this.#state, bundle, id], { stdio });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    try {
      return await this.#watch(child, bundle, id);
    } finally {
      clearTimeout(timer);
      closeSync(leaked);
      if (child.exitCode === null) child.kill('SIGKILL');
      spawnSync('runc', ['--root', this.#state, 'delete', '--force', id], { timeout: limitMs });
    }
  }

  get #state(): string {
    return join(this.folder, 'state');
  }

  async #watch(child: ChildProcess, bundle: string, id: string): Promise<RuncRun> {
    const rows = new Map<string, boolean>();
    let [out, stderr, looked] = ['', '', false];
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (looked || !/^end$/m.test(out)) return;
      looked = true;
      for (const line of out.split('\n')) {
        const [kind, name, answer] = line.split('\t');
        if (answer !== undefined) rows.set(`${kind} ${name}`, answer === 'yes');
      }
      this.#lookFromOutside(rows, child.pid!, bundle, id);
      child.stdin!.end();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin!.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', () => resolve());
    });
    return { rows, stderr: stderr + (looked ? '' : out) };
  }

  /** What takes a process outside of the container. */
  #lookFromOutside(rows: Map<string, boolean>, runtimePid: number, bundle: string, id: string): void {
    const state = spawnSync('runc', ['--root', this.#state, 'state', id], { encoding: 'utf8' });
    const { pid } = JSON.parse(state.stdout) as { pid: number };
    const search = ['--', busybox, 'grep', '-q', this.#marker, this.#secret];
    const late = spawnSync('nsenter', [`--mount=/proc/${pid}/ns/mnt`, ...search]);
    rows.set('probe enter the container later, by setns, and find the host', late.status === 0);
    const mounts = readFileSync(`/proc/${runtimePid}/mountinfo`, 'utf8');
    rows.set('probe leave mounts behind on the host', mounts.includes(join(bundle, 'rootfs')));
    rows.set('need its volume to be /srv/data of the host', existsSync(join(this.#volume, 'work')));
  }
}

/** At most 15 characters: the kernel keeps no more. proc(5), /proc/pid/comm */
const databaseName = 'tf-database';
const unifiedTree = '/sys/fs/cgroup/unified';

/** Numbers of a disk of the machine that root may read; empty where it may read none. */
function readableDisk(): string {
  const named = readFileSync('/proc/partitions', 'utf8').trim().split('\n').slice(2);
  const names = [...named.map((line) => line.trim().split(/\s+/)[3]!), 'loop0', 'ram0'];
  for (const name of names) {
    if (
      !existsSync(`/dev/${name}`) ||
      spawnSync('dd', [`if=/dev/${name}`, 'of=/dev/null', 'count=1']).status !== 0
    )
      continue;
    const { rdev } = statSync(`/dev/${name}`);
    return `${rdev >> 8} ${rdev & 0xff}`;
  }
  return '';
}
