import { CallError, type CallHandlers } from '../../kernel/policy.ts';
import { noCause, type Trace } from '../../kernel/trace.ts';
import { reasonOf } from './callErrors.ts';
import { callNs } from './callTimeline.ts';
import { containerNeeds } from './containerNeeds.ts';
import type { SysResult } from '../linux/errno.ts';
import { connectContainer, hostWorld, type HostWorld } from './hostWorld.ts';
import { probeAreaNames, type IsolationEvents } from './isolationEvents.ts';
import { takesAway, type LeftOut } from './leaveOut.ts';
import { visibleMounts } from '../linux/mountInfo.ts';
import { pathName } from '../linux/mounts.ts';
import type { ContainerSpec } from './ociRuntime.ts';
import type { Process, RefusedCall } from '../linux/process.ts';
import { end } from '../linux/processCalls.ts';
import { runProbes } from './probes.ts';
import { runtimeCalls } from './runtimeCalls.ts';
import type { RuntimePolicy } from './runtimePolicy.ts';
import type { SeccompFilter } from '../linux/seccompFilter.ts';
import { entryOf, placeInProfile, verdictOf, whyNeeded } from '../seccomp/serviceCalls.ts';
import { SystemWatcher } from './systemView.ts';

/** Most processes that the runtime's code may run in: more is a loop. */
const maxProcesses = 16;

/** Calls that change nothing in what anybody sees of processes, mounts and interfaces. */
const seenByNobody: ReadonlySet<string> = new Set([
  'capset',
  'chdir',
  'closeRange',
  'dropBounding',
  'isDirectory',
  'keepCapabilities',
  'mkdir',
  'mknod',
  'raiseAmbient',
  'readFile',
  'setDevices',
  'seccomp',
  'setNoNewPrivileges',
  'symlink',
  'umask',
]);

/** The start of one container on one host: whose code runs, what it called, and what came of it. */
export class ContainerStart {
  readonly handlers: CallHandlers<typeof RuntimePolicy>;
  readonly #spec: ContainerSpec;
  readonly #trace: Trace<IsolationEvents>;
  readonly #world: HostWorld;
  readonly #watcher: SystemWatcher;
  readonly #queue: Process[] = [];
  readonly #hostMounts: readonly string[];
  #current: Process;
  #inside: Process | undefined;
  #application: Process | undefined;
  /** The current process has executed another program. */
  #executed = false;
  #cause = noCause;
  #atNs = 0;
  #lastError:
    | {
        readonly call: string;
        readonly errno: string;
        readonly path: unknown;
        readonly refused: RefusedCall | undefined;
      }
    | undefined;

  /** @param filter what was compiled from the configuration's seccomp profile */
  constructor(
    spec: ContainerSpec,
    filter: SeccompFilter | undefined,
    without: LeftOut,
    trace: Trace<IsolationEvents>,
  ) {
    this.#spec = spec;
    this.#trace = trace;
    this.#world = hostWorld();
    this.#current = this.#world.runtime;
    this.#watcher = new SystemWatcher(trace);
    this.#hostMounts = this.#mountsOfHost();
    const chrootOnly = takesAway(without, 'pivot-root');
    this.handlers = runtimeCalls(this.#world, {
      process: () => this.#current,
      isGone: () => this.#executed || this.#current.cgroup.frozen,
      filter,
      made: (child) => {
        this.#queue.push(child);
        this.#inside = child;
      },
      record: (call, args, result) => this.#record(call, args, result),
      leftOut: (call, args) => chrootOnly && this.#insteadOfPivot(call, args),
    });
    this.#look();
  }

  /** The process that ended up with the program of the container. */
  get application(): Process | undefined {
    return this.#application?.alive === true ? this.#application : undefined;
  }

  get whyNothingRuns(): string {
    if (this.#application !== undefined) return 'the program was started, and then ended';
    const frozen = this.#frozen;
    if (frozen !== undefined)
      return `no program: process ${frozen.hostPid} is in a frozen cgroup, ${frozen.cgroup.path}, and stands still`;
    if (this.#lastError === undefined) return 'no process called execve';
    const { call, errno, refused } = this.#lastError;
    const missing = this.#missingSource;
    if (missing !== undefined)
      return `no program: the host has no ${this.#spec.mounts[missing]!.source} to mount (${errno})`;
    return refused === undefined
      ? `no program: the last call that failed was ${call}, with ${errno}`
      : `no program: under the seccomp profile ${refused.call} ${verdictOf(refused.decision)} (${entryOf(refused.decision)})`;
  }

  /** The part of the configuration that is to blame; undefined where the runtime is. */
  get place(): string | undefined {
    const missing = this.#missingSource;
    if (missing !== undefined) return `/mounts/${missing}/source`;
    const freezes = this.#spec.cgroupSettings.some(({ file }) => file === 'cgroup.freeze');
    if (freezes && this.#frozen !== undefined) return '/linux/resources/unified/cgroup.freeze';
    const refused = this.#lastError?.refused;
    return refused === undefined ? undefined : placeInProfile(refused.decision);
  }

  /** A process of the container that cannot run on. */
  get #frozen(): Process | undefined {
    return [this.#current, ...this.#queue].find((process) => process.alive && process.cgroup.frozen);
  }

  /** The mount whose source was looked for last and is not there. */
  get #missingSource(): number | undefined {
    const { call, errno, path } = this.#lastError ?? {};
    if (call !== 'isDirectory' || errno !== 'ENOENT') return undefined;
    const index = this.#spec.mounts.findIndex(({ source }) => source === path);
    return index === -1 ? undefined : index;
  }

  get reason(): string {
    if (this.#frozen !== undefined)
      return 'The processes of a cgroup stop while its cgroup.freeze, or that of one above it, is 1. Leave it at 0 until the program runs: freezing is how a runtime pauses a container that is there.';
    const { call = '', errno = '', path, refused } = this.#lastError ?? {};
    if (refused !== undefined)
      return refused.call === 'execve'
        ? whyNeeded('execve')
        : `The filter stops the runtime itself: it installs the filter and then still needs ${refused.call}. With "noNewPrivileges": true it can install it as late as just before execve.`;
    return (
      reasonOf(call, errno, path) ??
      'Without execve there is no container: the processes that clone made are copies of the runtime, and ended with its code.'
    );
  }

  /** Lets the runtime's own code run. */
  create(decide: (input: { readonly spec: ContainerSpec }) => void): void {
    this.#run(() => decide({ spec: this.#spec }));
  }

  /** Lets the code of every process that was made run, in the order of their making. */
  initAll(decide: (input: { readonly spec: ContainerSpec; readonly pid: number }) => void): void {
    for (let count = 0; this.#queue.length > 0 && count < maxProcesses; count++) {
      const process = this.#queue.shift()!;
      if (!process.alive) continue;
      this.#current = process;
      if (process.cgroup.frozen) continue;
      this.#inside = process;
      this.#executed = false;
      this.#run(() => decide({ spec: this.#spec, pid: process.pidIn(process.pidNamespace)! }));
      // The code has come to its end without another program to go on as.
      if (
        !this.#executed &&
        !process.cgroup.frozen &&
        this.#queue.every((child) => child.parent !== process)
      ) {
        end(this.#world.kernel, process, { kind: 'exited', status: 0 });
      }
    }
  }

  /** A call that fails ends the code that does not catch it, as an exception ends a program. */
  #run(code: () => void): void {
    try {
      code();
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
    }
  }

  /** Looks what the application has and what it can get at. */
  judge(application: Process): void {
    const leaked = this.#mountsOfHost().filter((line) => !this.#hostMounts.includes(line));
    connectContainer(this.#world, application);
    this.#inside = application;
    this.#look();
    const { codes } = this.#trace;
    const text = (words: string): number => this.#trace.text(words);
    for (const need of containerNeeds(this.#world, application, this.#spec)) {
      const { holds, expected, actual, because = '', place } = need;
      this.#atNs += callNs;
      const texts = [text(expected), text(actual), text(because)];
      const row = this.#trace.append(codes.need, this.#atNs, this.#cause, holds ? 1 : 0, ...texts);
      if (place !== undefined) this.#trace.setPlace(row, place);
    }
    const probe = (area: (typeof probeAreaNames)[number], attempt: string, because: string): void => {
      this.#atNs += callNs;
      const number = probeAreaNames.indexOf(area);
      this.#trace.append(
        codes.probe,
        this.#atNs,
        this.#cause,
        number,
        because === '' ? 0 : 1,
        text(attempt),
        text(because),
      );
    };
    probe(
      'host',
      'leave mounts behind on the host',
      leaked.length === 0
        ? ''
        : `The host now has a mount at ${leaked[0]!}: the new mount namespace copied the host's shared mounts and stayed their peer, so that what is mounted inside is mounted outside too. Make them private or slave first (MS_REC | MS_PRIVATE on "/").`,
    );
    for (const { area, attempt, because } of runProbes(this.#world, application))
      probe(area, attempt, because);
  }

  /** How many kinds of namespace the application does not share with the host. */
  ownNamespaces(application: Process): number {
    const { init } = this.#world.kernel;
    const kinds = ['mnt', 'net', 'uts', 'ipc', 'cgroup', 'time'] as const;
    return (
      kinds.filter((kind) => application.namespaces[kind] !== init.namespaces[kind]).length +
      (application.pidNamespace === init.pidNamespace ? 0 : 1) +
      (application.credentials.userNamespace === init.credentials.userNamespace ? 0 : 1)
    );
  }

  #mountsOfHost(): readonly string[] {
    const { init } = this.#world.kernel;
    return visibleMounts(init).map((mount) => pathName({ mount, node: mount.root }, init.root));
  }

  /** Where pivot_root is left out, chroot stands in for it, and there is no old root to unmount. */
  #insteadOfPivot(call: string, args: unknown): boolean {
    if (call === 'umount') return (args as { readonly target: string }).target === '.';
    if (call !== 'pivotRoot') return false;
    this.handlers.chroot({ path: (args as { readonly newRoot: string }).newRoot });
    return true;
  }

  #record(call: string, args: unknown, result: SysResult<unknown>): void {
    const { codes } = this.#trace;
    const said = result.ok ? (typeof result.value === 'number' ? String(result.value) : '0') : result.errno;
    if (!result.ok) {
      const { path } = args as { readonly path?: unknown };
      this.#lastError = { call, errno: result.errno, path, refused: this.#current.refused };
    }
    this.#atNs += callNs;
    this.#cause = this.#trace.append(
      codes.call,
      this.#atNs,
      this.#cause,
      this.#current.hostPid,
      this.#trace.text(call),
      this.#trace.text(argumentsText(args)),
      this.#trace.text(said),
    );
    if (result.ok && call === 'execve') {
      this.#executed = true;
      this.#application = this.#current;
    }
    if (!seenByNobody.has(call)) this.#look();
  }

  #look(): void {
    this.#watcher.look(this.#world.kernel.init, this.#inside, this.#atNs, this.#cause);
  }
}

/** Arguments as strace(1) writes them. */
function argumentsText(args: unknown): string {
  return Object.values(args as Readonly<Record<string, unknown>>)
    .map((value) => {
      if (Array.isArray(value))
        return value.every((item) => typeof item === 'string')
          ? value.join('|') || '0'
          : `${value.length} items`;
      return typeof value === 'string'
        ? JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value)
        : String(value);
    })
    .join(', ');
}
