import type { ControllerPolicy } from 'trapframe';

/** Counts what it hears. What happens when it does not hear something? */
let pods = 0;

export const controller: ControllerPolicy = {
  reconcile({ events }, calls) {
    const app = calls.getApp({ from: 'cache' });
    for (const { type, kind } of events) {
      if (kind === 'Pod' && type === 'DELETED') pods--;
    }
    while (pods < app.replicas) {
      calls.createPod({ version: app.version });
      pods++;
    }
    return undefined;
  },
};
