import { defineEvents } from '../kernel/trace.ts';

/** What attacks try to reach, and through which wall. */
export const attackAreas = {
  calls: 'A call of the application reaches the host: processes, names and ports of the host.',
  files: 'Files of the host, by path.',
  proc: 'The /proc of the host.',
  devices: 'Disks and memory of the host, by device files.',
  descriptors: "The Sentry's own descriptors.",
  kernel: "A bug in the host's kernel, from the application.",
  host: 'The host, from a Sentry that has been broken.',
} as const;
export type AttackArea = keyof typeof attackAreas;
export const attackAreaNames = Object.keys(attackAreas) as readonly AttackArea[];

export const containmentEvents = defineEvents({
  filter: {
    doc: 'The Sentry starts, and its seccomp filter is installed.',
    fields: ['hostCalls'],
    say: ({ hostCalls }) => `the Sentry's filter allows ${hostCalls} system calls of the host`,
    decides: true,
  },
  enter: {
    doc: 'A process of the application makes a system call, and the platform hands it to the Sentry.',
    fields: ['process', 'ns', 'call'],
    texts: ['call'],
    say: ({ process }, { call }) => `process ${process} calls ${call}`,
  },
  gofer: {
    doc: 'The Sentry asks the Gofer.',
    fields: ['ns', 'call', 'result'],
    texts: ['call', 'result'],
    say: (_, { call, result }) => `the Sentry asks the Gofer: ${call} = ${result}`,
  },
  host: {
    doc: 'The Sentry makes a system call of the host.',
    fields: ['ns', 'call', 'result'],
    texts: ['call', 'result'],
    say: (_, { call, result }) => `the Sentry asks the host: ${call} = ${result}`,
  },
  finish: {
    doc: 'The Sentry answers a call that has been waiting.',
    fields: ['process', 'answer'],
    texts: ['answer'],
    decides: true,
    say: ({ process }, { answer }) => `the Sentry lets process ${process} go on: ${answer}`,
  },
  answer: {
    doc: "The Sentry's answer to a call.",
    fields: ['process', 'ns', 'call', 'answer'],
    texts: ['call', 'answer'],
    decides: true,
    say: ({ process }, { call, answer }) => `process ${process}: ${call} = ${answer}`,
  },
  store: {
    doc: 'A process stores into shared memory.',
    fields: ['process', 'address', 'word'],
    say: ({ process, address, word }) => `process ${process} stores ${word} at 0x${address!.toString(16)}`,
  },
  wrong: {
    doc: 'The application got something else than a kernel would have given it.',
    fields: ['process', 'expected', 'actual', 'because'],
    texts: ['expected', 'actual', 'because'],
    say: ({ process }, { expected, actual }) => `process ${process} EXPECTED ${expected}, and got ${actual}`,
  },
  stuck: {
    doc: 'Nobody can go on, and this process waits.',
    fields: ['process', 'call', 'reason'],
    texts: ['call', 'reason'],
    say: ({ process }, { call, reason }) => `process ${process} WAITS FOR EVER in ${call}: ${reason}`,
  },
  killed: {
    doc: 'The Sentry made a call that its own filter does not allow, and was ended with the whole sandbox.',
    fields: ['call'],
    texts: ['call'],
    decides: true,
    say: (_, { call }) => `the filter ENDS the Sentry at ${call}`,
  },
  attacked: {
    doc: 'The honest part of the application is over: from here on it attacks.',
    fields: [],
    say: () => 'the application begins to attack',
  },
  broken: {
    doc: 'An attacker has used a bug of the Sentry, and runs code of its own in it.',
    fields: [],
    say: () => 'an attacker takes over the Sentry',
  },
  signal: {
    doc: 'A signal takes effect in a process: `ends` is 1 when it ends the process, and else its handler runs. `interrupted` is the call in which the process waited, and what becomes of it.',
    fields: ['process', 'ends', 'signal', 'interrupted'],
    texts: ['signal', 'interrupted'],
    decides: true,
    say: ({ process, ends }, { signal, interrupted }) =>
      `${signal} ${ends === 1 ? 'ENDS' : 'runs its handler in'} process ${process}${interrupted === '' ? '' : `, which waited in ${interrupted}`}`,
  },
  probe: {
    doc: 'An attack. `succeeded` is 1 when it reached what it must not.',
    fields: ['area', 'succeeded', 'attempt', 'because'],
    texts: ['attempt', 'because'],
    say: ({ area, succeeded }, { attempt }) =>
      `attack (${attackAreaNames[area!]}): ${attempt} ${succeeded === 1 ? 'SUCCEEDS' : 'fails'}`,
  },
});
export type ContainmentEvents = typeof containmentEvents;
