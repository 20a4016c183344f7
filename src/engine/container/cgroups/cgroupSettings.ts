import { defineDocument, type DocumentReading } from '../../kernel/document.ts';
import { hostDisks } from './hostDisks.ts';
import { leftOutFile } from '../linux/cgroupFiles.ts';
import { readIoMaxLine, unlimitedIo, type IoLimits } from '../linux/ioMax.ts';
import { nearest } from '../../kernel/parameters.ts';
import {
  controllers,
  listedControllers,
  subtreeControlFile,
  type Controller,
  type ListedController,
} from './subtreeControl.ts';
import { readYamlDocument, type DocumentProblems } from '../../kernel/structuredDocument.ts';

/** The services of the host of `container.noisy-neighbour`, which a cgroup's `cgroup.procs` names. */
export const services = ['web', 'batch', 'report', 'backup'] as const;
export type Service = (typeof services)[number];

/** One control group with its settings. Documentation/admin-guide/cgroup-v2.rst */
export interface CgroupSettings {
  /** `/tenants/web`; the root is `/`. */
  readonly path: string;
  readonly parent: string | undefined;
  readonly services: readonly Service[];
  /** Whether its processes and all below stand still. */
  readonly frozen: boolean;
  /** 1 to 10000, default 100. */
  readonly cpuWeight: number;
  readonly cpuMax: { readonly quotaUs: number; readonly periodUs: number } | undefined;
  /** Bytes; Infinity for `max`. */
  readonly memoryMax: number;
  readonly memoryHigh: number;
  /** Whether the OOM killer ends all processes of the group together. */
  readonly memoryOomGroup: boolean;
  /** By disk, `major:minor`. */
  readonly ioMax: ReadonlyMap<string, IoLimits>;
  readonly pidsMax: number;
}

const settingOf: Readonly<Record<string, Controller>> = {
  'cpu.weight': 'cpu',
  'cpu.max': 'cpu',
  'memory.max': 'memory',
  'memory.high': 'memory',
  'memory.oom.group': 'memory',
  'io.max': 'io',
  'pids.max': 'pids',
};
/** What the tree below a cgroup may be; the root has these, too. */
const treeLimits = ['cgroup.max.depth', 'cgroup.max.descendants'] as const;
const keys = ['cgroup.procs', subtreeControlFile, 'cgroup.freeze', ...treeLimits, ...Object.keys(settingOf)];
/** An order that is given once is no setting. */
const killFile = {
  why: 'it is an order and no setting: written once, it kills who is in the group at that moment, and this file is written before anything runs.',
  instead:
    'To have services stand still write cgroup.freeze: 1; without them, set batchThreads or reportMiB to 0.',
};
const suffix: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

type Complain = (message: string, suggestion: string) => void;

function readNumber(value: unknown, low: number, high: number, complain: Complain, example: string): number {
  if (value === 'max' && high === Infinity) return Infinity;
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  complain(
    `${JSON.stringify(value)} is no whole number ${high === Infinity ? `of at least ${low}, nor max` : `from ${low} to ${high}`}.`,
    example,
  );
  return low;
}

function readBytes(value: unknown, complain: Complain): number {
  if (value === 'max') return Infinity;
  const match = /^(\d+)([KMG]?)$/.exec(String(value));
  if (match !== null) return Number(match[1]) * suffix[match[2]!]!;
  complain(
    `${JSON.stringify(value)} is no size.`,
    'Write bytes, or a number with K, M or G, such as 400M; or max.',
  );
  return Infinity;
}

function readCpuMax(value: unknown, complain: Complain): CgroupSettings['cpuMax'] {
  const [quota = '', period = '100000', ...more] = String(value).trim().split(/\s+/);
  const numbers = /^\d+$/.test(period) && (quota === 'max' || /^\d+$/.test(quota)) && more.length === 0;
  const [quotaUs, periodUs] = [Number(quota), Number(period)];
  if (!numbers || periodUs < 1000 || periodUs > 1_000_000 || quotaUs < 1000) {
    complain(
      `"${String(value)}" is no quota and period in microseconds: each is at least 1000, and a period at most 1000000.`,
      'Write "50000 100000" for 50 ms of every 100 ms, which is half a CPU; or max.',
    );
    return undefined;
  }
  return quota === 'max' ? undefined : { quotaUs, periodUs };
}

const ioMaxHelp =
  'Write a disk and its limits, "8:0 rbps=30000000 wiops=200"; for several disks a list of such lines.';

/** What is wrong with a line of io.max, after the kernel's errors. */
const ioMaxWrong = {
  EINVAL: (part: string) =>
    `"${part}" is no limit of a disk: rbps, wbps, riops or wiops with a whole number from 2, in bytes or operations per second, or max (EINVAL).`,
  ENODEV: (part: string) => `there is no disk ${part}: the host has ${hostDisks.join(' and ')} (ENODEV).`,
  ERANGE: (part: string) => `"${part}": a limit of 0 would never let anything pass (ERANGE).`,
} as const;

function readIoMax(value: unknown, complain: Complain): ReadonlyMap<string, IoLimits> {
  const limits = new Map<string, IoLimits>();
  for (const line of Array.isArray(value) ? value.map(String) : [String(value)]) {
    const read = readIoMaxLine(line, hostDisks);
    if (!read.ok) complain(ioMaxWrong[read.errno](read.part), ioMaxHelp);
    else limits.set(read.device, { ...(limits.get(read.device) ?? unlimitedIo), ...read.limits });
  }
  return limits;
}

/** Reads a mapping of cgroup paths to what is written into their files, and applies the rules of the hierarchy. */
export function readCgroupSettings(text: string): DocumentReading<readonly CgroupSettings[]> {
  return readYamlDocument(text, ({ value }, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.value([], 'The file is a mapping of cgroups.', 'Start with a path, such as /web:');
      return undefined;
    }
    const tree = value as Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
    const listed = (path: string): readonly ListedController[] => listedControllers(tree[path] ?? {}, keys);
    const placed = new Map<string, string>();
    const made: string[] = [];
    return Object.entries(tree).map(([path, settings]) => {
      const parent = path === '/' ? undefined : path.slice(0, path.lastIndexOf('/')) || '/';
      if (!/^\/$|^(?:\/[\w.-]+)+$/.test(path))
        problems.key([path], `"${path}" is no path of a cgroup.`, 'Write /web or /tenants/web.');
      else if (parent !== undefined && parent !== '/' && !(parent in tree))
        problems.key(
          [path],
          `There is no cgroup ${parent} for ${path} to be in.`,
          `Add ${parent}: before it.`,
        );
      if (keepsTreeLimits(path, tree, made, problems)) made.push(path);
      return readGroup(path, parent, settings ?? {}, problems, listed, placed);
    });
  });
}

/**
 * Whether the cgroups above one let it be made, where mkdir(2) would say EAGAIN.
 * @param made those that are there before, with their limits; so are those above it
 */
function keepsTreeLimits(
  path: string,
  tree: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>,
  made: readonly string[],
  problems: DocumentProblems,
): boolean {
  const parts = path === '/' ? [] : path.split('/').slice(1);
  const there = [
    ...new Set([...made, ...parts.slice(1).map((_, n) => `/${parts.slice(0, n + 1).join('/')}`)]),
  ];
  return parts.every((_, level) => {
    const at = `/${parts.slice(0, level).join('/')}`;
    const limit = (key: (typeof treeLimits)[number]): number => {
      const value = tree[at]?.[key];
      return typeof value === 'number' ? value : Infinity;
    };
    const depth = parts.length - level;
    const below = there.filter((each) => each !== at && each.startsWith(at === '/' ? '/' : `${at}/`)).length;
    const [key, has, says] =
      depth > limit('cgroup.max.depth')
        ? (['cgroup.max.depth', depth, `it lies ${depth} below ${at}`] as const)
        : ([
            'cgroup.max.descendants',
            below + 1,
            below === 1
              ? `there is 1 cgroup below ${at} before it`
              : `there are ${below} cgroups below ${at} before it`,
          ] as const);
    if (has <= limit(key)) return true;
    problems.key(
      [path],
      `${path} cannot be made: ${says}, and ${at} has a ${key} of ${limit(key)} (EAGAIN).`,
      `Raise it to ${has}, or make fewer cgroups below ${at}.`,
    );
    return false;
  });
}

function readGroup(
  path: string,
  parent: string | undefined,
  settings: Readonly<Record<string, unknown>>,
  problems: DocumentProblems,
  listed: (path: string) => readonly ListedController[],
  placed: Map<string, string>,
): CgroupSettings {
  const complainAt =
    (key: string): Complain =>
    (message, suggestion) =>
      problems.value([path, key], `${key}: ${message}`, suggestion);
  const isGiven = (path: string, controller: Controller): boolean =>
    listed(path).some(({ meant }) => meant === controller);
  for (const key of Object.keys(settings)) {
    const near = nearest(key, keys);
    const controller = settingOf[key];
    const leftOut = key === 'cgroup.kill' ? killFile : leftOutFile(key);
    if (!keys.includes(key) && leftOut !== undefined)
      problems.key([path, key], `${key} does nothing here: ${leftOut.why}`, leftOut.instead);
    else if (key === 'cgroup.freeze' && parent === undefined)
      problems.key(
        [path, key],
        'The root cgroup has no cgroup.freeze: nobody can stop the whole host.',
        'Set it in a cgroup below /.',
      );
    else if (!keys.includes(key))
      problems.key(
        [path, key],
        `A cgroup has no file "${key}" here.`,
        near === undefined ? `Files: ${keys.join(', ')}.` : `Did you mean "${near}"?`,
      );
    else if (controller !== undefined && parent === undefined)
      problems.key(
        [path, key],
        `The root cgroup has no ${key}: there is nobody above it to share with.`,
        'Set it in a cgroup below /.',
      );
    else if (controller !== undefined && !isGiven(parent!, controller))
      problems.key(
        [path, key],
        `${path} has no file ${key}: ${parent} does not give its children the controller ${controller} (ENOENT).`,
        `Write cgroup.subtree_control: +${controller} into ${parent}.`,
      );
  }
  const below = listed(path);
  for (const { written, meant } of below) {
    if (written !== meant)
      complainAt(subtreeControlFile)(
        `there is no controller ${written}.`,
        meant === undefined
          ? `Controllers: ${controllers.map((each) => `+${each}`).join(' ')}.`
          : `Did you mean +${meant}?`,
      );
    else if (parent !== undefined && !isGiven(parent, meant))
      complainAt(subtreeControlFile)(
        `${path} cannot pass on ${meant}, which ${parent} does not give it (ENOENT).`,
        `Enable it in ${parent} as well.`,
      );
  }
  const procs = settings['cgroup.procs'] ?? [];
  const names = (Array.isArray(procs) ? procs : [procs]).map(String);
  if (names.length > 0 && below.length > 0 && parent !== undefined)
    complainAt('cgroup.procs')(
      'a cgroup that gives its children controllers has no processes itself (the "no internal processes" rule, EBUSY).',
      `Put them into a child, such as ${path}/main.`,
    );
  for (const name of names) {
    const near = nearest(name, services);
    if (!services.includes(name as Service))
      complainAt('cgroup.procs')(
        `there is no service ${name}.`,
        near === undefined ? `Services: ${services.join(', ')}.` : `Did you mean ${near}?`,
      );
    else if (placed.has(name))
      complainAt('cgroup.procs')(`${name} is in ${placed.get(name)} already.`, 'A process is in one cgroup.');
    placed.set(name, path);
  }
  const has = (key: string): boolean => settings[key] !== undefined;
  for (const key of treeLimits)
    if (has(key))
      readNumber(settings[key], 0, Infinity, complainAt(key), 'Write a number such as 2, or max.');
  return {
    path,
    parent,
    services: names as Service[],
    frozen:
      has('cgroup.freeze') &&
      readNumber(
        settings['cgroup.freeze'],
        0,
        1,
        complainAt('cgroup.freeze'),
        'Write 1 to have all processes of the group stand still, else 0.',
      ) === 1,
    cpuWeight: has('cpu.weight')
      ? readNumber(settings['cpu.weight'], 1, 10_000, complainAt('cpu.weight'), '100 is the default.')
      : 100,
    cpuMax: has('cpu.max') ? readCpuMax(settings['cpu.max'], complainAt('cpu.max')) : undefined,
    memoryMax: has('memory.max') ? readBytes(settings['memory.max'], complainAt('memory.max')) : Infinity,
    memoryHigh: has('memory.high') ? readBytes(settings['memory.high'], complainAt('memory.high')) : Infinity,
    memoryOomGroup:
      has('memory.oom.group') &&
      readNumber(
        settings['memory.oom.group'],
        0,
        1,
        complainAt('memory.oom.group'),
        'Write 1 to have all processes of the group killed together, else 0.',
      ) === 1,
    ioMax: has('io.max') ? readIoMax(settings['io.max'], complainAt('io.max')) : new Map(),
    pidsMax: has('pids.max')
      ? readNumber(settings['pids.max'], 0, Infinity, complainAt('pids.max'), 'Write 20, or max.')
      : Infinity,
  };
}

const size = 'Bytes, or a number with K, M or G such as 400M; or max.';

/** For completion and hovers; {@link readCgroupSettings} judges. */
const schema = {
  type: 'object',
  description: 'Control groups by path; the root is /.',
  patternProperties: {
    '^/': {
      type: 'object',
      additionalProperties: false,
      properties: {
        'cgroup.procs': {
          type: 'array',
          items: { enum: [...services] },
          description: 'Services whose processes are in this group.',
        },
        'cgroup.subtree_control': {
          type: 'string',
          description: `Controllers that the children get, such as ${controllers.map((each) => `+${each}`).join(' ')}.`,
        },
        'cgroup.freeze': {
          type: 'integer',
          minimum: 0,
          maximum: 1,
          default: 0,
          description: '1: the processes of this group and of all below it stand still.',
        },
        'cgroup.max.depth': {
          type: ['integer', 'string'],
          description: 'How many levels of cgroups there may be below it; or max.',
        },
        'cgroup.max.descendants': {
          type: ['integer', 'string'],
          description: 'How many cgroups there may be below it, at any level; or max.',
        },
        'cpu.weight': {
          type: 'integer',
          minimum: 1,
          maximum: 10_000,
          default: 100,
          description: 'Share of the CPU among siblings that compete for it.',
        },
        'cpu.max': {
          type: 'string',
          description: 'Quota and period in µs: "50000 100000" is half a CPU; or max.',
        },
        'memory.max': { type: ['string', 'integer'], description: `Above it processes are killed. ${size}` },
        'memory.high': {
          type: ['string', 'integer'],
          description: `Above it processes are slowed and their memory is reclaimed. ${size}`,
        },
        'memory.oom.group': {
          type: 'integer',
          minimum: 0,
          maximum: 1,
          default: 0,
          description: '1: when memory runs out and a process of this group is killed, all of them are.',
        },
        'io.max': {
          type: ['string', 'array'],
          items: { type: 'string' },
          description:
            'A disk and its limits in bytes and operations per second: "8:0 rbps=30000000 wiops=200" (rbps, wbps, riops, wiops); for several disks a list.',
        },
        'pids.max': { type: ['integer', 'string'], description: 'The most processes; or max.' },
      },
    },
  },
};

export const cgroupSettings = defineDocument<readonly CgroupSettings[]>({
  doc: 'Control groups (version 2) by path, with what is written into their files. Services that no group names stay in the root.',
  file: 'cgroups.yaml',
  language: 'yaml',
  schema,
  builtIn: '/:\n  cgroup.subtree_control: +cpu +memory +io +pids\n',
  read: readCgroupSettings,
});
