import type { App, ControllerPolicy, ObservedPod } from 'trapframe';

const retrySeconds = 2;

/** What is to be done, from what is declared and what there is. Nothing is remembered. */
function plan(app: App, all: readonly ObservedPod[]) {
  const mine = all.filter((pod) => pod.owner === app.name && !pod.deleting);
  const failed = mine.filter((pod) => pod.phase === 'Failed');
  const alive = mine.filter((pod) => pod.phase !== 'Failed');
  const current = alive.filter((pod) => pod.version === app.version);
  const ready = current.filter((pod) => pod.ready).length;

  const room = app.replicas + app.maxSurge - alive.length;
  const create = Math.max(0, Math.min(room, app.replicas - current.length));

  // Old ones go first, then those that are too many; of each, those that serve nobody before those that do.
  const spare = [...alive.filter((pod) => pod.version !== app.version), ...current.slice(app.replicas)];
  const idle = spare.filter((pod) => !pod.ready);
  const serving = alive.filter((pod) => pod.ready).length;
  const surplus = spare.filter((pod) => pod.ready).slice(0, Math.max(0, serving - app.replicas));

  const statusIsRight = app.observedGeneration === app.generation && app.readyReplicas === ready;
  const remove = [...failed, ...idle, ...surplus];
  return { create, remove, ready, statusIsRight, nothing: create === 0 && remove.length === 0 && statusIsRight };
}

export const controller: ControllerPolicy = {
  reconcile(_request, calls) {
    const app = calls.getApp({ from: 'server' });
    const { create, remove, ready } = plan(app, calls.listPods({ from: 'server' }));

    for (let n = 0; n < create; n++) {
      // Without an answer it may exist or not: look again before anything else.
      if (calls.createPod({ version: app.version }) !== 'Created') return retrySeconds;
    }
    for (const { name, uid } of remove) {
      if (calls.deletePod({ name, uid }) === 'Timeout') return retrySeconds;
    }
    const { resourceVersion, generation } = app;
    const outcome = calls.updateStatus({ resourceVersion, observedGeneration: generation, readyReplicas: ready });
    return outcome === 'Updated' ? undefined : retrySeconds;
  },
};
