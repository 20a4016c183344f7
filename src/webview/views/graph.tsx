import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { GraphModel, GraphNode } from '../../engine/kernel/view.ts';
import { changedNodes } from './graphChange.ts';
import { laneKey, lanesOf, routesOf, type Box, type Lane, type Route } from './graphRoutes.ts';
import { useHeightThatGrows } from './heightThatGrows.ts';
import { sayGraph } from './summaries.ts';
import { useWidth } from './useWidth.ts';
import { ViewFrame } from './viewFrame.tsx';

/** A layer beside others takes at least this, in CSS pixels; where there is less room, layers stand below one another. */
const layerPx = 130;
/** Between layers, besides the longest label. */
const gapPx = 46;
const characterPx = 7.5;
const mostCharacters = 16;

/**
 * Nodes in layers, in the order that the scenario gives, and edges drawn between where the browser placed them. What the
 * event changed is marked by a dot.
 */
export function Graph({
  model,
  before,
  changeWord,
  caption,
}: {
  readonly model: GraphModel;
  /** The graph that it is compared with: mostly the one an event earlier. */
  readonly before: GraphModel | undefined;
  readonly changeWord: string;
  readonly caption: string | undefined;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const longest = Math.min(mostCharacters, Math.max(0, ...model.edges.map((edge) => edge.label.length)));
  const gap = gapPx + longest * characterPx;
  const fits = width >= model.layers.length * (layerPx + gap);
  const direction = model.direction === 'down' || !fits ? 'down' : 'right';
  const lanes = useMemo(() => lanesOf(model), [model]);
  const changed = useMemo(() => changedNodes(before, model), [before, model]);
  const [drawn, setDrawn] = useState<Drawn>();
  useHeightThatGrows(host);
  useLayoutEffect(() => setDrawn(measured(host.current!, model, direction)), [model, direction, width]);
  return (
    <ViewFrame model={model} caption={caption} summary={sayGraph(model)}>
      {(summaryId) => (
        <div
          ref={host}
          class={`graph ${direction}`}
          role="group"
          aria-label={caption ?? model.title}
          aria-describedby={summaryId}
          style={direction === 'right' ? { gap: `${gap}px` } : {}}
        >
          {model.layers.map((title, layer) => (
            <Layer
              key={layer}
              title={title}
              nodes={model.nodes.filter((node) => node.layer === layer)}
              lanes={lanes.filter((lane) => lane.layer === layer)}
              changed={changed}
              changeWord={changeWord}
            />
          ))}
          {drawn !== undefined && <Edges drawn={drawn} />}
        </div>
      )}
    </ViewFrame>
  );
}

function Layer({
  title,
  nodes,
  lanes,
  changed,
  changeWord,
}: {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly lanes: readonly Lane[];
  readonly changed: ReadonlySet<string>;
  readonly changeWord: string;
}): JSX.Element {
  return (
    <div class="graph-layer">
      {title !== '' && <p class="graph-layer-title">{title}</p>}
      <div class="graph-row">
        <ul class="graph-nodes">
          {nodes.map((node) => (
            <li
              key={node.id}
              class={`graph-node tone-${node.tone}${changed.has(node.id) ? ' changed' : ''}`}
              data-box={node.id}
            >
              <span class="graph-tone" aria-hidden="true" />
              <strong>
                {node.label}
                {changed.has(node.id) && <span class="visually-hidden"> ({changeWord})</span>}
              </strong>
              {node.details.map((line, index) => (
                <span key={index} class="graph-detail">
                  {line}
                </span>
              ))}
            </li>
          ))}
        </ul>
        {lanes.map((lane) => (
          <div key={laneKey(lane)} class="graph-lane" data-box={laneKey(lane)} />
        ))}
      </div>
    </div>
  );
}

interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly routes: readonly Route[];
}

function measured(host: HTMLElement, model: GraphModel, direction: 'right' | 'down'): Drawn {
  const origin = host.getBoundingClientRect();
  const boxes = new Map<string, Box>();
  for (const element of host.querySelectorAll<HTMLElement>('[data-box]')) {
    const { left, top, width, height } = element.getBoundingClientRect();
    boxes.set(element.dataset['box']!, { x: left - origin.left, y: top - origin.top, width, height });
  }
  return {
    width: origin.width,
    height: origin.height,
    routes: routesOf(model, boxes, direction, origin.width),
  };
}

function Edges({ drawn: { width, height, routes } }: { readonly drawn: Drawn }): JSX.Element {
  return (
    <svg class="graph-edges" width={width} height={height} aria-hidden="true">
      {routes.map(({ edge, path, head }, index) => (
        <g key={index} class={`graph-edge tone-${edge.tone}`}>
          <path class="graph-line" d={path} />
          <path class="graph-head" d={head} />
        </g>
      ))}
      {routes.map(({ edge, label }, index) =>
        edge.label === '' ? null : (
          <text key={index} class="graph-label" x={label.x} y={label.y}>
            {edge.label}
          </text>
        ),
      )}
    </svg>
  );
}
