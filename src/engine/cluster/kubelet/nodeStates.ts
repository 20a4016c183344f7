import type { Simulation } from '../../kernel/simulation.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import { seconds } from '../clusterClock.ts';
import { leaseSeconds } from '../controllers/nodeLifecycle.ts';

interface NodeState {
  /** Renewals of the lease end here; undefined while the node reaches the API server. */
  silentSinceNs: Nanoseconds | undefined;
  dead: boolean;
  slowness: number;
}

/** How each node is: what is the case, and not what the API server knows of it. */
export class NodeStates {
  readonly #simulation: Simulation;
  readonly #states = new Map<string, NodeState>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  add(node: string): void {
    this.#states.set(node, { silentSinceNs: undefined, dead: false, slowness: 1 });
  }

  works(node: string): boolean {
    return this.#states.get(node)?.dead === false;
  }
  /** Whether the node cannot reach the API server. */
  isSilent(node: string): boolean {
    return this.#states.get(node)?.silentSinceNs !== undefined;
  }
  slownessOf(node: string): number {
    return this.#states.get(node)?.slowness ?? 1;
  }
  /** When a node last renewed its lease. */
  leaseOf(node: string): Nanoseconds {
    const until = this.#states.get(node)?.silentSinceNs ?? this.#simulation.now;
    return until - (until % seconds(leaseSeconds));
  }

  fallSilent(node: string): void {
    this.#states.get(node)!.silentSinceNs ??= this.#simulation.now;
  }
  die(node: string): void {
    this.#states.get(node)!.dead = true;
    this.fallSilent(node);
  }
  slow(node: string, factor: number): void {
    this.#states.get(node)!.slowness = factor;
  }
  recover(node: string): void {
    const state = this.#states.get(node)!;
    state.dead = false;
    state.silentSinceNs = undefined;
  }
}
