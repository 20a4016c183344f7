import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { GraphModel, ListingModel, StateModel, ViewModel } from '../../engine/kernel/view.ts';
import { changeBetween } from './stateChange.ts';
import { StateTables } from './stateTables.tsx';
import type { DrawnTimeline } from '../timeline/layout.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { Bars, type DrawnBars } from './bars.tsx';
import { Curve } from './curve.tsx';
import { Graph } from './graph.tsx';
import { t } from '../page/messages.ts';
import { useHeightThatGrows } from './heightThatGrows.ts';
import { Listing } from './listing.tsx';

/** A model with what a page adds to it. */
export type DrawnModel =
  Exclude<ViewModel, { readonly kind: 'timeline' | 'bars' }> | DrawnTimeline | DrawnBars;

/** What a picture is called; states have no name of their own. */
export const titleOf = (model: ViewModel): string | undefined =>
  model.kind === 'state' ? undefined : model.title;

/** Any view of a run. */
export function Picture({
  model,
  before,
  changeWord = t('changed'),
  caption,
  onCursor,
}: {
  readonly model: DrawnModel;
  /** Of a view that follows events: the model that it is compared with, so that what differs can be marked. */
  readonly before?: ViewModel | undefined;
  /** What is said of that, where nothing is seen. */
  readonly changeWord?: string;
  /** A heading, where the surroundings do not say what it is. */
  readonly caption?: string | undefined;
  /** Of a timeline: the instant that its reader chose, or that none is. */
  readonly onCursor?: (ns: number | undefined) => void;
}): JSX.Element {
  switch (model.kind) {
    case 'timeline':
      return <Timeline model={model} {...(caption && { caption })} {...(onCursor && { onCursor })} />;
    case 'bars':
      return <Bars model={model} caption={caption} />;
    case 'curve':
      return <Curve model={model} caption={caption} />;
    case 'graph':
      return (
        <Graph
          model={model}
          before={sameKind<GraphModel>(model, before)}
          changeWord={changeWord}
          caption={caption}
        />
      );
    case 'listing':
      return <Listing model={model} caption={caption} />;
    case 'state':
      return <State model={model} before={sameKind<StateModel>(model, before)} changeWord={changeWord} />;
  }
}

const sameKind = <M extends GraphModel | ListingModel | StateModel>(
  model: M,
  before: ViewModel | undefined,
): M | undefined => (before?.kind === model.kind ? (before as M) : undefined);

function State({
  model,
  before,
  changeWord,
}: {
  readonly model: StateModel;
  readonly before: StateModel | undefined;
  readonly changeWord: string;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useHeightThatGrows(host);
  const change = useMemo(
    () => (before === undefined ? undefined : changeBetween(before, model)),
    [before, model],
  );
  return (
    <div ref={host}>
      <StateTables state={model} change={change} changeWord={changeWord} />
    </div>
  );
}
