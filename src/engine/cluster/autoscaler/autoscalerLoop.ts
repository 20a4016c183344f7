import type { RunningPolicy } from '../../kernel/policy.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { noCause } from '../../kernel/trace.ts';
import type { AutoscalerTrace } from './autoscalerEvents.ts';
import type { AutoscalerPolicy } from './autoscalerPolicy.ts';
import { seconds, toSeconds } from '../clusterClock.ts';
import {
  groupPods,
  recommendedReplicas,
  type CalculatorSettings,
  type MeasuredPod,
} from './replicaCalculator.ts';
import { ReplicaStabilizer, type ScalingBehavior } from './scalingBehavior.ts';

/** How often an autoscaler looks (`--horizontal-pod-autoscaler-sync-period`). */
export const syncPeriodSeconds = 15;

export interface AutoscalerSetup {
  readonly initialReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetPercent: number;
  readonly requestMilli: number;
  readonly startSeconds: number;
  readonly windowSeconds: number;
  /** Chance that a Pod has no sample at a look. */
  readonly missingPercent: number;
  /** Chance that a replica fails for good in a period; its controller makes another. */
  readonly failingPercent: number;
  readonly settings: CalculatorSettings;
  readonly behavior: ScalingBehavior;
  readonly limitsRates: boolean;
}

interface Pod {
  readonly id: number;
  readonly createdNs: number;
  readyNs: number | undefined;
  failed: boolean;
  /** When a Pod that is being deleted is gone. */
  goneNs: number | undefined;
}

/** Seconds that a Pod takes to end once it is deleted. */
const endingSeconds = 20;

/** Pods that share a load, and an autoscaler that looks at them every 15 seconds. */
export class AutoscalerLoop {
  readonly #simulation: Simulation;
  readonly #setup: AutoscalerSetup;
  readonly #policy: RunningPolicy<typeof AutoscalerPolicy>;
  readonly #trace: AutoscalerTrace;
  readonly #misses: RandomStream;
  readonly #stabilizer: ReplicaStabilizer;
  #pods: Pod[] = [];
  #created = 0;
  #replicas: number;
  #loadMilli = 0;
  /** Latest instant up to which the integrals below reach. */
  #sinceNs = 0;
  overloadedNs = 0;
  podNs = 0;
  changes = 0;

  constructor(
    simulation: Simulation,
    setup: AutoscalerSetup,
    policy: RunningPolicy<typeof AutoscalerPolicy>,
    trace: AutoscalerTrace,
    misses: RandomStream,
  ) {
    this.#simulation = simulation;
    this.#setup = setup;
    this.#policy = policy;
    this.#trace = trace;
    this.#misses = misses;
    this.#replicas = setup.initialReplicas;
    this.#stabilizer = new ReplicaStabilizer(setup.behavior);
    for (let pod = 0; pod < setup.initialReplicas; pod++) this.#create(true);
    simulation.at(seconds(syncPeriodSeconds), this.#look, 1);
  }

  get replicas(): number {
    return this.#replicas;
  }

  setLoad(cpuMilli: number): void {
    this.#account();
    this.#loadMilli = cpuMilli;
    this.#append('load', cpuMilli);
  }

  /** Brings the integrals up to now. */
  account(): void {
    this.#account();
  }

  #create(old = false): void {
    const pod: Pod = {
      id: this.#created++,
      createdNs: old ? -seconds(1e6) : this.#simulation.now,
      readyNs: old ? -seconds(1e6) : undefined,
      failed: false,
      goneNs: undefined,
    };
    this.#pods.push(pod);
    const row = this.#append('podCreated', pod.id);
    if (old) {
      this.#append('podReady', pod.id);
      return;
    }
    this.#simulation.cause = row;
    this.#simulation.schedule(seconds(this.#setup.startSeconds), () => {
      if (pod.failed || pod.goneNs !== undefined) return;
      this.#account();
      pod.readyNs = this.#simulation.now;
      this.#append('podReady', pod.id);
    });
  }

  readonly #look = (): void => {
    const { simulation, setup } = { simulation: this.#simulation, setup: this.#setup };
    simulation.schedule(seconds(syncPeriodSeconds), this.#look, 1);
    this.#account();
    this.#pods = this.#pods.filter((pod) => pod.goneNs === undefined || pod.goneNs > simulation.now);
    if (setup.failingPercent > 0) this.#failSome();
    const measured = this.#pods.map((pod) => this.#measured(pod));
    const groups = groupPods(measured, 'cpu', setup.settings);
    const nowSeconds = toSeconds(simulation.now);
    const current = this.#replicas;
    const recommendation = recommendedReplicas(
      current,
      { kind: 'utilization', resource: 'cpu', percent: setup.targetPercent },
      measured,
      setup.settings,
    );
    this.#append(
      'observe',
      groups.readyCount,
      groups.missing.size,
      groups.unready.size,
      recommendation.ok ? recommendation.usage : 0,
    );
    this.#stabilizer.begin(nowSeconds, current);
    const byTheRule = recommendation.ok
      ? this.#stabilizer.normalized(nowSeconds, current, recommendation.replicas, setup)
      : current;
    const desired = this.#policy.desiredReplicas({
      nowSeconds,
      currentReplicas: current,
      minReplicas: setup.minReplicas,
      maxReplicas: setup.maxReplicas,
      targetPercent: setup.targetPercent,
      tolerance: setup.settings.toleranceUp,
      stabilizationSeconds: setup.behavior.scaleDown.stabilizationWindowSeconds,
      limitsRates: setup.limitsRates,
      pods: measured.map((pod, index) => ({
        pod: this.#pods[index]!.id,
        phase: pod.phase === 'Failed' || pod.phase === 'Pending' ? pod.phase : 'Running',
        deleted: pod.deleted,
        ready: pod.ready === true && !groups.unready.has(pod.name),
        requestMilli: setup.requestMilli,
        usageMilli: pod.sample?.valueMilli,
      })),
    });
    simulation.cause = this.#append(
      'desire',
      current,
      desired,
      byTheRule,
      recommendation.ok ? recommendation.replicas : current,
    );
    if (desired !== current) this.#scale(desired);
  };

  #measured(pod: Pod): MeasuredPod {
    const { now } = this.#simulation;
    const { requestMilli, startSeconds, windowSeconds, missingPercent } = this.#setup;
    const misses = this.#misses.integer(0, 99) < missingPercent;
    const ready = pod.readyNs !== undefined;
    const running = ready || now - pod.createdNs > seconds(startSeconds) / 2;
    // Starting takes a whole CPU: the sample that must not be believed.
    const usage = ready ? this.#share() : 2 * requestMilli;
    return {
      name: `pod-${pod.id}`,
      phase: pod.failed ? 'Failed' : running ? 'Running' : 'Pending',
      deleted: pod.goneNs !== undefined,
      ready: ready && !pod.failed,
      ageSeconds: toSeconds(now - pod.createdNs),
      readySinceSeconds: toSeconds(now - (pod.readyNs ?? pod.createdNs)),
      requestsMilli: [requestMilli],
      sample:
        misses || !running || pod.failed ? undefined : { valueMilli: usage, ageSeconds: 0, windowSeconds },
    };
  }

  /** CPU that each serving Pod uses: its share of the load, at most four times what it requested. */
  #share(): number {
    const serving = this.#serving();
    return serving === 0 ? 0 : Math.min(4 * this.#setup.requestMilli, Math.round(this.#loadMilli / serving));
  }

  #serving(): number {
    let serving = 0;
    for (const pod of this.#pods)
      if (pod.readyNs !== undefined && !pod.failed && pod.goneNs === undefined) serving++;
    return serving;
  }

  #failSome(): void {
    for (const pod of this.#pods) {
      if (pod.failed || pod.goneNs !== undefined) continue;
      if (this.#misses.integer(0, 99) >= this.#setup.failingPercent) continue;
      pod.failed = true;
      this.#append('podDeleted', pod.id);
      this.#create();
    }
  }

  #scale(to: number): void {
    const { now } = this.#simulation;
    this.#stabilizer.scaled(toSeconds(now), this.#replicas, to);
    this.changes++;
    this.#replicas = to;
    const live = this.#pods.filter((pod) => !pod.failed && pod.goneNs === undefined);
    for (let missing = to - live.length; missing > 0; missing--) this.#create();
    // Those that do not serve go first, then the youngest, as a ReplicaSet does it.
    const going = live
      .toSorted((a, b) => Number(a.readyNs !== undefined) - Number(b.readyNs !== undefined) || b.id - a.id)
      .slice(0, Math.max(0, live.length - to));
    for (const pod of going) {
      pod.goneNs = now + seconds(endingSeconds);
      this.#append('podDeleted', pod.id);
    }
  }

  #account(): void {
    const { now } = this.#simulation;
    const elapsed = now - this.#sinceNs;
    this.#sinceNs = now;
    const serving = this.#serving();
    this.podNs += elapsed * this.#pods.filter((pod) => !pod.failed && pod.goneNs === undefined).length;
    if (this.#loadMilli > serving * this.#setup.requestMilli) this.overloadedNs += elapsed;
  }

  #append(kind: keyof AutoscalerTrace['codes'], a = 0, b = 0, c = 0, d = 0): number {
    const { now, cause } = this.#simulation;
    return this.#trace.append(this.#trace.codes[kind], now, cause === noCause ? noCause : cause, a, b, c, d);
  }
}
