import type { EventHandle } from '../../kernel/eventQueue.ts';
import type { Nanoseconds } from '../../kernel/time.ts';
import type { Container } from '../api/apiObjects.ts';
import type { Program } from './programs.ts';

/** A container of a Pod on its node, and how it is. */
export interface RunningContainer {
  readonly spec: Container;
  readonly program: Program;
  readonly sidecar: boolean;
  readonly init: boolean;
  state: 'waiting' | 'running' | 'terminated';
  reason: string;
  exitCode: number;
  restarts: number;
  startedNs: Nanoseconds;
  /** Whether its startup probe, if any, has succeeded. */
  started: boolean;
  ready: boolean;
  backOff: number;
  /** Told to end: answers nobody any more. */
  ending: boolean;
  timers: EventHandle[];
}
