import { capabilitySet } from '../container/linux/capabilities.ts';
import { sameIds } from '../container/linux/credentials.ts';
import { fail, succeed, type Errno, type SysResult } from '../container/linux/errno.ts';
import { hostPlaces, hostWorld, type HostWorld } from '../container/runtime/hostWorld.ts';
import type { CloneFlag } from '../container/linux/namespaces.ts';
import { openFlagNames, type OpenFlag } from '../container/linux/fileCalls.ts';
import type { Process } from '../container/linux/process.ts';
import { clone, end } from '../container/linux/processCalls.ts';
import {
  callSystem,
  type SystemCallArguments,
  type SystemCallName,
  type SystemCallValue,
} from '../container/linux/systemCalls.ts';
import type { RandomStream } from '../kernel/random.ts';
import { withArguments, type CallArguments } from './callRecords.ts';
import { hostileNumber, type HostBug } from './hostBugs.ts';
import { signalNames } from './sentryPolicy.ts';

/** What stands in a file that the Sentry has open on descriptor 3 and that the application must never read. */
export const controlSecret = 'token-of-the-control-socket';
/** The Sentry's descriptor of that file. */
export const controlDescriptor = 3;
/** Where the standard output of the container goes on the host. */
export const logPath = '/var/log/web.log';

/** A host call as it was made, and how it went. */
export interface HostRecord {
  readonly call: string;
  readonly args: CallArguments;
  readonly errno: Errno | undefined;
}

interface HostResult {
  readonly value: number;
  readonly second: number;
  readonly text: string;
}

const number = (value: number): SysResult<HostResult> => succeed({ value, second: 0, text: '' });
const textual = (text: string): SysResult<HostResult> => succeed({ value: text.length, second: 0, text });

const ownNamespaces: readonly CloneFlag[] = [
  'CLONE_NEWNS',
  'CLONE_NEWPID',
  'CLONE_NEWNET',
  'CLONE_NEWIPC',
  'CLONE_NEWUTS',
];

/**
 * The host below a sandbox: the simulated Linux with two processes more. The Gofer's root is the image. The Sentry has an empty
 * root, namespaces of its own, no privileges and a filter, unless the wall is left out: then it is root on the host, without a filter.
 */
export class HostSide {
  readonly world: HostWorld;
  readonly sentry: Process;
  readonly gofer: Process;
  /** Every call that the Sentry made of the host. */
  readonly records: HostRecord[] = [];
  /** The kernel of the host was taken over through its bug. */
  compromised = false;
  readonly #bug: HostBug;
  readonly #random: RandomStream;
  readonly #clockNs: () => number;
  #allowed: ReadonlySet<string> | undefined;

  constructor(options: {
    readonly wall: boolean;
    /** The Sentry opens files itself. For that it keeps the privileges over files that otherwise only the Gofer has. */
    readonly directfs: boolean;
    readonly bug: HostBug;
    readonly random: RandomStream;
    readonly clockNs: () => number;
  }) {
    this.world = hostWorld();
    this.#bug = options.bug;
    this.#random = options.random;
    this.#clockNs = options.clockNs;
    this.#plantLinks();
    const { kernel, runtime } = this.world;
    this.gofer = must(clone(kernel, runtime, ownNamespaces));
    this.#enter(this.gofer, hostPlaces.rootfs);
    this.sentry = must(clone(kernel, runtime, options.wall ? ownNamespaces : []));
    this.sentry.files.clear();
    must(this.#call(this.sentry, 'open', { path: '/dev/null', flags: ['O_RDWR'], mode: 0 }));
    for (let copy = 0; copy < 2; copy++) {
      must(
        this.#call(this.sentry, 'open', {
          path: logPath,
          flags: ['O_CREAT', 'O_WRONLY', 'O_APPEND'],
          mode: 0o644,
        }),
      );
    }
    must(this.#call(this.sentry, 'open', { path: controlPath, flags: ['O_RDWR'], mode: 0 }));
    if (!options.wall) return;
    this.#enter(this.sentry, emptyPath);
    const privileges = capabilitySet(options.directfs ? filePrivileges : []);
    this.sentry.credentials = {
      ...this.sentry.credentials,
      uid: sameIds(nobody),
      gid: sameIds(nobody),
      permitted: privileges,
      effective: privileges,
      inheritable: 0n,
      ambient: 0n,
      bounding: 0n,
    };
    this.sentry.noNewPrivileges = true;
  }

  /** Installs the Sentry's filter: any other call ends it. */
  allowOnly(hostCalls: readonly string[]): void {
    this.#allowed = new Set(hostCalls);
  }

  allows(call: string): boolean {
    return this.#allowed?.has(call) ?? true;
  }

  /** A host call of the Sentry, or of whoever has taken it over. */
  host(call: string, args: CallArguments): SysResult<HostResult> {
    if (!this.sentry.alive) return fail('ESRCH');
    if (!this.allows(call)) {
      end(this.world.kernel, this.sentry, { kind: 'killed', signal: 'SIGKILL' });
      return fail('ESRCH');
    }
    const result = this.#host(call, args, this.sentry);
    this.records.push({ call, args, errno: result.ok ? undefined : result.errno });
    return result;
  }

  /** The same from a copy of the Sentry's process, whose end harms nobody: for attacks. */
  attack(call: string, given: Partial<CallArguments>, from: Process): SysResult<HostResult> {
    return this.allows(call) ? this.#host(call, withArguments(given), from) : fail('ESRCH');
  }

  /** A process like the Sentry's, made for one attack. */
  copyOfSentry(): Process {
    return must(clone(this.world.kernel, this.sentry, []));
  }

  goferOpen(path: string, flags: readonly string[]): SysResult<number> {
    if (!this.sentry.alive) return fail('ESRCH');
    const opened = this.#call(this.gofer, 'open', {
      path,
      flags: openFlags(flags),
      mode: 0o644,
    });
    if (!opened.ok) return opened;
    const file = this.gofer.files.get(opened.value)!;
    this.gofer.files.delete(opened.value);
    const { kind } = file.path.node.content;
    if (kind !== 'file' && kind !== 'directory') return fail('EPERM');
    // Donated over a socket: SCM_RIGHTS. unix(7)
    const into = this.sentry.freeDescriptor();
    this.sentry.files.set(into, file);
    return succeed(into);
  }

  goferList(path: string): SysResult<readonly string[]> {
    return this.sentry.alive ? this.#call(this.gofer, 'list', { path }) : fail('ESRCH');
  }

  /** The text of a file as the host's administrator reads it. */
  fileOfHost(path: string): string | undefined {
    const reader = must(clone(this.world.kernel, this.world.runtime, []));
    const opened = this.#call(reader, 'open', { path, flags: ['O_RDONLY'], mode: 0 });
    const read = opened.ok ? this.#call(reader, 'read', { fd: opened.value }) : undefined;
    end(this.world.kernel, reader, { kind: 'exited', status: 0 });
    return read?.ok === true ? read.value : undefined;
  }

  /** A process of the host by name. */
  processOfHost(name: string): Process | undefined {
    return [...this.world.kernel.processes].find((process) => process.name === name);
  }

  #call<N extends SystemCallName>(
    process: Process,
    name: N,
    args: SystemCallArguments<N>,
  ): SysResult<SystemCallValue<N>> {
    return callSystem(this.world.kernel, process, name, args);
  }

  /** What the host's kernel does at a call by name. Those that are not simulated fail with ENOSYS. */
  #host(call: string, args: CallArguments, process: Process): SysResult<HostResult> {
    if (call === this.#bug && args.number === hostileNumber) {
      this.compromised = true;
      return number(0);
    }
    const { fd, path, text } = args;
    const plain = (result: SysResult<unknown>): SysResult<HostResult> =>
      result.ok ? number(typeof result.value === 'number' ? result.value : 0) : result;
    switch (call) {
      case 'getpid':
      case 'getppid':
      case 'getuid':
      case 'geteuid':
      case 'getgid':
        return plain(this.#call(process, call, {}));
      case 'uname': {
        const name = this.#call(process, 'gethostname', {});
        return name.ok ? textual(name.value) : name;
      }
      case 'openat': {
        const flags = openFlags(args.flags);
        return plain(
          this.#call(process, 'open', { path, flags, mode: 0o644, ...(fd >= 0 ? { from: fd } : {}) }),
        );
      }
      case 'read': {
        const read = this.#call(process, 'read', { fd });
        return read.ok ? textual(read.value) : read;
      }
      case 'write':
        return plain(this.#call(process, 'write', { fd, text }));
      case 'close':
        return plain(this.#call(process, 'close', { fd }));
      case 'pipe2': {
        const made = this.#call(process, 'pipe', {});
        return made.ok ? succeed({ value: made.value[0], second: made.value[1], text: '' }) : made;
      }
      case 'getdents64': {
        const names = this.#call(process, 'list', { path });
        return names.ok ? textual(names.value.join('\n')) : names;
      }
      case 'newfstatat':
        return plain(this.#call(process, 'stat', { path, followLast: true }));
      case 'mkdirat':
        return plain(this.#call(process, 'mkdir', { path, mode: 0o755 }));
      case 'unlinkat':
        return plain(this.#call(process, 'unlink', { path }));
      case 'sethostname':
        return plain(this.#call(process, 'sethostname', { name: text }));
      case 'connect': {
        const connected = this.#call(process, 'connect', { ip: text, port: args.number });
        return connected.ok ? textual(connected.value) : connected;
      }
      // A thread here is a process.
      case 'kill':
      case 'tgkill': {
        const signal = signalNames.find((each) => args.flags.includes(each));
        return plain(this.#call(process, 'kill', { pid: args.number, signal }));
      }
      case 'clock_gettime':
        return number(Math.floor(this.#clockNs() / 1000));
      case 'getrandom':
        return textual(
          Array.from({ length: Math.min(64, Math.max(0, args.number)) }, () =>
            String.fromCharCode(33 + this.#random.integer(0, 93)),
          ).join(''),
        );
      // On memory of the Sentry's, where the application has nothing.
      case 'brk':
        return fail('ENOMEM');
      case 'futex':
        return fail('EFAULT');
      default:
        return fail('ENOSYS');
    }
  }

  /** A malicious image: links that lead to the host wherever somebody follows them outside of the image. */
  #plantLinks(): void {
    const { runtime } = this.world;
    const { rootfs } = hostPlaces;
    must(this.#call(runtime, 'symlink', { target: '/etc/shadow', path: `${rootfs}/var/shadow` }));
    must(
      this.#call(runtime, 'symlink', {
        target: '../../../../../../../../etc/shadow',
        path: `${rootfs}/var/climb`,
      }),
    );
    for (const path of [emptyPath, '/var/log']) must(this.#call(runtime, 'mkdir', { path, mode: 0o755 }));
    const control = must(
      this.#call(runtime, 'open', { path: controlPath, flags: ['O_CREAT', 'O_WRONLY'], mode: 0o600 }),
    );
    must(this.#call(runtime, 'write', { fd: control, text: controlSecret }));
    must(this.#call(runtime, 'close', { fd: control }));
  }

  /** Makes a directory of the host the root of a process in a mount namespace of its own. */
  #enter(process: Process, path: string): void {
    const mount = (source: string, target: string, flags: SystemCallArguments<'mount'>['flags']): void => {
      must(this.#call(process, 'mount', { source, target, type: '', flags, data: '' }));
    };
    mount('none', '/', ['MS_REC', 'MS_PRIVATE']);
    mount(path, path, ['MS_BIND', 'MS_REC']);
    must(this.#call(process, 'chdir', { path }));
    must(this.#call(process, 'pivotRoot', { newRoot: '.', putOld: '.' }));
    must(this.#call(process, 'umount', { target: '.', detach: true }));
    must(this.#call(process, 'chdir', { path: '/' }));
  }
}

const nobody = 65_534;
/** What opening the files of all users takes. capabilities(7) */
const filePrivileges = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
] as const;

const openFlags = (flags: readonly string[]): readonly OpenFlag[] =>
  openFlagNames.filter((flag) => flags.includes(flag));

const controlPath = '/run/runtime/control';
const emptyPath = '/run/runtime/empty';

function must<T>(result: SysResult<T>): T {
  if (!result.ok) throw new Error(`The sandbox could not be set up: ${result.errno}.`);
  return result.value;
}
