import type { JSX } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CurveBound, CurveModel, CurveSeries } from '../../engine/kernel/view.ts';
import type { Palette } from '../timeline/palette.ts';
import { nearestStop, sayAt, stopsOf, valueAt } from './curveReading.ts';
import { plotScale, type PlotScale } from './plotScale.ts';
import { sayAxis, sayCurve } from './summaries.ts';
import { TonePatterns } from './tonePatterns.tsx';
import { usePalette } from './usePalette.ts';
import { useWidth } from './useWidth.ts';
import { ViewFrame } from './viewFrame.tsx';
import { t } from '../page/messages.ts';

/** Points of a series are drawn as marks when there are no more than this. */
const mostMarks = 30;
const characterPx = 7;
const margin = { top: 10, right: 18, bottom: 22 } as const;

/**
 * Lines over two axes, with limits and the reader's own point. A cursor steps through the points like a slider, and says
 * all series at its place.
 */
export function Curve({
  model,
  caption,
}: {
  readonly model: CurveModel;
  readonly caption: string | undefined;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const palette = usePalette(host);
  const paints = useId();
  const [cursor, setCursor] = useState<number>();
  const stops = useMemo(() => stopsOf(model), [model]);
  useLayoutEffect(() => setCursor(undefined), [model]);
  const plot = useMemo(() => plotOf(model, width), [model, width]);

  const moveTo = (index: number): void => {
    if (stops.length > 0) setCursor(Math.min(stops.length - 1, Math.max(0, index)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = cursor ?? -1;
    const target: Readonly<Record<string, number>> = {
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      PageDown: from + 10,
      PageUp: from - 10,
      Home: 0,
      End: stops.length - 1,
    };
    const index = target[event.key];
    if (index === undefined) return;
    event.preventDefault();
    moveTo(index);
  };
  const point = (event: PointerEvent): void => {
    const left = event.clientX - host.current!.getBoundingClientRect().left;
    moveTo(nearestStop(stops, (x) => plot.xScale.place(x), (left - plot.left) / plot.width));
  };
  const said = cursor === undefined ? undefined : sayAt(model, stops[cursor]!);
  return (
    <ViewFrame model={model} caption={caption} measured={sayAxis(model.y)} summary={sayCurve(model)}>
      {(summaryId) => (
        <>
          <div
            ref={host}
            class="curve"
            role="slider"
            tabIndex={0}
            aria-label={t('{0}: step through its points', caption ?? model.title)}
            aria-describedby={summaryId}
            aria-valuemin={0}
            aria-valuemax={Math.max(0, stops.length - 1)}
            aria-valuenow={cursor ?? 0}
            aria-valuetext={said ?? t('No point chosen yet')}
            onKeyDown={onKeyDown}
            onPointerDown={point}
            onPointerMove={point}
          >
            {palette !== undefined && (
              <>
                <TonePatterns id={paints} palette={palette} />
                <Plot
                  model={model}
                  plot={plot}
                  palette={palette}
                  paints={paints}
                  cursorX={cursor === undefined ? undefined : stops[cursor]}
                />
              </>
            )}
          </div>
          <p class="axis-label x">{sayAxis(model.x)}</p>
          <ul class="legend">
            {model.series.map((series, index) => (
              <li key={series.label}>
                <svg class="line-sample" width={30} height={14} aria-hidden="true">
                  {series.shape !== 'dots' && <path class={`curve-line tone-${series.tone}`} d="M0 7H30" />}
                  {hasMarks(series) && <Mark index={index} tone={series.tone} x={15} y={7} />}
                </svg>
                {series.label}
                {series.source !== undefined && ` (${series.source})`}
              </li>
            ))}
          </ul>
          <p class="timeline-readout">
            {said ?? t('Point at the picture, or focus it and use the arrow keys, to read values.')}
          </p>
        </>
      )}
    </ViewFrame>
  );
}

const hasMarks = ({ shape, points }: CurveSeries): boolean =>
  shape === 'dots' || (shape === 'line' && points.length <= mostMarks);

interface PlotArea {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly whole: { readonly width: number; readonly height: number };
  readonly xScale: PlotScale;
  readonly yScale: PlotScale;
  x(value: number): number;
  y(value: number): number;
}

function plotOf(model: CurveModel, width: number): PlotArea {
  const height = Math.round(Math.min(320, Math.max(180, width * 0.45)));
  const { xs, ys } = extents(model);
  const yScale = plotScale(model.y, ys, Math.floor(height / 36), true);
  const widest = Math.max(1, ...yScale.ticks.map((tick) => tick.label.length));
  const left = widest * characterPx + 12;
  const inner = Math.max(40, width - left - margin.right);
  const xScale = plotScale(model.x, xs, Math.max(2, Math.floor(inner / 70)), false);
  const tall = height - margin.top - margin.bottom;
  return {
    left,
    width: inner,
    height: tall,
    whole: { width, height },
    xScale,
    yScale,
    x: (value) => left + xScale.place(value) * inner,
    y: (value) => margin.top + (1 - yScale.place(value)) * tall,
  };
}

/** Every value that has to be seen. */
export function extents({ series, bounds, marked }: CurveModel): {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
} {
  const points = [...series.flatMap((one) => one.points), ...(marked === undefined ? [] : [marked])];
  const limits = (axis: 'x' | 'y'): readonly number[] =>
    bounds.flatMap((bound) => (bound.axis === axis ? [bound.at] : []));
  return {
    xs: [...points.map((point) => point.x), ...limits('x')],
    ys: [...points.map((point) => point.y), ...limits('y')],
  };
}

function Plot({
  model,
  plot,
  palette,
  paints,
  cursorX,
}: {
  readonly model: CurveModel;
  readonly plot: PlotArea;
  readonly palette: Palette;
  readonly paints: string;
  readonly cursorX: number | undefined;
}): JSX.Element {
  const { left, width, height, whole, xScale, yScale } = plot;
  const bottom = margin.top + height;
  return (
    <svg width={whole.width} height={whole.height} aria-hidden="true">
      {yScale.ticks.map(({ value, label }) => (
        <g key={value}>
          <line class="grid-line" x1={left} x2={left + width} y1={plot.y(value)} y2={plot.y(value)} />
          <text class="tick" x={left - 7} y={plot.y(value)} text-anchor="end" dominant-baseline="central">
            {label}
          </text>
        </g>
      ))}
      {xScale.ticks.map(({ value, label }) => (
        <g key={value}>
          <line class="grid-line" x1={plot.x(value)} x2={plot.x(value)} y1={margin.top} y2={bottom} />
          <text class="tick" x={plot.x(value)} y={bottom + 16} text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
      <path class="axis-line" d={`M${left} ${margin.top}V${bottom}H${left + width}`} />
      {model.bounds.map((bound) => (
        <Bound key={bound.label} bound={bound} plot={plot} fill={`url(#${paints}-forbidden)`} />
      ))}
      {model.series.map((series, index) => (
        <g key={series.label}>
          {series.shape !== 'dots' && (
            <path class={`curve-line tone-${series.tone}`} d={pathOf(series, plot)} />
          )}
          {hasMarks(series) &&
            series.points.map((point, at) => (
              <Mark key={at} index={index} tone={series.tone} x={plot.x(point.x)} y={plot.y(point.y)} />
            ))}
        </g>
      ))}
      {model.bounds.map((bound) => (
        <BoundLabel key={bound.label} bound={bound} plot={plot} />
      ))}
      {model.marked !== undefined && <Marked plot={plot} marked={model.marked} />}
      {cursorX !== undefined && (
        <g class="curve-cursor">
          <line
            x1={plot.x(cursorX)}
            x2={plot.x(cursorX)}
            y1={margin.top}
            y2={bottom}
            stroke={palette.cursor}
          />
          {model.series.map((series) => {
            const found = valueAt(series, cursorX, model);
            return found === undefined ? null : (
              <circle
                key={series.label}
                cx={plot.x(cursorX)}
                cy={plot.y(found.y)}
                r={4.5}
                fill={palette.surface}
                stroke={palette.cursor}
              />
            );
          })}
        </g>
      )}
    </svg>
  );
}

function pathOf({ points, shape }: CurveSeries, plot: PlotArea): string {
  return points
    .map((point, index) => {
      const [x, y] = [round(plot.x(point.x)), round(plot.y(point.y))];
      if (index === 0) return `M${x} ${y}`;
      return shape === 'step' ? `H${x}V${y}` : `L${x} ${y}`;
    })
    .join('');
}

const round = (px: number): number => Math.round(px * 10) / 10;

/** Marks differ in shape too, so that series are told apart without colour. */
function Mark({
  index,
  tone,
  x,
  y,
}: {
  readonly index: number;
  readonly tone: CurveSeries['tone'];
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  const at = `translate(${round(x)} ${round(y)})`;
  const shapes = [
    'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z',
    'M-3.2-3.2h6.4v6.4h-6.4z',
    'M0-4.2L4.2 3.4H-4.2z',
    'M0-4.6L4.6 0 0 4.6-4.6 0z',
  ];
  return <path class={`curve-mark tone-${tone}`} transform={at} d={shapes[index % shapes.length]} />;
}

function Bound({
  bound: { axis, at, forbidden },
  plot,
  fill,
}: {
  readonly bound: CurveBound;
  readonly plot: PlotArea;
  readonly fill: string;
}): JSX.Element {
  const { left, width, height } = plot;
  const bottom = margin.top + height;
  if (axis === 'y') {
    const y = plot.y(at);
    return (
      <g class="curve-bound">
        {forbidden !== undefined && (
          <rect
            x={left}
            width={width}
            y={forbidden === 'above' ? margin.top : y}
            height={Math.max(0, forbidden === 'above' ? y - margin.top : bottom - y)}
            fill={fill}
          />
        )}
        <line x1={left} x2={left + width} y1={y} y2={y} />
      </g>
    );
  }
  const x = plot.x(at);
  return (
    <g class="curve-bound">
      {forbidden !== undefined && (
        <rect
          x={forbidden === 'above' ? x : left}
          width={Math.max(0, forbidden === 'above' ? left + width - x : x - left)}
          y={margin.top}
          height={height}
          fill={fill}
        />
      )}
      <line x1={x} x2={x} y1={margin.top} y2={bottom} />
    </g>
  );
}

/** The name of a bound, above the curves, which would cross it. */
function BoundLabel({
  bound: { axis, at, label },
  plot,
}: {
  readonly bound: CurveBound;
  readonly plot: PlotArea;
}): JSX.Element {
  const { left, width } = plot;
  if (axis === 'y') {
    const y = plot.y(at);
    const above = y - margin.top > 18;
    return (
      <g class="curve-bound">
        <text x={left + 6} y={above ? y - 5 : y + 14}>
          {label}
        </text>
      </g>
    );
  }
  const x = plot.x(at);
  const onRight = x < left + width / 2;
  return (
    <g class="curve-bound">
      <text x={onRight ? x + 5 : x - 5} y={margin.top + 12} text-anchor={onRight ? 'start' : 'end'}>
        {label}
      </text>
    </g>
  );
}

/** The reader's own point: a ring, guides to both axes, and its name. */
function Marked({
  plot,
  marked,
}: {
  readonly plot: PlotArea;
  readonly marked: NonNullable<CurveModel['marked']>;
}): JSX.Element {
  const { left, width, height } = plot;
  const [x, y] = [plot.x(marked.x), plot.y(marked.y)];
  const onLeft = x > left + width * 0.6;
  const below = y < margin.top + 26;
  return (
    <g class="curve-marked">
      <path d={`M${left} ${y}H${x}V${margin.top + height}`} />
      <circle cx={x} cy={y} r={7} />
      <circle class="middle" cx={x} cy={y} r={2.5} />
      <text x={onLeft ? x - 10 : x + 10} y={below ? y + 20 : y - 11} text-anchor={onLeft ? 'end' : 'start'}>
        {marked.label}
      </text>
    </g>
  );
}
