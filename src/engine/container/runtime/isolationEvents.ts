import { defineEvents } from '../../kernel/trace.ts';

/** What a probe tries to reach. */
export const probeAreas = {
  processes: 'Processes of the host: see them, signal them.',
  files: 'Files and disks of the host.',
  network: 'The network of the host: its interfaces, its local ports, its abstract sockets.',
  ipc: 'Shared memory of the host.',
  hostname: 'The name of the host.',
  cgroup: 'The limits: exceed them, raise them, see those of others.',
  privileges: 'Powers over the host: capabilities, privileges gained by execve, the identity of root.',
  kernel: 'Settings and memory of the kernel, through /proc and /sys.',
  syscalls: 'The interface of the kernel: calls that the service never makes.',
  host: 'Traces on the host: mounts that show up outside.',
} as const;
export type ProbeArea = keyof typeof probeAreas;
export const probeAreaNames = Object.keys(probeAreas) as readonly ProbeArea[];

/** Which of two viewers a table shows the system to. */
export const viewers = ['inside', 'outside'] as const;
export type Viewer = (typeof viewers)[number];

export const tables = ['processes', 'mounts', 'network'] as const;
export type Table = (typeof tables)[number];

export const isolationEvents = defineEvents({
  call: {
    doc: 'A system call of the runtime: which process made it (its number on the host), with what, and what came back.',
    fields: ['pid', 'call', 'arguments', 'result'],
    texts: ['call', 'arguments', 'result'],
    decides: true,
    say: ({ pid }, texts) => `[${pid}] ${texts['call']}(${texts['arguments']}) = ${texts['result']}`,
  },
  probe: {
    doc: 'A probe ran in the container. `succeeded` is 1 when it saw or touched what it must not.',
    fields: ['area', 'succeeded', 'attempt', 'because'],
    texts: ['attempt', 'because'],
    say: ({ area, succeeded }, texts) =>
      `probe (${probeAreaNames[area!]}): ${texts['attempt']}${succeeded === 1 ? ' SUCCEEDS' : ' fails'}`,
  },
  need: {
    doc: 'Something that the container must be able to do. `holds` is 1 when it can.',
    fields: ['holds', 'expected', 'actual', 'because'],
    texts: ['expected', 'actual', 'because'],
    say: ({ holds }, texts) => `the container ${holds === 1 ? 'has' : 'LACKS'}: ${texts['expected']}`,
  },
  show: {
    doc: 'A line that somebody now sees in the list of processes, mounts or network interfaces.',
    fields: ['viewer', 'table', 'line'],
    texts: ['line'],
    say: ({ viewer, table }, texts) =>
      `${viewers[viewer!]} sees in ${tables[table!]}: ${texts['line']!.replaceAll('\t', ' ')}`,
  },
  hide: {
    doc: 'A line that somebody no longer sees there.',
    fields: ['viewer', 'table', 'line'],
    texts: ['line'],
    say: ({ viewer, table }, texts) =>
      `${viewers[viewer!]} no longer sees in ${tables[table!]}: ${texts['line']!.replaceAll('\t', ' ')}`,
  },
});

export type IsolationEvents = typeof isolationEvents;
