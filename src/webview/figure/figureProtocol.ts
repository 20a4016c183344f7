import type {
  Parameter,
  ParameterInput,
  ParameterProblem,
  ParameterValue,
  Unit,
} from '../../engine/kernel/parameters.ts';
import type { Nanoseconds } from '../../engine/kernel/time.ts';
import type { ViewModel } from '../../engine/kernel/view.ts';
import type { ViewKind } from '../../engine/kernel/views.ts';

/** Messages between the page and its figure worker. One question, one answer; `request` pairs them. */
export interface FigureRequest {
  readonly request: number;
  readonly scenario: string;
  /** Parameters that differ from the scenario's defaults. */
  readonly params: ParameterInput;
  /** Default: the first in the order of `viewKinds` that the scenario has. */
  readonly view?: ViewKind | undefined;
  /** Of views that follow events: the event to show, moved to the last one where the run has fewer. Default: see `start`. */
  readonly event?: number | undefined;
  /** Where no event is asked for: the one before which this share of the run lies, in percent. Default 0, the first event. */
  readonly start?: number | undefined;
}

export interface FigureReply {
  readonly request: number;
  readonly result: FigureResult;
}

export type FigureResult =
  | {
      readonly kind: 'ran';
      readonly controls: readonly Control[];
      readonly params: Readonly<Record<string, ParameterValue>>;
      readonly metrics: readonly MetricValue[];
      /** Absent where the scenario has no view, or one that follows events and nothing happened. */
      readonly picture?: ViewModel;
      /** Of views that follow events. */
      readonly step?: FigureStep;
      /** Of the scenario. */
      readonly title: string;
      /** The program with which the simulated system can be looked at in a terminal: `kubectl`. */
      readonly console?: string;
      /** Why the run ended early, in words; absent when it finished. */
      readonly stopped?: string;
    }
  /** The parameters do not fit: what is wrong with each. */
  | {
      readonly kind: 'refused';
      readonly controls: readonly Control[];
      readonly problems: readonly ParameterProblem[];
    }
  /** It could not be run at all: in words, with a next step. */
  | { readonly kind: 'failed'; readonly message: string };

/** Where a figure's picture stands in its run. */
export interface FigureStep {
  readonly event: number;
  /** How many events the run has. */
  readonly events: number;
  /** Absent of a run in which no time passes. */
  readonly atNs?: Nanoseconds;
  /** The event in words. */
  readonly said: string;
  /** The picture one event earlier. */
  readonly before?: ViewModel;
}

/** A parameter of the scenario as a control needs it: plain data. */
export interface Control {
  readonly name: string;
  readonly label: string;
  readonly doc: string;
  readonly kind: Parameter['kind'];
  readonly unit: Unit;
  /** Of counts and quantities. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Of choices: each value and what it means. */
  readonly values?: readonly { readonly value: string; readonly doc: string }[];
}

export interface MetricValue {
  readonly name: string;
  readonly label: string;
  readonly doc: string;
  readonly value: number;
  /** As it follows the number; empty for counts. */
  readonly unit: string;
}
