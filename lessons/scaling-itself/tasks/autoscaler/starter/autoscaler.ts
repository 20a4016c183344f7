import type { AutoscalerPolicy } from 'trapframe';

export const autoscaler: AutoscalerPolicy = {
  desiredReplicas({ currentReplicas }) {
    // How much do the Pods use of what they requested, and how much should they?
    return currentReplicas;
  },
};
