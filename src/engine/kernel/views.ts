import type { Run, Scenario, ScenarioShape } from './scenario.ts';
import type {
  BarsModel,
  CurveModel,
  GraphModel,
  ListingModel,
  StateModel,
  TimelineModel,
  ViewModel,
} from './view.ts';

/** A picture of a whole run. */
export interface RunView<S extends ScenarioShape, M> {
  readonly doc: string;
  /** Called for runs that ended early, too: their metrics are zero. */
  model(run: Run<S>): M;
}

/** A picture of the simulated system right after one event: what stepping through a run shows. */
export interface EventView<S extends ScenarioShape, M> {
  readonly doc: string;
  /** @param event a row of the run's trace; its effects are in the picture */
  model(run: Run<S>, event: number): M;
}

/** How a run can be looked at: at most one view of each kind. */
export interface Views<S extends ScenarioShape = ScenarioShape> {
  readonly timeline?: RunView<S, TimelineModel>;
  readonly bars?: RunView<S, BarsModel>;
  readonly curve?: RunView<S, CurveModel>;
  readonly graph?: EventView<S, GraphModel>;
  readonly listing?: EventView<S, ListingModel>;
  readonly state?: EventView<S, StateModel>;
}

/** The kinds of views; a figure that names none shows the first of them that its scenario has. */
export const viewKinds = ['timeline', 'bars', 'curve', 'graph', 'listing', 'state'] as const;
export type ViewKind = (typeof viewKinds)[number];

const eventKinds = ['graph', 'listing', 'state'] as const satisfies readonly ViewKind[];
type EventViewKind = (typeof eventKinds)[number];

/** Whether a kind shows one instant of a run, so that whoever looks steps through it. */
export const followsEvents = (kind: ViewKind): kind is EventViewKind =>
  (eventKinds as readonly ViewKind[]).includes(kind);

/** The kinds that a scenario has, in the order of {@link viewKinds}. */
export const viewsOf = ({ views }: Pick<Scenario, 'views'>): readonly ViewKind[] =>
  viewKinds.filter((kind) => views[kind] !== undefined);

/**
 * What a view of a run draws. Undefined where the scenario has no view of that kind, and for the views that follow
 * events when the run has none.
 * @param event a row of the trace; only views that follow events ask for it. Default: the last
 */
export function modelOf(
  { views }: Pick<Scenario, 'views'>,
  kind: ViewKind,
  run: Run,
  event = run.trace.length - 1,
): ViewModel | undefined {
  if (followsEvents(kind)) return event < 0 ? undefined : views[kind]?.model(run, event);
  return views[kind]?.model(run);
}
