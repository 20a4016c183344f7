import type { EventHandle } from '../../kernel/eventQueue.ts';
import {
  keyOf,
  type Container,
  type ContainerStatus,
  type Pod,
  type PodStatus,
  type Probe,
} from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { seconds } from '../clusterClock.ts';
import { firstSuccess, hangsAfter, tickFrom, type Probed } from './probes.ts';
import type { RunningContainer } from './runningContainer.ts';
import { volumeFile } from './volumeFiles.ts';

/** From the binding until the first container starts: sandbox, network and images that are there already. Assumed. */
const sandboxSeconds = 1;
/** Back-off of a container that keeps ending: 10 s, doubled each time, at most 5 min, forgotten after 10 min of running. */
export const backOffSeconds = { first: 10, most: 300, forgottenAfter: 600 } as const;
export const defaultGraceSeconds = 30;

/** A Pod on its node: what the kubelet does with its containers, which share a network and volumes. */
export class PodRuntime {
  readonly key: string;
  readonly node: string;
  readonly #cluster: Cluster;
  readonly #pod: Pod;
  readonly #init: RunningContainer[];
  readonly #main: RunningContainer[];
  #stopping = false;
  #stopped = false;
  #phase: PodStatus['phase'] = 'Pending';
  #timers: EventHandle[] = [];

  constructor(cluster: Cluster, pod: Pod) {
    this.#cluster = cluster;
    this.#pod = pod;
    this.key = keyOf(pod);
    this.node = pod.spec.nodeName!;
    const made = (spec: Container, init: boolean): RunningContainer => ({
      spec,
      program: cluster.programOf(spec),
      init,
      sidecar: init && spec.restartPolicy === 'Always',
      state: 'waiting',
      reason: init
        ? 'PodInitializing'
        : (pod.spec.initContainers?.length ?? 0) > 0
          ? 'PodInitializing'
          : 'ContainerCreating',
      exitCode: 0,
      restarts: 0,
      startedNs: 0,
      started: false,
      ready: false,
      backOff: 0,
      ending: false,
      timers: [],
    });
    this.#init = (pod.spec.initContainers ?? []).map((spec) => made(spec, true));
    this.#main = pod.spec.containers.map((spec) => made(spec, false));
    this.#after(sandboxSeconds * cluster.nodes.slownessOf(this.node) + cluster.sandboxSecondsOf(pod), () =>
      this.#nextInit(0),
    );
  }

  /** Whether a request to a port of the Pod is answered now. */
  answers(port: number | undefined): boolean {
    if (this.#stopped || port === undefined || !this.#cluster.nodes.works(this.node)) return false;
    return this.#all().some((container) => this.#answersOn(container, port));
  }

  /** Stops everything at once, as when the node loses power. */
  abandon(): void {
    this.#stopped = true;
    for (const timer of this.#timers) this.#cluster.simulation.cancel(timer);
    for (const container of this.#all()) this.#cancel(container);
  }

  /** Ends the Pod within its grace period: app containers first, sidecars when those are gone. */
  stop(): void {
    if (this.#stopping || this.#stopped) return;
    this.#stopping = true;
    const grace = this.#pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
    this.#after(grace, () => this.#gone());
    for (const timer of this.#timers.slice(0, -1)) this.#cluster.simulation.cancel(timer);
    const running = this.#main.filter(({ state }) => state === 'running');
    for (const container of running)
      this.#signal(container, container.spec.lifecycle?.preStop?.sleep?.seconds ?? 0);
    if (running.length === 0) this.#stopSidecars();
  }

  #signal(container: RunningContainer, preStopSeconds: number): void {
    this.#cancel(container);
    const end = (): void => {
      container.ending = true;
      this.#cluster.traffic.podChanged(this.key);
      container.timers.push(this.#timer(container.program.endsInSeconds, () => this.#ended(container, 0)));
    };
    if (preStopSeconds > 0) container.timers.push(this.#timer(preStopSeconds, end));
    else end();
  }

  #stopSidecars(): void {
    const sidecars = this.#init.filter(({ sidecar, state }) => sidecar && state === 'running');
    const last = sidecars.at(-1);
    if (last === undefined) this.#gone();
    else this.#signal(last, 0);
  }

  #gone(): void {
    if (this.#stopped) return;
    this.abandon();
    this.#cluster.traffic.podChanged(this.key);
    this.#cluster.podEnded(this);
  }

  #all(): readonly RunningContainer[] {
    return this.#init.length === 0 ? this.#main : [...this.#init, ...this.#main];
  }

  #nextInit(index: number): void {
    const container = this.#init[index];
    if (container === undefined) {
      this.#phase = 'Running';
      for (const each of this.#main) this.#start(each);
      this.#report();
      return;
    }
    this.#start(container);
    this.#report();
  }

  /** Called when an init container has done what those after it wait for. */
  #initDone(container: RunningContainer): void {
    const index = this.#init.indexOf(container);
    const next = this.#init[index + 1] ?? this.#main[0];
    if (next !== undefined && next.state === 'waiting' && next.startedNs === 0 && next.restarts === 0)
      this.#nextInit(index + 1);
  }

  #start(container: RunningContainer): void {
    const { simulation } = this.#cluster;
    const { program } = container;
    container.state = 'running';
    container.reason = '';
    container.startedNs = simulation.now;
    container.started = container.spec.startupProbe === undefined;
    container.ready = false;
    container.ending = false;
    this.#cluster.record('containerStarted', this.key, container.spec.name, container.restarts);
    const fault = this.#faultAtStart(container);
    if (fault !== undefined) {
      container.timers.push(this.#timer(1, () => this.#ended(container, fault)));
      return;
    }
    if (program.writes !== undefined) {
      this.#cluster.record('file', this.key, container.spec.name, program.writes, 1);
    }
    if (program.exits !== undefined)
      container.timers.push(
        this.#timer(program.exits.afterSeconds, () => this.#ended(container, program.exits!.code)),
      );
    // Whoever asks from outside has to be told when it begins and when it ceases to answer.
    const slow = this.#cluster.nodes.slownessOf(this.node);
    if (program.listens.length > 0) {
      container.timers.push(
        this.#timer(program.startsInSeconds * slow, () => this.#cluster.traffic.podChanged(this.key)),
      );
      if (program.hangsAfterSeconds !== undefined)
        container.timers.push(
          this.#timer(program.hangsAfterSeconds, () => this.#cluster.traffic.podChanged(this.key)),
        );
    }
    this.#watchStart(container);
  }

  /** Why a process cannot do its work at all: its exit code. */
  #faultAtStart(container: RunningContainer): number | undefined {
    const { program } = container;
    const others = this.#all().filter((other) => other !== container && other.state === 'running');
    if (
      program.needsPort !== undefined &&
      !others.some((other) => this.#answersOn(other, program.needsPort!))
    )
      return 1;
    // One network for the whole Pod: a port has one owner.
    if (program.listens.some((port) => others.some((other) => other.program.listens.includes(port))))
      return 98;
    if (program.reads !== undefined) {
      const file = volumeFile(container.spec, program.reads);
      const found =
        file !== undefined &&
        this.#all().some(
          (other) =>
            other !== container &&
            other.program.writes !== undefined &&
            volumeFile(other.spec, other.program.writes) === file,
        );
      this.#cluster.record('file', this.key, container.spec.name, program.reads, found ? 1 : 0);
      if (!found) return 2;
    }
    return undefined;
  }

  #watchStart(container: RunningContainer): void {
    const { startupProbe } = container.spec;
    if (startupProbe === undefined) {
      this.#begun(container);
      return;
    }
    const first = firstSuccess(container, startupProbe, 0, this.#probed());
    const { periodSeconds = 10, failureThreshold = 3, initialDelaySeconds = 0 } = startupProbe;
    const deadline = initialDelaySeconds + (failureThreshold - 1) * periodSeconds;
    if (first === undefined || first > deadline) {
      container.timers.push(this.#timer(deadline, () => this.#kill(container, 'its startup probe failed')));
      return;
    }
    container.timers.push(
      this.#timer(first, () => {
        container.started = true;
        this.#begun(container);
      }),
    );
  }

  /** From here on readiness and liveness are probed, and what waited for this container goes on. */
  #begun(container: RunningContainer): void {
    if (container.sidecar) this.#initDone(container);
    const { readinessProbe, livenessProbe } = container.spec;
    const since = (this.#cluster.simulation.now - container.startedNs) / 1e9;
    if (!container.init || container.sidecar) {
      if (readinessProbe === undefined) this.#setReady(container, true);
      else this.#watchReadiness(container, readinessProbe, since);
    }
    if (livenessProbe !== undefined) this.#watchLiveness(container, livenessProbe, since);
  }

  #watchReadiness(container: RunningContainer, probe: Probe, since: number): void {
    const first = firstSuccess(container, probe, since, this.#probed());
    if (first === undefined) return;
    const { periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
    const ready = first + (successThreshold - 1) * periodSeconds - since;
    container.timers.push(this.#timer(Math.max(0, ready), () => this.#setReady(container, true)));
    const hangs = hangsAfter(container, probe, this.#all());
    if (hangs === undefined) return;
    const failed = tickFrom(probe, hangs, since) + (failureThreshold - 1) * periodSeconds - since;
    container.timers.push(
      this.#timer(Math.max(0, failed), () => this.#setReady(container, false, 'its readiness probe fails')),
    );
  }

  #watchLiveness(container: RunningContainer, probe: Probe, since: number): void {
    const { periodSeconds = 10, failureThreshold = 3 } = probe;
    const first = firstSuccess(container, probe, since, this.#probed());
    const killed = (from: number): number =>
      tickFrom(probe, from, since) + (failureThreshold - 1) * periodSeconds;
    const early = killed(0);
    const hangs = hangsAfter(container, probe, this.#all());
    // Probes that fail before the program answers count as well: a slow start looks like a hang.
    const at = first === undefined || first > early ? early : hangs === undefined ? undefined : killed(hangs);
    if (at === undefined) return;
    container.timers.push(
      this.#timer(Math.max(0, at - since), () => this.#kill(container, 'its liveness probe failed')),
    );
  }

  #probed(): Probed {
    return { all: this.#all(), slowness: this.#cluster.nodes.slownessOf(this.node) };
  }

  #answersOn(container: RunningContainer, port: number): boolean {
    const { program, state, ending, startedNs } = container;
    if (state !== 'running' || ending || !program.listens.includes(port)) return false;
    const age = this.#cluster.simulation.now - startedNs;
    if (age < seconds(program.startsInSeconds * this.#cluster.nodes.slownessOf(this.node))) return false;
    return program.hangsAfterSeconds === undefined || age < seconds(program.hangsAfterSeconds);
  }

  #kill(container: RunningContainer, why: string): void {
    this.#cluster.record('podNotReady', this.key, why);
    this.#ended(container, 137);
  }

  #ended(container: RunningContainer, code: number): void {
    if (this.#stopped || container.state !== 'running') return;
    this.#cancel(container);
    const ranNs = this.#cluster.simulation.now - container.startedNs;
    container.state = 'terminated';
    container.exitCode = code;
    container.reason = code === 0 ? 'Completed' : 'Error';
    this.#cluster.record('containerEnded', this.key, container.spec.name, code);
    this.#setReady(container, false, `container ${container.spec.name} ended`);
    this.#cluster.traffic.podChanged(this.key);
    if (this.#stopping) {
      if (this.#main.every(({ state }) => state !== 'running')) this.#stopSidecars();
      return;
    }
    if (container.init && !container.sidecar && code === 0) {
      this.#initDone(container);
      this.#report();
      return;
    }
    const policy = this.#pod.spec.restartPolicy ?? 'Always';
    const again = container.sidecar || policy === 'Always' || (policy === 'OnFailure' && code !== 0);
    if (!again) {
      this.#finishIfDone();
      return;
    }
    if (ranNs >= seconds(backOffSeconds.forgottenAfter)) container.backOff = 0;
    const wait = container.backOff;
    container.backOff = wait === 0 ? backOffSeconds.first : Math.min(backOffSeconds.most, wait * 2);
    if (wait > 0) {
      container.state = 'waiting';
      container.reason = 'CrashLoopBackOff';
      this.#cluster.record('containerBackOff', this.key, container.spec.name, seconds(wait));
    }
    container.timers.push(
      this.#timer(wait, () => {
        container.restarts++;
        this.#start(container);
        this.#report();
      }),
    );
    this.#report();
  }

  /** A Pod that is not restarted is over when all its app containers are; sidecars never keep it. */
  #finishIfDone(): void {
    const failedInit = this.#init.find(
      (each) => !each.sidecar && each.state === 'terminated' && each.exitCode !== 0,
    );
    if (failedInit === undefined && !this.#main.every(({ state }) => state === 'terminated')) {
      this.#report();
      return;
    }
    this.#phase =
      failedInit !== undefined || this.#main.some(({ exitCode }) => exitCode !== 0) ? 'Failed' : 'Succeeded';
    for (const sidecar of this.#init.filter((each) => each.sidecar && each.state === 'running')) {
      this.#cancel(sidecar);
      sidecar.state = 'terminated';
      sidecar.reason = 'Completed';
    }
    this.#report();
  }

  #setReady(container: RunningContainer, ready: boolean, why = ''): void {
    if (container.ready === ready) return;
    container.ready = ready;
    this.#report(why);
  }

  /** Writes the Pod's status, if the node can reach the API server. */
  #report(why = ''): void {
    if (this.#stopped) return;
    const serving = [...this.#main, ...this.#init.filter(({ sidecar }) => sidecar)];
    const containers: ContainerStatus[] = this.#all().map(({ spec, state, reason, ready, restarts }) => ({
      name: spec.name,
      state,
      reason,
      ready,
      restartCount: restarts,
    }));
    this.#cluster.statuses.report(this, {
      phase: this.#phase,
      ready: serving.every(({ ready }) => ready),
      containers,
      why,
    });
  }

  /** Says again what is the case: after the node could not reach the API server for a while. */
  reportAgain(): void {
    this.#report();
  }

  #after(delaySeconds: number, action: () => void): void {
    this.#timers.push(this.#timer(delaySeconds, action));
  }
  #timer(delaySeconds: number, action: () => void): EventHandle {
    return this.#cluster.simulation.schedule(seconds(delaySeconds), action);
  }
  #cancel(container: RunningContainer): void {
    for (const timer of container.timers) this.#cluster.simulation.cancel(timer);
    container.timers = [];
  }
}
