import type { PodSpec, RuntimeClass } from '../api/apiObjects.ts';
import type { ObjectStore } from '../api/objectStore.ts';

/**
 * Until a small VM around a Pod has booted its kernel, in seconds. Published for Firecracker: at most 125 ms to the
 * guest's init (Agache and others, NSDI 2020). QEMU with a full machine type takes longer.
 */
export const microVmBootSeconds = 0.125;

/** Whether each Pod of the class gets a VM with a kernel of its own: Kata's handlers are called so. */
export const bootsMicroVm = ({ spec }: RuntimeClass): boolean => spec.handler.startsWith('kata');

const known = new WeakMap<PodSpec, { readonly of: RuntimeClass; readonly admitted: PodSpec }>();

/**
 * What the admission of a Pod makes of its `runtimeClassName`: the overhead is written into the Pod, and the class says
 * on which nodes it may run. Source: plugin/pkg/admission/runtimeclass of Kubernetes 1.34.
 *
 * @throws when there is no such class: whoever reads manifests refuses them before
 */
export function withRuntimeClass(spec: PodSpec, store: ObjectStore): PodSpec {
  if (spec.runtimeClassName === undefined) return spec;
  const runtimeClass = store.get('RuntimeClass', `/${spec.runtimeClassName}`);
  if (runtimeClass === undefined) throw new Error(`RuntimeClass ${spec.runtimeClassName} not found`);
  const before = known.get(spec);
  if (before?.of === runtimeClass) return before.admitted;
  const { overhead, scheduling } = runtimeClass.spec;
  const admitted: PodSpec = {
    ...spec,
    ...(overhead?.podFixed === undefined ? {} : { overhead: overhead.podFixed }),
    ...(scheduling?.nodeSelector === undefined
      ? {}
      : { nodeSelector: { ...spec.nodeSelector, ...scheduling.nodeSelector } }),
    ...(scheduling?.tolerations === undefined
      ? {}
      : { tolerations: [...(spec.tolerations ?? []), ...scheduling.tolerations] }),
  };
  known.set(spec, { of: runtimeClass, admitted });
  return admitted;
}
