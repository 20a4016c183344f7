import { fail, succeed, type SysResult } from './errno.ts';
import { ioMaxText, readIoMaxLine, unlimitedIo } from './ioMax.ts';

/** The controllers of cgroup v2 that are modelled as files. Documentation/admin-guide/cgroup-v2.rst */
export const cgroupControllers = ['cpu', 'io', 'memory', 'pids'] as const;
export type CgroupController = (typeof cgroupControllers)[number];

/** A setting of a cgroup: its default, and what it accepts. */
interface Setting {
  /** Undefined for those that every cgroup has: "Core Interface Files". */
  readonly controller: CgroupController | undefined;
  readonly onRoot?: true;
  readonly initial: string;
  /** The text as the kernel keeps it, or why it is refused. */
  accept(text: string, before: string): SysResult<string>;
}

const countOrMax = (text: string): SysResult<string> =>
  text === 'max' || /^\d+$/.test(text) ? succeed(text) : fail('EINVAL');

/** A number of C's type int, in octal or hexadecimal too, within bounds. kstrtoint() */
const within =
  (low: number, high: number) =>
  (text: string): SysResult<string> => {
    const [, sign = '', digits] = /^([+-]?)(0x[\da-f]+|\d+)$/i.exec(text) ?? [];
    if (digits === undefined) return fail('EINVAL');
    const octal = /^0[0-7]+$/.test(digits);
    if (!octal && /^0\d/.test(digits)) return fail('EINVAL');
    const value = Number(octal ? `0o${digits}` : digits) * (sign === '-' ? -1 : 1);
    return value >= low && value <= high ? succeed(String(value)) : fail('ERANGE');
  };
const anyInt = within(0, 2 ** 31 - 1);

/** cgroup_max_depth_write(), cgroup_max_descendants_write() */
const intOrMax = (text: string): SysResult<string> => (text === 'max' ? succeed(text) : anyInt(text));

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

/** What is set by writing it, and read back. */
export const cgroupSettingFiles: Readonly<Record<string, Setting>> = {
  'cgroup.freeze': { controller: undefined, initial: '0', accept: within(0, 1) },
  'cgroup.max.depth': { controller: undefined, onRoot: true, initial: 'max', accept: intOrMax },
  'cgroup.max.descendants': { controller: undefined, onRoot: true, initial: 'max', accept: intOrMax },
  'cpu.max': { controller: 'cpu', initial: 'max 100000', accept: cpuMax },
  'cpu.weight': { controller: 'cpu', initial: '100', accept: weight },
  'io.max': { controller: 'io', initial: '', accept: ioMax },
  'io.weight': { controller: 'io', initial: 'default 100', accept: (text) => succeed(text) },
  'memory.high': { controller: 'memory', initial: 'max', accept: bytesOrMax },
  'memory.max': { controller: 'memory', initial: 'max', accept: bytesOrMax },
  'memory.oom.group': {
    controller: 'memory',
    initial: '0',
    accept: (text) => (/^0*[01]$/.test(text) ? succeed(String(Number(text))) : fail('EINVAL')),
  },
  'pids.max': { controller: 'pids', initial: 'max', accept: countOrMax },
};

/**
 * Orders: writing 1 does something once, and nothing is kept.
 * "cgroup.kill": every process here and below is killed. cgroup_kill_write()
 */
export const cgroupKillAccepts = within(1, 1);

/** A file of cgroup v2 that is not modelled here. */
export interface LeftOutFile {
  /** What it does in Linux, and why it would do nothing here. */
  readonly why: string;
  readonly instead: string;
  /** Whether a runtime can write it for a container on a real host. */
  readonly isLimit: boolean;
}

const protectsMemory: LeftOutFile = {
  why: 'it keeps memory of a group from being reclaimed, and nothing is reclaimed here: there is no swap and no page cache, so that a full group meets the OOM killer.',
  instead: 'Give the neighbour that is to give way a memory.max; oom_score_adj says who is killed first.',
  isLimit: true,
};
const readOnly: LeftOutFile = {
  why: 'only the kernel writes it, and nothing is set by it.',
  instead: 'Remove it.',
  isLimit: false,
};
const notSimulated: LeftOutFile = {
  why: 'it is a file of Linux that is not simulated, and would change nothing here.',
  instead: 'Remove it, or try it on a real host.',
  isLimit: true,
};

/** Files of cgroup v2 that something special is to be said of. */
const leftOutFiles: Readonly<Record<string, LeftOutFile>> = {
  'memory.min': protectsMemory,
  'memory.low': protectsMemory,
  'cgroup.type': {
    why: 'threaded mode spreads the threads of one process over several groups, and here a process is in one group with all it has: every group is of type domain.',
    instead: 'Remove it, and give whole processes to groups with cgroup.procs.',
    isLimit: false,
  },
  'cgroup.threads': {
    why: 'it moves single threads, in threaded mode, and here a process is in one group with all it has.',
    instead: 'Move the process with cgroup.procs.',
    isLimit: false,
  },
  'cpu.weight.nice': {
    why: 'it is cpu.weight in the numbers of nice(1), which is not simulated.',
    instead: 'Write cpu.weight: 100 is a nice of 0.',
    isLimit: true,
  },
};

/** All others that Documentation/admin-guide/cgroup-v2.rst names, of Linux 6.18. */
const readOnlyFiles =
  /^(?:cgroup\.(?:controllers|events|stat|stat\.local)|cpu\.stat(?:\.local)?|memory\.(?:current|peak|events(?:\.local)?|stat|numa_stat|swap\.(?:current|peak|events)|zswap\.current)|io\.stat|pids\.(?:current|peak|events(?:\.local)?)|cpuset\.(?:cpus|mems)\.effective|hugetlb\.\w+\.(?:current|events(?:\.local)?|numa_stat|rsvd\.current)|(?:rdma|misc|dmem)\.(?:current|peak|events(?:\.local)?|capacity))$/;
const otherFiles =
  /^(?:(?:cgroup|cpu|memory|io|irq)\.pressure|cpu\.(?:max\.burst|idle|uclamp\.(?:min|max))|memory\.(?:reclaim|swap\.(?:high|max)|zswap\.(?:max|writeback))|io\.(?:cost\.(?:qos|model)|weight|bfq\.weight|latency|prio\.class)|cpuset\.(?:cpus|mems|cpus\.exclusive|cpus\.exclusive\.effective|cpus\.partition)|hugetlb\.\w+\.(?:max|rsvd\.max)|rdma\.max|misc\.max|dmem\.(?:min|low|max))$/;

/**
 * Why a file of cgroup v2 does nothing here. Whoever models a file looks at that first: some of these are modelled elsewhere.
 * @returns undefined for what is no such file
 */
export function leftOutFile(name: string): LeftOutFile | undefined {
  return (
    leftOutFiles[name] ??
    (readOnlyFiles.test(name) ? readOnly : otherFiles.test(name) ? notSimulated : undefined)
  );
}
