import type { Node, Pod, Taint } from '../api/apiObjects.ts';
import { podResources } from './podResources.ts';

/** The scheduler's view of the nodes, in columns: what it looks at thousands of times a second. */
export class NodeTable {
  readonly names: string[] = [];
  readonly labels: Readonly<Record<string, string>>[] = [];
  readonly taints: (readonly Taint[])[] = [];
  readonly schedulable: boolean[] = [];
  readonly cpuMilli: number[] = [];
  readonly memoryBytes: number[] = [];
  readonly maxPods: number[] = [];
  readonly usedCpu: number[] = [];
  readonly usedMemory: number[] = [];
  readonly scoredCpu: number[] = [];
  readonly scoredMemory: number[] = [];
  readonly pods: number[] = [];
  readonly #index = new Map<string, number>();

  get size(): number {
    return this.names.length;
  }
  indexOf(name: string): number | undefined {
    return this.#index.get(name);
  }

  /** Adds a node, or takes over what changed. True for a node that is new. */
  set(node: Node): boolean {
    const name = node.metadata.name;
    let index = this.#index.get(name);
    const fresh = index === undefined;
    if (index === undefined) {
      index = this.names.length;
      this.#index.set(name, index);
      this.names.push(name);
      for (const column of [this.usedCpu, this.usedMemory, this.scoredCpu, this.scoredMemory, this.pods])
        column.push(0);
    }
    this.labels[index] = node.metadata.labels;
    this.taints[index] = node.spec.taints;
    this.schedulable[index] = !node.spec.unschedulable;
    this.cpuMilli[index] = node.status.cpuMilli;
    this.memoryBytes[index] = node.status.memoryBytes;
    this.maxPods[index] = node.status.pods;
    return fresh;
  }

  /** @param sign 1 when the Pod comes, -1 when it goes */
  account(pod: Pod, sign: 1 | -1): void {
    const index = this.#index.get(pod.spec.nodeName ?? '');
    if (index === undefined) return;
    const resources = podResources(pod.spec);
    this.usedCpu[index]! += sign * resources.cpuMilli;
    this.usedMemory[index]! += sign * resources.memoryBytes;
    this.scoredCpu[index]! += sign * resources.scoredCpuMilli;
    this.scoredMemory[index]! += sign * resources.scoredMemoryBytes;
    this.pods[index]! += sign;
  }
}
