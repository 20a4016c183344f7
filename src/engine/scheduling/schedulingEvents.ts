import { defineEvents } from '../kernel/trace.ts';
import { sayMs } from '../kernel/view.ts';
import { enqueueReasons } from './schedulerPolicy.ts';

/** The name of a vCPU as people see it: number 0 is the driver domain. */
export const vcpuName = (vcpu: number): string => (vcpu === 0 ? 'Dom0' : `VM ${vcpu}`);

/** Why a vCPU left its CPU, as the `deschedule` event encodes it. */
export const descheduleReasons = ['slice-ended', 'blocked', 'preempted'] as const;

/** What happens on a host, for every scheduling scenario. */
export const schedulingEvents = defineEvents({
  enqueue: {
    doc: 'A vCPU is ready and waits for a CPU.',
    fields: ['vcpu', 'reason'],
    say: ({ vcpu, reason }) => `${vcpuName(vcpu!)} waits for a CPU (${enqueueReasons[reason!]})`,
  },
  pick: {
    doc: 'The scheduler chose a vCPU for a free CPU.',
    fields: ['cpu', 'vcpu', 'runForNs'],
    decides: true,
    say: ({ cpu, vcpu, runForNs }) =>
      `the scheduler gives CPU ${cpu} to ${vcpuName(vcpu!)} for ${sayMs(runForNs!)}`,
  },
  leaveIdle: {
    doc: 'The scheduler left a CPU idle although vCPUs wait.',
    fields: ['cpu', 'waiting'],
    decides: true,
    say: ({ cpu, waiting }) => `the scheduler leaves CPU ${cpu} idle while ${waiting} wait`,
  },
  preempt: {
    doc: 'The scheduler takes a CPU from the vCPU that it runs, because another has woken.',
    fields: ['cpu', 'vcpu', 'afterNs'],
    decides: true,
    say: ({ cpu, vcpu, afterNs }) =>
      `the scheduler takes CPU ${cpu} ${afterNs === 0 ? 'at once' : `after ${sayMs(afterNs!)}`} because ${vcpuName(vcpu!)} woke`,
  },
  switch: {
    doc: 'A CPU starts to switch to another vCPU; no guest runs until it is done.',
    fields: ['cpu', 'vcpu', 'costNs'],
    say: ({ cpu, vcpu, costNs }) => `CPU ${cpu} switches to ${vcpuName(vcpu!)} for ${sayMs(costNs!)}`,
  },
  dispatch: {
    doc: 'A vCPU starts to run. Its caches are cold for `coldNs`, in which it gets nothing done.',
    fields: ['cpu', 'vcpu', 'coldNs'],
    say: ({ cpu, vcpu }) => `${vcpuName(vcpu!)} runs on CPU ${cpu}`,
  },
  deschedule: {
    doc: 'A vCPU stops running, because its slice ended or because it blocks.',
    fields: ['cpu', 'vcpu', 'ranNs', 'reason'],
    say: ({ vcpu, ranNs, reason }) =>
      `${vcpuName(vcpu!)} stops after ${sayMs(ranNs!)} (${descheduleReasons[reason!]})`,
  },
  arrive: {
    doc: 'An I/O request arrives for a vCPU.',
    fields: ['vcpu'],
    say: ({ vcpu }) => `a request arrives for ${vcpuName(vcpu!)}`,
  },
  handle: {
    doc: 'A vCPU runs for the first time with the request before it.',
    fields: ['vcpu', 'waitNs'],
    say: ({ vcpu, waitNs }) => `${vcpuName(vcpu!)} takes up the request after ${sayMs(waitNs!)}`,
  },
  forward: {
    doc: 'A vCPU has done its part and hands the request on to another.',
    fields: ['vcpu', 'to'],
    say: ({ vcpu, to }) => `${vcpuName(vcpu!)} hands the request to ${vcpuName(to!)}`,
  },
  respond: {
    doc: 'The response leaves.',
    fields: ['vcpu', 'responseNs'],
    say: ({ responseNs }) => `the response leaves after ${sayMs(responseNs!)}`,
  },
  end: {
    doc: 'The simulated time is over. Who waits here has waited until here.',
    fields: [],
    say: () => 'the run ends',
  },
});

export type SchedulingEvents = typeof schedulingEvents;
