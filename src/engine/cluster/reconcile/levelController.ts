import type { ControllerPolicy } from './controllerPolicy.ts';
import type { PolicyImplementation } from '../../kernel/policy.ts';

/** Asked again after so many seconds when a write got no good answer. */
const retrySeconds = 2;

/**
 * A level-triggered controller: it looks at what is, never at what happened. It decides from its cache whether anything
 * is to be done; before it writes, it looks at the server, so that no decision rests on an old view.
 */
export const levelController = (): PolicyImplementation<typeof ControllerPolicy> => ({
  reconcile(_request, calls) {
    const look = (from: 'cache' | 'server') => {
      const app = calls.getApp({ from });
      const pods = calls.listPods({ from }).filter(({ owner }) => owner === app.name);
      const alive = pods.filter(({ deleting, phase }) => !deleting && phase !== 'Failed');
      const current = alive.filter(({ version }) => version === app.version);
      const old = alive.filter(({ version }) => version !== app.version);
      const ready = current.filter((pod) => pod.ready);
      const failed = pods.filter(({ deleting, phase }) => !deleting && phase === 'Failed');
      const room = app.replicas + app.maxSurge - alive.length;
      const missing = app.replicas - current.length;
      const serving = alive.filter((pod) => pod.ready).length;
      // Who goes: first what serves nobody, then what is old, then what is too many; never below what is wanted.
      const idle = [...old, ...current.slice(Math.max(0, app.replicas))].filter((pod) => !pod.ready);
      const surplus = Math.max(0, alive.length - app.replicas - idle.length);
      const spare = [...old, ...current.toReversed()]
        .filter((pod) => pod.ready)
        .slice(0, Math.min(surplus, Math.max(0, serving - app.replicas)));
      const going = [...failed, ...idle, ...spare];
      const coming = Math.max(0, Math.min(room, missing));
      const told = app.observedGeneration === app.generation && app.readyReplicas === ready.length;
      return { app, going, coming, ready: ready.length, told };
    };
    const seen = look('cache');
    if (seen.going.length === 0 && seen.coming === 0 && seen.told) return undefined;
    const { app, going, coming, ready, told } = look('server');
    let again = false;
    for (let n = 0; n < coming; n++)
      if (calls.createPod({ name: undefined, version: app.version }) !== 'Created') {
        // Whether it exists now, only another look can tell.
        return retrySeconds;
      }
    for (const { name, uid } of going) {
      const outcome = calls.deletePod({ name, uid });
      if (outcome === 'Timeout') return retrySeconds;
      if (outcome === 'Conflict') again = true;
    }
    if (!told) {
      const { resourceVersion, generation } = app;
      const outcome = calls.updateStatus({
        resourceVersion,
        observedGeneration: generation,
        readyReplicas: ready,
      });
      if (outcome !== 'Updated') again = true;
    }
    return again ? retrySeconds : undefined;
  },
});
