import { isolation } from './container/isolation.ts';
import { leaky } from './cpu/leaky.ts';
import { paravirtual } from './cpu/paravirtual.ts';
import { sensitivity } from './cpu/sensitivity.ts';
import { hardwareAssist } from './cpu/hardwareAssist.ts';
import { paging } from './cpu/paging.ts';
import { trapAndEmulate } from './cpu/trapAndEmulate.ts';
import type { Scenario } from './kernel/scenario.ts';
import { cpuBandwidth } from './container/cpuBandwidth.ts';
import { monolithVsMicro } from './cluster/monolithVsMicro.ts';
import { retryStorm } from './cluster/retryStorm.ts';
import { serviceGraph } from './cluster/serviceGraphScenario.ts';
import { noisyNeighbour } from './container/noisyNeighbour.ts';
import { overlay } from './container/overlay.ts';
import { seccomp } from './container/seccomp.ts';
import { autoscaled } from './cluster/autoscaledScenario.ts';
import { availability } from './cluster/availabilityScenario.ts';
import { reconcile } from './cluster/reconcileScenario.ts';
import { pod } from './cluster/podScenario.ts';
import { service } from './cluster/serviceScenario.ts';
import { disruption } from './cluster/disruptionScenario.ts';
import { rollout } from './cluster/rolloutScenario.ts';
import { scheduler } from './cluster/schedulerScenario.ts';
import { autoscaler } from './cluster/autoscalerScenario.ts';
import { vmWorkloads } from './cluster/vmWorkloads.ts';
import { boost } from './scheduling/boost.ts';
import { host } from './scheduling/hostScenario.ts';
import { roundRobin } from './scheduling/roundRobin.ts';
import { timeSlice } from './scheduling/timeSlice.ts';
import { hostDesign } from './io/hostDesignScenario.ts';
import { path } from './io/pathScenario.ts';
import { splitDriver } from './io/splitDriverScenario.ts';
import { virtqueue } from './io/virtqueueScenario.ts';
import { choosing } from './gvisor/choosingScenario.ts';
import { containment } from './gvisor/containmentScenario.ts';
import { syscall } from './gvisor/syscallScenario.ts';
import { slowdowns } from './gvisor/slowdownScenario.ts';
import { workload } from './gvisor/workloadScenario.ts';
import { queue } from './kernel/queueScenario.ts';

/** In the order in which lists show them: subject after subject, as the course has them. */
const inOrder: readonly Scenario[] = [
  // CPU virtualization
  sensitivity,
  trapAndEmulate,
  hardwareAssist,
  paging,
  leaky,
  paravirtual,
  // I/O and vCPU scheduling
  roundRobin,
  timeSlice,
  boost,
  host,
  path,
  splitDriver,
  virtqueue,
  hostDesign,
  // Containers
  isolation,
  cpuBandwidth,
  noisyNeighbour,
  overlay,
  seccomp,
  // gVisor
  syscall,
  containment,
  workload,
  slowdowns,
  choosing,
  // Microservices and Kubernetes
  serviceGraph,
  monolithVsMicro,
  retryStorm,
  reconcile,
  pod,
  service,
  availability,
  rollout,
  disruption,
  scheduler,
  autoscaler,
  autoscaled,
  vmWorkloads,
  // The kernel itself
  queue,
];

/** Every scenario, by id. */
export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  inOrder.map((scenario) => [scenario.id, scenario]),
);
