import { defineEvents, type Trace } from '../../kernel/trace.ts';

/** What happens between a controller, its watch and the API server. */
export const reconcileEvents = defineEvents({
  declared: {
    doc: 'Somebody declares something else.',
    fields: ['replicas', 'version', 'maxSurge', 'generation'],
    say: ({ replicas, version }) => `declared: ${replicas} Pods of version ${version}`,
  },
  asked: {
    doc: 'The controller is asked to reconcile.',
    fields: ['events', 'behindNs'],
    say: ({ events }) =>
      `reconcile, after ${events === 0 ? 'no event' : events === 1 ? '1 event' : `${events} events`}`,
  },
  podCreated: {
    doc: 'The controller created a Pod; how many then count, and how many may.',
    fields: ['pod', 'version', 'alive', 'allowed'],
    texts: ['pod'],
    decides: true,
    say: ({ version, alive, allowed }, { pod }) =>
      `creates ${pod} of version ${version}: ${alive} Pods, ${allowed} allowed`,
  },
  createRefused: {
    doc: 'The controller asked for a Pod, and none was created.',
    fields: ['pod', 'outcome'],
    texts: ['pod', 'outcome'],
    decides: true,
    say: (_f, { pod, outcome }) => `asks for ${pod === '' ? 'a Pod' : pod}: ${outcome}`,
  },
  podDeleted: {
    doc: 'The controller deleted a Pod; how many then serve, and how many shall.',
    fields: ['pod', 'owner', 'serving', 'wanted'],
    texts: ['pod', 'owner'],
    decides: true,
    say: ({ serving, wanted }, { pod }) => `deletes ${pod}: ${serving} serve, ${wanted} wanted`,
  },
  idlePodDeleted: {
    doc: 'The controller deleted a Pod that serves nobody.',
    fields: ['pod', 'owner'],
    texts: ['pod', 'owner'],
    decides: true,
    say: (_f, { pod }) => `deletes ${pod}, which does not serve`,
  },
  deleteRefused: {
    doc: 'The controller asked to delete a Pod, and nothing was deleted.',
    fields: ['pod', 'outcome'],
    texts: ['pod', 'outcome'],
    decides: true,
    say: (_f, { pod, outcome }) => `asks to delete ${pod}: ${outcome}`,
  },
  statusWritten: {
    doc: 'The controller wrote the status of the App.',
    fields: ['readyReplicas', 'observedGeneration', 'changed'],
    decides: true,
    say: ({ readyReplicas, observedGeneration }) =>
      `writes the status: ${readyReplicas} ready of generation ${observedGeneration}`,
  },
  statusRefused: {
    doc: 'The controller wrote a status, and it was not taken.',
    fields: ['outcome'],
    texts: ['outcome'],
    decides: true,
    say: (_f, { outcome }) => `writes the status: ${outcome}`,
  },
  readServer: {
    doc: 'The controller asked the API server for the latest state.',
    fields: ['what'],
    texts: ['what'],
    decides: true,
    say: (_f, { what }) => `reads ${what} from the server`,
  },
  answerLost: {
    doc: 'A write was done, and its answer never came.',
    fields: [],
    say: () => 'the answer to that is lost: Timeout',
  },
  requeued: {
    doc: 'The controller wants to be asked again.',
    fields: ['afterNs'],
    decides: true,
    say: ({ afterNs }) => `asks to be called again after ${afterNs! / 1e9} s`,
  },
  podReady: {
    doc: 'A Pod serves.',
    fields: ['pod'],
    texts: ['pod'],
    say: (_f, { pod }) => `${pod} is ready`,
  },
  podFailed: {
    doc: 'A Pod ends with an error.',
    fields: ['pod'],
    texts: ['pod'],
    say: (_f, { pod }) => `${pod} fails`,
  },
  podGone: { doc: 'A Pod is gone.', fields: ['pod'], texts: ['pod'], say: (_f, { pod }) => `${pod} is gone` },
  otherPod: {
    doc: 'A Pod of somebody else appears.',
    fields: ['pod', 'version'],
    texts: ['pod'],
    say: (_f, { pod }) => `${pod} appears, which belongs to somebody else`,
  },
  otherWrite: {
    doc: 'Somebody else writes an annotation to the App, of which the controller is not told.',
    fields: ['resourceVersion'],
    say: () => 'somebody else annotates the App',
  },
  seen: {
    doc: 'The cache of the controller learns of a Pod.',
    fields: ['pod', 'state', 'version'],
    texts: ['pod', 'state'],
    say: (_f, { pod, state }) => `the watch tells: ${pod} is ${state}`,
  },
  seenApp: {
    doc: 'The cache of the controller learns of the App.',
    fields: ['replicas', 'version', 'resourceVersion'],
    say: ({ replicas, version }) => `the watch tells: ${replicas} Pods of version ${version} are declared`,
  },
  watchBroken: { doc: 'The watch ends unnoticed.', fields: [], say: () => 'the watch breaks' },
  watchResumed: {
    doc: 'The watch goes on where it had ended.',
    fields: [],
    say: () => 'the watch goes on from where it had ended',
  },
  listed: {
    doc: 'The watch cannot go on from where it ended (410 Gone), or the controller has just started: everything is listed.',
    fields: ['objects'],
    say: ({ objects }) => `everything is listed anew: ${objects} objects come as ADDED`,
  },
  crashed: {
    doc: 'The controller crashes.',
    fields: ['during'],
    texts: ['during'],
    say: (_f, { during }) => `the controller crashes ${during}`,
  },
  restarted: { doc: 'The controller starts again.', fields: [], say: () => 'the controller starts again' },
  examinedPods: {
    doc: 'The Pods of the App are counted: those that count, those of them that are ready and of the declared version, and all others.',
    fields: ['wanted', 'current', 'ready', 'others'],
    say: ({ wanted, current, ready, others }) =>
      `${wanted} Pods are declared: ${current} of that version, ${ready} of them ready, ${others} others`,
  },
  examinedStatus: {
    doc: 'The status of the App is compared with its Pods.',
    fields: ['readyReplicas', 'ready', 'observedGeneration', 'generation'],
    say: ({ readyReplicas, ready, observedGeneration, generation }) =>
      `the status says ${readyReplicas} ready of generation ${observedGeneration}; true is ${ready} of ${generation}`,
  },
});
export type ReconcileEvents = typeof reconcileEvents;
export type ReconcileTrace = Trace<ReconcileEvents>;
