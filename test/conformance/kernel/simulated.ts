import {
  capabilityHex,
  capabilitySet,
  type Capability,
} from '../../../src/engine/container/linux/capabilities.ts';
import type { SysResult } from '../../../src/engine/container/linux/errno.ts';
import { emptyDirectory } from '../../../src/engine/container/linux/fileTree.ts';
import { Kernel } from '../../../src/engine/container/linux/kernel.ts';
import {
  mountOptions,
  propagationText,
  visibleMounts,
} from '../../../src/engine/container/linux/mountInfo.ts';
import { nameInFileSystem, pathName } from '../../../src/engine/container/linux/mounts.ts';
import { signalNumbers, type Process, type Signal } from '../../../src/engine/container/linux/process.ts';
import { seccompFilter } from '../../../src/engine/container/linux/seccompFilter.ts';
import {
  callSystem,
  systemCalls,
  type SystemCallName,
} from '../../../src/engine/container/linux/systemCalls.ts';

/** One call of a sequence: `by` names the process that makes it. */
export interface Step {
  readonly by: string;
  readonly call: string;
  readonly [argument: string]: unknown;
}

export type Answer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly errno: string };

/** Runs a sequence on the simulated kernel, in the world that realKernel.py makes. */
export function runSimulated(sequence: readonly Step[], boundedBy: bigint): readonly Answer[] {
  const kernel = new Kernel({ hostname: 'world' });
  const p1 = firstProcess(kernel, boundedBy);
  const processes = new Map<string, Process>([['p1', p1]]);
  /** Descriptors by name, copied at fork. */
  const files = new Map<string, Map<string, number>>([['p1', new Map()]]);
  return sequence.map((step) => {
    const answered = answer(kernel, processes, files, step);
    // Who ends itself by a signal never hears of its success.
    const gone = step.call !== 'exit' && processes.get(step.by)?.alive !== true;
    return gone ? { ok: false, errno: 'DEAD' } : answered;
  });
}

function firstProcess(kernel: Kernel, boundedBy: bigint): Process {
  const { init } = kernel;
  const flags = ['CLONE_NEWNS', 'CLONE_NEWPID', 'CLONE_NEWUTS', 'CLONE_NEWIPC', 'CLONE_NEWNET'] as const;
  const made = callSystem(kernel, init, 'clone', { flags });
  if (!made.ok) throw new Error(made.errno);
  const p1 = made.value;
  p1.parent = undefined;
  const { credentials } = p1;
  p1.credentials = { ...credentials, permitted: boundedBy, effective: boundedBy, bounding: boundedBy };
  const { root } = p1;
  const fs = kernel.newFileSystem('tmpfs', kernel.userNamespace, 'world');
  const mount = kernel.mounts.create(fs, fs.root, root.mount.flags);
  const bottom = root.mount.parent!;
  root.mount.detach();
  mount.attach(bottom, bottom.root);
  mount.namespace = p1.namespaces.mnt;
  for (const name of ['a', 'b', 'c', 'old', 'proc', 'bin'])
    fs.add(fs.root, name, emptyDirectory(), { mode: 0o755 });
  const a = fs.root.child('a', p1)!;
  const b = fs.root.child('b', p1)!;
  fs.add(a, 'sub', emptyDirectory(), { mode: 0o755 });
  fs.add(b, 'sub', emptyDirectory(), { mode: 0o755 });
  fs.add(a, 'file', { kind: 'file', text: 'in a' }, { mode: 0o644 });
  fs.add(b, 'file', { kind: 'file', text: 'in b' }, { mode: 0o644 });
  fs.add(fs.root, 'f', { kind: 'file', text: 'at the root' }, { mode: 0o644 });
  fs.add(fs.root.child('bin', p1)!, 'prog', { kind: 'file', text: '\u007fELF' }, { mode: 0o755 });
  p1.root = { mount, node: fs.root };
  p1.cwd = p1.root;
  const proc = callSystem(kernel, p1, 'mount', {
    source: 'proc',
    target: '/proc',
    type: 'proc',
    flags: [],
    data: '',
  });
  if (!proc.ok) throw new Error(proc.errno);
  return p1;
}

function answer(
  kernel: Kernel,
  processes: Map<string, Process>,
  files: Map<string, Map<string, number>>,
  step: Step,
): Answer {
  const process = processes.get(step.by);
  if (process?.state.kind !== 'running') return { ok: false, errno: 'DEAD' };
  const own = files.get(step.by)!;
  const { by: _by, call, ...args } = step;
  switch (call) {
    case 'clone': {
      const made = callSystem(kernel, process, 'clone', args as never);
      if (!made.ok) return made;
      processes.set(args['as'] as string, made.value);
      files.set(args['as'] as string, new Map(own));
      return { ok: true, value: made.value.pidIn(process.pidNamespace) };
    }
    case 'open': {
      const opened = callSystem(kernel, process, 'open', args as never);
      if (!opened.ok) return opened;
      own.set(args['as'] as string, opened.value);
      return { ok: true, value: null };
    }
    case 'status': {
      const file = callSystem(kernel, process, 'stat', { path: '/proc/self/status', followLast: true });
      if (!file.ok) return file;
      return { ok: true, value: credentialLines(process) };
    }
    case 'execStatus': {
      const child = callSystem(kernel, process, 'clone', { flags: [] });
      if (!child.ok) return child;
      const executed = callSystem(kernel, child.value, 'execve', { path: args['path'] as string, argv: [] });
      const readable = callSystem(kernel, child.value, 'stat', {
        path: '/proc/self/status',
        followLast: true,
      }).ok;
      const value = readable ? credentialLines(child.value) : [''];
      callSystem(kernel, child.value, 'exit', { status: 0 });
      callSystem(kernel, process, 'wait', { pid: child.value.pidIn(process.pidNamespace)! });
      return executed.ok ? { ok: true, value } : executed;
    }
    case 'mounts': {
      const file = callSystem(kernel, process, 'stat', { path: '/proc/self/mountinfo', followLast: true });
      if (!file.ok) return file;
      return {
        ok: true,
        value: visibleMounts(process)
          .map((mount) =>
            [
              nameInFileSystem(mount.root),
              pathName({ mount, node: mount.root }, process.root),
              mountOptions(mount),
              propagationText(mount)
                .split(' ')
                .map((field) => field.split(':')[0]!)
                .toSorted(byName)
                .join('+'),
              mount.fs.type,
            ].join(' '),
          )
          .toSorted(byName),
      };
    }
    case 'list': {
      const listed = callSystem(kernel, process, 'list', { path: args['path'] as string });
      if (!listed.ok) return listed;
      const isProc = listed.value.includes('sysrq-trigger');
      return {
        ok: true,
        value: isProc ? listed.value.filter((name) => /^\d+$/.test(name)).toSorted() : listed.value,
      };
    }
    case 'kill':
      return plain(
        callSystem(kernel, process, 'kill', {
          pid: args['pid'] as number,
          signal: signalOf(args['signal'] as number),
        }),
      );
    case 'sigaction':
      return plain(
        callSystem(kernel, process, 'sigaction', {
          signal: signalOf(args['signal'] as number)!,
          to: args['to'] as 'ignore',
        }),
      );
    case 'seccomp':
      return plain(callSystem(kernel, process, 'seccomp', { filter: denying(args as never) }));
    case 'capset':
      return plain(
        callSystem(kernel, process, 'capset', {
          permitted: capabilitySet(args['permitted'] as Capability[]),
          effective: capabilitySet(args['effective'] as Capability[]),
          inheritable: capabilitySet(args['inheritable'] as Capability[]),
        }),
      );
    case 'stat': {
      const result = callSystem(kernel, process, 'stat', args as never);
      if (!result.ok) return result;
      const { kind, mode, uid, gid } = result.value;
      return { ok: true, value: [kind, mode, uid, gid] };
    }
    case 'wait': {
      const result = callSystem(kernel, process, 'wait', args as never);
      if (!result.ok) return result;
      if (result.value === undefined) return { ok: true, value: null };
      const { pid, end } = result.value;
      return {
        ok: true,
        value:
          end.kind === 'exited' ? [pid, 'exited', end.status] : [pid, 'killed', signalNumbers[end.signal]],
      };
    }
    default: {
      if (!(call in systemCalls)) throw new Error(`There is no call ${call}.`);
      const fd = 'fd' in args ? { fd: own.get(args['fd'] as string) ?? 9999 } : {};
      if (call === 'close') own.delete(args['fd'] as string);
      const name = call as SystemCallName;
      return plain(callSystem(kernel, process, name, { ...args, ...fd }));
    }
  }
}

/** A filter that lets one call fail, where the bits of a mask are set in argument 0 if there is one. */
function denying(what: { readonly deny: string; readonly errno: number; readonly mask?: number }) {
  const { deny, errno, mask } = what;
  const value = BigInt(mask ?? 0);
  return seccompFilter({
    defaultAction: 'SCMP_ACT_ALLOW',
    defaultErrnoRet: errno,
    architectures: ['SCMP_ARCH_X86_64'],
    syscalls: [
      {
        names: [deny],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: errno,
        args: mask === undefined ? [] : [{ index: 0, op: 'SCMP_CMP_MASKED_EQ', value, valueTwo: value }],
      },
    ],
  });
}

const byName = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

const plain = (result: SysResult<unknown>): Answer =>
  result.ok ? { ok: true, value: result.value ?? null } : result;

const signalOf = (number: number): Signal | undefined =>
  (Object.keys(signalNumbers) as Signal[]).find((name) => signalNumbers[name] === number);

function credentialLines(process: Process): readonly string[] {
  const { credentials } = process;
  const { userNamespace } = credentials;
  const ids = (kind: 'uid' | 'gid'): string => {
    const { real, effective, saved } = credentials[kind];
    return [real, effective, saved, effective].map((id) => userNamespace.seen(kind, id)).join(' ');
  };
  return [
    `Uid:${ids('uid')}`,
    `Gid:${ids('gid')}`,
    `CapInh:${capabilityHex(credentials.inheritable)}`,
    `CapPrm:${capabilityHex(credentials.permitted)}`,
    `CapEff:${capabilityHex(credentials.effective)}`,
    `CapBnd:${capabilityHex(credentials.bounding)}`,
    `CapAmb:${capabilityHex(credentials.ambient)}`,
    `NoNewPrivs:${process.noNewPrivileges ? 1 : 0}`,
  ];
}
