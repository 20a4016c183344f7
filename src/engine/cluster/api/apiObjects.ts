import type { Nanoseconds } from '../../kernel/time.ts';
import type { IntOrPercent } from './intOrPercent.ts';

/**
 * Objects of the Kubernetes API as far as the simulation uses them, with Kubernetes' own field names, so that a manifest
 * is an object as it stands. Reference: https://kubernetes.io/docs/reference/kubernetes-api/ (1.34).
 */

export type Labels = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly kind: Kind;
  readonly name: string;
  readonly uid: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly ownerReferences: readonly OwnerReference[];
  /** Given by the store. Never the same for two objects, even of one name. */
  readonly uid: string;
  /** Given by the store: grows with every write to anything. */
  readonly resourceVersion: number;
  /** Given by the store: grows when the spec changes. */
  readonly generation: number;
  readonly creationNs: Nanoseconds;
  readonly deletionNs?: Nanoseconds;
}

/** What may be left out of an object that is about to be created. */
export type NewMeta = Pick<ObjectMeta, 'name'> & Partial<ObjectMeta>;

export interface ApiObject<K extends string, Spec, Status> {
  readonly kind: K;
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
  readonly status: Status;
  /** JSON pointer of the manifest's document that it comes from. */
  readonly place?: string;
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

export interface Probe {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly httpGet?: { readonly port: number | string; readonly path?: string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly exec?: { readonly command?: readonly string[] };
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  /** Of an init container only: `Always` makes it a sidecar. */
  readonly restartPolicy?: 'Always';
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: TaintEffect;
  readonly tolerationSeconds?: number;
}
export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
}

export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey: string;
}
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number;
    readonly podAffinityTerm: PodAffinityTerm;
  }[];
}
export interface TopologySpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly labelSelector?: LabelSelector;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
      };
    };
    readonly podAffinity?: PodAffinity;
    readonly podAntiAffinity?: PodAffinity;
  };
  readonly tolerations?: readonly Toleration[];
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  readonly terminationGracePeriodSeconds?: number;
  readonly volumes?: readonly { readonly name: string; readonly emptyDir?: object }[];
  readonly runtimeClassName?: string;
  readonly overhead?: Readonly<Record<string, string | number>>;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'terminated';
  /** Why it waits or ended: `CrashLoopBackOff`, `Error`, `Completed`. */
  readonly reason: string;
  readonly ready: boolean;
  readonly restartCount: number;
}

export interface PodStatus {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly ready: boolean;
  /** Since when `ready` is as it is. */
  readonly readySinceNs: Nanoseconds;
  readonly startNs?: Nanoseconds;
  readonly podIP?: string;
  readonly containers: readonly ContainerStatus[];
  /** Why it is not scheduled, or was evicted. */
  readonly reason?: string;
}
export type Pod = ApiObject<'Pod', PodSpec, PodStatus>;

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: PodSpec;
}

export interface ReplicaSetSpec {
  readonly replicas: number;
  readonly minReadySeconds?: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
}
export interface ReplicaSetStatus {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly observedGeneration: number;
}
export type ReplicaSet = ApiObject<'ReplicaSet', ReplicaSetSpec, ReplicaSetStatus>;

export interface DeploymentSpec extends ReplicaSetSpec {
  readonly strategy?: {
    readonly type?: 'RollingUpdate' | 'Recreate';
    readonly rollingUpdate?: { readonly maxSurge?: IntOrPercent; readonly maxUnavailable?: IntOrPercent };
  };
  readonly progressDeadlineSeconds?: number;
  readonly paused?: boolean;
}
export interface DeploymentStatus extends ReplicaSetStatus {
  readonly updatedReplicas: number;
  /** Since when nothing has moved; the deadline counts from here. */
  readonly progressNs: Nanoseconds;
  readonly progressing:
    'NewReplicaSetCreated' | 'ReplicaSetUpdated' | 'NewReplicaSetAvailable' | 'ProgressDeadlineExceeded';
}
export type Deployment = ApiObject<'Deployment', DeploymentSpec, DeploymentStatus>;

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly backoffLimit?: number;
  readonly template: PodTemplate;
}
export interface JobStatus {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly complete: boolean;
}
export type Job = ApiObject<'Job', JobSpec, JobStatus>;

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}
export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly selector?: Labels;
  readonly ports?: readonly ServicePort[];
}
export type Service = ApiObject<'Service', ServiceSpec, object>;

/** One address behind a Service. */
export interface Endpoint {
  readonly pod: string;
  readonly ready: boolean;
  /** The container port for each port of the Service; undefined where a name is declared by no container. */
  readonly ports: readonly (number | undefined)[];
}
export interface EndpointSliceSpec {
  readonly endpoints: readonly Endpoint[];
}
export type EndpointSlice = ApiObject<'EndpointSlice', EndpointSliceSpec, object>;

export interface DisruptionBudgetSpec {
  readonly selector?: LabelSelector;
  readonly minAvailable?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
  readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
}
export interface DisruptionBudgetStatus {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
}
export type PodDisruptionBudget = ApiObject<
  'PodDisruptionBudget',
  DisruptionBudgetSpec,
  DisruptionBudgetStatus
>;

/** One metric that an autoscaler shall follow; of other kinds than `Resource` only the kind is kept. */
export interface MetricSpec {
  readonly type: string;
  readonly resource?: {
    readonly name: string;
    readonly target: { readonly type: string; readonly averageUtilization?: number };
  };
}
/** What `behavior` says of one direction; what is left out has the defaults of autoscaling/v2. */
export interface WrittenScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly {
    readonly type: 'Pods' | 'Percent';
    readonly value: number;
    readonly periodSeconds: number;
  }[];
}
export interface HorizontalPodAutoscalerSpec {
  readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly MetricSpec[];
  readonly behavior?: { readonly scaleUp?: WrittenScalingRules; readonly scaleDown?: WrittenScalingRules };
}
export interface AutoscalerCondition {
  readonly type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}
export interface HorizontalPodAutoscalerStatus {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** CPU that its Pods used at the latest look that could measure any: of their request, and on average. */
  readonly current?: { readonly utilizationPercent: number; readonly averageMilli: number };
  readonly lastScaleNs?: Nanoseconds;
  readonly conditions: readonly AutoscalerCondition[];
}
export type HorizontalPodAutoscaler = ApiObject<
  'HorizontalPodAutoscaler',
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus
>;

export interface NodeSpec {
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
}
export interface NodeStatus {
  readonly ready: 'True' | 'Unknown';
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly pods: number;
}
export type Node = ApiObject<'Node', NodeSpec, NodeStatus>;

/** What runs a Pod's containers, and what that costs. In the API these stand beside `metadata`; there is no `spec`. */
export interface RuntimeClassSpec {
  /** What the node's container runtime calls it: `runc`, `runsc`, `kata-qemu`. */
  readonly handler: string;
  readonly overhead?: { readonly podFixed?: Readonly<Record<string, string | number>> };
  readonly scheduling?: { readonly nodeSelector?: Labels; readonly tolerations?: readonly Toleration[] };
}
export type RuntimeClass = ApiObject<'RuntimeClass', RuntimeClassSpec, object>;

/** A machine as a workload: KubeVirt's custom resource, `kubevirt.io/v1`. */
export interface VirtualMachineInstanceSpec {
  readonly domain: {
    readonly cpu: { readonly cores: number };
    /** What the guest sees as its memory, in bytes. */
    readonly memory: { readonly guestBytes: number };
  };
  /** What happens to the machine when its Pod is to be evicted. */
  readonly evictionStrategy: 'LiveMigrate' | 'None';
  readonly nodeSelector?: Labels;
}
export interface VirtualMachineInstanceStatus {
  readonly phase: 'Scheduling' | 'Running';
  /** Whether the guest's own kernel and services are up, and not paused or being shut down. */
  readonly guestUp: boolean;
  /** Key of the Pod in which it runs. */
  readonly launcher: string;
  /** Key of the Pod into which it is being migrated. */
  readonly target?: string;
}
export type VirtualMachineInstance = ApiObject<
  'VirtualMachineInstance',
  VirtualMachineInstanceSpec,
  VirtualMachineInstanceStatus
>;

/** An object of a custom resource: so many Pods of one version, kept by a controller of one's own. */
export interface AppSpec {
  readonly replicas: number;
  readonly version: number;
  readonly maxSurge: number;
}
export interface AppStatus {
  readonly observedGeneration: number;
  readonly readyReplicas: number;
}
export type App = ApiObject<'App', AppSpec, AppStatus>;

export interface KindTable {
  readonly Pod: Pod;
  readonly ReplicaSet: ReplicaSet;
  readonly Deployment: Deployment;
  readonly Job: Job;
  readonly Service: Service;
  readonly EndpointSlice: EndpointSlice;
  readonly PodDisruptionBudget: PodDisruptionBudget;
  readonly HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  readonly Node: Node;
  readonly RuntimeClass: RuntimeClass;
  readonly VirtualMachineInstance: VirtualMachineInstance;
  readonly App: App;
}
export type Kind = keyof KindTable;
export type AnyObject = KindTable[Kind];

/** `namespace/name`: how the store and every queue name an object. */
export const keyOf = ({
  metadata,
}: {
  readonly metadata: { readonly namespace: string; readonly name: string };
}): string => `${metadata.namespace}/${metadata.name}`;
