import type { Probe } from '../api/apiObjects.ts';
import type { RunningContainer } from './runningContainer.ts';

/** What is around a container that is probed. */
export interface Probed {
  /** All containers of its Pod, itself included: they share one network. */
  readonly all: readonly RunningContainer[];
  /** How many times as long everything on its node takes. */
  readonly slowness: number;
}

/** Seconds after the container's start at which a probe first succeeds; undefined for never. */
export function firstSuccess(
  container: RunningContainer,
  probe: Probe,
  since: number,
  { all, slowness }: Probed,
): number | undefined {
  const target = probedBy(container, probe, all);
  if (target === undefined) return undefined;
  const answers =
    target === container
      ? target.program.startsInSeconds * slowness
      : (target.startedNs - container.startedNs) / 1e9 + target.program.startsInSeconds * slowness;
  return tickFrom(probe, Math.max(0, answers), since);
}

/** Seconds after its start at which whoever answers a probe hangs; undefined for never. */
export const hangsAfter = (
  container: RunningContainer,
  probe: Probe,
  all: readonly RunningContainer[],
): number | undefined => probedBy(container, probe, all)?.program.hangsAfterSeconds;

/** Whose answer a probe gets: that of the container in the Pod that listens on the port. */
function probedBy(
  container: RunningContainer,
  probe: Probe,
  all: readonly RunningContainer[],
): RunningContainer | undefined {
  const target = probe.httpGet ?? probe.tcpSocket;
  if (target === undefined) return container;
  const port =
    typeof target.port === 'number'
      ? target.port
      : container.spec.ports?.find(({ name }) => name === target.port)?.containerPort;
  if (port === undefined) return undefined;
  if (container.program.listens.includes(port)) return container;
  return all.find(({ program, state }) => state === 'running' && program.listens.includes(port));
}

/** The first probe at or after a moment, in seconds since the container's start. The first of all comes after the initial delay. */
export function tickFrom(probe: Probe, from: number, since: number): number {
  const { initialDelaySeconds = 0, periodSeconds = 10 } = probe;
  const first = Math.max(initialDelaySeconds, since);
  if (from <= first) return first;
  return first + Math.ceil((from - first) / periodSeconds) * periodSeconds;
}
