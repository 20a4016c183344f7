import { defineEvents } from '../../kernel/trace.ts';
import { sayMs } from '../../kernel/view.ts';

/** Why a thread left its CPU, as the `stop` event encodes it. */
export const stopReasons = ['slice-ended', 'blocked', 'throttled', 'preempted', 'killed'] as const;
export type StopReason = (typeof stopReasons)[number];

/** What happens on CPUs that control groups share. */
export const cpuEvents = defineEvents({
  wake: {
    doc: 'A thread has work and waits for its CPU.',
    fields: ['thread', 'cpu'],
    texts: ['thread'],
    say: ({ cpu }, { thread }) => `${thread} is ready on CPU ${cpu}`,
  },
  run: {
    doc: 'A CPU starts to run a thread.',
    fields: ['cpu', 'thread'],
    texts: ['thread'],
    say: ({ cpu }, { thread }) => `CPU ${cpu} runs ${thread}`,
  },
  stop: {
    doc: 'A thread leaves its CPU.',
    fields: ['cpu', 'thread', 'ranNs', 'reason'],
    texts: ['thread'],
    say: ({ cpu, ranNs, reason }, { thread }) =>
      `${thread} leaves CPU ${cpu} after ${sayMs(ranNs!)} (${stopReasons[reason!]})`,
  },
  period: {
    doc: 'A bandwidth period of a group starts; `throttled` of its CPUs wait for it.',
    fields: ['group', 'number', 'throttled'],
    texts: ['group'],
    decides: true,
    say: ({ number, throttled }, { group }) =>
      `period ${number} of ${group} starts${throttled === 0 ? '' : `, ${throttled} ${throttled === 1 ? 'CPU is' : 'CPUs are'} throttled`}`,
  },
  grant: {
    doc: 'A CPU asked the pool of a group for time, and got this much.',
    fields: ['cpu', 'group', 'wantNs', 'gotNs'],
    texts: ['group'],
    decides: true,
    say: ({ cpu, wantNs, gotNs }, { group }) =>
      gotNs === 0
        ? `CPU ${cpu} asks for ${sayMs(wantNs!)} of ${group} and gets nothing`
        : `CPU ${cpu} asks for ${sayMs(wantNs!)} of ${group} and gets ${sayMs(gotNs!)}`,
  },
  throttle: {
    doc: 'A group may not run on a CPU until it is granted time again.',
    fields: ['cpu', 'group'],
    texts: ['group'],
    say: ({ cpu }, { group }) => `${group} is throttled on CPU ${cpu}`,
  },
  unthrottle: {
    doc: 'A group may run on a CPU again.',
    fields: ['cpu', 'group', 'stalledNs'],
    texts: ['group'],
    say: ({ cpu, stalledNs }, { group }) =>
      `${group} may run on CPU ${cpu} again, after ${sayMs(stalledNs!)}`,
  },
  giveBack: {
    doc: 'A CPU gives time that it did not need back to the pool of the group.',
    fields: ['cpu', 'group', 'returnedNs'],
    texts: ['group'],
    decides: true,
    say: ({ cpu, returnedNs }, { group }) => `CPU ${cpu} gives ${sayMs(returnedNs!)} back to ${group}`,
  },
  arrive: {
    doc: 'A request arrives.',
    fields: ['service', 'request'],
    texts: ['service'],
    say: ({ request }, { service }) => `request ${request} arrives for ${service}`,
  },
  respond: {
    doc: 'A response leaves.',
    fields: ['service', 'request', 'responseNs'],
    texts: ['service'],
    say: ({ request, responseNs }, { service }) =>
      `${service} responds to request ${request} after ${sayMs(responseNs!)}`,
  },
  end: { doc: 'The simulated time is over.', fields: [], say: () => 'the run ends' },
});

export type CpuEvents = typeof cpuEvents;
