import { capabilityHex } from './capabilities.ts';
import { capable } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import type { NodeContent } from './fileTree.ts';
import { idMapText, writeIdMap } from './idMapFiles.ts';
import type { Kernel } from './kernel.ts';
import { mountInfo } from './mountInfo.ts';
import type { Process } from './process.ts';
import { setSetgroups } from './userNamespace.ts';

/** The ordinary files of /proc/pid; undefined for a name that is none of them. proc(5) */
export function processFile(kernel: Kernel, process: Process, name: string): NodeContent | undefined {
  const readOnly = (read: (reader: Process) => string): NodeContent => ({
    kind: 'kernelFile',
    read: (reader) => succeed(read(reader)),
  });
  switch (name) {
    case 'status':
      return readOnly((reader) => statusText(process, reader));
    case 'cmdline':
      return readOnly(() => (process.alive ? process.argv.map((word) => `${word}\0`).join('') : ''));
    case 'mountinfo':
      return readOnly(() => mountInfo(process));
    case 'cgroup':
      return readOnly((reader) => `0::${cgroupPathSeen(process, reader)}\n`);
    case 'comm':
      return {
        kind: 'kernelFile',
        read: () => succeed(`${process.name}\n`),
        write: (writer, text) => {
          if (writer !== process) return fail('EINVAL');
          process.name = text.replace(/\n$/, '').slice(0, 15);
          return done;
        },
      };
    case 'uid_map':
    case 'gid_map': {
      const kind = name === 'uid_map' ? 'uid' : 'gid';
      const read = (reader: Process): SysResult<string> =>
        succeed(idMapText(reader, process.credentials.userNamespace, kind));
      return {
        kind: 'kernelFile',
        read,
        write: () => fail('EINVAL'),
        open: (opener) => {
          const map = {
            opener: opener.credentials,
            namespace: process.credentials.userNamespace,
            kind,
          } as const;
          return succeed({ read, write: (writer, text, offset) => writeIdMap(map, writer, text, offset) });
        },
      };
    }
    case 'setgroups': {
      return {
        kind: 'kernelFile',
        write: () => fail('EINVAL'),
        open: (opener, canWrite) => {
          const namespace = process.credentials.userNamespace;
          if (canWrite && !capable(opener.credentials, namespace, 'CAP_SYS_ADMIN')) return fail('EACCES');
          return succeed({
            read: () => succeed(`${namespace.setgroups}\n`),
            write: (_writer, text, offset) =>
              offset === 0 ? setSetgroups(namespace, text.trim()) : fail('EINVAL'),
          });
        },
      };
    }
    case 'oom_score_adj':
      return {
        kind: 'kernelFile',
        read: () => succeed(`${process.oomScoreAdjust}\n`),
        write: (writer, text) => writeOomScore(kernel, process, writer, text),
      };
    case 'timens_offsets':
      return {
        kind: 'kernelFile',
        read: () => {
          const { timeForChildren } = process.namespaces;
          return succeed(
            `monotonic  ${timeForChildren.monotonicOffset} 0\nboottime   ${timeForChildren.boottimeOffset} 0\n`,
          );
        },
        write: (writer, text) => writeTimeOffsets(process, writer, text),
      };
    default:
      return undefined;
  }
}

/**
 * It may go down as far as it stood when somebody with CAP_SYS_RESOURCE last wrote it, root of a user namespace not counted.
 * fs/proc/base.c, __set_oom_adj(); proc_pid_oom_score_adj(5)
 */
function writeOomScore(kernel: Kernel, process: Process, writer: Process, text: string): SysResult {
  const typed = text.trim();
  if (!/^[+-]?\d+$/.test(typed)) return fail('EINVAL');
  const score = Number(typed);
  if (Math.abs(score) > 0x7fff_ffff) return fail('ERANGE');
  if (score < -1000 || score > 1000) return fail('EINVAL');
  const privileged = capable(writer.credentials, kernel.userNamespace, 'CAP_SYS_RESOURCE');
  if (score < process.oomScoreAdjustFloor && !privileged) return fail('EACCES');
  process.oomScoreAdjust = score;
  if (privileged) process.oomScoreAdjustFloor = score;
  return done;
}

/** Offsets are set before the first process is in the namespace. time_namespaces(7) */
function writeTimeOffsets(process: Process, writer: Process, text: string): SysResult {
  const namespace = process.namespaces.timeForChildren;
  if (!capable(writer.credentials, namespace.owner, 'CAP_SYS_TIME')) return fail('EPERM');
  if (namespace.entered) return fail('EACCES');
  for (const line of text.trim().split('\n')) {
    const match = /^(monotonic|boottime|1|7)\s+(-?\d+)\s+(\d+)$/.exec(line.trim());
    if (match === null) return fail('EINVAL');
    const seconds = Number(match[2]);
    if (match[1] === 'monotonic' || match[1] === '1') namespace.monotonicOffset = seconds;
    else namespace.boottimeOffset = seconds;
  }
  return done;
}

/** The process's cgroup as a path from the root of the reader's cgroup namespace. cgroup_namespaces(7) */
function cgroupPathSeen(process: Process, reader: Process): string {
  const { root } = reader.namespaces.cgroup;
  let up = '';
  let common = root;
  while (!process.cgroup.isWithin(common)) {
    up += '/..';
    common = common.parent!;
  }
  const below = process.cgroup.path.slice(common.path === '/' ? 0 : common.path.length);
  return `${up}${below}` === '' ? '/' : `${up}${below === '/' && up !== '' ? '' : below}`;
}

const stateLetters = {
  running: 'R (running)',
  stopped: 'T (stopped)',
  zombie: 'Z (zombie)',
  reaped: 'X (dead)',
};

/** /proc/pid/status: ids as the reader's user namespace sees them, numbers in each process namespace. */
function statusText(process: Process, reader: Process): string {
  const { credentials } = process;
  const { userNamespace } = reader.credentials;
  const pids = reader.pidNamespace;
  const seen = (kind: 'uid' | 'gid'): string => {
    const { real, effective, saved } = credentials[kind];
    return [real, effective, saved, effective].map((id) => userNamespace.seen(kind, id)).join('\t');
  };
  const own = process.pids.slice(pids.level).join('\t');
  return [
    `Name:\t${process.name}`,
    `State:\t${stateLetters[process.state.kind]}`,
    `Pid:\t${process.pidIn(pids) ?? 0}`,
    `PPid:\t${process.parent?.pidIn(pids) ?? 0}`,
    `Uid:\t${seen('uid')}`,
    `Gid:\t${seen('gid')}`,
    `Groups:\t${credentials.groups.map((group) => userNamespace.seen('gid', group)).join(' ')} `,
    `NSpid:\t${own}`,
    `CapInh:\t${capabilityHex(credentials.inheritable)}`,
    `CapPrm:\t${capabilityHex(credentials.permitted)}`,
    `CapEff:\t${capabilityHex(credentials.effective)}`,
    `CapBnd:\t${capabilityHex(credentials.bounding)}`,
    `CapAmb:\t${capabilityHex(credentials.ambient)}`,
    `NoNewPrivs:\t${process.noNewPrivileges ? 1 : 0}`,
    `Seccomp:\t${process.seccomp.length > 0 ? 2 : 0}`,
    '',
  ].join('\n');
}
