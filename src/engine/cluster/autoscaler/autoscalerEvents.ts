import { defineEvents, type Trace } from '../../kernel/trace.ts';

const pods = (n: number): string => (n === 1 ? '1 replica' : `${n} replicas`);

export const autoscalerEvents = defineEvents({
  load: {
    doc: 'The work that all Pods share changes.',
    fields: ['cpuMilli'],
    say: ({ cpuMilli }) => `the load is now ${cpuMilli! / 1000} CPUs`,
  },
  podCreated: {
    doc: 'A Pod is created; it does not serve yet.',
    fields: ['pod'],
    say: ({ pod }) => `Pod ${pod} is created`,
  },
  podReady: {
    doc: 'A Pod is ready and takes its share of the load.',
    fields: ['pod'],
    say: ({ pod }) => `Pod ${pod} is ready`,
  },
  podDeleted: {
    doc: 'A Pod is deleted.',
    fields: ['pod'],
    say: ({ pod }) => `Pod ${pod} is deleted`,
  },
  observe: {
    doc: 'What the autoscaler sees: how many Pods count, mean usage in percent of the request over those with a sample, and the ratio to the target in thousandths.',
    fields: ['counted', 'withoutSample', 'notReady', 'usagePercent'],
    say: ({ counted, withoutSample, notReady, usagePercent }) =>
      `the autoscaler sees ${counted} ready Pods with a sample at ${usagePercent} % of their request, ${withoutSample} without, ${notReady} not ready`,
  },
  desire: {
    doc: 'The rule asks for a number of replicas; beside it, what the rule of Kubernetes gives for the same view.',
    fields: ['current', 'desired', 'byTheRule', 'recommended'],
    decides: true,
    say: ({ current, desired, byTheRule }) =>
      `the autoscaler asks for ${pods(desired!)}, there are ${current}${desired === byTheRule ? '' : ` (the rule gives ${byTheRule})`}`,
  },
  calculated: {
    doc: 'A single calculation from a vector.',
    fields: ['current', 'replicas', 'usage', 'ratioMilli'],
    say: ({ current, replicas }) => `from ${current} to ${pods(replicas!)}`,
  },
  failed: {
    doc: 'A calculation that gives no count, so that the replicas stay as they are.',
    fields: ['current', 'why'],
    texts: ['why'],
    say: (_fields, { why }) => `no count: ${why}`,
  },
});

export type AutoscalerEvents = typeof autoscalerEvents;
export type AutoscalerTrace = Trace<AutoscalerEvents>;
