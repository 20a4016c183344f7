import type { CallHandlers } from '../../kernel/policy.ts';
import type { RandomStream, RandomStreams } from '../../kernel/random.ts';
import type { RunContext, ScenarioShape } from '../../kernel/scenario.ts';
import { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import { keyOf, type App, type Pod } from '../api/apiObjects.ts';
import { seconds } from '../clusterClock.ts';
import { appName, type ControllerPolicy, mostPods, otherOwner } from './controllerPolicy.ts';
import { Informer, numberOf } from '../api/informer.ts';
import { ObjectStore } from '../api/objectStore.ts';
import { nameSuffix } from '../api/podNames.ts';
import { isAlive, ownerOf, versionLabel, versionOf } from './appPods.ts';
import { ControllerProcess, type Controller } from './controllerProcess.ts';
import type { ReconcileEvents, ReconcileTrace } from './reconcileEvents.ts';

const appKey = `default/${appName}`;

export interface ReconcileFaults {
  readonly staleNs: Nanoseconds;
  readonly duplicateShare: number;
  readonly timeoutShare: number;
  readonly conflictShare: number;
}

type Handlers = CallHandlers<typeof ControllerPolicy>;

/** An API server with one App, a kubelet that starts and ends its Pods, and the process of a controller between faults. */
export class ReconcileWorld {
  readonly simulation: Simulation;
  /** Calls and events fail only while this holds. */
  unreliable = true;
  readonly #store: ObjectStore;
  readonly #trace: ReconcileTrace;
  readonly #faults: ReconcileFaults;
  readonly #informer: Informer;
  readonly #chance: RandomStream;
  readonly #lives: RandomStream;
  readonly #process: ControllerProcess;
  readonly #refuse: RunContext<ScenarioShape>['refuse'];
  #podNames = 0;

  constructor(
    context: {
      readonly trace: ReconcileTrace;
      readonly random: RandomStreams;
      readonly stepBudget: number;
      readonly refuse: RunContext<ScenarioShape>['refuse'];
    },
    faults: ReconcileFaults,
    restart: (handlers: Handlers) => Controller,
  ) {
    this.simulation = new Simulation({ stepBudget: context.stepBudget });
    this.#store = new ObjectStore(() => this.simulation.now);
    this.#trace = context.trace;
    this.#faults = faults;
    this.#refuse = context.refuse;
    this.#chance = context.random.stream('faults');
    this.#lives = context.random.stream('pods');
    this.#process = new ControllerProcess(this.simulation, this.#chance, {
      record: (kind, ...fields) => this.#record(kind, ...fields),
      restartNs: () => this.#between(1, 4),
      restarted: () => restart(this.handlers),
      begun: () => this.#informer.listAnew(),
      stopped: () => this.#informer.break(),
    });
    this.#informer = new Informer(
      this.simulation,
      this.#store,
      ['App', 'Pod'],
      faults,
      context.random.stream('watch'),
      {
        seen: (type, object) => this.#process.seen(type, object),
        listed: (objects) => {
          this.#record('listed', objects);
          this.#process.queue();
        },
        resumed: () => this.#record('watchResumed'),
      },
    );
  }

  /** Starts the controller with `controller`, which has not been asked anything. */
  begin(app: App['spec'], controller: Controller): void {
    this.#store.create<'App'>({
      kind: 'App',
      metadata: { name: appName },
      spec: app,
      status: { observedGeneration: 0, readyReplicas: 0 },
    });
    this.#recordDeclared();
    for (let pod = 1; pod <= 2; pod++) {
      const name = `${otherOwner}-${pod}`;
      this.#addPod(name, otherOwner, 1);
      this.#record('otherPod', name, 1);
    }
    this.#process.begin(controller);
  }

  // What others do.

  declare(change: Partial<App['spec']>): void {
    const app = this.#app();
    this.#store.update({ ...app, spec: { ...app.spec, ...change } });
    this.#recordDeclared();
  }

  get declared(): App['spec'] {
    return this.#app().spec;
  }

  /** A Pod that serves ends with an error; of the App, or of somebody else. */
  fail(owner: string): void {
    const serving = [...this.#store.list('Pod')].filter(
      (pod) => ownerOf(pod) === owner && pod.status.ready && pod.metadata.deletionNs === undefined,
    );
    if (serving.length === 0) return;
    const pod = this.#chance.choose(serving);
    this.#store.update({ ...pod, status: { ...pod.status, phase: 'Failed', ready: false } });
    this.#record('podFailed', pod.metadata.name);
  }

  /** The watch breaks for a while. */
  breakWatch(forNs: Nanoseconds, forgotten: boolean): void {
    const { controller } = this.#process;
    if (controller === undefined) return;
    this.#record('watchBroken');
    this.#informer.break();
    this.simulation.schedule(forNs, () => {
      if (this.#process.controller !== controller) return;
      if (forgotten) this.#store.compact(this.#store.version);
      this.#informer.reconnect();
    });
  }

  /** Lists everything again, as a watch does from time to time. */
  listAgain(): void {
    if (this.#process.controller !== undefined) this.#informer.listAnew();
  }

  /** The controller crashes at its `writes`-th write from now, or when it has not come to that in 10 s. */
  crashAfter(writes: number): void {
    this.#process.crashAfter(writes);
  }

  /** Notes how the Pods and the status are. */
  examine(): void {
    const app = this.#app();
    const { current, ready, others } = this.#counts(app);
    this.#record('examinedPods', app.spec.replicas, current, ready, others);
    this.#record(
      'examinedStatus',
      app.status.readyReplicas,
      ready,
      app.status.observedGeneration,
      app.metadata.generation,
    );
  }

  /** Whether everything is as declared, and the status says so. */
  get settled(): boolean {
    const app = this.#app();
    const { current, ready, others } = this.#counts(app);
    return (
      current === app.spec.replicas &&
      ready === current &&
      others === 0 &&
      app.status.readyReplicas === ready &&
      app.status.observedGeneration === app.metadata.generation
    );
  }

  #counts(app: App): { readonly current: number; readonly ready: number; readonly others: number } {
    let [current, ready, others] = [0, 0, 0];
    for (const pod of this.#store.list('Pod')) {
      if (ownerOf(pod) !== appName) continue;
      if (!isAlive(pod) || versionOf(pod) !== app.spec.version) others++;
      else {
        current++;
        if (pod.status.ready) ready++;
      }
    }
    return { current, ready, others };
  }

  // What the controller asks.

  readonly handlers: Handlers = {
    getApp: ({ from }) => {
      if (from === 'server') this.#record('readServer', 'the App');
      const app = from === 'server' ? this.#app() : this.#cachedApp();
      const { name, generation, resourceVersion } = app.metadata;
      return { ok: true, value: { name, generation, resourceVersion, ...app.spec, ...app.status } };
    },
    listPods: ({ from }) => {
      if (from === 'server') this.#record('readServer', 'the Pods');
      const pods = from === 'server' ? [...this.#store.list('Pod')] : this.#informer.list('Pod');
      return {
        ok: true,
        value: pods.slice(0, mostPods).map((pod) => ({
          name: pod.metadata.name,
          uid: numberOf(pod),
          owner: ownerOf(pod),
          version: versionOf(pod),
          phase: pod.status.phase as 'Pending' | 'Running' | 'Failed',
          ready: pod.status.ready,
          deleting: pod.metadata.deletionNs !== undefined,
        })),
      };
    },
    createPod: ({ name, version }) => {
      const refused = (outcome: 'AlreadyExists' | 'Timeout' | 'Invalid') => {
        this.#record('createRefused', name ?? '', outcome);
        return { ok: true, value: outcome } as const;
      };
      return this.#process.write('createPod', () => {
        if (name !== undefined && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return refused('Invalid');
        const chosen = name ?? `${appName}-${nameSuffix(this.#podNames++)}`;
        if (this.#store.get('Pod', `default/${chosen}`) !== undefined) return refused('AlreadyExists');
        const lost = this.#lost();
        if (lost === 'before') return refused('Timeout');
        this.#addPod(chosen, appName, version);
        const { replicas, maxSurge } = this.#app().spec;
        const allowed = Math.max(replicas, this.#cachedApp().spec.replicas) + maxSurge;
        const alive = this.#ofApp().filter(isAlive).length;
        this.#record('podCreated', chosen, version, alive, allowed);
        if (this.#store.count('Pod') >= mostPods)
          this.#refuse({
            event: this.#trace.length - 1,
            expected: `at most ${replicas + maxSurge} Pods`,
            actual: `${alive} Pods`,
            because: 'The namespace is full: Pods are created again and again.',
          });
        return { ok: true, value: this.#answered(lost, 'Created') };
      });
    },
    deletePod: ({ name, uid }) =>
      this.#process.write('deletePod', () => {
        const refused = (outcome: 'NotFound' | 'Conflict' | 'Timeout') => {
          this.#record('deleteRefused', name, outcome);
          return { ok: true, value: outcome } as const;
        };
        const pod = this.#store.get('Pod', `default/${name}`);
        if (pod === undefined) return refused('NotFound');
        if (uid !== undefined && numberOf(pod) !== uid) return refused('Conflict');
        const lost = this.#lost();
        if (lost === 'before') return refused('Timeout');
        if (pod.metadata.deletionNs === undefined) this.#delete(pod);
        return { ok: true, value: this.#answered(lost, 'Deleted') };
      }),
    updateStatus: ({ resourceVersion, observedGeneration, readyReplicas }) =>
      this.#process.write('updateStatus', () => {
        if (this.unreliable && this.#chance.uniform() < this.#faults.conflictShare) {
          const app = this.#app();
          const annotations = { ...app.metadata.annotations, note: String(app.metadata.resourceVersion) };
          this.#store.update({ ...app, metadata: { ...app.metadata, annotations } });
          this.#record('otherWrite', this.#app().metadata.resourceVersion);
        }
        const refused = (outcome: 'Conflict' | 'Timeout') => {
          this.#record('statusRefused', outcome);
          return { ok: true, value: outcome } as const;
        };
        const app = this.#app();
        if (resourceVersion !== app.metadata.resourceVersion) return refused('Conflict');
        const lost = this.#lost();
        if (lost === 'before') return refused('Timeout');
        const changed =
          app.status.observedGeneration !== observedGeneration || app.status.readyReplicas !== readyReplicas;
        this.#store.update({ ...app, status: { observedGeneration, readyReplicas } });
        this.#record('statusWritten', readyReplicas, observedGeneration, Number(changed));
        return { ok: true, value: this.#answered(lost, 'Updated') };
      }),
  };

  /** Whether a write is lost on its way, or its answer is. */
  #lost(): 'before' | 'after' | undefined {
    if (!this.unreliable || this.#chance.uniform() >= this.#faults.timeoutShare) return undefined;
    return this.#chance.uniform() < 0.5 ? 'before' : 'after';
  }
  #answered<O extends string>(lost: 'after' | undefined, outcome: O): O | 'Timeout' {
    if (lost === undefined) return outcome;
    this.#record('answerLost');
    return 'Timeout';
  }

  #delete(pod: Pod): void {
    const { name } = pod.metadata;
    if (!pod.status.ready) {
      this.#store.remove('Pod', keyOf(pod));
      this.#record('idlePodDeleted', name, ownerOf(pod));
      return;
    }
    // A Pod whose failure the watch has not told yet still serves, as far as the controller can know.
    const serving = this.#ofApp().filter(
      (each) =>
        each.metadata.deletionNs === undefined &&
        each.metadata.name !== name &&
        (each.status.ready || this.#cachedReady(each)),
    ).length;
    const wanted = Math.min(this.#app().spec.replicas, this.#cachedApp().spec.replicas);
    this.#store.update({
      ...pod,
      metadata: { ...pod.metadata, deletionNs: this.simulation.now },
      status: { ...pod.status, ready: false },
    });
    this.#record('podDeleted', name, ownerOf(pod), serving, wanted);
    this.simulation.schedule(this.#between(1, 3), () => {
      this.#store.remove('Pod', keyOf(pod));
      this.#record('podGone', name);
    });
  }

  #cachedReady(pod: Pod): boolean {
    const cached = this.#informer.get('Pod', keyOf(pod)) as Pod | undefined;
    return cached?.metadata.uid === pod.metadata.uid && cached.status.ready;
  }

  #addPod(name: string, owner: string, version: number): void {
    const created = this.#store.create<'Pod'>({
      kind: 'Pod',
      metadata: {
        name,
        labels: { [versionLabel]: String(version) },
        ownerReferences: [{ kind: 'App', name: owner, uid: owner }],
      },
      spec: { containers: [] },
      status: { phase: 'Pending', ready: false, readySinceNs: this.simulation.now, containers: [] },
    });
    if (!created.ok) throw new Error(`${name}: ${created.error}`);
    const { uid } = created.value.metadata;
    this.simulation.schedule(this.#between(1, 4), () => {
      const pod = this.#store.get('Pod', `default/${name}`);
      if (pod === undefined || pod.metadata.uid !== uid || !isAlive(pod)) return;
      this.#store.update({
        ...pod,
        status: { ...pod.status, phase: 'Running', ready: true, readySinceNs: this.simulation.now },
      });
      this.#record('podReady', name);
    });
  }

  #app(): App {
    return this.#store.get('App', appKey)!;
  }
  #cachedApp(): App {
    return this.#informer.get('App', appKey) as App;
  }
  #ofApp(): Pod[] {
    return [...this.#store.list('Pod')].filter((pod) => ownerOf(pod) === appName);
  }
  #between(leastSeconds: number, mostSeconds: number): Nanoseconds {
    return this.#lives.integer(seconds(leastSeconds), seconds(mostSeconds));
  }
  #recordDeclared(): void {
    const { metadata, spec } = this.#app();
    this.#record('declared', spec.replicas, spec.version, spec.maxSurge, metadata.generation);
  }

  #record(kind: keyof ReconcileEvents, ...fields: (string | number)[]): void {
    const [a = 0, b = 0, c = 0, d = 0] = fields.map((field) =>
      typeof field === 'string' ? this.#trace.text(field) : field,
    );
    const { now, cause } = this.simulation;
    this.simulation.cause = this.#trace.append(this.#trace.codes[kind], now, cause, a, b, c, d);
  }
}
