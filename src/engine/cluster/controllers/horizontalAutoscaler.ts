import {
  keyOf,
  type AutoscalerCondition,
  type Deployment,
  type HorizontalPodAutoscaler,
  type Pod,
  type ReplicaSet,
} from '../api/apiObjects.ts';
import { matches } from '../api/labelSelector.ts';
import {
  ambiguous,
  conditionsOf,
  metricName,
  notComputed,
  rescaled,
  scaledToZero,
  scaleFound,
  scaleNotFound,
} from '../autoscaler/autoscalerConditions.ts';
import { syncPeriodSeconds } from '../autoscaler/autoscalerLoop.ts';
import { cpuTargets, stabilizerOf } from '../autoscaler/autoscalerSpec.ts';
import {
  recommendedReplicas,
  type MeasuredPod,
  type Recommendation,
} from '../autoscaler/replicaCalculator.ts';
import type { Stabilizer } from '../autoscaler/scalingBehavior.ts';
import type { Cluster } from '../cluster.ts';
import { seconds, toSeconds } from '../clusterClock.ts';
import { cpuUsage, metricWindowSeconds } from '../kubelet/cpuUsage.ts';
import { cpuOf, lastingContainers } from '../scheduler/podResources.ts';
import { AutoscalerSelectors } from './autoscalerSelectors.ts';

/** What an autoscaler can scale: objects with `spec.replicas`. */
type Scalable = Deployment | ReplicaSet;
type Status = HorizontalPodAutoscaler['status'];

const noMetricsApi =
  'unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';

/** The controller of HorizontalPodAutoscalers: looks at each every 15 s. Source: pkg/controller/podautoscaler of Kubernetes 1.34. */
export class HorizontalAutoscalers {
  readonly #cluster: Cluster;
  readonly #selectors = new AutoscalerSelectors();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** A new autoscaler is looked at for the first time after one period. */
  added(autoscaler: HorizontalPodAutoscaler): void {
    const stabilizer = stabilizerOf(autoscaler.spec);
    const { simulation, store } = this.#cluster;
    const look = (): void => {
      const latest = store.get('HorizontalPodAutoscaler', keyOf(autoscaler));
      if (latest === undefined) return;
      planNext();
      this.#reconcile(latest, stabilizer);
    };
    // After whatever else happens at that instant.
    const planNext = (): void => void simulation.schedule(seconds(syncPeriodSeconds), look, 1);
    planNext();
  }

  /** One look, in the order of `reconcileAutoscaler`: limits come before metrics. */
  #reconcile(autoscaler: HorizontalPodAutoscaler, stabilizer: Stabilizer): void {
    const { spec, metadata, status } = autoscaler;
    const target = this.#targetOf(autoscaler);
    if (target === undefined) {
      const { kind, name } = spec.scaleTargetRef;
      const why = `${kind.toLowerCase()} "${name}" not found`;
      this.#fails(autoscaler, status, 'FailedGetScale', why, [scaleNotFound(why)]);
      return;
    }
    const current = target.spec.replicas;
    const nowSeconds = toSeconds(this.#cluster.simulation.now);
    stabilizer.begin(nowSeconds, current);
    const found: Status = { ...status, currentReplicas: current, desiredReplicas: current };
    const scaleTo = (to: number, why: string, seen: Status): void => {
      if (to === current) return this.#write(autoscaler, seen);
      this.#cluster.record('autoscaled', metadata.name, current, to, why);
      stabilizer.scaled(nowSeconds, current, to);
      this.#scale(target, to);
      this.#write(autoscaler, {
        ...seen,
        desiredReplicas: to,
        lastScaleNs: this.#cluster.simulation.now,
        conditions: [rescaled(to), ...seen.conditions.slice(1)],
      });
    };
    if (current === 0) {
      this.#write(autoscaler, { ...found, conditions: [scaleFound, scaledToZero] });
      return;
    }
    const known: Status = { ...found, conditions: [scaleFound] };
    if (current > spec.maxReplicas) {
      scaleTo(spec.maxReplicas, 'Current number of replicas above Spec.MaxReplicas', known);
      return;
    }
    if (current < spec.minReplicas) {
      scaleTo(spec.minReplicas, 'Current number of replicas below Spec.MinReplicas', known);
      return;
    }
    // What it wanted before stays in the status when a look gives no count.
    const unchanged: Status = { ...found, desiredReplicas: status.desiredReplicas };
    const pods = this.#selected(target);
    const others = this.#selectors.conflictOf(autoscaler, target, pods);
    if (others !== undefined) {
      this.#fails(autoscaler, unchanged, 'AmbiguousSelector', others, [scaleFound, ambiguous(others)]);
      return;
    }
    const recommendation = this.#recommended(autoscaler, target, pods);
    if (!recommendation.ok) {
      const reason = 'FailedGetResourceMetric';
      const why = `failed to get cpu utilization: ${recommendation.error}`;
      this.#fails(autoscaler, unchanged, reason, why, [scaleFound, notComputed(reason, why)]);
      return;
    }
    const { replicas, usage, averageMilli = 0 } = recommendation;
    const decision = stabilizer.decided(nowSeconds, current, replicas, spec);
    this.#cluster.record('autoscalerLooks', metadata.name, usage, replicas, decision.replicas);
    scaleTo(
      decision.replicas,
      decision.replicas > current ? `${metricName} above target` : 'All metrics below target',
      {
        ...found,
        current: { utilizationPercent: usage, averageMilli },
        conditions: conditionsOf(replicas, decision),
      },
    );
  }

  #targetOf({ spec, metadata }: HorizontalPodAutoscaler): Scalable | undefined {
    const { apiVersion, kind, name } = spec.scaleTargetRef;
    if (apiVersion !== 'apps/v1' || (kind !== 'Deployment' && kind !== 'ReplicaSet')) return undefined;
    return this.#cluster.store.get(kind, `${metadata.namespace}/${name}`);
  }

  #scale(target: Scalable, replicas: number): void {
    const { store } = this.#cluster;
    if (target.kind === 'Deployment') store.update({ ...target, spec: { ...target.spec, replicas } });
    else store.update({ ...target, spec: { ...target.spec, replicas } });
  }

  /** The highest count that any metric asks for. */
  #recommended(
    { spec }: HorizontalPodAutoscaler,
    target: Scalable,
    selected: readonly Pod[],
  ): Recommendation {
    const usage = cpuUsage(this.#cluster);
    if (usage === undefined) return { ok: false, error: noMetricsApi };
    const pods = selected.map((pod) => this.#measured(pod, usage));
    let highest: Recommendation = { ok: false, error: 'this simulation measures none of the metrics' };
    for (const percent of cpuTargets(spec)) {
      const goal = { kind: 'utilization', resource: 'cpu', percent } as const;
      const each = recommendedReplicas(target.spec.replicas, goal, pods);
      if (!highest.ok || (each.ok && each.replicas > highest.replicas)) highest = each;
    }
    return highest;
  }

  #selected({ metadata, spec }: Scalable): readonly Pod[] {
    return [...this.#cluster.store.list('Pod')].filter(
      (pod) => pod.metadata.namespace === metadata.namespace && matches(spec.selector, pod.metadata.labels),
    );
  }

  #measured(pod: Pod, usage: ReadonlyMap<string, number>): MeasuredPod {
    const { now } = this.#cluster.simulation;
    const { metadata, spec, status } = pod;
    const { phase, ready, readySinceNs, startNs } = status;
    const valueMilli = usage.get(keyOf(pod));
    return {
      name: metadata.name,
      phase,
      deleted: metadata.deletionNs !== undefined,
      ready: startNs === undefined ? undefined : ready,
      ageSeconds: startNs === undefined ? undefined : toSeconds(now - startNs),
      readySinceSeconds: toSeconds(now - readySinceNs),
      requestsMilli: lastingContainers(spec).map(cpuOf),
      sample:
        valueMilli === undefined
          ? undefined
          : { valueMilli, ageSeconds: 0, windowSeconds: metricWindowSeconds },
    };
  }

  #fails(
    autoscaler: HorizontalPodAutoscaler,
    { current: _unknown, ...status }: Status,
    reason: string,
    why: string,
    conditions: readonly AutoscalerCondition[],
  ): void {
    // Once for each reason: the API counts equal events and does not repeat them.
    if (JSON.stringify(autoscaler.status.conditions) !== JSON.stringify(conditions))
      this.#cluster.record('autoscalerFails', autoscaler.metadata.name, reason, why);
    this.#write(autoscaler, { ...status, conditions });
  }

  #write(autoscaler: HorizontalPodAutoscaler, status: Status): void {
    this.#cluster.store.update({ ...autoscaler, status });
  }
}
