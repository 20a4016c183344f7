import type { AutoscalerPolicy } from 'trapframe';

interface Sample { usage: number; request: number }
const recommendations: { at: number; replicas: number }[] = [];

const percent = (samples: Sample[]): number => {
  const usage = samples.reduce((sum, each) => sum + each.usage, 0);
  const request = samples.reduce((sum, each) => sum + each.request, 0);
  return Math.floor((usage * 100) / request);
};

export const autoscaler: AutoscalerPolicy = {
  desiredReplicas(view) {
    const { nowSeconds, currentReplicas, targetPercent, tolerance } = view;
    if (recommendations.length === 0) recommendations.push({ at: nowSeconds, replicas: currentReplicas });
    const counting: Sample[] = [];
    const notReady: Sample[] = [];
    const missing: Sample[] = [];
    for (const pod of view.pods) {
      if (pod.phase === 'Failed' || pod.deleted) continue;
      const request = pod.requestMilli;
      if (pod.phase === 'Pending') notReady.push({ usage: 0, request });
      else if (pod.usageMilli === undefined) missing.push({ usage: 0, request });
      else if (!pod.ready) notReady.push({ usage: 0, request });
      else counting.push({ usage: pod.usageMilli, request });
    }
    if (counting.length === 0) return currentReplicas;
    const within = (ratio: number): boolean => 1 - tolerance <= ratio && ratio <= 1 + tolerance;
    const recommend = (): number => {
      const ratio = percent(counting) / targetPercent;
      const growing = ratio > 1;
      if (missing.length === 0 && (notReady.length === 0 || !growing)) {
        return within(ratio) ? currentReplicas : Math.ceil(ratio * counting.length);
      }
      const careful = [...counting];
      for (const { request } of missing) {
        const assumed = Math.floor((request * Math.max(100, targetPercent)) / 100);
        careful.push({ usage: ratio < 1 ? assumed : 0, request });
      }
      if (ratio === 1) careful.length = counting.length;
      if (growing) careful.push(...notReady);
      const again = percent(careful) / targetPercent;
      if (within(again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return currentReplicas;
      const replicas = Math.ceil(again * careful.length);
      if ((again < 1 && replicas > currentReplicas) || (again > 1 && replicas < currentReplicas)) return currentReplicas;
      return replicas;
    };
    const recommended = recommend();
    let desired = recommended;
    if (recommended < currentReplicas) {
      for (const { at, replicas } of recommendations) {
        if (at > nowSeconds - view.stabilizationSeconds) desired = Math.max(desired, replicas);
      }
    }
    recommendations.push({ at: nowSeconds, replicas: recommended });
    if (desired === currentReplicas) return currentReplicas;
    return Math.max(view.minReplicas, Math.min(view.maxReplicas, desired));
  },
};
