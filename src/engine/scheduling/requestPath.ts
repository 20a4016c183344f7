import type { Nanoseconds } from '../kernel/time.ts';
import type { Host } from './host.ts';

/** Through which vCPUs a request goes, and which of them always have other work. */
export const requestModels = {
  busy: 'VM 1 always has other work and stays in the rotation; it takes up the request when it next runs.',
  blocked: 'VM 1 sleeps until the request wakes it; it then joins the tail of the queue.',
  'dom0-busy':
    'Requests go through the driver domain: Dom0, then VM 1, then Dom0 again. Dom0 always has other work and keeps its place in the rotation.',
  'dom0-blocked':
    'Requests go through the driver domain, which sleeps when it has nothing to do and joins the tail when a request wakes it. VM 1 is busy.',
} as const;
export type RequestModel = keyof typeof requestModels;

export const hasDriverDomain = (model: RequestModel): boolean => model.startsWith('dom0');

/** Adds Dom0 (where the model has it) and VM 1 to VM n, all ready in that order unless they sleep. */
export function addDomains(host: Host, vms: number, model: RequestModel): void {
  if (hasDriverDomain(model)) host.addVcpu(0, model === 'dom0-busy');
  for (let vm = 1; vm <= vms; vm++) host.addVcpu(vm, vm > 1 || model !== 'blocked');
}

/** What became of one request. Absent until it happens. */
export interface RequestRecord {
  arrivedNs: Nanoseconds;
  /** When VM 1 first ran with the request before it. */
  handledNs?: Nanoseconds;
  respondedNs?: Nanoseconds;
}

/**
 * Sends one request along the model's path, now. A driver domain's own share of the work is negligible: it acts as
 * soon as it runs.
 */
export function sendRequest(
  host: Host,
  model: RequestModel,
  serviceNs: Nanoseconds,
  onResponse: () => void,
): RequestRecord {
  const { simulation } = host;
  const request: RequestRecord = { arrivedNs: simulation.now };
  const respond = (vcpu: number): void => {
    request.respondedNs = simulation.now;
    host.recordRequest('respond', vcpu, simulation.now - request.arrivedNs);
    onResponse();
  };
  const intoVm = (): void =>
    host.submit(1, {
      remainingNs: serviceNs,
      onStart: () => {
        request.handledNs = simulation.now;
        host.recordRequest('handle', 1, simulation.now - request.arrivedNs);
      },
      onDone: () => {
        if (!hasDriverDomain(model)) return respond(1);
        host.recordRequest('forward', 1, 0);
        host.submit(0, { remainingNs: 0, onDone: () => respond(0) });
      },
    });
  host.recordRequest('arrive', hasDriverDomain(model) ? 0 : 1);
  if (hasDriverDomain(model)) {
    host.submit(0, {
      remainingNs: 0,
      onDone: () => {
        host.recordRequest('forward', 0, 1);
        intoVm();
      },
    });
  } else intoVm();
  return request;
}
